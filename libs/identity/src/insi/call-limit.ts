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
  /** @throws BrokerError `insi.call-limit` (retry, with retryAfter) when the window is full */
  take(spsti: string, person: readonly string[]): void;
}

/** Calls per asking SPSTI and person over a sliding window. Nothing kept here can be read back as a person. */
export function createCallLimit(options: CallLimitOptions): CallLimit {
  const { maxCallsPerPerson, windowMs, clock, maxPersons = 20_000 } = options;
  const secret = randomBytes(32);
  const calls = new LRUCache<string, readonly number[]>({ max: maxPersons });
  return {
    take(spsti, person) {
      const key = createHmac('sha256', secret)
        .update(JSON.stringify([spsti, ...person]))
        .digest('base64');
      const now = clock.now().getTime();
      const recent = (calls.get(key) ?? []).filter((at) => at > now - windowMs);
      const [oldest] = recent;
      if (oldest !== undefined && recent.length >= maxCallsPerPerson) {
        throw new BrokerError('insi.call-limit', { retryAfter: Math.ceil((oldest + windowMs - now) / 1000) });
      }
      calls.set(key, [...recent, now]);
    },
  };
}
