/** Every port of the product, on one screen. Implementations are named in apps/broker/src/wiring/ only. */

import type { Context } from './context.ts';
import type { DmstRequest, HeldIdentity, SettledDoubt } from './dmst-request.ts';
import type { DocumentModel, PdfProfile } from './document.ts';
import type { BrokerError, Finding } from './errors.ts';
import type { IdentityQuestion, IdentityVerdict, Ins, Traits } from './identity.ts';
import type { RecordedEntry, SealClaims } from './journal.ts';
import type {
  Delivery,
  DeliveryState,
  DueJob,
  DueLook,
  Exchange,
  Job,
  Message,
  Receipt,
  SealedAtRest,
  SealedPart,
} from './message.ts';
import type { Ledger, OperatingRecords } from './operating.ts';
import type { OwnSpaceRecords } from './own-space-records.ts';
import type { Audience, Partner, PartnerId, TransportName } from './partner.ts';
import type { Delegation } from './person.ts';
import type { RegisteredEntry, RegisterLook } from './register-line.ts';
import type { Write } from './writes.ts';

export interface Clock {
  now(): Date;
}

/** UUIDv7, strictly growing within a process. */
export interface Ids {
  /** @param at the instant that the id shows, when it is not now: such an id is in no order with the others */
  next(at?: Date): string;
}

/** One transaction: the whole list or nothing, durable (fsynced) when the promise resolves. */
export interface UnitOfWork {
  /** @throws BrokerError `writer.fenced` when a fenced write changed nothing, WriteConflict on a unique key, `store.unavailable` */
  commit(writes: readonly Write[]): Promise<void>;
  /** Takes up to `limit` due jobs of a lane under a new lease, in rank order, earlier messages of an orderKey first. */
  claim(request: ClaimRequest): Promise<Job[]>;
  /**
   * Leases up to `limit` `available` deliveries of a mailbox (no lease, or one run out), counting the attempt.
   * Interactive first, oldest first; an orderKey never shows n+1 before n is terminal.
   */
  leaseMailbox(request: ClaimRequest & { flow?: string; exchangeId?: string }): Promise<Delivery[]>;
}

export interface ClaimRequest {
  /** `prepare:<sender>`, or a recipient's id */
  lane: string;
  limit: number;
  /** fencing token */
  lease: string;
  now: string;
  until: string;
  /** this job and no other of the lane, under the same conditions; of a mailbox: not used */
  jobId?: string;
}

/** Thrown by UnitOfWork.commit when a unique key already stands. */
export class WriteConflict extends Error {
  override readonly name = 'WriteConflict';
  constructor(readonly write: string) {
    super(`unique key already taken: ${write}`);
  }
}

/** What the stages read. Operator screens have their own reads in libs/storage. */
export interface Records extends OwnSpaceRecords {
  message(id: string): Promise<Message | undefined>;
  messageOf(sender: PartnerId, senderId: string): Promise<Message | undefined>;
  /** wrapped key and ciphertext chunks of the original */
  payload(messageId: string): Promise<{ atRest: SealedAtRest; chunks: Uint8Array[] } | undefined>;
  /** how the original lies there, without its chunks; `bytes` = their ciphertext together */
  payloadSize(
    messageId: string,
  ): Promise<{ atRest: SealedAtRest; chunks: number; bytes: number } | undefined>;
  /** one ciphertext chunk of the original */
  payloadChunk(messageId: string, n: number): Promise<Uint8Array | undefined>;
  /** refused lines of a bulk message, NDJSON text piece by piece; absent = the end */
  reportPiece(messageId: string, n: number): Promise<string | undefined>;
  delivery(id: string): Promise<Delivery | undefined>;
  deliveries(messageId: string): Promise<Delivery[]>;
  parts(deliveryId: string): Promise<SealedPart[]>;
  part(deliveryId: string, n: number): Promise<SealedPart | undefined>;
  /** the parts without their bytes: a bulk delivery has more of these than memory */
  partFacts(deliveryId: string): Promise<Omit<SealedPart, 'jwe'>[]>;
  exchange(id: string): Promise<Exchange | undefined>;
  exchanges(filter: {
    groupId?: string;
    requestId?: string;
    /** requester or responder */
    party?: PartnerId;
    /** true = late and still awaited */
    overdue?: boolean;
    /** in the order of ids; all of them by default */
    limit?: number;
    afterId?: string;
  }): Promise<Exchange[]>;
  dmstRequest(id: string): Promise<DmstRequest | undefined>;
  dmstRequests(filter: {
    partner: PartnerId;
    authors?: readonly string[];
    /** the last one first; else in the order of ids */
    newestFirst?: boolean;
    limit: number;
    afterId?: string;
  }): Promise<DmstRequest[]>;
  /** every accepted message of an object that is not terminal, oldest first: what a campaign pools */
  pooled(flow: string, object: string): Promise<Message[]>;
  /** what a flow remembers of one sender under a key */
  remembered(flow: string, partner: PartnerId, key: string): Promise<unknown>;
  /** of the keys from `from` on and before `to`, in their order */
  rememberedBetween(look: {
    flow: string;
    partner: PartnerId;
    from: string;
    to: string;
    limit: number;
  }): Promise<unknown[]>;
  held(id: string): Promise<HeldIdentity | undefined>;
  /** undecided and still held, oldest first */
  heldOf(partner?: PartnerId): Promise<HeldIdentity[]>;
  /** delegations to this person in force at `at` */
  delegationsTo(delegate: string, at: string): Promise<Delegation[]>;
  /** every delegation that a service recorded, ended ones included, newest first */
  delegationsOf(partner: PartnerId): Promise<Delegation[]>;
  /** lanes that hold at least one job */
  lanes(): Promise<string[]>;
  /** earliest run_at of jobs not under lease, per lane */
  nextDue(lane: string): Promise<string | undefined>;
  openJobs(): Promise<number>;
  /** what a claim made at `by` would take, longest due first, from behind `after` on */
  dueJobs(look: DueLook): Promise<DueJob[]>;
}

