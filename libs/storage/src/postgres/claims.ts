/** The statements that take work, as PostgreSQL prepares them: rows that another process is taking are passed over. */
import { CLAIM_JOB, claimJobs, leaseMailbox } from '../statements/claims.ts';
import { typeOf, withParams } from './translate.ts';

interface Claim {
  text: string;
  /** names of its parameters, in the order of their numbers */
  params: readonly string[];
}

function claim(sql: string): Claim {
  const params: string[] = [];
  const text = withParams(sql, (name) => {
    if (!params.includes(name)) params.push(name);
    return `$${params.indexOf(name) + 1}::${typeOf(name)}`;
  });
  return { text, params };
}

const LOCK = 'FOR UPDATE SKIP LOCKED';

export const CLAIMS = {
  'job.claim': claim(claimJobs(LOCK)),
  'job.claim-one': claim(CLAIM_JOB),
  'delivery.lease': claim(leaseMailbox(LOCK)),
} as const;
