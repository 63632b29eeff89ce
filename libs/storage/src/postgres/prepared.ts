import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

type Run<T> = (values: readonly unknown[]) => Promise<T[]>;

/**
 * A statement that each connection parses and plans once, on the connections of a source; undefined where the source is
 * not PostgreSQL. TypeORM sends every query unnamed: planning a read by key takes longer than the read.
 */
export function prepared<T extends object>({ driver }: DataSource, text: string): Run<T> | undefined {
  if (!(driver instanceof PostgresDriver)) return undefined;
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
  return async (values) => {
    const { rows } = await (driver.master as Pool).query<T>({ name, text, values: [...values] });
    return rows;
  };
}
