/** What SQLite does its own way. PostgreSQL gets the same names with its own values. */
import type { Database } from 'better-sqlite3';

/** Column type of bytes. */
export const BYTES = 'blob';

/** Ends a CREATE TABLE: SQLite checks column types only when asked. */
export const TYPED_TABLE = 'STRICT';

/** A table (key, value) made of a JSON array given as parameter; `key` counts from 0. */
export function rowsOf(json: string): string {
  return `json_each(${json})`;
}

export interface StoreFailure {
  kind: 'conflict' | 'unavailable' | 'internal';
  /** the database's own code, never a value */
  code: string;
}

const UNAVAILABLE =
  /^SQLITE_(FULL|IOERR|BUSY|LOCKED|NOMEM|CANTOPEN|READONLY|CORRUPT|NOTADB|PROTOCOL|INTERRUPT)/;

/** What an exception of the database means for the caller. */
export function failureOf(error: unknown): StoreFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY')
    return { kind: 'conflict', code };
  return { kind: UNAVAILABLE.test(code) ? 'unavailable' : 'internal', code };
}

/**
 * FULL must be said: this build of SQLite falls back to NORMAL in WAL mode, which fsyncs at checkpoints only.
 * secure_delete FAST overwrites a destroyed key in its page without writing more pages than before.
 */
export function prepareForWriting(database: Database, maxBytes?: number): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('wal_autocheckpoint = 8000');
  database.pragma('journal_size_limit = 67108864');
  database.pragma('secure_delete = FAST');
  database.pragma('foreign_keys = ON');
  const pageSize = Number(database.pragma('page_size', { simple: true }));
  if (maxBytes !== undefined) database.pragma(`max_page_count = ${Math.ceil(maxBytes / pageSize)}`);
}
