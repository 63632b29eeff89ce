import type { Exchange, Message } from './message.ts';

/** Attributes of a delivered event that mean something to its reader: the same at every try, and signed (adr 19). */
export interface Context {
  /** the exchange that it opens or answers, else what it answers */
  correlationid?: string;
  /** of a request: the reference that the answer must give back */
  subjectref?: string;
  lastvisit?: string;
  expirytime?: string;
}

/** @param exchange the one that the message opened with this recipient, or that it answers */
export function contextOf(message: Message, exchange: Exchange | undefined): Context {
  const correlationid = exchange?.id ?? message.correlationId;
  return {
    ...(correlationid === undefined ? {} : { correlationid }),
    ...(exchange?.requestId === message.id ? { subjectref: exchange.subjectRef } : {}),
    ...(message.lastVisit === undefined ? {} : { lastvisit: message.lastVisit }),
    ...(message.expiryTime === undefined ? {} : { expirytime: message.expiryTime }),
  };
}
