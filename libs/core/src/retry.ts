/** Back-off: exponential, capped, spread so that a recovered partner is not hit by everything at once. */
import { createHash } from 'node:crypto';

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
  settings: RetrySettings,
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
