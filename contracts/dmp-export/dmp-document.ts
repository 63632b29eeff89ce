/** `dmp-document/1` as the code reads it: a mirror of schemas/document.json, which is what decides. */
import type { EvidenceCode } from '#core';
import type { Dmst } from '#core/dmst';

export type DocumentKind = 'EXPOSITIONS' | 'VACCINATIONS' | 'SURVEILLANCE' | 'CONCLUSION';

export interface DmpDocument {
  schemaVersion: 'dmp-document/1';
  /** of this version */
  documentId: string;
  /** common to its versions */
  setId: string;
  version: number;
  /** documentId of the version that this one takes the place of */
  replaces?: string;
  withdrawal?: { at: string; reason: 'CONSENTEMENT-RETIRE' | 'ERREUR' };
  kind: DocumentKind;
  /** day of what it speaks of */
  actDate: string;
  subject: Omit<Dmst['identity'], 'contact' | 'deathDate'> & { birthPlace: string };
  evidenceSeen?: EvidenceCode;
  consent?: {
    id: string;
    documentId: string;
    given?: boolean;
    kind?: string;
    at?: string;
    evidence?: string;
  };
  service: { siret: string; name: string };
  professional: { role: string; family: string; given: string; rpps?: string };
  exposures?: {
    label: string;
    tepCode?: string;
    from: string;
    to?: string;
    intensityClass?: number;
    durationClass?: string;
  }[];
  vaccinations?: NonNullable<Dmst['vaccinations']>;
  surveillance?: { label: string; reason?: string; until?: string }[];
  conclusion?: string;
  /** the three that never reach the DMP */
  employers?: { name: string; siret?: string; jobTitle?: string; from: string; to?: string }[];
  preventionMeasures?: { label: string }[];
  products?: { tradeName: string }[];
}
