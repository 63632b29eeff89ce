/**
 * The time of the database that all processes share: leases, due times and deadlines are written by one process and
 * read by another, and two machines' clocks may differ by minutes. Each corrects its own by what it measures.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '#core';

const MEASURE_MS = 30_000;
/** An answer that took longer says too little. */
const LONGEST_TRIP_MS = 1_000;
/** after a measure that failed */
const AGAIN_MS = 1_000;
/** at the start nobody works by a clock that was never compared, unless the database stays silent */
const FIRST_TRIES = 5;
/** more than clocks that are steered gain or lose between two measures */
const STEP_MS = 1_000;

export interface SharedClockOptions {
  /** the database's present, ms since the epoch */
  measure: () => Promise<number>;
  /** told when this machine's clock is `ms` behind the database's (ahead when negative), each time it was measured */
  onMeasured?: (ms: number) => void;
  onFailure?: (error: unknown) => void;
  /** this machine's clock, ms since the epoch */
  machine?: () => number;
  /** a clock of it that nobody sets, ms */
  steady?: () => number;
}

interface Measure {
  /** what the machine's clock lacks to the database's, ms */
  offset: number;
  /** the machine's clock then, and the one that only goes forward */
  machine: number;
  steady: number;
}

export class SharedClock implements Clock {
  #last: Measure | undefined;
  #machine: () => number = Date.now;
  #steady: () => number = () => performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly own: Clock) {}

  now(): Date {
    return new Date(this.own.now().getTime() + (this.#last?.offset ?? 0) - this.#stepped());
  }

  /** Measures until it succeeds, then again and again. Resolves once it has, or after some tries that told what failed. */
  async follow(options: SharedClockOptions): Promise<void> {
    this.#machine = options.machine ?? this.#machine;
    this.#steady = options.steady ?? this.#steady;
    let done = await this.#measure(options);
    for (let tries = 1; !done && tries < FIRST_TRIES; tries++) {
      await pause(AGAIN_MS);
      done = await this.#measure(options);
    }
    this.#next(options, done);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #next(options: SharedClockOptions, done: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        void this.#measure(options).then((again) => this.#next(options, again));
      },
      done ? MEASURE_MS : AGAIN_MS,
    );
    this.#timer.unref();
  }

  /** Somebody set the machine's clock since the last measure: until the next one, time goes on as if nobody had. */
  #stepped(): number {
    if (this.#last === undefined) return 0;
    const { machine, steady } = this.#last;
    const ms = this.#machine() - machine - (this.#steady() - steady);
    return Math.abs(ms) > STEP_MS ? ms : 0;
  }

  /** Half the way there, half the way back: what is left of the error is below half a trip. */
  async #measure({ measure, onMeasured, onFailure }: SharedClockOptions): Promise<boolean> {
    try {
      const began = performance.now();
      const shared = await measure();
      const trip = performance.now() - began;
      if (trip > LONGEST_TRIP_MS) return false;
      const machine = this.#machine();
      const offset = Math.round(shared + trip / 2 - machine);
      this.#last = { offset, machine, steady: this.#steady() };
      onMeasured?.(this.#last.offset);
      return true;
    } catch (error) {
      onFailure?.(error);
      return false;
    }
  }
}
