/** Back-off: exponential, capped, spread so that a recovered partner is not hit by everything at once. */
import { createHash } from 'node:crypto';
import { asBrokerError } from './errors.ts';

export interface RetrySettings {
  firstMs: number;
  maxMs: number;
  /** tries before `dead` */
  attempts: number;
}

/**
 * When attempt `attempts + 1` is due. The spread (±20 %) is drawn from the delivery id, so that a test and a
 * second process compute the same instant.
 */
export function nextTryAt(
  settings: Pick<RetrySettings, 'firstMs' | 'maxMs'>,
  id: string,
  attempts: number,
  now: Date,
  retryAfterSeconds?: number,
): string {
  const step = Math.min(settings.maxMs, settings.firstMs * 2 ** Math.min(attempts - 1, 30));
  const seed = createHash('sha256').update(`${id}/${attempts}`).digest().readUInt16BE(0) / 0xffff;
  const delay = step * (0.8 + 0.4 * seed);
  return new Date(now.getTime() + Math.max(delay, (retryAfterSeconds ?? 0) * 1000)).toISOString();
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** longer than a full queue lasts, shorter than an orderly stop may take */
const PATIENCE_MS = 30_000;

/** Again while the store cannot take it, for half a minute; anything else, and the last refusal, is thrown. */
export async function whileUnavailable<T>(attempt: () => Promise<T>): Promise<T> {
  let waited = 0;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (asBrokerError(error).code !== 'store.unavailable' || waited >= PATIENCE_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
      waited += pause;
    }
  }
}
