/** The places of one lane: how much of it may be under way here, each job under a lease prolonged while it works. */
import { randomUUID } from 'node:crypto';
import { type Job, type Slot, write } from '#core';
import type { JobQueueOptions } from './job-queue.ts';

export class Places {
  #busy = 0;

  constructor(
    private readonly options: Pick<
      JobQueueOptions,
      'clock' | 'concurrency' | 'leaseMs' | 'unitOfWork' | 'onFailure'
    >,
    /** a place was given back */
    private readonly freed: () => void,
  ) {}

  get free(): number {
    return this.options.concurrency - this.#busy;
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
      run: (job, work) => once(() => void this.#work(job, work)),
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
