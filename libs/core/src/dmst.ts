/**
 * `dmst-exchange/1` as the code reads it: a mirror of contracts/dmst-portability/schemas/dmst.json, which is what
 * decides. Members of part H are optional because part A goes without them.
 */
import type { IdentityStatus, Ins } from './identity.ts';

export type FollowUpCategory = 'SI' | 'SIA' | 'SIR';
export type OutputType = 'ATTS' | 'APTI' | 'INAP' | 'AMEN' | 'ANCI';

export interface Period {
  from: string;
  to?: string;
}

export interface Employment extends Period {
  id: string;
  employerSiret?: string;
  employerName?: string;
  nafCode?: string;
  nafVersion?: string;
  nafLabel?: string;
  headcountBand?: string;
  jobTitle: string;
  pcsCode?: string;
  pcsVersion?: string;
  pcsLabel?: string;
  contractType?: string;
  workTime?: number;
  schedule?: string;
  workUnit?: string;
  temporaryAgency?: { siret?: string; name: string };
}

export interface FollowUp extends Period {
  category: FollowUpCategory;
  triggers?: string[];
  declaredByEmployer?: boolean;
  nextVisitDue?: string;
}

export interface Exposure extends Period {
  id: string;
  tepCode?: string;
  label: string;
  l4161Factor?: string;
  intensityClass?: number;
  durationClass?: string;
  frequency?: string;
  cumulative?: string;
  collectiveProtection?: string[];
  ppe?: string[];
  source: string;
  measure?: { value: number; unit: string; limit?: number };
  employmentRef?: string;
  sirTrigger?: string;
}

export interface Visit {
  id: string;
  date: string;
  type: string;
  modality?: string;
  professional: { role: string; name?: string; RPPS?: string };
  followUpCategory?: FollowUpCategory;
  reasonCode?: string;
  employmentRef?: string;
}

export interface Exam {
  date: string;
  code?: string;
  label: string;
  value?: number;
  unit?: string;
  ref?: string;
  interpretation?: string;
  series?: { label: string; value: number }[];
}

export interface Output {
  type: OutputType;
  date: string;
  validUntil?: string;
  restrictions?: { code?: string; label: string }[];
  text?: string;
  visitRef?: string;
  documentRef?: string;
  contested?: boolean;
}

export interface Pdp {
  opened: string;
  stage?: string;
  partners?: string[];
  plan?: string;
  essaiEncadre?: boolean;
  crpe?: boolean;
  closed?: string;
}

export interface Attachment {
  id: string;
  mime: string;
  sha256: string;
  title: string;
  date: string;
  pages?: number;
  /** base64 */
  content?: string;
}

export interface Dmst {
  schemaVersion: 'dmst-exchange/1';
  profile: 'summary' | 'full' | 'exposure-only';
  identity: {
    ins?: Ins & { status: IdentityStatus; verifiedAt: string };
    localId: { system: string; value: string };
    birthName: string;
    firstNames: string[];
    usedName?: string;
    usedFirstName?: string;
    sex: 'M' | 'F' | 'I';
    birthDate: string;
    birthPlace?: string;
    contact?: { address?: string; phone?: string; email?: string };
    deathDate?: string;
  };
  adminHealth?: {
    treatingDoctor?: { name: string; RPPS?: string; MSSante?: string };
    rqth?: boolean;
    invalidity?: number;
    ald?: boolean;
  };
  services: (Period & {
    spst: { siret: string; name: string };
    isCurrent: boolean;
    mt?: { name: string; RPPS?: string };
  })[];
  employments: Employment[];
  followUp: FollowUp[];
  exposures?: Exposure[];
  exposureStatements?: { type: 'VPEX' | 'VFIN'; date: string; text?: string; documentRef?: string }[];
  dosimetry?: { period: string; effectiveDose: number; source: string }[];
  visits?: Visit[];
  history?: { kind: string; code?: string; label: string; onset?: string; end?: string }[];
  occupationalEvents?: {
    type: 'AT' | 'MP';
    date: string;
    label?: string;
    cim10?: string;
    tableMP?: string;
    recognised?: boolean;
    ipp?: number;
    stopDays?: number;
  }[];
  symptomsByVisit?: { visitRef: string; code?: string; label: string }[];
  treatments?: { code?: string; label: string; from?: string; to?: string }[];
  lifestyle?: { tobacco?: number; alcohol?: number; sport?: string };
  exams?: Exam[];
  vaccinations?: {
    vaccine: string;
    code?: string;
    date: string;
    lot?: string;
    rank?: string;
    nextDue?: string;
  }[];
  workLink?: { pathology: string; exposureRef?: string; opinion: string; mcpReported?: boolean }[];
  correspondence?: { date: string; from: string; to: string; attachmentRef?: string }[];
  outputs?: Output[];
  informationGiven?: { date: string; topic: string; support?: string }[];
  pdp?: Pdp[];
  rights?: {
    informed: { date: string; by: string; noticeVersion?: string }[];
    oppositions?: { right: 1 | 2; scope?: string; from: string; withdrawnAt?: string }[];
    consents?: { kind: string; given: boolean; at: string; evidence?: string }[];
  };
  thirdPartyInfo?: { about: string; text: string }[];
  attachments?: Attachment[];
  auditTrail?: { at: string; actor: string; role: string; action: string; spst?: string }[];
  closure?: { lastVisitAt: string; retentionEnd?: string; specialRule?: string; claimOpen?: boolean };
}
