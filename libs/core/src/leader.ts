import { asBrokerError } from './errors.ts';
import type { Clock, UnitOfWork } from './ports.ts';
import { write } from './writes.ts';

/** Renewed when less than two thirds are left: one that died is followed after this long. */
const LEASE_MS = 9_000;

/**
 * Of the processes that could do a thing, one does it. Two that both believe it, for a moment or by their clocks, do no
 * harm: what a leader does is fenced or unique by itself; it only saves the others the work.
 */
export class Leader {
  #until = 0;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly name: string,
    /** of this process, and of no other */
    private readonly holder: string,
  ) {}

  /** Whether this process leads now; takes the lead when nobody has it. */
  async leads(): Promise<boolean> {
    const now = this.clock.now().getTime();
    const left = this.#until - now;
    // more than a whole lease: the clock was set back, and the others would wait for the time it told before
    if (left > (LEASE_MS * 2) / 3 && left <= LEASE_MS) return true;
    const until = now + LEASE_MS;
    const { name, holder } = this;
    const instants = { now: new Date(now).toISOString(), until: new Date(until).toISOString() };
    try {
      await this.unitOfWork.commit([write('leader.take', { name, holder, ...instants })]);
    } catch (error) {
      if (asBrokerError(error).code !== 'writer.fenced') throw error;
      this.#until = 0;
      return false;
    }
    this.#until = until;
    return true;
  }

  /** Lets another lead at once. */
  async leave(): Promise<void> {
    if (this.#until === 0) return;
    this.#until = 0;
    await this.unitOfWork.commit([write('leader.leave', { name: this.name, holder: this.holder })]);
  }
}
