/**
 * The job table as single-machine queue: a lane per stage and per recipient, so that one dead partner delays nobody.
 * Correct without any announcement; `ring` and `reserve` only save time.
 */
import type { Slot, Write } from '#core';
import type { JobQueue, JobQueueOptions, QueueState } from '../job-queue.ts';
import { runUntilEmpty } from '../run-until-empty.ts';
import { Lane } from './lane.ts';

const GRACE_MS = 5_000;

export class DatabaseQueue implements JobQueue {
  readonly #lanes = new Map<string, Lane>();
  #closing = new AbortController();
  #stop = new AbortController();
  #poll: NodeJS.Timeout | undefined;
  #lookFailed = false;

  constructor(private readonly options: JobQueueOptions) {}

  start(): void {
    this.#closing = new AbortController();
    this.#stop = new AbortController();
    this.#lanes.clear();
    const look = () => {
      this.#ringAll().then(
        () => {
          this.#lookFailed = false;
        },
        (error: unknown) => {
          this.#lookFailed = true;
          this.options.onFailure({ id: '', lane: '*' }, error);
        },
      );
    };
    this.#poll = setInterval(look, this.options.pollMs);
    this.#poll.unref();
    look();
  }

  async stop(graceMs = this.options.graceMs ?? GRACE_MS): Promise<void> {
    clearInterval(this.#poll);
    this.#poll = undefined;
    this.#closing.abort();
    const stop = this.#stop;
    const grace = setTimeout(() => stop.abort(), graceMs);
    await Promise.all([...this.#lanes.values()].map((lane) => lane.drained()));
    clearTimeout(grace);
  }

  ring(lane: string): void {
    if (this.#poll !== undefined && this.options.serves?.(lane) !== false) this.#lane(lane).ring();
  }

  reserve(lane: string): Slot | undefined {
    if (this.#poll === undefined || this.options.serves?.(lane) === false) return undefined;
    return this.#lane(lane).reserve();
  }

  runUntilEmpty(): Promise<number> {
    return runUntilEmpty(this.options, this.#stop.signal);
  }

  tried(lane: string, reached: boolean): void {
    this.#lanes.get(lane)?.tried(reached);
  }

  /** whether the last look at the lanes went well */
  state(): QueueState {
    return this.#lookFailed ? 'down' : 'up';
  }

  /** The bell is rung for what is new; a job that comes back to its lane rings no bell. */
  committed(writes: readonly Write[]): void {
    if (!writes.some((one) => one.write === 'job.retry')) return;
    for (const lane of this.#lanes.values()) lane.retried();
  }

  claimed(): void {
    // the table knows
  }

  async relay(): Promise<void> {
    // nothing is on its way anywhere
  }

  async #ringAll(): Promise<void> {
    for (const lane of await this.options.records.lanes()) this.ring(lane);
  }

  #lane(name: string): Lane {
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = new Lane(name, this.options, this.#closing.signal, this.#stop.signal);
      this.#lanes.set(name, lane);
      // the first look: until it has found nothing waiting, the lane is not idle
      lane.ring();
    }
    return lane;
  }
}
