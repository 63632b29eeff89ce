/**
 * Naming systems and code systems of the FHIR mapping. French ones as published (FR Core 2.2.0, NOS); those that
 * nobody published are the project's own `urn:relais:` names, which claim no standard.
 */

/** INS: OID → type code of FR Core's table 0203. */
export const INS_TYPES: Readonly<Record<string, string>> = {
  '1.2.250.1.213.1.4.8': 'INS-NIR',
  '1.2.250.1.213.1.4.9': 'INS-NIA',
  '1.2.250.1.213.1.4.10': 'INS-NIR-TEST',
  '1.2.250.1.213.1.4.11': 'INS-NIR-DEMO',
};

export const FR_CORE = 'https://hl7.fr/ig/fhir/core';
export const FR_0203 = `${FR_CORE}/CodeSystem/fr-core-cs-v2-0203`;
export const FR_0445 = `${FR_CORE}/CodeSystem/fr-core-cs-v2-0445`;
export const HL7_0203 = 'http://terminology.hl7.org/CodeSystem/v2-0203';
export const COMMUNES = 'https://mos.esante.gouv.fr/NOS/TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM';
export const RPPS = 'https://rpps.esante.gouv.fr';
export const SIRET = 'urn:oid:1.2.250.1.24.3.2';
export const LOINC = 'http://loinc.org';
export const UCUM = 'http://unitsofmeasure.org';
export const CIM10 = 'http://hl7.org/fhir/sid/icd-10';
export const ATC = 'http://www.whocc.no/atc';
export const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

/** Code systems of `dmst-exchange/1` itself: sst-visit-type, sst-output… */
export function own(name: string): string {
  return `urn:relais:codes:${name}`;
}

/** Members of `dmst-exchange/1` that no FHIR element holds. */
export function ownExtension(name: string): string {
  return `urn:relais:fhir:${name}`;
}

/** Where nobody published a canonical URI yet, or where it may change: settings of the installation. */
export interface CodeSystems {
  /** Thésaurus des expositions professionnelles */
  tep: string;
  /** PCS, by version as the dossier names it */
  pcs: string;
  naf: string;
  cis: string;
}

export const DEFAULT_SYSTEMS: CodeSystems = {
  tep: own('tep'),
  pcs: own('pcs'),
  naf: own('naf'),
  cis: own('cis'),
};
