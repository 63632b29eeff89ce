import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TYPED_TABLE } from '../dialect.ts';
import { runStatements } from './run-statements.ts';

const STATEMENTS = [
  `CREATE TABLE report_piece (
    message_id TEXT NOT NULL,
    n INTEGER NOT NULL,
    kept_until TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (message_id, n)
  ) ${TYPED_TABLE}`,
  'CREATE INDEX report_piece_kept ON report_piece (kept_until)',
  // the sweep: uploads that were cut, and what is left of large originals
  `CREATE INDEX message_receiving ON message (received_at) WHERE status = 'receiving'`,
  'CREATE INDEX payload_chunk_large ON payload_chunk (message_id, n) WHERE n >= 64',
];

/** Messages that come line by line. */
export class Bulk implements MigrationInterface {
  readonly name = 'Bulk1763859600000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, STATEMENTS);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only: restore a copy of the file instead');
  }
}
