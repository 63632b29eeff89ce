import type { QueryRunner } from 'typeorm';
import { forPostgres } from '../postgres/translate.ts';

export function isPostgres(runner: QueryRunner): boolean {
  return runner.connection.options.type === 'postgres';
}

/** Each in the words of the database that it is run on. */
export async function runStatements(runner: QueryRunner, statements: readonly string[]): Promise<void> {
  for (const statement of statements)
    await runner.query(isPostgres(runner) ? forPostgres(statement) : statement);
}
