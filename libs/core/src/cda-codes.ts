import type { CdaCode } from './cda-document.ts';

const TYPES = '1.2.250.1.213.1.1.4.12';
const LOINC = '2.16.840.1.113883.6.1';
const SECTORS = '1.2.250.1.71.4.2.4';
const PROFESSIONS = '1.2.250.1.213.1.1.4.5';

/** Codes that an occupational health service has a use for, from the value sets of CI-SIS. No DMST type exists there. */
export const CDA_CODES = {
  types: {
    summary: { code: 'SYNTH', codeSystem: TYPES, displayName: 'Synthèse' },
    vaccinations: { code: '11369-6', codeSystem: LOINC, displayName: 'Historique des vaccinations' },
    certificate: { code: 'CERT_DECL', codeSystem: TYPES, displayName: 'Certificat, déclaration' },
    visitReport: {
      code: '11488-4',
      codeSystem: LOINC,
      displayName: 'CR ou fiche de consultation ou de visite',
    },
    referral: { code: '96349-6', codeSystem: LOINC, displayName: "Lettre d'adressage" },
    preventionPlan: { code: '83869-8', codeSystem: LOINC, displayName: 'Plan personnalisé de prévention' },
  },
  professions: {
    occupationalPhysician: {
      code: 'G15_10/SM25',
      codeSystem: PROFESSIONS,
      displayName: 'Médecin - Médecine du travail (SM)',
    },
    nurse: { code: 'G15_60', codeSystem: PROFESSIONS, displayName: 'Infirmier' },
  },
  sectors: {
    SA66: {
      code: 'SA66',
      codeSystem: SECTORS,
      displayName: 'Services de Prévention et de Santé au Travail (SPST)',
    },
    SA13: { code: 'SA13', codeSystem: SECTORS, displayName: 'Prévention et soins en entreprise' },
  },
  /** JDV_J59: what the person came for */
  activities: {
    ambulatory: { code: '07', codeSystem: '1.2.250.1.213.2.2', displayName: 'Consultation Soins Externes' },
  },
  practiceSettings: {
    ambulatory: { code: 'AMBULATOIRE', codeSystem: '1.2.250.1.213.1.1.4.9', displayName: 'Ambulatoire' },
  },
} as const satisfies Record<string, Record<string, CdaCode>>;
