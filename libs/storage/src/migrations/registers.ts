import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TYPED_TABLE } from '../dialect.ts';
import { runStatements } from './run-statements.ts';

const STATEMENTS = [
  'ALTER TABLE dmst_request ADD COLUMN worker_ref TEXT',
  'ALTER TABLE exchange ADD COLUMN requester_worker TEXT',
  'ALTER TABLE exchange ADD COLUMN responder_worker TEXT',
  `CREATE TABLE register_line (
    entry TEXT NOT NULL,
    partner TEXT NOT NULL,
    register TEXT NOT NULL,
    at TEXT NOT NULL,
    worker TEXT,
    PRIMARY KEY (entry, partner)
  ) ${TYPED_TABLE}`,
  // a page of a register is read in the order of these, however many lines it has
  'CREATE INDEX register_line_read ON register_line (partner, register, at, entry)',
  `CREATE INDEX register_line_worker ON register_line (partner, worker, register, at, entry)
    WHERE worker IS NOT NULL`,
];

/** Which lines of the journal are of which service's registers, and the worker as that service alone may name him. */
export class Registers implements MigrationInterface {
  readonly name = 'Registers1795513600000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, STATEMENTS);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only: restore a copy instead');
  }
}
