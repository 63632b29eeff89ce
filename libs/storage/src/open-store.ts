import { openPostgres, type PostgresOptions, readPostgres } from './postgres/open-postgres.ts';
import { openSqlite, readSqlite, type SqliteOptions } from './sqlite/open-sqlite.ts';
import type { ReadableStore, Store } from './store.ts';

export type StoreOptions = SqliteOptions | PostgresOptions;

/** Where a store is: a SQLite file of this machine, or a PostgreSQL that any number of processes share. */
export type StorePlace = { file: string } | { url: string };

/** Brings the database to the newest schema, then opens it. */
export function openStore(options: StoreOptions): Promise<Store> {
  return 'url' in options ? openPostgres(options) : openSqlite(options);
}

/**
 * The same reads beside a broker, or on what one left when it died: nothing is migrated or written, so nobody is
 * disturbed. The database must exist.
 */
export function readStore(place: StorePlace): Promise<ReadableStore> {
  return 'url' in place ? readPostgres(place.url) : readSqlite(place.file);
}
