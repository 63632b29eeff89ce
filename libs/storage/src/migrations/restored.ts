import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from './run-statements.ts';

/** What a copy may have sent after it was made: its deliveries say from the first try that they may be repeats. */
export class Restored implements MigrationInterface {
  readonly name = 'Restored1795338000000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['ALTER TABLE message ADD COLUMN restored_at TEXT']);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only: restore a copy instead');
  }
}
