/** What is looked up for a worker or an employer: what was published to them, and what they sent. */
import type { Delivery, Message } from './message.ts';
import type { PartnerId } from './partner.ts';

/** A page of somebody's own copies, newest first. */
export interface OwnCopies {
  /** the portal's copy: `portal:<partner>` */
  recipient: PartnerId;
  subject: string;
  flow: string;
  limit: number;
  /** id of the last one of the page before */
  afterId?: string;
}

/** What was sent for somebody under ids that begin alike, newest first. */
export interface SentUnder {
  sender: PartnerId;
  /** of the sender's ids: what is looked for ends them */
  prefix: string;
  limit: number;
}

export interface OwnSpaceRecords {
  /** somebody's own copies at a portal, newest first */
  ownCopies(look: OwnCopies): Promise<Delivery[]>;
  /** messages that a partner's people sent under such ids, newest first */
  sentUnder(look: SentUnder): Promise<Message[]>;
}