/** What the keeper reads: clocks, seals, purge. Each list is bounded by `limit`. */
export interface KeeperRecords {
  /** not terminal (dead included) and past expiresAt */
  deliveriesToExpire(now: string, limit: number): Promise<Delivery[]>;
  /** open exchanges whose reminder, deadline or expiry is due and not yet marked */
  exchangesDue(now: string, limit: number): Promise<Exchange[]>;
  /** open ones whose time is up, or that no exchange awaits any more */
  dmstRequestsToSettle(now: string, limit: number): Promise<DmstRequest[]>;
  /** open ones with fewer exchanges than sources: a crash came between */
  dmstRequestsUnsent(limit: number): Promise<DmstRequest[]>;
  /** deliveries that are over, whose sealed parts may go */
  deliveriesToPurge(now: string, limit: number): Promise<Delivery[]>;
  /** closed ones whose worker need not be known any more */
  dmstRequestsToErase(now: string, limit: number): Promise<{ id: string; partner: PartnerId }[]>;
  /** over and purged, whose sender's id need not be remembered any more; `units` = recipients */
  messagesToForget(now: string, limit: number): Promise<{ id: string; units: number }[]>;
  unsealedEntries(limit: number): Promise<RecordedEntry[]>;
  lastSeal(): Promise<{ n: number; jws: string } | undefined>;
  /** made before `before`, from the first on that still has its entries */
  sealsToPurge(before: string, limit: number): Promise<SealFacts[]>;
  /** the first of these seals that holds an entry of a message which is not forgotten */
  firstSealNeeded(fromSeal: number, toSeal: number): Promise<number | undefined>;
  /** in the order of seals and of places in them */
  entriesOfSeals(fromSeal: number, toSeal: number): Promise<SealedEntry[]>;
}

export type SealFacts = Pick<SealClaims, 'n' | 'at' | 'size' | 'root'>;
export type SealedEntry = RecordedEntry & { seal: number };

/** What proofs and exports read. */
export interface JournalRecords {
  entry(id: string): Promise<(RecordedEntry & { seal?: number; index?: number }) | undefined>;
  entriesOfMessage(messageId: string): Promise<RecordedEntry[]>;
  seal(n: number): Promise<{ n: number; jws: string } | undefined>;
  /** entries of one seal, in index order */
  entriesOfSeal(n: number): Promise<RecordedEntry[]>;
  seals(afterN: number, limit: number): Promise<{ n: number; jws: string }[]>;
  /** newest first, those before `beforeN` */
  lastSeals(limit: number, beforeN?: number): Promise<{ n: number; jws: string }[]>;
  /** lines of a service's register, newest first */
  registered(look: RegisterLook): Promise<RegisteredEntry[]>;
}

