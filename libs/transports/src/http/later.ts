/** What a status and its Retry-After say of another try. */

const LATER = new Set([408, 425, 429, 500, 502, 503, 504]);
/** seconds */
const LONGEST_WAIT = 3_600;

/** Whether the same bytes may pass later. */
export function mayPassLater(status: number): boolean {
  return LATER.has(status);
}

/** Retry-After is a number of seconds or a date (RFC 9110 §10.2.3); an hour at most, nothing when it is neither. */
export function retryAfterSeconds(header: unknown, now: Date): number | undefined {
  if (typeof header !== 'string') return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - now.getTime()) / 1000;
  return seconds > 0 ? Math.min(seconds, LONGEST_WAIT) : undefined;
}
