import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { RelaisProblem, RelaisUnreachable } from './errors.ts';

export interface Patience {
  /** milliseconds after which the last failure is thrown; default: five minutes */
  patienceMs?: number;
  /** longest pause between two tries; default: half a minute */
  longestPauseMs?: number;
  signal?: AbortSignal;
}

const FIRST_MS = 200;
const LONGEST_MS = 30_000;

/** Tries again, ever more slowly, while the other side is silent or ill; what Relais refuses is thrown at once. */
export async function persist<T>(attempt: () => Promise<T>, options: Patience = {}): Promise<T> {
  const until = Date.now() + (options.patienceMs ?? 300_000);
  const longest = options.longestPauseMs ?? LONGEST_MS;
  for (let pause = Math.min(FIRST_MS, longest); ; pause = Math.min(pause * 2, longest)) {
    try {
      return await attempt();
    } catch (error) {
      const passing = error instanceof RelaisUnreachable || (error instanceof RelaisProblem && error.passing);
      const asked = error instanceof RelaisProblem ? (error.retryAfter ?? 0) * 1000 : 0;
      const delay = Math.max(asked, randomInt(pause / 2, pause));
      if (!passing || Date.now() + delay > until) throw error;
      await wait(delay, undefined, options.signal === undefined ? {} : { signal: options.signal });
    }
  }
}
