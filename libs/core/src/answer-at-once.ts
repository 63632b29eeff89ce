/** What a recipient answered at once becomes a message from it; where an exchange awaits it, that exchange is answered. */
import { answerAccepted } from './answer-accepted.ts';
import { awaitsAnswer } from './exchange.ts';
import type { Delivery, Exchange, Message } from './message.ts';
import type { OwnMessages } from './own-messages.ts';
import type { Sent } from './ports.ts';
import type { Stages } from './stages.ts';
import type { Write } from './writes.ts';

export interface AnswerAtOnce {
  /**
   * Writes of the answer beside the exchange as it stands; `moved` = what the receipt alone makes of it. An exchange that
   * nobody awaits any more gets no answer.
   */
  beside(exchange: Exchange | undefined, moved: () => Promise<Write[]>): Promise<Write[]>;
}

export function answerAtOnce(
  { clock, flows }: Stages,
  own: OwnMessages,
  { message, delivery }: { message: Message; delivery: Delivery },
  { object, json }: NonNullable<Sent['answer']>,
): AnswerAtOnce {
  const inForce = flows.of(message.flow, message.type);
  const contract = inForce?.flow.contract.objects[object];
  const exchangeId = contract?.answers === true ? delivery.exchangeId : undefined;
  const composed = own.composed({
    flow: message.flow,
    object,
    from: delivery.recipient,
    to: message.sender,
    senderId: `answer:${message.id}`,
    correlationId: exchangeId ?? message.id,
    json,
    traceparent: message.traceparent,
  });
  return {
    beside: async (exchange, moved) => {
      if (inForce === undefined || contract === undefined || exchangeId === undefined)
        return [...(await moved()), ...composed.writes];
      if (exchange === undefined || !awaitsAnswer(exchange)) return moved();
      const named = { inForce, flow: message.flow, object, contract };
      return [
        ...answerAccepted(composed.message, { json }, named, exchange, clock.now()),
        ...composed.writes,
      ];
    },
  };
}
