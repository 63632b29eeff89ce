import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BYTES, TYPED_TABLE } from '../dialect.ts';
import { isPostgres, runStatements } from './run-statements.ts';

/** Files that a source service found for a request, and how its pages find what they must answer. */
export class Candidates implements MigrationInterface {
  readonly name = 'Candidates1795424400000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      `CREATE TABLE candidate (
        id TEXT NOT NULL PRIMARY KEY,
        exchange_id TEXT NOT NULL,
        deposited_at TEXT NOT NULL,
        deposited_by TEXT NOT NULL,
        wrapped_key ${BYTES} NOT NULL,
        kek_id TEXT NOT NULL,
        head ${BYTES} NOT NULL,
        bytes ${BYTES} NOT NULL
      ) ${TYPED_TABLE}`,
      'CREATE INDEX candidate_exchange ON candidate (exchange_id)',
      `CREATE INDEX exchange_to_answer ON exchange (responder, flow, deadline, id)
        WHERE answer_id IS NULL AND state IN ('DRAFT', 'GATE_OK', 'SUBMITTED', 'DELIVERED', 'ACCEPTED')`,
      'CREATE INDEX exchange_incoming ON exchange (responder, flow, id)',
    ]);
    // ciphertext does not compress: trying costs more than writing it
    if (isPostgres(runner))
      await runner.query('ALTER TABLE candidate ALTER COLUMN bytes SET STORAGE EXTERNAL');
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only: restore a copy instead');
  }
}
