/**
 * What partners say of their deliveries, by RabbitMQ: each publishes under its own id as routing key, and RabbitMQ vouches
 * for the `user_id`. Any number of processes may listen: the same receipt given twice is given once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Channel, ConsumeMessage } from 'amqplib';
import { asBrokerError, BrokerError, type PartnerId } from '#core';
import { type AmqpPlace, heard, openConnection, quietly } from './connection.ts';
import { Names, partnerOfUser } from './names.ts';

export interface ReceiptQueueOptions extends AmqpPlace {
  /** nothing is declared nor listened to while nobody would use it */
  wanted(): boolean;
  /**
   * A receipt of a partner, as it wrote it. Of what it throws, `retry` is tried again until it passes; anything else
   * sets the message aside.
   */
  take(partner: PartnerId, body: Buffer): Promise<void>;
  /** why a message was set aside, and whose it was when RabbitMQ knows */
  refused(problem: BrokerError, partner: PartnerId | undefined): Promise<void>;
}

const AGAIN_MS = 2_000;
/** receipts at a time */
const AT_ONCE = 32;
/** a receipt that ended so many processes is set aside */
const DELIVERY_LIMIT = 20;
const QUEUE_BYTES = 64 << 20;
const REFUSED_BYTES = 16 << 20;
const REFUSED_MS = 7 * 86_400_000;

export class ReceiptQueue {
  readonly #names: Names;
  readonly #closing = new AbortController();
  #listening: Promise<void> = Promise.resolve();

  constructor(private readonly options: ReceiptQueueOptions) {
    this.#names = new Names(options.prefix);
  }

  start(): void {
    this.#listening = this.#listen();
  }

  /** Takes no more; what is in hand is ended. */
  async stop(): Promise<void> {
    this.#closing.abort();
    await this.#listening;
  }

  async #listen(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        if (this.options.wanted()) await this.#session();
      } catch (error) {
        this.options.failed(error);
      }
      await this.#pause();
    }
  }

  /** Listens until the connection, the queue or the process ends. */
  async #session(): Promise<void> {
    const { signal } = this.#closing;
    const connection = await openConnection(this.options);
    const over = new AbortController();
    const end = () => over.abort();
    signal.addEventListener('abort', end);
    try {
      const channel = heard(await connection.createChannel(), this.options.failed);
      channel.on('close', end);
      await this.#declare(channel);
      await channel.prefetch(AT_ONCE);
      const inHand = new Set<Promise<void>>();
      const { consumerTag } = await channel.consume(this.#names.receipts, (message) => {
        if (message === null) return end();
        const work = this.#settle(channel, message).finally(() => inHand.delete(work));
        inHand.add(work);
      });
      await aborted(over.signal, signal);
      await quietly(() => channel.cancel(consumerTag));
      await Promise.all(inHand);
    } finally {
      signal.removeEventListener('abort', end);
      await quietly(() => connection.close());
    }
  }

  async #declare(channel: Channel): Promise<void> {
    const { receipts, refused } = this.#names;
    const quorum = { 'x-queue-type': 'quorum' };
    await channel.assertExchange(receipts, 'topic', { durable: true });
    await channel.assertQueue(refused, {
      durable: true,
      arguments: { ...quorum, 'x-max-length-bytes': REFUSED_BYTES, 'x-message-ttl': REFUSED_MS },
    });
    await channel.assertQueue(receipts, {
      durable: true,
      arguments: {
        ...quorum,
        'x-delivery-limit': DELIVERY_LIMIT,
        'x-overflow': 'reject-publish',
        'x-max-length-bytes': QUEUE_BYTES,
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': refused,
        'x-dead-letter-strategy': 'at-least-once',
      },
    });
    // whatever key it comes under: a wrong one is told, not lost
    await channel.bindQueue(receipts, receipts, '#');
  }

  /** Never rejects. */
  async #settle(channel: Channel, message: ConsumeMessage): Promise<void> {
    const sender = partnerOfUser(message.properties.userId);
    const problem = await this.#problemOf(message, sender);
    // left as it is: RabbitMQ gives it again, here or elsewhere
    if (problem?.next === 'retry') return;
    try {
      if (problem !== undefined) await this.options.refused(problem, sender);
      if (problem === undefined) channel.ack(message);
      else channel.nack(message, false, false);
    } catch (error) {
      this.options.failed(error);
    }
  }

  async #problemOf(
    { content, fields }: ConsumeMessage,
    sender: PartnerId | undefined,
  ): Promise<BrokerError | undefined> {
    if (sender === undefined || sender !== fields.routingKey) return new BrokerError('source.mismatch');
    for (;;) {
      try {
        await this.options.take(sender, content);
        return undefined;
      } catch (error) {
        const problem = asBrokerError(error);
        if (problem.next !== 'retry' || this.#closing.signal.aborted) return problem;
        this.options.failed(error);
      }
      await this.#pause();
    }
  }

  /** Ends early when the process does. */
  async #pause(): Promise<void> {
    await quietly(() => pause(AGAIN_MS, undefined, { signal: this.#closing.signal }));
  }
}

function aborted(...signals: AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    }
  });
}
