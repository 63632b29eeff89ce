import { candidateStatements } from './candidate.ts';
import { delegationStatements } from './delegation.ts';
import { deliveryStatements } from './delivery.ts';
import { dmstRequestStatements } from './dmst-request.ts';
import { exchangeStatements } from './exchange.ts';
import { heldStatements } from './held.ts';
import { jobStatements } from './job.ts';
import { journalStatements } from './journal.ts';
import { leaderStatements } from './leader.ts';
import { memoryStatements } from './memory.ts';
import { messageStatements } from './message.ts';
import { registerStatements } from './register.ts';
import type { Statements } from './statement.ts';
import { storeStatements } from './store.ts';

/** SQL of every named write of the core. */
export const STATEMENTS = {
  ...messageStatements,
  ...deliveryStatements,
  ...jobStatements,
  ...exchangeStatements,
  ...candidateStatements,
  ...dmstRequestStatements,
  ...heldStatements,
  ...delegationStatements,
  ...memoryStatements,
  ...leaderStatements,
  ...journalStatements,
  ...registerStatements,
  ...storeStatements,
} satisfies Statements;
