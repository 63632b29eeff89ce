import type { NamedPerson } from '#core';

/** `sick-leave/1`. Days are `YYYY-MM-DD`, first and last both included. */
export interface Notice {
  schemaVersion: 'sick-leave/1';
  person: NamedPerson;
  employerSiret: string;
  stop: Stop;
  agreement?: { given?: boolean; kind?: string; at?: string; evidence?: string; channel?: string };
  /** the three members that are dropped */
  medicalReason?: string;
  diagnosis?: { code: string; label?: string };
  prescriberReason?: string;
}

export type Cause = 'MAL' | 'AT' | 'MP' | 'MAT' | 'ATNP';

export interface Stop {
  episodeId: string;
  kind: 'INITIAL' | 'EXTENSION';
  from: string;
  to: string;
  /** of the whole episode, up to `to` */
  cumulatedDays: number;
  cause: Cause;
  riskFlag: boolean;
  partialFrom?: string;
  partialTo?: string;
  expectedReturn?: string;
}
