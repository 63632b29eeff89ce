/**
 * The time of the database that all processes share: leases, due times and deadlines are written by one process and
 * read by another, and two machines' clocks may differ by minutes. Each corrects its own by what it measures.
 */
import type { Clock } from '#core';

const MEASURE_MS = 30_000;
/** An answer that took longer says too little. */
const LONGEST_TRIP_MS = 1_000;

export interface SharedClockOptions {
  /** the database's present, ms since the epoch */
  measure: () => Promise<number>;
  /** told when this machine's clock is `ms` behind the database's (ahead when negative), each time it was measured */
  onMeasured?: (ms: number) => void;
  onFailure?: (error: unknown) => void;
  /** this machine's clock, ms since the epoch */
  machine?: () => number;
}

export class SharedClock implements Clock {
  #offset = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly own: Clock) {}

  now(): Date {
    return new Date(this.own.now().getTime() + this.#offset);
  }

  /** Measures once, then again and again. Resolves after the first measure. */
  async follow(options: SharedClockOptions): Promise<void> {
    await this.#measure(options);
    this.#timer = setInterval(() => void this.#measure(options), MEASURE_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Half the way there, half the way back: what is left of the error is below half a trip. */
  async #measure({ measure, onMeasured, onFailure, machine = Date.now }: SharedClockOptions): Promise<void> {
    try {
      const began = performance.now();
      const shared = await measure();
      const trip = performance.now() - began;
      if (trip > LONGEST_TRIP_MS) return;
      this.#offset = Math.round(shared + trip / 2 - machine());
      onMeasured?.(this.#offset);
    } catch (error) {
      onFailure?.(error);
    }
  }
}
