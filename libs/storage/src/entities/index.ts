import { CandidateRow } from './candidate-row.ts';
import { DelegationRow } from './delegation-row.ts';
import { DeliveryPartRow } from './delivery-part-row.ts';
import { DeliveryRow } from './delivery-row.ts';
import { DmstRequestRow } from './dmst-request-row.ts';
import { ExchangeRow } from './exchange-row.ts';
import { FlowMemoryRow } from './flow-memory-row.ts';
import { HeldIdentityRow } from './held-identity-row.ts';
import { JobRow } from './job-row.ts';
import { JournalEntryRow } from './journal-entry-row.ts';
import { JournalSealRow } from './journal-seal-row.ts';
import { LeaderRow } from './leader-row.ts';
import { MessageRow } from './message-row.ts';
import { PayloadChunkRow } from './payload-chunk-row.ts';
import { RegisterLineRow } from './register-line-row.ts';
import { ReportPieceRow } from './report-piece-row.ts';

/** Every table, in the order of a message's way. */
export const ENTITIES = [
  MessageRow,
  PayloadChunkRow,
  ReportPieceRow,
  DeliveryRow,
  DeliveryPartRow,
  JobRow,
  LeaderRow,
  ExchangeRow,
  CandidateRow,
  DmstRequestRow,
  HeldIdentityRow,
  DelegationRow,
  FlowMemoryRow,
  JournalEntryRow,
  JournalSealRow,
  RegisterLineRow,
];
