/** Listens to one queue of a lane, on a channel of its own: a queue that is unwell holds up no other. */
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Link } from './link.ts';
import type { Rank, Topology } from './topology.ts';

/** An id that was offered, and how RabbitMQ is told what became of it. */
export interface Offer {
  id: string;
  rank: Rank;
  settle(as: 'seen' | 'untouched' | 'unreadable'): void;
}

export interface ConsumerOptions {
  lane: string;
  rank: Rank;
  link: Link;
  topology: Topology;
  /** ids that may be out with this consumer, answered or not */
  prefetch: number;
  /** nothing more is taken */
  closing: AbortSignal;
  offered(offer: Offer): void;
  /** what was offered and not settled will be offered again, here or elsewhere */
  lost(rank: Rank): void;
  failed(error: unknown): void;
}

export class Consumer {
  #channel: Channel | undefined;
  #tag: string | undefined;
  #opening = false;

  constructor(private readonly options: ConsumerOptions) {}

  get listens(): boolean {
    return this.#tag !== undefined;
  }

  /** Listens, if it does not already. Called again and again: what RabbitMQ or the network ended is taken up. */
  async open(): Promise<void> {
    const { closing, lane, link, prefetch, rank, topology } = this.options;
    if (this.#channel !== undefined || this.#opening || closing.aborted) return;
    this.#opening = true;
    try {
      const channel = await link.channel();
      channel.on('close', () => this.#forget(channel));
      await topology.declareLane(channel, lane);
      this.#channel = channel;
      // of this consumer, not of the channel
      await channel.prefetch(prefetch, false);
      const { consumerTag } = await channel.consume(topology.queue(lane, rank), (message) => {
        if (message === null) this.#cancelled(channel);
        else this.#offered(channel, message);
      });
      if (this.#channel === channel) this.#tag = consumerTag;
    } finally {
      this.#opening = false;
    }
  }

  /** Nothing more comes; what is out may still be settled. */
  async cancel(): Promise<void> {
    const [channel, tag] = [this.#channel, this.#tag];
    if (channel !== undefined && tag !== undefined) await this.#quietly(() => channel.cancel(tag));
  }

  async close(): Promise<void> {
    const channel = this.#channel;
    if (channel === undefined) return;
    this.#forget(channel);
    await this.#quietly(() => channel.close());
  }

  #offered(channel: Channel, message: ConsumeMessage): void {
    const { closing, failed, offered, rank } = this.options;
    let settled = false;
    const settle: Offer['settle'] = (as) => {
      // an answer on another channel than the one it came by would be one about another id
      if (settled || this.#channel !== channel) return;
      settled = true;
      void this.#quietly(() => {
        if (as === 'seen') channel.ack(message);
        else channel.nack(message, false, as === 'untouched');
      });
    };
    const id = idIn(message.content);
    if (id === undefined) {
      failed(new Error('not the id of a job: set aside'));
      settle('unreadable');
    } else if (closing.aborted) settle('untouched');
    else offered({ id, rank, settle });
  }

  /** The queue was deleted: the next look declares it again, once RabbitMQ is done with the old one. */
  #cancelled(channel: Channel): void {
    if (this.#channel !== channel) return;
    this.#forget(channel);
    void this.#quietly(() => channel.close());
  }

  #forget(channel: Channel): void {
    if (this.#channel !== channel) return;
    this.#channel = undefined;
    this.#tag = undefined;
    this.options.lost(this.options.rank);
  }

  /** For what the other side may have ended just before: told, and nothing more. */
  async #quietly(step: () => unknown): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.options.failed(error);
    }
  }
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function idIn(body: Buffer): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch {
    return undefined;
  }
  const id = typeof parsed === 'object' && parsed !== null && 'job' in parsed ? parsed.job : undefined;
  return typeof id === 'string' && ID.test(id) ? id : undefined;
}
