import type { Finding } from '#core';

/** What each rule of a DMST says when it is broken. Codes are stable; details never repeat what was sent. */
const DETAILS = {
  'dmst.anci-before-2025-10': 'Cette attestation n’existe que depuis le 1er octobre 2025.',
  'dmst.apti-without-sir': 'Depuis le 1er octobre 2025, pas d’avis d’aptitude hors suivi renforcé.',
  'dmst.attachment-digest': 'Le contenu de la pièce jointe ne correspond pas à son empreinte.',
  'dmst.before-birth': 'Date antérieure à la naissance.',
  'dmst.exposure-ends-before-start': 'L’exposition finit avant d’avoir commencé.',
  'dmst.id-repeated': 'Repère déjà employé dans cette liste.',
  'dmst.inap-needs-mt': 'Un avis d’inaptitude demande une visite faite par un médecin du travail.',
  'dmst.last-visit-differs': 'La dernière visite du dossier n’est pas celle que le message annonce.',
  'dmst.last-visit-not-latest': 'Une visite du dossier est plus récente que la dernière visite déclarée.',
  'dmst.opposition-in-force': 'Opposition du travailleur à la transmission : le dossier ne peut pas partir.',
  'dmst.period-ends-before-start': 'La période finit avant d’avoir commencé.',
  'dmst.reference-unknown': 'Ne désigne rien dans ce dossier.',
  'dmst.sir-without-trigger': 'Un suivi renforcé demande au moins un motif de suivi renforcé.',
  'dmst.trigger-without-sir': 'Un motif de suivi renforcé demande un suivi renforcé.',
  'dmst.visit-outside-employment': 'Visite hors de tout emploi et de tout accompagnement.',
  'dmst.vpre-with-atts': 'Une visite de préreprise ne donne pas lieu à une attestation de suivi.',
} as const;

export type DmstCode = keyof typeof DETAILS;

export function finding(code: DmstCode, pointer: string): Finding {
  return { pointer, code, detail: DETAILS[code] };
}

/** `[[item, '/visits/0'], …]` */
export function at<T>(list: readonly T[] | undefined, pointer: string): (readonly [T, string])[] {
  return (list ?? []).map((item, n) => [item, `${pointer}/${n}`] as const);
}
