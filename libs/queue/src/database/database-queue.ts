/**
 * The job table as single-machine queue: a lane per stage and per recipient, so that one dead partner delays nobody.
 * Correct without any announcement; `ring` and `reserve` only save time.
 */
import { randomUUID } from 'node:crypto';
import {
  type Bell,
  type Clock,
  type Job,
  type Records,
  type Slot,
  type Stage,
  type UnitOfWork,
  write,
} from '#core';
import { type Handler, Lane, type LaneSettings } from './lane.ts';

export interface DatabaseQueueOptions extends LaneSettings {
  clock: Clock;
  records: Pick<Records, 'lanes' | 'nextDue' | 'openJobs'>;
  unitOfWork: UnitOfWork;
  handlers: Record<Stage, Handler>;
  /** lanes this process serves; undefined = all */
  serves?(lane: string): boolean;
  /** what stop() leaves to work under way before it is told to end: a send cut short is a repeat later; 5 s */
  graceMs?: number;
  onFailure(job: Pick<Job, 'id' | 'lane'>, error: unknown): void;
}

const GRACE_MS = 5_000;

export class DatabaseQueue implements Bell {
  readonly #lanes = new Map<string, Lane>();
  #closing = new AbortController();
  #stop = new AbortController();
  #poll: NodeJS.Timeout | undefined;
  #lookFailed = false;

  constructor(private readonly options: DatabaseQueueOptions) {}

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

  /** Whether the last look at the lanes went well. */
  state(): 'up' | 'down' {
    return this.#lookFailed ? 'down' : 'up';
  }

  /**
   * Claims nothing more, then waits for what is under way.
   * @param graceMs instead of the option of that name
   */
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

  tried(lane: string, reached: boolean): void {
    this.#lanes.get(lane)?.tried(reached);
  }

  /** Runs every due job, and those that they make due, then returns: tests drive the stages without sleeping. */
  async runUntilEmpty(): Promise<number> {
    const { clock, records, unitOfWork, handlers, leaseMs } = this.options;
    let done = 0;
    for (let found = true; found; ) {
      found = false;
      for (const lane of await records.lanes()) {
        const now = clock.now();
        const jobs = await unitOfWork.claim({
          lane,
          limit: 1,
          lease: randomUUID(),
          now: now.toISOString(),
          until: new Date(now.getTime() + leaseMs).toISOString(),
        });
        for (const job of jobs) {
          await handlers[job.stage](job, this.#stop.signal);
          found = true;
          done++;
        }
      }
    }
    return done;
  }

  async #ringAll(): Promise<void> {
    for (const lane of await this.options.records.lanes()) this.ring(lane);
  }

  #lane(name: string): Lane {
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      const { options } = this;
      lane = new Lane(name, options, {
        clock: options.clock,
        records: options.records,
        unitOfWork: options.unitOfWork,
        drawLease: randomUUID,
        handle: (job, signal) => options.handlers[job.stage](job, signal),
        extend: (job, until) =>
          options.unitOfWork.commit([write('job.extend', { id: job.id, lease: job.lease ?? '', until })]),
        failed: (job, error) => options.onFailure(job, error),
        closing: this.#closing.signal,
        signal: this.#stop.signal,
      });
      this.#lanes.set(name, lane);
      // the first look: until it has found nothing waiting, the lane is not idle
      lane.ring();
    }
    return lane;
  }
}
