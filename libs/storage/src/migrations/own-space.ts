import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from './run-statements.ts';

const STATEMENTS = [
  'ALTER TABLE delivery ADD COLUMN subject TEXT',
  'ALTER TABLE delivery ADD COLUMN topic TEXT',
  'CREATE INDEX delivery_subject ON delivery (recipient, subject, flow, id) WHERE subject IS NOT NULL',
];

/** Whose a portal's copy is, by a keyed pseudonym, and what it is: somebody's own is found without opening any. */
export class OwnSpace implements MigrationInterface {
  readonly name = 'OwnSpace1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, STATEMENTS);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only: restore a copy instead');
  }
}
