import type { Clock } from '#core';

/** above it, what comes later is left to the relay */
const TIMERS = 10_000;
const LONGEST_MS = 2 ** 31 - 1;

/** Does something with each item at its time, never before it by the clock. Kept in memory only. */
export class Timetable<T> {
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly clock: Clock,
    private readonly act: (item: T) => void,
  ) {}

  at(instant: string, item: T): void {
    const ms = Date.parse(instant) - this.clock.now().getTime();
    if (ms <= 0) {
      this.act(item);
      return;
    }
    if (ms > LONGEST_MS || this.#timers.size >= TIMERS) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.at(instant, item);
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }

  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
