import type { DataSource } from 'typeorm';
import { MIGRATIONS } from './index.ts';

/**
 * Runs the migrations that the database has not seen.
 * @returns those that it has seen and this program does not know: a newer version runs on it, or did
 */
export async function migrated(source: DataSource): Promise<string[]> {
  await source.runMigrations({ transaction: 'each' });
  const seen = await source.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY id');
  const known = new Set<string>(MIGRATIONS.map((migration) => new migration().name));
  return seen.flatMap(({ name }) => (known.has(name) ? [] : [name]));
}
