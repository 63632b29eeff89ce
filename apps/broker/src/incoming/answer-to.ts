/** An answer that a service gives here, as its software would have sent it. */
import {
  type Accept,
  asBrokerError,
  BrokerError,
  type Exchange,
  eventType,
  type Incoming,
  type Partner,
  partnerSource,
  type Write,
} from '#core';
import { FLOW } from './asked-about.ts';

export interface AnswerContent {
  object: 'response' | 'refusal';
  mediaType: string;
  data: Uint8Array;
  /** of a response */
  lastVisit?: string;
}

/** Its id is drawn from the exchange as it stands: of two presses at once, only one can leave. */
export function answerTo(
  exchange: Exchange,
  partner: Partner,
  { object, mediaType, data, lastVisit }: AnswerContent,
): Incoming {
  return {
    partner,
    event: {
      id: `pages:${exchange.id}:${exchange.updatedAt}`,
      source: partnerSource(partner.id),
      type: eventType(FLOW, object, 1),
      datacontenttype: mediaType,
      recipient: exchange.requester,
      correlationid: exchange.id,
      ...(object === 'response' ? { subjectref: exchange.subjectRef } : {}),
      ...(lastVisit === undefined ? {} : { lastvisit: lastVisit }),
    },
    data,
    mediaType,
    decidedOn: exchange.updatedAt,
  };
}

/** @throws BrokerError `state.conflict` when another answer came first */
export async function giveAnswer(
  accept: Accept,
  answer: Incoming,
  decided: { person?: string; beside: readonly Write[] },
): Promise<void> {
  try {
    const { replayed } = await accept.accept({ ...answer, ...decided });
    // the very same answer, pressed by somebody else at the same instant
    if (replayed) throw alreadyAnswered();
  } catch (error) {
    const { code } = asBrokerError(error);
    if (code === 'exchange.closed' || code === 'message.id-reused') throw alreadyAnswered(error);
    throw error;
  }
}

export function alreadyAnswered(cause?: unknown): BrokerError {
  return new BrokerError('state.conflict', {
    detail: 'Cette demande a déjà reçu sa réponse, ou elle est close.',
    cause,
  });
}
