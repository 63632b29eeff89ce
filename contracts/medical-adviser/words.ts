/** French words of the codes of this flow, for people. */

export const MEASURES = {
  TPT: 'temps partiel thérapeutique',
  'ESSAI-ENCADRE': 'essai encadré',
  CRPE: 'convention de rééducation professionnelle en entreprise',
  AMENAGEMENT: 'aménagement du poste',
  RECLASSEMENT: 'reclassement',
  INAPTITUDE: 'inaptitude envisagée',
} as const;

export const CAUSES: Readonly<Record<string, string>> = {
  MAL: 'maladie',
  AT: 'accident du travail',
  MP: 'maladie professionnelle',
  MAT: 'maternité',
  ATNP: 'accident hors du travail',
};

export const LASTING: Readonly<Record<string, string>> = {
  TEMPORAIRE: 'temporaire',
  DEFINITIVE: 'définitive',
  INCONNUE: 'durée à préciser',
};
