import type { StoreFailure } from '../dialect.ts';

const UNAVAILABLE =
  /^SQLITE_(FULL|IOERR|BUSY|LOCKED|NOMEM|CANTOPEN|READONLY|CORRUPT|NOTADB|PROTOCOL|INTERRUPT)/;

/** What an exception of the database means for the caller. */
export function failureOf(error: unknown): StoreFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY')
    return { kind: 'conflict', code };
  return { kind: UNAVAILABLE.test(code) ? 'unavailable' : 'internal', code };
}
