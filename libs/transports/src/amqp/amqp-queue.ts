/**
 * A queue of RabbitMQ for each partner, which reads it with its own credentials: a CloudEvent in binary mode, published
 * with confirmation. Confirmed = in the queue; received is what the partner says, by a receipt.
 */
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { BrokerError, type Clock, type Delivery, type Parcel, type PartnerId, type Transport } from '#core';
import { amqpHeaders, deliveryAttributes } from '../delivery-event.ts';
import { type AmqpPlace, heard, openConnection, quietly } from './connection.ts';
import { Names } from './names.ts';

export interface AmqpQueueOptions extends AmqpPlace {
  clock: Clock;
  /** what may wait in one partner's queue; beyond it RabbitMQ refuses, and it is tried again later */
  queueBytes: number;
}

interface Line {
  connection: ChannelModel;
  channel: ConfirmChannel;
  /** partners whose queue stands */
  declared: Map<PartnerId, Promise<void>>;
  /** deliveries that came back because their queue was missing */
  returned: Set<string>;
  /** RabbitMQ takes nothing just now: memory or disk */
  blocked: boolean;
}

/** RabbitMQ counts the life of a message in milliseconds of 32 bits: 49 days. After them the mailbox alone has it. */
const LONGEST_MS = 2 ** 32 - 1;
/** RabbitMQ 4 drops a message after 20 returns unless told otherwise: how often a partner starts again is its affair */
const RETURNS = 1_000_000;

export class AmqpQueue implements Transport {
  readonly name = 'amqp';
  readonly #names: Names;
  #line: Promise<Line> | undefined;
  #closed = false;

  constructor(private readonly options: AmqpQueueOptions) {
    this.#names = new Names(options.prefix);
  }

  async send(
    { delivery, message, parts, attempt, exchange }: Parcel,
    signal: AbortSignal,
  ): Promise<'placed'> {
    const data = delivery.manifest ?? parts[0]?.jwe;
    if (data === undefined) throw new BrokerError('message.resend-needed', { next: 'stop' });
    const attributes = deliveryAttributes(message, delivery, attempt, exchange);
    try {
      await unless(signal, this.#place(delivery, attributes, data, signal));
    } catch (cause) {
      throw new BrokerError('transport.unreachable', { cause });
    }
    return 'placed';
  }

  /** The queues of these partners stand when it resolves; those that cannot be declared now are at their first delivery. */
  async declare(partners: readonly PartnerId[]): Promise<void> {
    try {
      const line = await this.#opened();
      for (const partner of partners) await this.#declared(line, partner);
    } catch (error) {
      this.options.failed(error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const line = await this.#line?.catch(() => undefined);
    if (line !== undefined) await quietly(() => line.connection.close());
  }

  async #place(
    delivery: Delivery,
    attributes: Record<string, string>,
    data: string | Uint8Array,
    signal: AbortSignal,
  ): Promise<void> {
    const line = await this.#opened();
    await this.#declared(line, delivery.recipient);
    // who asked has given up: what is sent now would be unmarked
    signal.throwIfAborted();
    if (line.blocked) throw new Error('RabbitMQ is blocked');
    await new Promise<void>((resolve, reject) => {
      line.channel.publish(
        this.#names.partners,
        delivery.recipient,
        bytesOf(data),
        {
          mandatory: true,
          persistent: true,
          contentType: attributes['datacontenttype'] ?? '',
          messageId: attributes['id'] ?? '',
          expiration: this.#life(delivery),
          headers: amqpHeaders(attributes),
        },
        (error) => (error === null ? resolve() : reject(error)),
      );
    });
    // RabbitMQ sends what it could not route back before it confirms
    if (!line.returned.delete(delivery.id)) return;
    line.declared.delete(delivery.recipient);
    throw new Error('the queue of the partner was deleted');
  }

  /** Sealed content stays nowhere longer than its delivery lives. */
  #life({ expiresAt }: Delivery): number {
    const ms = Date.parse(expiresAt) - this.options.clock.now().getTime();
    return Math.min(LONGEST_MS, Math.max(0, ms));
  }

  #opened(): Promise<Line> {
    if (this.#closed) return Promise.reject(new Error('closed'));
    if (this.#line !== undefined) return this.#line;
    const opening = this.#open();
    this.#line = opening;
    const forget = () => {
      if (this.#line === opening) this.#line = undefined;
    };
    opening.then(({ channel, connection }) => {
      channel.on('close', () => {
        forget();
        void quietly(() => connection.close());
      });
    }, forget);
    return opening;
  }

  async #open(): Promise<Line> {
    const connection = await openConnection(this.options);
    try {
      const channel = heard(await connection.createConfirmChannel(), this.options.failed);
      await channel.assertExchange(this.#names.partners, 'direct', { durable: true });
      const line: Line = { connection, channel, declared: new Map(), returned: new Set(), blocked: false };
      connection.on('blocked', () => {
        line.blocked = true;
      });
      connection.on('unblocked', () => {
        line.blocked = false;
      });
      channel.on('return', ({ properties }) => line.returned.add(String(properties.headers?.[DELIVERY])));
      return line;
    } catch (error) {
      await quietly(() => connection.close());
      throw error;
    }
  }

  #declared(line: Line, partner: PartnerId): Promise<void> {
    const known = line.declared.get(partner);
    if (known !== undefined) return known;
    const declaring = this.#declare(line, partner);
    line.declared.set(partner, declaring);
    declaring.catch(() => line.declared.delete(partner));
    return declaring;
  }

  async #declare({ connection, channel }: Line, partner: PartnerId): Promise<void> {
    const { failed, queueBytes } = this.options;
    const queue = this.#names.queue(partner);
    // one of its own: RabbitMQ closes it when a queue stands with other arguments
    const declaring = await connection.createChannel();
    let refusal: unknown;
    declaring.on('error', (error) => {
      refusal = error;
    });
    try {
      await declaring.assertQueue(queue, {
        durable: true,
        arguments: {
          'x-queue-type': 'quorum',
          'x-overflow': 'reject-publish',
          'x-max-length-bytes': queueBytes,
          'x-delivery-limit': RETURNS,
        },
      });
      await declaring.close();
    } catch (error) {
      if (!String(refusal ?? error).includes('PRECONDITION')) throw error;
      // an operator's own bounds, or those of another version: deliveries pass all the same
      failed(new Error('a queue stands with other arguments, and is used as it is'), queue);
    }
    await channel.bindQueue(queue, this.#names.partners, partner);
  }
}

/** header that names the delivery */
const [DELIVERY = ''] = Object.keys(amqpHeaders({ relaisdelivery: '' }));

function bytesOf(data: string | Uint8Array): Buffer {
  return typeof data === 'string'
    ? Buffer.from(data)
    : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

/** Rejects as soon as the signal is given, whatever becomes of the work. */
async function unless(signal: AbortSignal, work: Promise<void>): Promise<void> {
  const given = Promise.withResolvers<never>();
  const stop = () => given.reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  try {
    await Promise.race([work, given.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
