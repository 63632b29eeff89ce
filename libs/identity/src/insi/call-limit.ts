import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { BrokerError, type Clock } from '#core';

export interface CallLimitOptions {
  maxCallsPerPerson: number;
  windowMs: number;
  clock: Clock;
  /** persons remembered; beyond, the least recent is forgotten */
  maxPersons?: number;
}

export interface CallLimit {
  /**
   * Counts one call about these persons, each once; all or nothing.
   *
   * @throws BrokerError `insi.call-limit` (retry, with retryAfter) when the window of one of them is full
   */
  take(spsti: string, persons: readonly (readonly string[])[]): void;
}

/** Calls per asking SPSTI and person over a sliding window. Nothing kept here can be read back as a person. */
export function createCallLimit(options: CallLimitOptions): CallLimit {
  const { maxCallsPerPerson, windowMs, clock, maxPersons = 20_000 } = options;
  const secret = randomBytes(32);
  const calls = new LRUCache<string, readonly number[]>({ max: maxPersons });
  const keyOf = (spsti: string, person: readonly string[]): string =>
    createHmac('sha256', secret)
      .update(JSON.stringify([spsti, ...person]))
      .digest('base64');

  return {
    take(spsti, persons) {
      const now = clock.now().getTime();
      const recent = new Map<string, readonly number[]>();
      for (const key of persons.map((person) => keyOf(spsti, person))) {
        const times = (calls.get(key) ?? []).filter((at) => at > now - windowMs);
        const [oldest] = times;
        if (oldest !== undefined && times.length >= maxCallsPerPerson) {
          throw new BrokerError('insi.call-limit', {
            retryAfter: Math.ceil((oldest + windowMs - now) / 1000),
          });
        }
        recent.set(key, times);
      }
      for (const [key, times] of recent) calls.set(key, [...times, now]);
    },
  };
}
