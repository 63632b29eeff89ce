import { existsSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../migrations/index.ts';

export interface StoreInspection {
  /** migrations that this program knows and the file has not seen: the next start runs them */
  pending: readonly string[];
  /** migrations that the file has seen and this program does not know: a newer version wrote it */
  unknown: readonly string[];
  /** what SQLite finds wrong with the file, empty when nothing */
  damage: readonly string[];
  /** names of the key-encryption keys that a message, a request or a held identity still needs */
  kekIds: readonly string[];
  /** instant of the newest journal entry */
  lastEntryAt?: string;
}

/**
 * Looks at a database without changing it, beside a broker or not.
 * @returns undefined when the file is not there
 * @throws the database's own error when the file cannot be opened or is no database
 */
export async function inspectStore(file: string): Promise<StoreInspection | undefined> {
  if (!existsSync(file)) return undefined;
  const source = new DataSource({ type: 'better-sqlite3', database: file, readonly: true, logging: false });
  await source.initialize();
  try {
    const rows = (sql: string): Promise<Record<string, string>[]> => source.query(sql);
    const damage = await rows('PRAGMA quick_check(5)');
    const tables = (await rows(`SELECT name FROM sqlite_schema WHERE type = 'table'`)).map(
      ({ name }) => name,
    );
    const seen = tables.includes('migrations') ? await rows('SELECT name FROM migrations') : [];
    const names = seen.map(({ name }) => name ?? '');
    const known: string[] = MIGRATIONS.map((migration) => new migration().name);
    const readable = tables.includes('message') && tables.includes('journal_entry');
    const keks = readable ? await rows(KEK_IDS) : [];
    const [last] = readable ? await rows('SELECT at FROM journal_entry ORDER BY id DESC LIMIT 1') : [];
    return {
      pending: known.filter((name) => !names.includes(name)),
      unknown: names.filter((name) => !known.includes(name)),
      damage: damage.flatMap(({ quick_check: says = '' }) => (says === 'ok' ? [] : [says])),
      kekIds: keks.map(({ kek_id: id = '' }) => id),
      ...(last?.['at'] === undefined ? {} : { lastEntryAt: last['at'] }),
    };
  } finally {
    await source.destroy();
  }
}

const KEK_IDS = ['message', 'dmst_request', 'held_identity']
  .map((table) => `SELECT kek_id FROM ${table} WHERE wrapped_key IS NOT NULL`)
  .join(' UNION ');
