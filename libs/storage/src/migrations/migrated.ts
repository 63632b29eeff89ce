import type { DataSource } from 'typeorm';
import { MIGRATIONS } from './index.ts';

export interface Migrated {
  /** names of the migrations that ran now */
  ran: readonly string[];
  /** those that the database has seen and this program does not know: a newer version runs on it, or did */
  newer: readonly string[];
}

/** Runs the migrations that the database has not seen. */
export async function migrated(source: DataSource): Promise<Migrated> {
  const ran = await source.runMigrations({ transaction: 'each' });
  const seen = await source.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY id');
  const known = new Set<string>(MIGRATIONS.map((migration) => new migration().name));
  return {
    ran: ran.map(({ name }) => name),
    newer: seen.flatMap(({ name }) => (known.has(name) ? [] : [name])),
  };
}
