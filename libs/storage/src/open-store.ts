import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataSource, DefaultNamingStrategy } from 'typeorm';
import type { JournalRecords, KeeperRecords, OperationsRecords, Records, UnitOfWork } from '#core';
import { prepareForWriting } from './dialect.ts';
import { ENTITIES } from './entities/index.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { journalRecordsOf } from './reads/journal-records.ts';
import { keeperRecordsOf } from './reads/keeper-records.ts';
import { operationsRecordsOf } from './reads/operations-records.ts';
import { recordsOf } from './reads/records.ts';
import { retryable } from './reads/retryable.ts';
import { snakeCase } from './snake-case.ts';
import { SqliteUnitOfWork } from './unit-of-work.ts';
import { Writer, type WriterLimits } from './writer.ts';

export interface StoreOptions {
  /** the SQLite file; made, with its folder, when absent */
  file: string;
  /** what may be under way before a commit is refused at once; 2000 lists or 64 MiB by default */
  limits?: WriterLimits;
  /** how large the file may grow before a write is refused: keeps it from filling the disk that it shares */
  maxBytes?: number;
}

export interface Store {
  unitOfWork: UnitOfWork;
  records: Records;
  keeper: KeeperRecords;
  journal: JournalRecords;
  operations: OperationsRecords;
  /** the read-only connection, for reads that no port names */
  source: DataSource;
  /** What is under way is finished first. */
  close(): Promise<void>;
}

export type ReadableStore = Omit<Store, 'unitOfWork'>;

class SnakeCase extends DefaultNamingStrategy {
  override columnName(property: string, customName: string | undefined): string {
    return customName ?? snakeCase(property);
  }
}

/** Brings the file to the newest schema, then opens it: one thread that writes, one connection that only reads. */
export async function openStore({ file, limits, maxBytes }: StoreOptions): Promise<Store> {
  await migrate(file);
  const { close, ...reads } = await readStore(file);
  const writer = new Writer({ file, maxBytes }, limits ?? { lists: 2000, bytes: 64 << 20 });
  return {
    ...reads,
    unitOfWork: new SqliteUnitOfWork(writer),
    // the writer leaves last: whoever closes last folds the log into the file
    async close() {
      await close();
      await writer.close();
    },
  };
}

/**
 * The same reads on a file that a broker has open, or left as it was when it died: nothing is migrated, written or
 * folded, so nobody is disturbed. The file must exist.
 */
export async function readStore(file: string): Promise<ReadableStore> {
  const source = new DataSource({
    type: 'better-sqlite3',
    database: file,
    readonly: true,
    entities: ENTITIES,
    namingStrategy: new SnakeCase(),
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
    logging: false,
  });
  await source.initialize();
  return {
    records: retryable(recordsOf(source)),
    keeper: retryable(keeperRecordsOf(source)),
    journal: retryable(journalRecordsOf(source)),
    operations: retryable(operationsRecordsOf(source)),
    source,
    async close() {
      if (source.isInitialized) await source.destroy();
    },
  };
}

/** Runs the migrations that this file has not seen. */
async function migrate(file: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  // SQLite gives its log the mode of the file: nobody else on the machine reads either
  closeSync(openSync(file, 'a', 0o600));
  const source = new DataSource({
    type: 'better-sqlite3',
    database: file,
    prepareDatabase: (database) => prepareForWriting(database),
    migrations: MIGRATIONS,
    logging: false,
  });
  await source.initialize();
  try {
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await source.destroy();
  }
}
