import { existsSync } from 'node:fs';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { MIGRATIONS } from './migrations/index.ts';
import type { StorePlace } from './open-store.ts';

export interface StoreInspection {
  /** migrations that this program knows and the database has not seen: the next start runs them */
  pending: readonly string[];
  /** migrations that the database has seen and this program does not know: a newer version wrote it */
  unknown: readonly string[];
  /** what the database finds wrong with its file, or what makes its commits less than durable; empty when nothing */
  damage: readonly string[];
  /** names of the key-encryption keys that a message, a request, a held identity or a candidate still needs */
  kekIds: readonly string[];
  /** instant of the newest journal entry */
  lastEntryAt?: string;
}

/**
 * Looks at a database without changing it, beside a broker or not.
 * @returns undefined when the file is not there
 * @throws the database's own error when it cannot be opened or is no database
 */
export async function inspectStore(place: StorePlace): Promise<StoreInspection | undefined> {
  if ('file' in place && !existsSync(place.file)) return undefined;
  const dialect = 'file' in place ? SQLITE : POSTGRES;
  const source = new DataSource(optionsOf(place));
  await source.initialize();
  try {
    const rows = (sql: string): Promise<Record<string, string>[]> => source.query(sql);
    const damage = await rows(dialect.damage).catch(unwalkable);
    const tables = (await rows(dialect.tables)).map(({ name }) => name);
    const seen = tables.includes('migrations') ? await rows('SELECT name FROM migrations') : [];
    const names = seen.map(({ name }) => name ?? '');
    const known: string[] = MIGRATIONS.map((migration) => new migration().name);
    const readable = tables.includes('message') && tables.includes('journal_entry');
    const keks = readable ? await rows(kekIds(tables)) : [];
    const [last] = readable ? await rows('SELECT at FROM journal_entry ORDER BY id DESC LIMIT 1') : [];
    return {
      pending: known.filter((name) => !names.includes(name)),
      unknown: names.filter((name) => !known.includes(name)),
      damage: damage.flatMap((row) => Object.values(row).filter((says) => says !== 'ok')),
      kekIds: keks.map(({ kek_id: id = '' }) => id),
      ...(last?.['at'] === undefined ? {} : { lastEntryAt: last['at'] }),
    };
  } finally {
    await source.destroy();
  }
}

const SQLITE = {
  damage: 'PRAGMA quick_check(5)',
  tables: `SELECT name FROM sqlite_schema WHERE type = 'table'`,
};

/** Whoever says 202 with one of these off says it too early. */
const POSTGRES = {
  damage: `SELECT name || ' = ' || setting AS says FROM pg_settings
    WHERE (name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off')`,
  tables: `SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()`,
};

/** Of the tables that are there: an older version's schema has not all of them. */
function kekIds(tables: readonly (string | undefined)[]): string {
  return ['message', 'dmst_request', 'held_identity', 'candidate']
    .filter((table) => tables.includes(table))
    .map((table) => `SELECT kek_id FROM ${table} WHERE wrapped_key IS NOT NULL`)
    .join(' UNION ');
}

function optionsOf(place: StorePlace): DataSourceOptions {
  if ('file' in place)
    return { type: 'better-sqlite3', database: place.file, readonly: true, logging: false };
  return {
    type: 'postgres',
    url: place.url,
    poolSize: 1,
    connectTimeoutMS: 5_000,
    installExtensions: false,
    logging: false,
    extra: { options: '-c default_transaction_read_only=on' },
  };
}

/** SQLite ends its own look at some damage with an error: that is an answer too, and the rest cannot be trusted either way. */
function unwalkable(error: unknown): Record<string, string>[] {
  const { code, message } = (error as { driverError?: { code?: string; message: string } }).driverError ?? {};
  if (code !== 'SQLITE_CORRUPT' || message === undefined) throw error;
  return [{ damage: message }];
}
