/** What the header of a CDA R2 document says (CI-SIS, structuration minimale), before any XML. */
import type { Ins } from './identity.ts';

/** An identifier in CDA's way: an OID or a UUID, and what it names there. */
export interface CdaId {
  root: string;
  extension?: string;
}

export interface CdaCode {
  code: string;
  codeSystem: string;
  /** only where a rule wants it */
  codeSystemName?: string;
  displayName: string;
}

export interface CdaPatient {
  /** only of a qualified identity; with it, `birthPlace` is required (CI-SIS) */
  ins?: Ins;
  /** identifiers of the service; one at least when there is no matricule */
  localIds: readonly CdaId[];
  birthName: string;
  /** first birth given name first */
  firstNames: readonly string[];
  usedName?: string;
  usedFirstName?: string;
  sex: 'M' | 'F' | 'I';
  /** YYYY-MM-DD */
  birthDate: string;
  /** COG, 5 characters */
  birthPlace?: string;
}

/** `rpps`, or for who has none the service's own identifier: one of the two. */
export interface CdaProfessional {
  /** 11 digits */
  rpps?: string;
  localId?: string;
  family: string;
  given: string;
  /** JDV_J01, e.g. `occupationalPhysician` of CDA_CODES */
  profession: CdaCode;
}

export interface CdaDevice {
  id: CdaId;
  model: string;
  software: string;
}

export interface CdaOrganization {
  name: string;
  /** 14 digits, or a FINESS of 9: one of the two */
  siret?: string;
  finess?: string;
}

export interface CdaDocument {
  /** UUIDs: of this version, and common to all its versions */
  id: string;
  setId: string;
  /** from 1 */
  version: number;
  /** id of the document that this one replaces */
  replaces?: string;
  /** JDV_J07 */
  type: CdaCode;
  title: string;
  /** instant of its making */
  at: string;
  /** Normal, Restricted, Very restricted; masking is said in XDS metadata, never here */
  confidentiality: 'N' | 'R' | 'V';
  patient: CdaPatient;
  /** who answers for it; wrote it too, unless a device did */
  author: CdaProfessional;
  /** software that wrote it by itself */
  device?: CdaDevice;
  organization: CdaOrganization;
  /** what it speaks of; days, or instants */
  act: { from: string; to?: string; code?: CdaCode };
  /** sector of the place: SA66 in CI-SIS, SA13 in the older list of the DMP */
  sector: CdaCode;
  practiceSetting: CdaCode;
  /** consent under which it goes out, and to what, in French */
  consent?: CdaId & { text: string };
}