/** Operator screens and `relais ledger`. */
export interface OperationsRecords extends OperatingRecords {
  deliveriesIn(filter: {
    state?: DeliveryState;
    recipient?: PartnerId;
    flow?: string;
    limit: number;
    afterId?: string;
  }): Promise<Delivery[]>;
  /** something waits in a mailbox under no lease: a look that costs no transaction */
  mailboxHolds(look: { recipient: PartnerId; flow?: string; now: string }): Promise<boolean>;
  /** unit = (message, recipient), fixed at accept; `portal:` copies are not units */
  ledger(): Promise<Ledger>;
  /** every unit, streamed for a comparison with the partners' own files */
  units(): AsyncIterable<{
    messageId: string;
    sender: PartnerId;
    senderId: string;
    recipient: PartnerId;
    state: keyof Ledger;
    /** of its delivery, once there is one */
    transport?: TransportName;
  }>;
  /** what a service settled from an instant on, oldest first; what was forgotten with its message is not there */
  settledDoubts(partner: PartnerId, since: string): Promise<SettledDoubt[]>;
  /** those that `heldOf` gives, counted */
  waitingDoubts(partner: PartnerId): Promise<{ waiting: number; oldest?: string }>;
  /** age in seconds of the oldest undelivered delivery, per recipient */
  queueAges(now: string): Promise<{ recipient: PartnerId; waiting: number; oldestSeconds: number }[]>;
  /** the same of one, who may ask often: counted up to `most` only; no age when nothing waits */
  queueOf(look: {
    recipient: PartnerId;
    now: string;
    most: number;
  }): Promise<{ waiting: number; oldestSeconds?: number }>;
}

/** Encryption at rest under a rotating key-encryption key. */
export interface Vault {
  seal(content: Uint8Array, context: string): { atRest: SealedAtRest; chunks: Uint8Array[] };
  /** @throws BrokerError `message.resend-needed` when the key is destroyed, `internal` when bytes were changed */
  open(stored: { atRest: SealedAtRest; chunks: readonly Uint8Array[] }, context: string): Uint8Array;
  /** the same key under the newest key-encryption key. @throws like open */
  rewrap(atRest: SealedAtRest): SealedAtRest;
  /** plaintext bytes of every chunk but the last */
  readonly chunkBytes: number;
  /** bytes that a chunk at rest has beyond its plaintext */
  readonly chunkOverhead: number;
  /** The same, for content that comes piece by piece: chunks are given in order, `last` only for the last. */
  sealer(context: string): { atRest: SealedAtRest; seal(plain: Uint8Array, last: boolean): Uint8Array };
  /** Opens chunk `n`, counted from 0. @throws like open */
  opener(atRest: SealedAtRest, context: string): (chunk: Uint8Array, n: number, last: boolean) => Uint8Array;
}

/** Compact JWS (ES256) by Relais' signing key. */
export interface Signer {
  readonly kid: string;
  sign(claims: object, typ: string): string;
}

export interface SealRequest {
  /** claims of the inner JWS (interface.md §4) */
  claims: {
    messageId: string;
    flow: string;
    type: string;
    sender: PartnerId;
    recipient: PartnerId;
    datacontenttype: string;
    digest: string;
    senderSignature?: string;
    /** beside them, what the event says (adr 19) */
    relaisdelivery?: string;
  } & Context;
  /** the recipient's certificates for that audience, newest first (PEM) */
  certificates: readonly string[];
  audience: Audience;
  part: number;
  total: number;
  content: Uint8Array;
  /** for Relais' own key, not for the recipient's: what a channel protected by TLS alone carries */
  own?: boolean;
}

/** Sign, then encrypt for a recipient's certificate: chain, purpose, dates checked each time. */
export interface Protection {
  seal(request: SealRequest): SealedPart;
  /**
   * Whether what was sealed to `kid` is still opened by whom it was for: one of these certificates (PEM), in force now;
   * with `own`, a key of Relais
   */
  opens(kid: string, certificates: readonly string[], own: boolean): boolean;
  /** opens a JWE made for Relais' own key. @throws BrokerError `jwe.invalid` | `jwe.wrong-kid` */
  openOwn(jwe: string): Uint8Array;
  /** content of a part that was sealed with `own`, without its inner signature. @throws BrokerError `jwe.*` */
  openOwnPart(part: SealedPart): OpenedPart;
}

/** A part as it stood before it was sealed. */
export interface OpenedPart {
  mediaType: string;
  content: Uint8Array;
}

