import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from './run-statements.ts';

/** `"at":"2026-03-12T09:30:00.000Z"}`: decisions were written with their instant last. */
const AT_LAST = `'%"at":"________________________"}'`;

const STATEMENTS = [
  'ALTER TABLE held_identity ADD COLUMN proposal TEXT',
  'ALTER TABLE held_identity ADD COLUMN decided_at TEXT',
  `UPDATE held_identity SET decided_at = substr(decision, length(decision) - 25, 24) WHERE decision LIKE ${AT_LAST}`,
  'CREATE INDEX held_identity_settled ON held_identity (partner, decided_at) WHERE decided_at IS NOT NULL',
];

/** What a first person proposes where a release takes two; and when each doubt was settled, for the cell's figures. */
export class FourEyes implements MigrationInterface {
  readonly name = 'FourEyes1795507200000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, STATEMENTS);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only: restore a copy instead');
  }
}
