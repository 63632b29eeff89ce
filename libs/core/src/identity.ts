/** Identity vocabulary shared by flows, stages and libs/identity (facts: RNIV, INS referential, FR Core). */

/** Strict traits of a person. Dates are `YYYY-MM-DD`, places are COG codes (5 characters), never corrected. */
export interface Traits {
  birthName: string;
  /** first birth given name first, then the others, as received */
  firstNames: readonly string[];
  sex: 'M' | 'F' | 'I';
  birthDate: string;
  birthPlace?: string;
  usedName?: string;
  usedFirstName?: string;
}

/** Matricule INS: always strings. `value` 13 characters, `key` 2 digits, `oid` tells NIR from NIA. */
export interface Ins {
  value: string;
  key: string;
  oid: string;
}

/** The four RNIV statuses, in the four codes of FR Core. Pages and PDF use IDENTITY_STATUS_FRENCH. */
export type IdentityStatus = 'PROV' | 'RECUP' | 'VALI' | 'QUAL';

export const IDENTITY_STATUS_FRENCH: Record<IdentityStatus, string> = {
  PROV: 'provisoire',
  RECUP: 'récupérée',
  VALI: 'validée',
  QUAL: 'qualifiée',
};

export type IdentityAttribute = 'homonyme' | 'douteuse' | 'fictive';

/** Evidence seen by a person (FR Core validation mode codes); the accepted list is a setting. */
export type EvidenceCode =
  | 'AN'
  | 'CC'
  | 'CE'
  | 'CM'
  | 'CN'
  | 'CS'
  | 'LE'
  | 'PA'
  | 'PC'
  | 'TC'
  | 'DC'
  | 'AC'
  | 'IE';

export interface VerdictReason {
  /** stable, e.g. `insi.found`, `traits.birth-name-differs` */
  code: string;
  /** French sentence, no trait inside */
  detail: string;
}

/** What a verification concluded, for one asking SPSTI. */
export interface IdentityVerdict {
  outcome: 'found' | 'none' | 'several' | 'unavailable' | 'not-asked';
  status: IdentityStatus;
  attributes: readonly IdentityAttribute[];
  /** as INSi gave it; only QUAL may leave Relais with it, except towards the SPSTI that asked INSi */
  ins?: Ins;
  /** traits as INSi holds them, when found */
  traits?: Traits;
  reasons: readonly VerdictReason[];
  /** true: a person must decide (held work list) */
  inDoubt: boolean;
  verifiedAt: string;
}

/** What is asked of the identity port. `spsti` owns the call, its cache entry and its verdict. */
export interface IdentityQuestion {
  spsti: string;
  traits: Traits;
  /** matricule that the sender already holds */
  ins?: Ins;
  evidenceSeen?: EvidenceCode;
  attributes?: readonly IdentityAttribute[];
  /** MANU when a person asked, AUTO when the system did (INSi certificate of the mandate) */
  startedBy: 'person' | 'system';
}
