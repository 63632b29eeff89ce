/** Lists of named statements on their way to the database, and what became of them. */
import { CLAIM_JOB, claimJobs, leaseMailbox } from './statements/claims.ts';
import { STATEMENTS } from './statements/index.ts';
import { sqlOf } from './statements/statement.ts';

const CLAIMS = {
  'job.claim': { sql: claimJobs() },
  'job.claim-one': { sql: CLAIM_JOB },
  'delivery.lease': { sql: leaseMailbox() },
};
/** Everything that a step may name. */
export const NAMED = { ...STATEMENTS, ...CLAIMS };

export type StepName = keyof typeof NAMED;

const FIELDS = new Map<StepName, readonly string[]>();

/** the parameters that the SQL of a step uses */
export function fieldsOf(name: StepName): readonly string[] {
  let fields = FIELDS.get(name);
  if (fields === undefined) {
    const sql = sqlOf(NAMED[name])
      .map(({ text }) => text)
      .join(' ');
    fields = [...new Set(Array.from(sql.matchAll(/@(\w+)/g), ([, field]) => field as string))];
    FIELDS.set(name, fields);
  }
  return fields;
}

/** One named statement with its parameters. */
export interface Step {
  name: StepName;
  params: Record<string, string | number | null | Uint8Array>;
  /** rows that must change, or the list is fenced */
  rows: number | undefined;
}

export interface StepList {
  id: number;
  steps: readonly Step[];
}

export type Outcome =
  | { id: number; rows: unknown[] }
  | {
      id: number;
      failure: 'fenced' | 'conflict' | 'unavailable' | 'internal';
      step?: StepName;
      code?: string;
    };
