/** The places of one lane: how much of it may be under way here, each job under a lease prolonged while it works. */
import { randomUUID } from 'node:crypto';
import { type Job, type Slot, write } from '#core';
import type { JobQueueOptions } from './job-queue.ts';

/** Between two tries while nobody is there: the first, and the longest. */
const FIRST_REST_MS = 100;
const LONGEST_REST_MS = 2_000;

export class Places {
  #busy = 0;
  /** tries in a row that found nobody at the other end */
  #missed = 0;
  /** no try before, by the clock that only goes forward */
  #restsUntil = 0;

  constructor(
    private readonly options: Pick<
      JobQueueOptions,
      'clock' | 'concurrency' | 'leaseMs' | 'unitOfWork' | 'onFailure'
    >,
    /** a place was given back */
    private readonly freed: () => void,
    /** what is under way ends */
    private readonly stop: AbortSignal,
  ) {}

  /** jobs that may be taken now */
  get free(): number {
    if (!this.#rests) return this.options.concurrency - this.#busy;
    return this.#busy > 0 || this.restMs > 0 ? 0 : 1;
  }

  /** until one more try, when nobody was there; 0 = now */
  get restMs(): number {
    return this.#rests ? Math.max(0, Math.ceil(this.#restsUntil - performance.now())) : 0;
  }

  /** As many misses in a row as may be under way at once: nobody is there, however many wait. */
  tried(reached: boolean): void {
    this.#missed = reached ? 0 : this.#missed + 1;
    const beyond = this.#missed - this.options.concurrency;
    if (beyond < 0) return;
    const rest = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(beyond, 10));
    this.#restsUntil = performance.now() + rest;
  }

  get #rests(): boolean {
    return this.#missed >= this.options.concurrency;
  }

  get busy(): number {
    return this.#busy;
  }

  /** what a claim made now needs to say */
  lease(): { lease: string; now: string; until: string } {
    return { lease: randomUUID(), now: this.options.clock.now().toISOString(), until: this.#leaseEnd() };
  }

  /** a place, for a job that the coming commit inserts already claimed */
  reserve(): Slot {
    this.#busy++;
    let used = false;
    const once = (use: () => void) => {
      if (!used) use();
      used = true;
    };
    return {
      lease: randomUUID(),
      leaseUntil: this.#leaseEnd(),
      run: (job, work) => once(() => void this.#work(job, () => work(this.stop))),
      release: () => once(() => this.#free()),
    };
  }

  /** Never rejects: a surprise is told, and the job stays under its lease until that runs out. */
  async run(job: Job, work: () => Promise<void>): Promise<void> {
    this.#busy++;
    await this.#work(job, work);
  }

  async #work(job: Job, work: () => Promise<void>): Promise<void> {
    const { leaseMs, onFailure, unitOfWork } = this.options;
    const beat = setInterval(() => {
      unitOfWork
        .commit([write('job.extend', { id: job.id, lease: job.lease ?? '', until: this.#leaseEnd() })])
        .catch((error: unknown) => onFailure(job, error));
    }, leaseMs / 3);
    try {
      await work();
    } catch (error) {
      onFailure(job, error);
    } finally {
      clearInterval(beat);
      this.#free();
    }
  }

  #free(): void {
    this.#busy--;
    this.freed();
  }

  #leaseEnd(): string {
    return new Date(this.options.clock.now().getTime() + this.options.leaseMs).toISOString();
  }
}
