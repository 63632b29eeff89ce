/** SQL is written once, in words that SQLite has. postgres/translate.ts gives PostgreSQL its own for them. */

/** Column type of bytes. */
export const BYTES = 'blob';

/** Ends a CREATE TABLE: SQLite checks column types only when asked. */
export const TYPED_TABLE = 'STRICT';

/** A table (key, value) made of a JSON array given as parameter; `key` counts from 0. */
export function rowsOf(json: string): string {
  return `json_each(${json})`;
}

/** What an exception of the database means for the caller. */
export interface StoreFailure {
  kind: 'conflict' | 'unavailable' | 'internal';
  /** the database's own code, never a value */
  code: string;
}
