/** French words of the codes of `dmst-exchange/1`, for people. Codes are proposals of the project where no list is published. */

export const FOLLOW_UP = {
  SI: 'Suivi individuel simple (SI)',
  SIA: 'Suivi individuel adapté (SIA)',
  SIR: 'Suivi individuel renforcé (SIR)',
} as const;

/** R.4624-23 */
export const SIR_TRIGGERS = {
  AMIANTE: 'amiante',
  PLOMB: 'plomb',
  CMR: 'agents cancérogènes, mutagènes ou reprotoxiques',
  BIO34: 'agents biologiques des groupes 3 et 4',
  RAYONNEMENTS: 'rayonnements ionisants',
  HYPERBARE: 'risque hyperbare',
  ECHAFAUDAGE: 'chute de hauteur (échafaudages)',
  APTITUDE: 'poste à examen d’aptitude spécifique',
  EMPLOYEUR: 'poste ajouté par l’employeur',
} as const;

export const TRIGGERS: Readonly<Record<string, string>> = {
  ...SIR_TRIGGERS,
  NUIT: 'travail de nuit',
  MINEUR: 'moins de 18 ans',
  RQTH: 'travailleur handicapé',
  INVALIDITE: 'pension d’invalidité',
  GROSSESSE: 'grossesse, suites de couches ou allaitement',
  CEM: 'champs électromagnétiques',
  BIO2: 'agents biologiques du groupe 2',
};

/** L.4161-1 */
export const FACTORS: Readonly<Record<string, string>> = {
  MANUTENTION: 'manutention manuelle de charges',
  POSTURES: 'postures pénibles',
  VIBRATIONS: 'vibrations mécaniques',
  CHIMIQUES: 'agents chimiques dangereux',
  HYPERBARE: 'milieu hyperbare',
  TEMPERATURES: 'températures extrêmes',
  BRUIT: 'bruit',
  NUIT: 'travail de nuit',
  EQUIPES: 'équipes successives alternantes',
  REPETITIF: 'travail répétitif',
};

export const VISITS: Readonly<Record<string, string>> = {
  VIPI: 'Information et prévention, initiale',
  VIPP: 'Information et prévention, périodique',
  EMAE: 'Examen d’aptitude à l’embauche',
  EMAP: 'Examen d’aptitude périodique',
  VINT: 'Visite intermédiaire',
  VPRE: 'Préreprise',
  VREP: 'Reprise',
  'VDEM-S': 'À la demande du salarié',
  'VDEM-E': 'À la demande de l’employeur',
  'VDEM-M': 'À la demande du médecin',
  VMIC: 'Mi-carrière',
  VPEX: 'Post-exposition',
  VFIN: 'Fin de carrière',
};

export const OUTPUTS = {
  ATTS: 'Attestation de suivi',
  APTI: 'Avis d’aptitude',
  INAP: 'Avis d’inaptitude',
  AMEN: 'Proposition d’aménagement',
  ANCI: 'Attestation d’absence de contre-indications',
} as const;

export const PROFESSIONALS: Readonly<Record<string, string>> = {
  MT: 'médecin du travail',
  COLLABORATEUR: 'collaborateur médecin',
  INTERNE: 'interne',
  MPC: 'médecin praticien correspondant',
  IDEST: 'infirmier en santé au travail',
};

export const HISTORY: Readonly<Record<string, string>> = {
  PERSO: 'Personnel',
  FAM: 'Familial',
  PRO: 'Professionnel',
  CHIR: 'Chirurgical',
  ALLERGIE: 'Allergie',
};

export const CONTRACTS: Readonly<Record<string, string>> = {
  CDI: 'CDI',
  CDD: 'CDD',
  INT: 'intérim',
  APP: 'apprentissage',
  SAI: 'saisonnier',
};

export const EXPOSURE_SOURCES: Readonly<Record<string, string>> = {
  FE: 'fiche d’entreprise',
  DUERP: 'document unique',
  VISITE: 'visite',
  ETUDE: 'étude',
  FDS: 'fiche de données de sécurité',
  EMPLOYEUR: 'employeur',
  SALARIE: 'salarié',
};

export const CONSENTS: Readonly<Record<string, string>> = {
  TELESANTE: 'télésanté',
  'DMP-READ': 'consultation du DMP',
  'DMP-VOLET': 'volet santé au travail du DMP',
  'AM-PDP': 'échange avec l’Assurance maladie',
  ESMS: 'transmission au secteur médico-social',
};

/** The French word of a code, or the code itself. */
export function word(words: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(words, code) ? (words[code] as string) : code;
}
