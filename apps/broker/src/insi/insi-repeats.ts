/** A question repeated under the same id: whoever lost the line gets the answer that was on it. */
import {
  BrokerError,
  type Delivery,
  ERROR_CODES,
  type ErrorCode,
  type Message,
  recordEntry,
  write,
} from '#core';
import type { Engine } from '../engine/engine.ts';
import type { InsiTransport } from './insi-transport.ts';

const CALL_MS = 10_000;

export class InsiRepeats {
  constructor(
    private readonly engine: Pick<Engine, 'stages'>,
    private readonly insi: Pick<InsiTransport, 'answer'>,
  ) {}

  /** The question is still asked: whoever waits may hear the answer. Operators can replay a dead one. */
  async isOpen({ id }: Message): Promise<boolean> {
    const delivery = await this.#delivery(id);
    return (
      delivery === undefined || !['delivered', 'refused', 'expired', 'cancelled'].includes(delivery.state)
    );
  }

  /**
   * What was answered at once and kept nowhere is asked again: of the cache, else of the teleservice.
   *
   * @param message with the person that asks now
   * @param json the question, the very bytes of the first one
   * @returns undefined when the answer went, or goes, by message
   * @throws BrokerError the refusal of the first time; `message.resend-needed` when its time was up before any answer
   */
  async again(message: Message, json: () => unknown): Promise<object | undefined> {
    const { clock, ids, records, unitOfWork } = this.engine.stages;
    const delivery = await this.#delivery(message.id);
    if (delivery?.state === 'refused') throw new BrokerError(codeOf(delivery));
    if (delivery?.state !== 'delivered')
      throw new BrokerError('message.resend-needed', {
        detail: 'Cette question a pris fin sans réponse : posez-la de nouveau sous un autre identifiant.',
      });
    if ((await records.messageOf(delivery.recipient, `answer:${message.id}`)) !== undefined) return undefined;
    const answer = await this.insi.answer(message, json(), AbortSignal.timeout(CALL_MS));
    const entry = recordEntry({
      id: ids.next(),
      at: clock.now().toISOString(),
      kind: 'insi.answered-again',
      actor: message.sender,
      messageId: message.id,
      deliveryId: delivery.id,
      flow: message.flow,
      ...(message.person === undefined ? {} : { details: { person: message.person } }),
    });
    await unitOfWork.commit([write('journal.entry', { entry })]);
    return answer;
  }

  async #delivery(messageId: string): Promise<Delivery | undefined> {
    const [delivery] = await this.engine.stages.records.deliveries(messageId);
    return delivery;
  }
}

function codeOf({ receipt }: Delivery): ErrorCode {
  const code = receipt?.code ?? '';
  return code in ERROR_CODES ? (code as ErrorCode) : 'transport.refused';
}
