/** What an operator asks of the record: what is dead, what is kept, how it adds up. */
import type { Delivery, Message, MessageStatus, SealedAtRest } from './message.ts';
import type { PartnerId } from './partner.ts';

/** Something kept, and until when: nothing that says whose. */
export interface Retained {
  /** `original`: content under way; `sealed`: copies for recipients; `id`: a message's row; `asked-about`: a request's worker; `candidate`: a file proposed for a request */
  what: 'original' | 'sealed' | 'id' | 'asked-about' | 'candidate';
  flow: string;
  /** whose it is: who sent the original, for whom a copy is sealed (`portal:` left out), who asked */
  partner: PartnerId;
  bytes: number;
  /** at the latest; absent for a message that has no delivery yet */
  until?: string;
  message?: Pick<Message, 'type' | 'object' | 'receivedAt' | 'expiryTime'>;
}

/** Which dead deliveries; every member given must match. */
export interface DeadFilter {
  messageId?: string;
  flow?: string;
  /** sender or recipient */
  partner?: PartnerId;
  /** the delivery was made at that instant or after, and before */
  from?: string;
  to?: string;
  state?: 'dead';
}

/** What replays, rotations and forecasts read. */
export interface OperatingRecords {
  /** oldest first */
  deadDeliveries(filter: DeadFilter, limit: number, afterId: string): Promise<Delivery[]>;
  /** every thing kept, streamed */
  retained(): AsyncIterable<Retained>;
  /** what is wrapped by another key-encryption key, in the order of ids, from that one on */
  wrappedByOthers(
    kekId: string,
    limit: number,
    fromId: string,
  ): Promise<{ of: 'message' | 'dmst-request' | 'held' | 'candidate'; id: string; atRest: SealedAtRest }[]>;
  /** messages taken since an instant, counted by flow, hour (`YYYY-MM-DDTHH`) and status */
  activity(since: string): Promise<Activity[]>;
  /** when the last of the queued deliveries to a recipient is due */
  plannedUntil(recipient: PartnerId): Promise<string | undefined>;
}

export interface Activity {
  flow: string;
  hour: string;
  status: MessageStatus;
  messages: number;
}

/** accepted = delivered + refused + held + dead + expired + cancelled + waiting */
export interface Ledger {
  accepted: number;
  delivered: number;
  refused: number;
  held: number;
  dead: number;
  expired: number;
  cancelled: number;
  waiting: number;
}
