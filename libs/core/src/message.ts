/** The rows that live: message, delivery, job, exchange. Instants are 24-character UTC ISO text. */
import type { Priority } from './contract.ts';
import type { Audience, PartnerId, TransportName } from './partner.ts';

export type MessageStatus =
  | 'receiving'
  | 'accepted'
  | 'preparing'
  | 'held'
  | 'delivering'
  | 'delivered'
  | 'refused'
  | 'dead'
  | 'expired'
  | 'cancelled';

/** Accepted, and no delivery of it yet. */
export const UNDER_WAY: readonly MessageStatus[] = ['accepted', 'preparing', 'held'];

/** Original content at rest: per-message key wrapped by a key-encryption key; null once destroyed. */
export interface SealedAtRest {
  wrappedKey: Uint8Array | null;
  kekId: string;
}

export interface Message {
  id: string;
  sender: PartnerId;
  senderId: string;
  type: string;
  flow: string;
  object: string;
  /** sorted */
  recipients: readonly PartnerId[];
  datacontenttype: string;
  correlationId?: string;
  expiryTime?: string;
  subjectRef?: string;
  lastVisit?: string;
  traceparent?: string;
  /** detached JWS of the sender, unbroken */
  senderSignature?: string;
  /** pseudonym of the person behind it, where one was authenticated */
  person?: string;
  digest: string;
  size: number;
  status: MessageStatus;
  receivedAt: string;
  priority: Priority;
  orderKey?: string;
  contractHash: string;
  /** code of the refusal or of the reason to hold */
  reason?: string;
  /** it was under way in a copy of the record that took its place: it may have gone further before */
  restoredAt?: string;
  /** signed receipt, compact JWS */
  receipt: string;
}

export type DeliveryState =
  | 'queued'
  | 'available'
  | 'sending'
  | 'delivered'
  | 'retrying'
  | 'refused'
  | 'dead'
  | 'expired'
  | 'cancelled';

export const TERMINAL: readonly DeliveryState[] = ['delivered', 'refused', 'expired', 'cancelled'];

/** Due when released: a delivery that waits until the most recent dossier is known. */
export const PARKED = '9999-12-31T23:59:59.000Z';

export type ReceiptOutcome = 'received' | 'opened' | 'filed' | 'refused';

export interface Receipt {
  outcome: ReceiptOutcome;
  at: string;
  code?: string;
  detail?: string;
}

export interface Delivery {
  id: string;
  messageId: string;
  recipient: PartnerId;
  transport: TransportName;
  flow: string;
  type: string;
  state: DeliveryState;
  attempts: number;
  priority: Priority;
  orderKey?: string;
  exchangeId?: string;
  createdAt: string;
  /** when the next try is due, for queued and retrying */
  nextTryAt?: string;
  expiresAt: string;
  /** error code of the last failed try */
  lastError?: string;
  receipt?: Receipt;
  /** signed manifest when there are several parts */
  manifest?: string;
  partCount: number;
  /** of a portal's copy: keyed pseudonym of whose it is, and what it is */
  subject?: string;
  topic?: string;
}

/** A compact JWE for one audience. `digest` is of the JWE bytes. */
export interface SealedPart {
  n: number;
  audience: Audience;
  kid: string;
  size: number;
  digest: string;
  jwe: Uint8Array;
}

export type Stage = 'prepare' | 'deliver';

export interface Job {
  id: string;
  stage: Stage;
  /** `prepare:<sender>`, or the recipient's id */
  lane: string;
  /** 0 interactive, 1 bulk */
  rank: 0 | 1;
  messageId: string;
  deliveryId?: string;
  orderKey?: string;
  runAt: string;
  attempts: number;
  /** claims in a row that came to no end, this one included: their holders died with it in hand, or lost it */
  unended?: number;
  /** fencing token of the present holder */
  lease?: string;
  leaseUntil?: string;
}

/** Where a walk over the due jobs of one lane and rank stands. */
export interface DueJob {
  id: string;
  /** since when it may run: its time, or the end of a lease that ran out */
  due: string;
}

/** Which due jobs of a lane: those due by an instant, from behind one of them on. */
export interface DueLook {
  lane: string;
  rank: Job['rank'];
  by: string;
  after?: DueJob;
  limit: number;
}

/** States of `facts` §6.3. The last four are the source's alone. */
export type ExchangeState =
  | 'DRAFT'
  | 'GATE_OK'
  | 'SUBMITTED'
  | 'DELIVERED'
  | 'ACCEPTED'
  | 'REFUSED'
  | 'SENT'
  | 'RECEIVED'
  | 'OPENED'
  | 'FILED'
  | 'CLOSED'
  | 'EXPIRED'
  | 'CANCELLED'
  | 'QUARANTINED'
  | 'MATCHED'
  | 'NOT_FOUND'
  | 'AMBIGUOUS'
  | 'PREPARED';

export interface Exchange {
  id: string;
  flow: string;
  /** dmst-request that groups exchanges of one worker, if any */
  groupId?: string;
  requestId: string;
  requester: PartnerId;
  responder: PartnerId;
  /** drawn for this exchange, never an INS */
  subjectRef: string;
  /** pseudonym of the worker for each of the two, where openings are told; neither ever sees the other's */
  requesterWorker?: string;
  responderWorker?: string;
  state: ExchangeState;
  /** only the responder sees this one */
  sourceState?: ExchangeState;
  openedAt: string;
  /** acknowledgement expected */
  acknowledgeBy: string;
  deadline: string;
  reminderAt: string;
  reminded: boolean;
  /** no answer after; once answered, until when what came may be received and opened */
  expiresAt: string;
  overdue: boolean;
  answerId?: string;
  lastVisit?: string;
  /** public refusal code */
  refusal?: string;
  updatedAt: string;
}
