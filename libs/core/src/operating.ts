/** What an operator asks for: which dead deliveries, what is kept. */
import type { Message } from './message.ts';
import type { PartnerId } from './partner.ts';

/** Something kept, and until when: nothing that says whose. */
export interface Retained {
  /** `original`: content under way; `sealed`: copies for recipients; `id`: a message's row; `asked-about`: a request's worker */
  what: 'original' | 'sealed' | 'id' | 'asked-about';
  flow: string;
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
