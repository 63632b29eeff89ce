/**
 * Finds due jobs whose ids are on no way to anybody, and publishes them: lost by RabbitMQ, never sent, freed by a
 * lease that ran out, behind an orderKey until now. The table has no mark for it: RabbitMQ itself is asked.
 */
import { BrokerError, type Clock, type DueJob, type Records } from '#core';
import type { Publisher } from './publisher.ts';
import { RANKS, type Rank } from './topology.ts';

export interface RelayOptions {
  clock: Clock;
  records: Pick<Records, 'lanes' | 'dueJobs'>;
  publisher: Publisher;
  /** a job due for less is on its way as far as anybody knows */
  relayAfterMs: number;
  serves?(lane: string): boolean;
}

/** ids published at once into an empty queue */
const BATCH = 500;
/** of a queue that is never empty: so many of the longest due, no more often than that */
const GUARD_BATCH = 100;
const GUARD_MS = 30_000;
/** from the end of a walk to the next */
const REST_MS = 600_000;

/** how far the guard has walked through the due jobs of one queue */
interface Walk {
  after?: DueJob;
  nextAt: number;
}

export class Relay {
  readonly #walks = new Map<string, Walk>();

  constructor(private readonly options: RelayOptions) {}

  /** @throws the first failure, after every other lane: a queue that is unwell holds up no other */
  async tick(): Promise<void> {
    const failures: unknown[] = [];
    for (const lane of await this.options.records.lanes()) {
      try {
        await this.#lane(lane);
      } catch (error) {
        // the table answers nobody for now
        if (error instanceof BrokerError) throw error;
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  async #lane(lane: string): Promise<void> {
    const { clock, publisher, records, relayAfterMs } = this.options;
    const by = new Date(clock.now().getTime() - relayAfterMs).toISOString();
    const late = await Promise.all(RANKS.map((rank) => records.dueJobs({ lane, rank, by, limit: 1 })));
    if (late.every((jobs) => jobs.length === 0)) return;
    const waiting = await publisher.waiting(lane);
    for (const rank of RANKS) {
      if (late[rank]?.length === 0) continue;
      if (waiting[rank] === 0) await this.#refill(lane, rank, by);
      else await this.#guard(lane, rank, by);
    }
  }

  /** Nothing waits in RabbitMQ: what is due in the table was lost, or lies with a consumer, who will find it taken. */
  async #refill(lane: string, rank: Rank, by: string): Promise<void> {
    this.#walks.delete(`${lane} ${rank}`);
    await this.#publish(lane, rank, await this.options.records.dueJobs({ lane, rank, by, limit: BATCH }));
  }

  /**
   * Something always waits: which ids it is, RabbitMQ does not say. Each due job is published once more in a slow
   * walk, and not again until the walk has come to its end.
   */
  async #guard(lane: string, rank: Rank, by: string): Promise<void> {
    const now = this.options.clock.now().getTime();
    const key = `${lane} ${rank}`;
    const walk = this.#walks.get(key) ?? { nextAt: now + GUARD_MS };
    this.#walks.set(key, walk);
    if (now < walk.nextAt) return;
    const jobs = await this.options.records.dueJobs({
      lane,
      rank,
      by,
      limit: GUARD_BATCH,
      ...(walk.after === undefined ? {} : { after: walk.after }),
    });
    await this.#publish(lane, rank, jobs);
    const last = jobs.at(-1);
    if (last === undefined || jobs.length < GUARD_BATCH) this.#walks.set(key, { nextAt: now + REST_MS });
    else this.#walks.set(key, { nextAt: now + GUARD_MS, after: last });
  }

  async #publish(lane: string, rank: Rank, jobs: readonly DueJob[]): Promise<void> {
    await Promise.all(jobs.map(({ id }) => this.options.publisher.publish({ id, lane, rank })));
  }
}
