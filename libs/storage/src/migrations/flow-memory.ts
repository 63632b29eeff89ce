import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TYPED_TABLE } from '../dialect.ts';
import { runStatements } from './run-statements.ts';

/** What a flow remembers from one message to the next, and how a campaign finds its messages. */
export class FlowMemory implements MigrationInterface {
  readonly name = 'FlowMemory1763856000000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      `CREATE TABLE flow_memory (
      flow TEXT NOT NULL,
      partner TEXT NOT NULL,
      key TEXT NOT NULL,
      value TEXT NOT NULL,
      at TEXT NOT NULL,
      PRIMARY KEY (flow, partner, key)
    ) ${TYPED_TABLE}`,
      `CREATE INDEX message_under_way ON message (flow, object, id) WHERE status IN ('accepted', 'preparing', 'held')`,
    ]);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only: restore a copy of the file instead');
  }
}
