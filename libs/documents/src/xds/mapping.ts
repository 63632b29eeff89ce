/**
 * What of CDA → XDS is a choice. [A] read in what ANS publishes, [C] general IHE knowledge or deduced: to be checked
 * against the volet "Échange de documents de santé" and CNAM's guide before anybody relies on it.
 */
import type { CdaCode } from '#core/cda-document';

const CLASSES = '1.2.250.1.213.1.1.4.1';
const IHE_FORMATS = '1.3.6.1.4.1.19376.1.2.3';
const ANS_FORMATS = '1.2.250.1.213.1.1.4.2.282';

const REPORT: CdaCode = { code: '10', codeSystem: CLASSES, displayName: 'Compte rendu' };
const SUMMARY: CdaCode = { code: '11', codeSystem: CLASSES, displayName: 'Synthèse' };
const PLAN: CdaCode = { code: '44', codeSystem: CLASSES, displayName: 'Plan de soins, protocole de soins' };
const CERTIFICATE: CdaCode = { code: '52', codeSystem: CLASSES, displayName: 'Certificat, déclaration' };

/** classCode by typeCode: the rows of ASS_X04 that occupational health needs. */
export const CLASS_OF_TYPE: Readonly<Record<string, CdaCode>> = {
  SYNTH: SUMMARY, // [A]
  '60591-5': SUMMARY, // [A]
  CERT_DECL: CERTIFICATE, // [A]
  '89601-9': CERTIFICATE, // [A]
  '11488-4': REPORT, // [A]
  '75492-9': REPORT, // [A]
  '83869-8': PLAN, // [A]
  '96349-6': REPORT, // [C] letter that refers somebody: its row was not read
  '11369-6': SUMMARY, // [C] history of vaccinations: its row was not read
};

/** [C] of a type that the table lacks: the widest class */
export const CLASS_BY_DEFAULT = REPORT;

/** formatCode of a structured document, by its model: ASS_A11. [A] */
export const FORMAT_OF_TEMPLATE: Readonly<Record<string, CdaCode>> = {
  '1.2.250.1.213.1.1.1.13': {
    code: 'urn:asip:ci-sis:vsm:2012',
    codeSystem: ANS_FORMATS,
    displayName: 'Synthèse médicale',
  },
};

/** formatCode of N1, by what is inside. [A] for PDF; the coding scheme is TRE_A11's */
export const FORMAT_OF_BODY: Readonly<Record<string, CdaCode>> = {
  'application/pdf': {
    code: 'urn:ihe:iti:xds-sd:pdf:2008',
    codeSystem: IHE_FORMATS,
    displayName: 'Document à corps non structuré en Pdf/A-1',
  },
  'text/plain': {
    code: 'urn:ihe:iti:xds-sd:text:2008',
    codeSystem: IHE_FORMATS,
    displayName: 'Document à corps non structuré en texte brut',
  },
};

/** a structured document of no model of CI-SIS [A] */
export const FORMAT_BY_DEFAULT: CdaCode = {
  code: 'urn:asipSante:modelesHorsProfils:2011',
  codeSystem: ANS_FORMATS,
  displayName: 'Document non référencé IHE ou CI-SIS',
};

/** fifth component of CX, thirteenth of XCN, seventh of XON */
export const IDENTIFIER_KINDS = {
  ins: 'NH', // [A]
  local: 'PI', // [B]
  professional: 'IDNPS', // [A]
  /** of a person whose number is made by the structure: it holds a `/` [A] */
  internal: 'EI',
  device: 'RI', // [A]
  structure: 'IDNST', // [A]
} as const;

/** availabilityStatus in an archive: a registry gives it by itself [A], nobody else would [C] */
export const APPROVED = 'urn:oasis:names:tc:ebxml-regrep:StatusType:Approved';
