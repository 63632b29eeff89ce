/**
 * The named statements of the product: what one transaction may contain. libs/storage gives each its SQL;
 * the compiler checks that none is missing.
 */

import type { RecordedEntry } from './journal.ts';
import type {
  Delivery,
  DeliveryState,
  Exchange,
  Job,
  Message,
  MessageStatus,
  Receipt,
  SealedAtRest,
  SealedPart,
} from './message.ts';

export interface WriteValues {
  'message.insert': { message: Message; atRest: SealedAtRest; keptUntil: string };
  'message.status': { id: string; status: MessageStatus; reason?: string };
  /** the per-message key dies: only destinations can read from now on */
  'message.destroy-key': { id: string };
  'payload.chunk': { messageId: string; n: number; bytes: Uint8Array };
  'payload.purge': { messageId: string };
  'delivery.insert': { delivery: Delivery };
  'delivery.part': { deliveryId: string; part: SealedPart };
  /** state after an attempt, a receipt, an expiry; `from` guards against a race */
  'delivery.update': {
    id: string;
    state: DeliveryState;
    from?: readonly DeliveryState[];
    attempts?: number;
    nextTryAt?: string;
    lastError?: string;
    receipt?: Receipt;
  };
  'delivery.purge-parts': { deliveryId: string };
  'job.insert': { job: Job };
  /** fenced: changes nothing, and so rolls the list back, unless `lease` still holds the job */
  'job.finish': { id: string; lease: string };
  'job.retry': { id: string; lease: string; runAt: string };
  'job.extend': { id: string; lease: string; until: string };
  'job.cancel': { deliveryId: string };
  'job.release': { deliveryId: string; runAt: string };
  'exchange.insert': { exchange: Exchange };
  'exchange.update': { exchange: Exchange; from: string };
  'journal.entry': { entry: RecordedEntry };
  'journal.seal': { n: number; at: string; size: number; root: string; prev: string; jws: string };
  /** gives { seal, index } to entries that have none, in this order */
  'journal.assign': { seal: number; entries: readonly string[] };
}

export type WriteName = keyof WriteValues;

export type Write = { [N in WriteName]: { write: N; values: WriteValues[N] } }[WriteName];

/** Reads as a sentence at the call site: `write('job.finish', { id, lease })`. */
export function write<N extends WriteName>(name: N, values: WriteValues[N]): Write {
  return { write: name, values } as Write;
}
