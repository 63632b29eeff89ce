import { type DataSource, DefaultNamingStrategy } from 'typeorm';
import type {
  IncomingRecords,
  JournalRecords,
  KeeperRecords,
  OperationsRecords,
  Records,
  UnitOfWork,
} from '#core';
import type { StoreFailure } from './dialect.ts';
import { incomingRecordsOf } from './reads/incoming-records.ts';
import { journalRecordsOf } from './reads/journal-records.ts';
import { keeperRecordsOf } from './reads/keeper-records.ts';
import { operationsRecordsOf } from './reads/operations-records.ts';
import { recordsOf } from './reads/records.ts';
import { retryable } from './reads/retryable.ts';
import { snakeCase } from './snake-case.ts';

export interface Store {
  unitOfWork: UnitOfWork;
  records: Records;
  keeper: KeeperRecords;
  journal: JournalRecords;
  operations: OperationsRecords;
  incoming: IncomingRecords;
  /** connections that only read, for reads that no port names */
  source: DataSource;
  /** migrations that the database has seen and this program does not know: it works on a newer version's schema */
  newer: readonly string[];
  /** The database's present, ms since the epoch; absent where it is this machine's. */
  time?(): Promise<number>;
  /** What is under way is finished first. */
  close(): Promise<void>;
}

export type ReadableStore = Omit<Store, 'unitOfWork' | 'newer'>;

/** Columns have the names of the core's fields, in snake case. */
export class SnakeCase extends DefaultNamingStrategy {
  override columnName(property: string, customName: string | undefined): string {
    return customName ?? snakeCase(property);
  }
}

/** What both databases are told by every data source of ours. */
export const SOURCE = {
  namingStrategy: new SnakeCase(),
  invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
  logging: false,
} as const;

/** Every read of the product on a source that is open. */
export function readsOf(source: DataSource, failureOf: (error: unknown) => StoreFailure): ReadableStore {
  return {
    records: retryable(recordsOf(source), failureOf),
    keeper: retryable(keeperRecordsOf(source), failureOf),
    journal: retryable(journalRecordsOf(source), failureOf),
    operations: retryable(operationsRecordsOf(source), failureOf),
    incoming: retryable(incomingRecordsOf(source), failureOf),
    source,
    async close() {
      if (source.isInitialized) await source.destroy();
    },
  };
}