/** What a transport carries at one attempt. */
export interface Parcel {
  delivery: Delivery;
  message: Message;
  /** absent when Relais itself speaks */
  sender?: Partner;
  recipient: Partner;
  /** 1 for the first; anything above may be a repeat and must say so */
  attempt: number;
  /** none when a manifest lists them: a recipient fetches them, and they may be more than memory holds */
  parts: readonly SealedPart[];
  /** one part of a delivery with a manifest, for the ways that bring them all; counted from 1 */
  readPart(n: number): Promise<SealedPart | undefined>;
  exchange?: Exchange;
  /** the original, for the transports by which Relais itself acts under a mandate (INSi); never for the others */
  open(): Promise<Uint8Array>;
  /** clear content of one part, for the channels of CHANNEL_TRANSPORTS only. @throws BrokerError `jwe.*` */
  openPart(part: SealedPart): OpenedPart;
}

export interface Sent {
  receipt: Receipt;
  /** what the recipient answered at once: becomes a message from it to the sender, and answers the exchange that awaits it */
  answer?: { object: string; json: unknown };
  /** ids of what was made fresh for this try (an assertion), for the journal */
  facts?: Readonly<Record<string, string>>;
  /** why the receipt is a refusal, for whoever waits */
  problem?: BrokerError;
}

export interface Transport {
  readonly name: TransportName;
  /** one try may last this long (ms), where the stages' own limit would cut a way that carries very much */
  readonly attemptTimeoutMs?: number;
  /**
   * Without a receipt the delivery is `available` to the recipient: undefined = not shown yet, a try is counted when it
   * fetches; `placed` = in a queue that it reads, and this try was one.
   * @throws BrokerError, `next` decides what follows
   */
  send(parcel: Parcel, signal: AbortSignal): Promise<Sent | 'placed' | undefined>;
}

export interface IdentityVigilance {
  verify(question: IdentityQuestion, signal: AbortSignal): Promise<IdentityVerdict>;
  /** verdict already known and fresh for that SPSTI, without any call */
  cached(question: IdentityQuestion): Promise<IdentityVerdict | undefined>;
  /** exact, whichever way round; writing (case, accents, hyphens) does not count, likeness never does */
  sameTraits(one: Traits, other: Traits): boolean;
  /** the verdict once a person has decided: proven by the evidence seen, with INSi's matricule for the very same traits only */
  decided(
    verdict: IdentityVerdict,
    sent: Traits,
    decision: NonNullable<HeldIdentity['decision']>,
  ): IdentityVerdict;
  /** text of the INS datamatrix (ANS v2.2) of a qualified identity */
  datamatrix(identity: Omit<Traits, 'usedName' | 'usedFirstName'>, ins: Ins): string | undefined;
}

export interface Renderer {
  /** reproducible bytes: same model, same profile, same bytes */
  render(model: DocumentModel, profile: PdfProfile): Promise<Uint8Array>;
  /** findings on a PDF received: active content, encryption, unreadable; empty = may pass */
  inspect(pdf: Uint8Array): Promise<Finding[]>;
}

export type { ContentTools } from './content-tools.ts';

/** Partners in force, from the validated file. */
export interface Directory {
  partner(id: PartnerId): Partner | undefined;
  all(): readonly Partner[];
}

/** Told after a commit that a lane has work: saves the poll, never needed for correctness. */
export interface Bell {
  ring(lane: string): void;
  /**
   * A slot of a lane where nothing waits, for a job that the coming commit inserts already claimed: sending follows
   * at once from memory. undefined when others wait or the lane is full. Run or release it, always.
   */
  reserve(lane: string): Slot | undefined;
  /**
   * Whether whoever stands at the end of a lane could be reached. Once too many tries in a row found nobody, the lane
   * tries one job at a time, less and less often, until one gets through: thousands that wait cost what one does.
   */
  tried?(lane: string, reached: boolean): void;
}

export interface Slot {
  lease: string;
  leaseUntil: string;
  /** after the commit; the signal ends the work when its process does */
  run(job: Job, work: (signal: AbortSignal) => Promise<void>): void;
  /** when the commit failed */
  release(): void;
}

/** Somebody who waits, in this process, for the answer to a message (synchronous calls). */
export interface Waiters {
  /** true = the answer is taken over; call `settle` once it is committed, or `release` when it is not */
  claim(messageId: string): boolean;
  settle(messageId: string, answer: unknown): void;
  /** the message was refused, and that is committed */
  refuse(messageId: string, problem: BrokerError): void;
  /** the commit failed: whoever waits goes on waiting, for another try or for the end of its patience */
  release(messageId: string): void;
}

export type { Span, SpanFacts, Tracer } from './tracer.ts';

export interface TransportTable {
  for(name: TransportName): Transport;
}
