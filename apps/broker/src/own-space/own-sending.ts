/**
 * What a worker or an employer sends leaves in the name of the portal, by the same way as what its software sends. The page
 * draws a key for each form that it shows: the same form sent twice is one message.
 */
import {
  asBrokerError,
  BrokerError,
  eventType,
  type Finding,
  findingsOf,
  type Message,
  type PartnerId,
  partnerSource,
} from '#core';
import type { PseudonymKey } from '#protection';
import type { Engine } from '../engine/engine.ts';
import type { RateLimits } from '../http/rate-limits.ts';
import { serviceOf } from './own-copies.ts';
import type { Reader } from './reader.ts';

/** of one person's, or one establishment's, that a list shows */
const MOST_SHOWN = 100;

export interface OwnObject {
  flow: string;
  object: string;
}

export class OwnSending {
  constructor(
    private readonly engine: Engine,
    private readonly key: PseudonymKey,
    private readonly limits: Pick<RateLimits, 'spend'>,
  ) {}

  /** Services that may be written to: where to choose from, nothing of anybody. */
  services({ flow }: OwnObject): { id: string; name: string }[] {
    const { directory } = this.engine.stages;
    return directory
      .all()
      .filter(({ kind, flows }) => kind === 'spsti' && flows.includes(flow))
      .map(({ id }) => serviceOf(id, directory));
  }

  /** Findings of the contract, before anything is stored. */
  findings(what: OwnObject, json: object, service: PartnerId): Finding[] {
    const { clock, flows } = this.engine.stages;
    const inForce = flows.of(what.flow);
    const contract = inForce?.flow.contract.objects[what.object];
    if (inForce === undefined || contract === undefined) throw new BrokerError('configuration.invalid');
    const content = { mediaType: 'application/json', bytes: Buffer.alloc(0), json };
    const context = { now: clock.now().toISOString(), recipients: [service] };
    return findingsOf(content, { inForce, ...what, contract }, context);
  }

  /**
   * @param form its key, drawn by the page, and all that was filled in
   * @param json what leaves: it may tell the instant, by which two of the same form differ
   * @throws BrokerError `recipient.unknown`, `rate.exceeded` for the portal's share, `message.id-reused` for a form filled in otherwise under the same key, or what accepting throws
   */
  async send(
    { portal, subject }: Reader,
    what: OwnObject,
    form: { key: string; service: PartnerId },
    json: object,
  ): Promise<Message> {
    const { service } = form;
    if (!this.services(what).some(({ id }) => id === service))
      throw new BrokerError('recipient.unknown', { detail: 'Choisissez un service de la liste.' });
    await this.limits.spend(portal);
    const { accept, stages } = this.engine;
    const prefix = `${prefixOf(what, subject)}${form.key}:`;
    const id = prefix + this.#fingerprintOf(form);
    const earlier = async () => {
      const [message] = await stages.records.sentUnder({ sender: portal.id, prefix, limit: 1 });
      if (message !== undefined && message.senderId !== id) throw new BrokerError('message.id-reused');
      return message;
    };
    const before = await earlier();
    if (before !== undefined) return before;
    try {
      const { message } = await accept.accept({
        partner: portal,
        event: {
          id,
          source: partnerSource(portal.id),
          type: eventType(what.flow, what.object, 1),
          datacontenttype: 'application/json',
          recipient: service,
        },
        data: Buffer.from(JSON.stringify(json)),
        mediaType: 'application/json',
      });
      return message;
    } catch (error) {
      // the other click of two came first: its instant, and so its digest, is another
      const other = asBrokerError(error).code === 'message.id-reused' ? await earlier() : undefined;
      if (other === undefined) throw error;
      return other;
    }
  }

  /** Of what was filled in: 16 hex figures, enough to tell two forms of one person apart. Keyed: what a form says could be guessed. */
  #fingerprintOf(form: object): string {
    return this.key.of(JSON.stringify(['own-form', form])).slice(0, 16);
  }

  /** Newest first. */
  sent({ portal, subject }: Reader, what: OwnObject): Promise<Message[]> {
    const prefix = prefixOf(what, subject);
    return this.engine.stages.records.sentUnder({ sender: portal.id, prefix, limit: MOST_SHOWN });
  }

  /** Sent by this very reader. */
  isOf({ portal, subject }: Reader, what: OwnObject, { sender, senderId }: Message): boolean {
    return sender === portal.id && senderId.startsWith(prefixOf(what, subject));
  }
}

/** Left from the form of that key. */
export function isFrom(key: string, senderId: string): boolean {
  return senderId.split(':').includes(key);
}

function prefixOf({ object }: OwnObject, subject: string): string {
  return `${object}:${subject}:`;
}
