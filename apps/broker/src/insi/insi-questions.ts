/** A question to INSi, waited for: the same three stages as any message, run while somebody stands by. */
import { randomUUID } from 'node:crypto';
import { eventType, type Partner, type Person, parseJson, partnerSource } from '#core';
import type { AnswerWaiters } from '../engine/waiters.ts';
import { mediaTypeOf } from '../http/body.ts';
import type { Take } from '../intake/take.ts';
import type { InsiRepeats } from './insi-repeats.ts';

/** After this the answer comes as a message. */
const WAIT_MS = 5_000;

export interface InsiQuestion {
  /** in whose name, by whose mandate */
  partner: Partner;
  /** who asks: certificate MANU; absent: the system, AUTO */
  person?: Person;
  object: 'search' | 'verify';
  /** the same is the same question */
  id: string | undefined;
  data: Buffer;
}

export type InsiAnswered =
  | { kind: 'answer'; answer: unknown }
  | { kind: 'later'; id: string; status: string };

export class InsiQuestions {
  constructor(
    private readonly take: Take,
    private readonly waiters: AnswerWaiters,
    private readonly repeats: InsiRepeats,
  ) {}

  /** A repeat of the same id is the same question, answered again. */
  async ask({ partner, person, object, id, data }: InsiQuestion): Promise<InsiAnswered> {
    let known: (id: string) => void = () => undefined;
    let failed: (error: unknown) => void = () => undefined;
    const messageId = new Promise<string>((resolve, reject) => {
      known = resolve;
      failed = reject;
    });
    const answered = this.waiters.wait(messageId, WAIT_MS);
    answered.catch(() => undefined);
    try {
      const event = {
        id: id ?? randomUUID(),
        source: partnerSource(partner.id),
        type: eventType('insi', object, 1),
        datacontenttype: mediaTypeOf(data) || 'application/json',
      };
      const acceptance = await this.take.take(partner, { event, data }, person);
      const { replayed } = acceptance;
      const { person: _first, ...message } = acceptance.message;
      known(message.id);
      // whoever waits is known before the look: an answer that comes between is heard
      await messageId;
      if (!replayed || (await this.repeats.isOpen(message))) {
        const answer = await answered;
        if (answer !== undefined) return { kind: 'answer', answer: answer.answer };
      } else {
        const asked = person === undefined ? message : { ...message, person: person.pseudonym };
        const answer = await this.repeats.again(asked, () => parseJson(this.take.contentOf({ event, data })));
        if (answer !== undefined) return { kind: 'answer', answer };
      }
      return { kind: 'later', id: message.id, status: message.status };
    } catch (error) {
      failed(error);
      throw error;
    }
  }
}
