/** Codes of visits, outputs and follow-up (arrêté of 16 October 2017; R.4624-10 and following), in plain words. */

export const OUTPUTS: Readonly<Record<string, string>> = {
  ATTS: 'Attestation de suivi',
  APTI: 'Avis d’aptitude',
  INAP: 'Avis d’inaptitude',
  AMEN: 'Proposition d’aménagement du poste',
  ANCI: 'Attestation d’absence de contre-indications',
  EXPO: 'État des lieux des expositions',
};

/** Name under which one is saved: « avis-d-aptitude.pdf ». */
export function fileOf(type: string): string {
  const words = (OUTPUTS[type] ?? 'document').normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return `${words.replace(/[^a-z0-9]+/g, '-')}.pdf`;
}

export const CATEGORIES: Readonly<Record<string, string>> = {
  SI: 'suivi simple',
  SIA: 'suivi adapté',
  SIR: 'suivi renforcé',
};

/** Who asked for a visit is not told: what an employer reads says that there was one. */
const ON_DEMAND = 'Visite à la demande';

export const VISITS: Readonly<Record<string, string>> = {
  VIPI: 'Visite d’information et de prévention, la première',
  VIPP: 'Visite d’information et de prévention',
  EMAE: 'Examen d’aptitude à l’embauche',
  EMAP: 'Examen d’aptitude périodique',
  VINT: 'Visite intermédiaire',
  VREP: 'Visite de reprise',
  'VDEM-S': ON_DEMAND,
  'VDEM-E': ON_DEMAND,
  'VDEM-M': ON_DEMAND,
  VMIC: 'Visite de mi-carrière',
  VPEX: 'Visite post-exposition',
  VFIN: 'Visite de fin de carrière',
};
