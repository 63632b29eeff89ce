/**
 * The named statements of the product: what one transaction may contain. libs/storage gives each its SQL;
 * the compiler checks that none is missing.
 */

import type { Candidate } from './candidate.ts';
import type { DmstRequest, HeldDecision, HeldIdentity, HeldProposal } from './dmst-request.ts';
import type { RecordedEntry } from './journal.ts';
import type {
  Delivery,
  DeliveryState,
  Exchange,
  ExchangeState,
  Job,
  Message,
  MessageStatus,
  Receipt,
  SealedAtRest,
  SealedPart,
} from './message.ts';
import type { PartnerId } from './partner.ts';
import type { Delegation } from './person.ts';
import type { RegisterLine } from './register-line.ts';

export interface WriteValues {
  'message.insert': { message: Message; atRest: SealedAtRest; keptUntil: string };
  'message.status': { id: string; status: MessageStatus; from?: readonly MessageStatus[]; reason?: string };
  /**
   * Computes the status from the deliveries: open ones → `delivering`; all delivered → `delivered`; else the worst
   * (dead > expired > refused > cancelled). When every one is terminal the per-message key dies and the original's
   * chunks go: only destinations can read from then on. `portal:` deliveries do not count for the status.
   */
  'message.settle': { id: string };
  /** a message in state `receiving` is whole: fenced on still being so */
  'message.received': { message: Message; keptUntil: string };
  /** it will not be whole: the row of a message in state `receiving` and what came of it go, and its id is free again */
  'message.abandon': { id: string };
  /** fenced on its message being in state `receiving` */
  'payload.receive': { messageId: string; n: number; bytes: Uint8Array; at: string };
  /** all that hangs on them but the journal: deliveries, exchanges that they opened, held identities, emptied requests */
  'message.detach': { ids: readonly string[] };
  /** after that; fenced: all of them or none */
  'message.forget': { ids: readonly string[] };
  'payload.chunk': { messageId: string; n: number; bytes: Uint8Array; at: string };
  /** the original, and what a held work list kept of its identity */
  'payload.purge': { messageId: string };
  /** chunks whose message never came or is never read again, reports out of date; some at a time */
  'payload.sweep': { before: string; now: string };
  /** a piece of the NDJSON text of refused lines */
  'report.piece': { messageId: string; n: number; text: string; keptUntil: string };
  /** `keptUntil`: when the sealed parts go, whatever the receipt; absent = with the first purge that says so */
  'delivery.insert': { delivery: Delivery; keptUntil?: string };
  'delivery.part': { deliveryId: string; part: SealedPart };
  /** changes nothing, and so rolls the list back, unless the state is one of `from` */
  'delivery.update': {
    id: string;
    from: readonly DeliveryState[];
    state: DeliveryState;
    attempts?: number;
    /** null clears it */
    nextTryAt?: string | null;
    lastError?: string | null;
    receipt?: Receipt;
    expiresAt?: string;
    /** when the sealed parts may be purged */
    keptUntil?: string;
  };
  /** a delivery that was parked begins its life: nothing else changes */
  'delivery.renew': { id: string; expiresAt: string; keptUntil: string };
  /** everything is sealed: fenced on being `queued` */
  'delivery.sealed': { id: string; partCount: number; manifest?: string };
  /** parts above `above`: what is large goes piece by piece, so that others' writes pass between */
  'delivery.trim-parts': { deliveryId: string; above: number };
  'delivery.purge-parts': { deliveryId: string };
  'job.insert': { job: Job };
  /** fenced: changes nothing, and so rolls the list back, unless `lease` still holds the job */
  'job.finish': { id: string; lease: string };
  'job.retry': { id: string; lease: string; runAt: string };
  'job.extend': { id: string; lease: string; until: string };
  /** whoever holds them: their holder will be fenced */
  'job.cancel': { messageId: string; deliveryId?: string };
  /** makes a parked job due */
  'job.release': { deliveryId: string; runAt: string };
  'exchange.insert': { exchange: Exchange };
  /** whole row; fenced on the state and updatedAt that were read. Once answered or over, its candidates go with it */
  'exchange.update': { exchange: Exchange; from: { state: ExchangeState; updatedAt: string } };
  /** `content`: ciphertext, chunk after chunk */
  'candidate.insert': { candidate: Candidate; content: Uint8Array };
  /** those whose exchange is answered, over or gone, some exchanges at a time: an older process may end one and leave them */
  'candidate.sweep': Record<string, never>;
  'dmst-request.insert': { request: DmstRequest };
  /** who was asked about is erased with a request that is cancelled, or that expired without a dossier */
  'dmst-request.update': {
    id: string;
    from: DmstRequest['state'];
    state: DmstRequest['state'];
    best?: string;
    cancelReason?: 'opposition' | 'error';
    /** of a closed one: until when the worker is known */
    keptUntil?: string;
  };
  /** who was asked about */
  'dmst-request.erase': { id: string };
  /** another wrapping of the same key; nothing when it is gone, or wrapped by another than `from` by now */
  'message.rewrap': { id: string; from: string; atRest: SealedAtRest };
  'dmst-request.rewrap': { id: string; from: string; atRest: SealedAtRest };
  'candidate.rewrap': { id: string; from: string; atRest: SealedAtRest };
  'held.rewrap': { id: string; from: string; atRest: SealedAtRest };
  'held.insert': { held: HeldIdentity };
  /** fenced on being undecided; the details are erased */
  'held.decide': {
    id: string;
    decision: HeldDecision;
    /** fenced too on this proposal being the one that stands, or none; absent = whatever stands */
    standing?: HeldProposal | 'none';
  };
  /** fenced on being undecided, and on the proposal that was read, or none; replaces it */
  'held.propose': { id: string; proposal: HeldProposal; standing: HeldProposal | 'none' };
  /** what a flow remembers of one sender under a key; replaces what stood there */
  'memory.put': { flow: string; partner: PartnerId; key: string; value: unknown; at: string };
  /** the same, unique: what stands there stays */
  'memory.once': { flow: string; partner: PartnerId; key: string; value: unknown; at: string };
  /** what a flow remembers until `at`, and that is past */
  'memory.sweep': { flow: string; now: string };
  'delegation.insert': { delegation: Delegation };
  /** ends it at `to` */
  'delegation.end': { id: string; to: string };
  /** fenced: taken when nobody holds it, or holds it no more */
  'leader.take': { name: string; holder: string; now: string; until: string };
  'leader.leave': { name: string; holder: string };
  /** every delivery not over counts one try more, messages not prepared are marked, leases are given back */
  'store.restored': { at: string };
  'journal.entry': { entry: RecordedEntry };
  /** beside the entry that it names */
  'register.line': { line: RegisterLine };
  /** the lines of registers that name entries of whole seals: they go with them */
  'register.purge': { fromSeal: number; toSeal: number };
  /** unique on n: two sealers cannot both write */
  'journal.seal': { n: number; at: string; size: number; root: string; prev: string; jws: string };
  /** gives { seal, index } to entries that have none, in this order; fenced: all or nothing */
  'journal.assign': { seal: number; entries: readonly string[] };
  /** the entries of whole seals, which stay; fenced: so many, or none */
  'journal.purge': { fromSeal: number; toSeal: number; entries: number };
}

export type WriteName = keyof WriteValues;

export type Write = { [N in WriteName]: { write: N; values: WriteValues[N] } }[WriteName];

/** Reads as a sentence at the call site: `write('job.finish', { id, lease })`. */
export function write<N extends WriteName>(name: N, values: WriteValues[N]): Write {
  return { write: name, values } as Write;
}
