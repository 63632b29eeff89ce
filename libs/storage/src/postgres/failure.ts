import type { StoreFailure } from '../dialect.ts';

/**
 * SQLSTATE classes that say "not now": connection, resources, operator, system, roll-back, lock not to be had; and a
 * server that only reads: during a failover, one that leads no longer, or not yet.
 */
const UNAVAILABLE = /^(08|53|57|58|25006|25P03|40|55P03|XX)/;

/** Codes of the operating system on the way to the server. */
const UNREACHABLE = /^E[A-Z]+$/;

/** What an exception of the database, or of the way to it, means for the caller. */
export function failureOf(error: unknown): StoreFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === '23505') return { kind: 'conflict', code };
  // the driver has no code of its own for a connection that ended or a wait that was too long
  if (code === '' && error instanceof Error && /connection|timeout|closed/i.test(error.message))
    return { kind: 'unavailable', code: 'CONNECTION' };
  return {
    kind: UNAVAILABLE.test(code) || UNREACHABLE.test(code) ? 'unavailable' : 'internal',
    code: code || 'UNKNOWN',
  };
}

/** Rolled back because it stood in another's way: the same list may pass a moment later. */
export function isRetryable(code: string): boolean {
  return code === '40P01' || code === '40001';
}
