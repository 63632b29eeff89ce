import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TYPED_TABLE } from '../dialect.ts';
import { isPostgres, runStatements } from './run-statements.ts';

const STATEMENTS = [
  // who leads, of the processes that could
  `CREATE TABLE leader (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    until TEXT NOT NULL
  ) ${TYPED_TABLE}`,
  // the relay: what came due and was announced to nobody
  'CREATE INDEX job_waiting ON job (coalesce(lease_until, run_at), id)',
];

/** What only PostgreSQL needs. */
const POSTGRES = [
  // the two functions of SQLite that the statements use
  `CREATE FUNCTION json_each(list text) RETURNS TABLE (key bigint, value text) LANGUAGE sql IMMUTABLE AS
    $$ SELECT place - 1, item FROM jsonb_array_elements_text(list::jsonb) WITH ORDINALITY AS given (item, place) $$`,
  `CREATE FUNCTION json_array_length(list text) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    $$ SELECT jsonb_array_length(list::jsonb)::bigint $$`,
  // ciphertext does not compress: trying costs more than writing it
  'ALTER TABLE payload_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL',
  'ALTER TABLE delivery_part ALTER COLUMN jwe SET STORAGE EXTERNAL',
  'ALTER TABLE held_identity ALTER COLUMN bytes SET STORAGE EXTERNAL',
  // rows that live for a second: what they leave behind is cleared at once, not at a fifth of the table
  `ALTER TABLE job SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000, autovacuum_vacuum_cost_delay = 0)`,
  'ALTER TABLE message SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02)',
  'ALTER TABLE delivery SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02)',
  'ALTER TABLE payload_chunk SET (autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_scale_factor = 0.02)',
  'ALTER TABLE delivery_part SET (autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_scale_factor = 0.02)',
];

/** Any number of processes on one database. */
export class Distributed implements MigrationInterface {
  readonly name = 'Distributed1795334400000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, STATEMENTS);
    if (isPostgres(runner)) for (const statement of POSTGRES) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only: restore a copy instead');
  }
}
