import type { Migrated } from './migrations/migrated.ts';
import {
  migratePostgres,
  openPostgres,
  type PostgresOptions,
  readPostgres,
} from './postgres/open-postgres.ts';
import { migrateSqlite, openSqlite, readSqlite, type SqliteOptions } from './sqlite/open-sqlite.ts';
import type { ReadableStore, Store } from './store.ts';

export type StoreOptions = SqliteOptions | PostgresOptions;

/** Where a store is: a SQLite file of this machine, or a PostgreSQL that any number of processes share. */
export type StorePlace = { file: string } | { url: string };

/** Brings the database to the newest schema and leaves it. */
export function migrateStore(place: StorePlace): Promise<Migrated> {
  return 'url' in place ? migratePostgres(place.url) : migrateSqlite(place.file);
}

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

/** Longest that one look at everything may take. */
const LOOK_MS = 600_000;

/** All reads of `work` see the database as it stood at one moment, whatever is written meanwhile; nobody waits for it. */
export async function readAtOneMoment<T>(
  place: StorePlace,
  work: (store: ReadableStore) => Promise<T>,
): Promise<T> {
  const store =
    'url' in place
      ? await readPostgres(place.url, { connections: 1, openTransactionMs: LOOK_MS })
      : await readSqlite(place.file);
  try {
    await store.source.query('url' in place ? 'BEGIN ISOLATION LEVEL REPEATABLE READ' : 'BEGIN');
    const seen = await work(store);
    await store.source.query('COMMIT');
    return seen;
  } finally {
    await store.close();
  }
}
