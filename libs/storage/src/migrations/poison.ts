import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from './run-statements.ts';

/** Claims of a job in a row that came to no end, good or bad. */
export class Poison implements MigrationInterface {
  readonly name = 'Poison1795420800000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['ALTER TABLE job ADD COLUMN unended INTEGER NOT NULL DEFAULT 0']);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only: restore a copy instead');
  }
}
