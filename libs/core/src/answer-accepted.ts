import type { NamedFlow } from './checks/flow.ts';
import type { Content } from './contract.ts';
import { advance, rewrite } from './exchange.ts';
import type { Exchange, Message } from './message.ts';
import type { Write } from './writes.ts';

/** Writes of the accepting transaction that mark an exchange as answered. */
export function answerAccepted(
  message: Pick<Message, 'id' | 'lastVisit'>,
  content: Pick<Content, 'json'>,
  { contract, inForce, object }: NamedFlow,
  exchange: Exchange,
  now: Date,
): Write[] {
  if (contract.discreet === true) {
    return [rewrite(exchange, now, { answerId: message.id, sourceState: 'REFUSED' })];
  }
  if (contract.acknowledges === true) {
    const refusal = inForce.flow.hooks[object]?.publicRefusal?.(content as Content);
    const state = refusal === undefined ? 'ACCEPTED' : 'REFUSED';
    return advance(exchange, state, now, {
      answerId: message.id,
      sourceState: state,
      ...(refusal === undefined ? {} : { refusal }),
    });
  }
  return advance(exchange, 'SENT', now, {
    answerId: message.id,
    sourceState: 'SENT',
    // an answer of the last day is there to be received and opened too
    expiresAt: new Date(now.getTime() + contract.lifeHours * 3_600_000).toISOString(),
    ...(message.lastVisit === undefined ? {} : { lastVisit: message.lastVisit }),
  });
}
