/** `pdp-extract/1`: what a medical adviser needs for the return to work, and no diagnosis. */
import type { NamedPerson } from '#core';
import type { MEASURES } from './words.ts';

export interface Extract {
  schemaVersion: 'pdp-extract/1';
  person: NamedPerson;
  author: {
    role: string;
    name: string;
    rpps?: string;
    serviceSiret?: string;
    phone?: string;
    email?: string;
  };
  agreement?: { given?: boolean; kind?: string; at?: string; evidence?: string };
  legalGate?: { informedAt?: string; nonOpposition?: boolean; recordedBy?: string };
  job: {
    title: string;
    since: string;
    employerSiret: string;
    employerName?: string;
    pcsCode?: string;
    contractType?: string;
    workTime?: number;
    schedule?: string;
    conditions: readonly { label: string; tepCode?: string; intensityClass?: number }[];
  };
  stop?: { from: string; cause?: string; expectedReturn?: string };
  preReturnVisit?: { date: string; conclusions: string };
  restrictions: readonly { label: string; lasting: string; until?: string }[];
  proposedMeasures: readonly (Span & { measure: keyof typeof MEASURES; detail?: string })[];
  question?: string;
}

export interface Reply {
  author: { role: string; name: string; rpps?: string; phone?: string };
  date: string;
  opinions: readonly (Span & { measure: keyof typeof MEASURES; opinion: string; detail?: string })[];
  comment?: string;
}

/** Days, `YYYY-MM-DD`. */
export interface Span {
  from?: string;
  to?: string;
}
