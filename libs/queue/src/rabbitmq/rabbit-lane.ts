/** One lane as this process serves it: ids come from two queues, each is claimed in the table, then worked on. */
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Slot } from '#core';
import type { JobQueueOptions } from '../job-queue.ts';
import { Places } from '../places.ts';
import type { Link } from './link.ts';
import { RANKS, type Rank, type Topology } from './topology.ts';

/** An id that was offered, and how RabbitMQ is told what became of it. */
interface Offer {
  id: string;
  rank: Rank;
  settle(as: 'seen' | 'untouched' | 'unreadable'): void;
}

/** interactive ids taken for each bulk one, when both wait */
const SHARE = 4;
/** ids kept ready above what is under way, so that there is a choice */
const AHEAD = SHARE;
/** RabbitMQ ends a channel that owes an answer for half an hour: the lease in the table holds the job anyway */
const ANSWER_MS = 600_000;

export class RabbitLane {
  readonly #places: Places;
  readonly #offers: Record<Rank, Offer[]> = { 0: [], 1: [] };
  #channel: Channel | undefined;
  #opening = false;
  #tags: string[] = [];
  #urgentInARow = 0;
  #pause: NodeJS.Timeout | undefined;
  #idlers: (() => void)[] = [];

  constructor(
    readonly name: string,
    private readonly options: JobQueueOptions,
    private readonly link: Link,
    private readonly topology: Topology,
    private readonly closing: AbortSignal,
    private readonly stop: AbortSignal,
  ) {
    const freed = () => {
      this.#pump();
      if (this.#places.busy === 0) for (const tell of this.#idlers.splice(0)) tell();
    };
    this.#places = new Places(options, freed, stop);
  }

  /** Consumes, if it does not already. Called again and again: what RabbitMQ or the network ended is taken up. */
  async open(): Promise<void> {
    if (this.#channel !== undefined || this.#opening || this.closing.aborted) return;
    this.#opening = true;
    try {
      const channel = await this.link.channel();
      // what was offered on a channel is offered again by RabbitMQ when that ends
      channel.on('close', () => this.#forget(channel));
      await this.topology.declareLane(channel, this.name);
      this.#channel = channel;
      this.#tags = [];
      for (const rank of RANKS) {
        // of this consumer, not of the channel
        await channel.prefetch(this.options.concurrency + (rank === 0 ? AHEAD : 1), false);
        const { consumerTag } = await channel.consume(this.topology.queue(this.name, rank), (message) => {
          if (message === null) this.#cancelled(channel);
          else this.#offered(channel, rank, message);
        });
        this.#tags.push(consumerTag);
      }
    } finally {
      this.#opening = false;
    }
  }

  tried(reached: boolean): void {
    this.#places.tried(reached);
  }

  /** a slot when nobody waits here: a consumer that has room has been given all there is */
  reserve(): Slot | undefined {
    return this.#hasRoom() ? this.#places.reserve() : undefined;
  }

  /** Takes an id that never was in RabbitMQ: this process made the job and has room for it. */
  offer(id: string, rank: Rank): boolean {
    if (!this.#hasRoom()) return false;
    void this.#take({ id, rank, settle: () => undefined });
    return true;
  }

  /** Takes nothing more; resolves when nothing is under way. */
  async close(): Promise<void> {
    clearTimeout(this.#pause);
    const channel = this.#channel;
    if (channel !== undefined) for (const tag of this.#tags) await this.#quietly(() => channel.cancel(tag));
    for (const rank of RANKS) for (const offer of this.#offers[rank].splice(0)) offer.settle('untouched');
    while (this.#places.busy > 0) await new Promise<void>((resolve) => this.#idlers.push(resolve));
    if (this.#channel !== undefined) await this.#quietly(() => channel?.close());
    this.#channel = undefined;
  }

  #hasRoom(): boolean {
    const waits = this.#offers[0].length + this.#offers[1].length > 0;
    const consumes = this.#channel !== undefined && this.#tags.length === RANKS.length;
    return consumes && !waits && this.#places.free > 0 && !this.closing.aborted && this.#pause === undefined;
  }

  #offered(channel: Channel, rank: Rank, message: ConsumeMessage): void {
    let settled = false;
    const settle: Offer['settle'] = (as) => {
      if (settled || this.#channel !== channel) return;
      settled = true;
      void this.#quietly(() => {
        if (as === 'seen') channel.ack(message);
        else channel.nack(message, false, as === 'untouched');
      });
    };
    const id = idIn(message.content);
    if (id === undefined) {
      this.options.onFailure({ id: '', lane: this.name }, new Error('not the id of a job: set aside'));
      settle('unreadable');
    } else if (this.closing.aborted) settle('untouched');
    else {
      this.#offers[rank].push({ id, rank, settle });
      this.#pump();
    }
  }

  /** A queue was deleted: declared again, and consumed again. */
  #cancelled(channel: Channel): void {
    if (this.#channel !== channel || this.closing.aborted) return;
    this.#forget(channel);
    void this.#quietly(() => channel.close()).then(() => this.#quietly(() => this.open()));
  }

  #forget(channel: Channel): void {
    if (this.#channel !== channel) return;
    this.#channel = undefined;
    for (const rank of RANKS) this.#offers[rank].length = 0;
  }

  #pump(): void {
    while (this.#pause === undefined && this.#places.free > 0 && !this.closing.aborted) {
      const offer = this.#next();
      if (offer === undefined) return;
      void this.#take(offer);
    }
    if (this.#pause === undefined && this.#places.restMs > 0) this.#wait(this.#places.restMs);
  }

  #next(): Offer | undefined {
    const [urgent, bulk] = [this.#offers[0], this.#offers[1]];
    const bulkIsNext = bulk.length > 0 && (urgent.length === 0 || this.#urgentInARow >= SHARE);
    this.#urgentInARow = bulkIsNext ? 0 : this.#urgentInARow + 1;
    return (bulkIsNext ? bulk : urgent).shift();
  }

  async #take(offer: Offer): Promise<void> {
    const { clock, handlers, onFailure, unitOfWork } = this.options;
    const slot = this.#places.reserve();
    try {
      const [job] = await unitOfWork.claim({
        lane: this.name,
        limit: 1,
        lease: slot.lease,
        now: clock.now().toISOString(),
        until: slot.leaseUntil,
        jobId: offer.id,
      });
      // gone, held by somebody, not due, behind its orderKey: whatever makes it due again announces it
      if (job === undefined) {
        offer.settle('seen');
        slot.release();
        return;
      }
      const answer = setTimeout(() => offer.settle('seen'), ANSWER_MS);
      slot.run(job, async () => {
        try {
          await handlers[job.stage](job, this.stop);
        } finally {
          clearTimeout(answer);
          offer.settle('seen');
        }
      });
    } catch (error) {
      onFailure({ id: offer.id, lane: this.name }, error);
      // the store is unwell: the id waits here, and nothing of the lane is tried for a while
      this.#offers[offer.rank].unshift(offer);
      this.#wait();
      slot.release();
    }
  }

  #wait(ms = this.options.pollMs): void {
    clearTimeout(this.#pause);
    if (this.closing.aborted) return;
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#pump();
    }, ms);
  }

  /** For what the other side may have ended just before: told, and nothing more. */
  async #quietly(step: () => unknown): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.options.onFailure({ id: '', lane: this.name }, error);
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
