import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from './run-statements.ts';

const STATEMENTS = [
  'ALTER TABLE dmst_request ADD COLUMN kept_until TEXT',
  // when they were closed was not written: at the latest when their time was up
  `UPDATE dmst_request SET kept_until = expires_at WHERE state = 'closed' AND wrapped_key IS NOT NULL`,
  'CREATE INDEX dmst_request_kept ON dmst_request (kept_until) WHERE kept_until IS NOT NULL',
  'CREATE INDEX message_kept ON message (kept_until)',
];

/** What is over is forgotten in time: the worker of a closed request, then messages whose ids need no memory. */
export class Retention implements MigrationInterface {
  readonly name = 'Retention1763942400000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, STATEMENTS);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only: restore a copy of the file instead');
  }
}
