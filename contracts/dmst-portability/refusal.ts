import type { Content, Part } from '#core';

export type RefusalCode = 'R01' | 'R02' | 'R03' | 'R04' | 'R05' | 'R06' | 'R07' | 'R08' | 'R09';

interface Refusal {
  code: RefusalCode;
  detail?: string;
}

/** code → [what everybody reads, what a health professional reads] */
const LABELS: Readonly<Record<RefusalCode, readonly [string, string]>> = {
  R01: ['Aucun dossier transmissible', 'Opposition enregistrée dans le service d’origine'],
  R02: ['Identité à vérifier', 'Traits différents ou identité non qualifiée'],
  R03: ['Aucun dossier transmissible', 'Aucun dossier pour cette identité'],
  R04: ['Plusieurs dossiers possibles', 'Homonymes dans le service d’origine'],
  R05: ['Demande incomplète', 'Preuve d’information ou de non-opposition absente'],
  R06: ['Service non habilité', 'Pas de lien d’emploi avec le service demandeur'],
  R07: ['Dossier archivé ou purgé', 'Durée de conservation échue'],
  R08: ['Contenu illisible', 'Schéma, signature ou empreinte en défaut'],
  R09: ['Délai dépassé', 'Aucune réponse avant l’expiration'],
};

/** Bytes of every part of every refusal: room for 500 characters of detail, and nothing to learn from a size. */
export const REFUSAL_SIZE = 4_096;

/** Never more than every reader may know: an opposition (R01) looks like an unknown worker (R03). */
export function publicRefusal({ json }: Content): RefusalCode {
  const { code } = json as Refusal;
  return code === 'R01' ? 'R03' : code;
}

/** The public code for the service, the true one with its detail for its health professionals. */
export function divideRefusal(content: Content): { parts: Part[]; removed: number } {
  const { code, detail } = content.json as Refusal;
  const shown = publicRefusal(content);
  return {
    parts: [
      part('enc', { code: shown, label: LABELS[shown][0] }),
      part('enc-h', { code, label: LABELS[code][1], ...(detail === undefined ? {} : { detail }) }),
      // a mail is read by whoever opens the mailbox: it never tells more than the public code
      {
        audience: 'enc',
        mediaType: 'text/plain',
        only: ['mssante'],
        bytes: Buffer.from(`Réponse à votre demande : ${LABELS[shown][0]} (${shown}).`),
      },
    ],
    removed: 0,
  };
}

function part(audience: Part['audience'], body: object): Part {
  const unpadded = Buffer.byteLength(JSON.stringify({ ...body, pad: '' }));
  const padded = { ...body, pad: ' '.repeat(REFUSAL_SIZE - unpadded) };
  return { audience, mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(padded)) };
}
