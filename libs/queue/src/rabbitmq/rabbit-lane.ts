/** One lane as this process serves it: ids come from two queues, each is claimed in the table, then worked on. */
import type { Slot } from '#core';
import type { JobQueueOptions } from '../job-queue.ts';
import { Places } from '../places.ts';
import { Consumer, type Offer } from './consumer.ts';
import type { Link } from './link.ts';
import { RANKS, type Rank, type Topology } from './topology.ts';

/** interactive ids taken for each bulk one, when both wait */
const SHARE = 4;
/** ids kept ready above what is under way, so that there is a choice */
const AHEAD = { 0: SHARE, 1: 1 };
/** RabbitMQ ends a channel that owes an answer for half an hour: the lease in the table holds the job anyway */
const ANSWER_MS = 600_000;

export class RabbitLane {
  readonly #places: Places;
  readonly #offers: Record<Rank, Offer[]> = { 0: [], 1: [] };
  readonly #consumers: readonly Consumer[];
  #urgentInARow = 0;
  #pause: NodeJS.Timeout | undefined;
  #idlers: (() => void)[] = [];

  constructor(
    readonly name: string,
    private readonly options: JobQueueOptions,
    link: Link,
    topology: Topology,
    private readonly closing: AbortSignal,
    private readonly stop: AbortSignal,
  ) {
    const freed = () => {
      this.#pump();
      if (this.#places.busy === 0) for (const tell of this.#idlers.splice(0)) tell();
    };
    this.#places = new Places(options, freed, stop);
    this.#consumers = RANKS.map(
      (rank) =>
        new Consumer({
          lane: name,
          rank,
          link,
          topology,
          prefetch: options.concurrency + AHEAD[rank],
          closing,
          offered: (offer) => {
            this.#offers[rank].push(offer);
            this.#pump();
          },
          lost: () => {
            this.#offers[rank].length = 0;
          },
          failed: (error) => options.onFailure({ id: '', lane: name }, error),
        }),
    );
  }

  /** Listens to both queues, if it does not already. */
  async open(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.open()));
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
    await Promise.all(this.#consumers.map((consumer) => consumer.cancel()));
    for (const rank of RANKS) for (const offer of this.#offers[rank].splice(0)) offer.settle('untouched');
    while (this.#places.busy > 0) await new Promise<void>((resolve) => this.#idlers.push(resolve));
    await Promise.all(this.#consumers.map((consumer) => consumer.close()));
  }

  #hasRoom(): boolean {
    const waits = this.#offers[0].length + this.#offers[1].length > 0;
    const listens = this.#consumers.every((consumer) => consumer.listens);
    return listens && !waits && this.#places.free > 0 && !this.closing.aborted && this.#pause === undefined;
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
}
