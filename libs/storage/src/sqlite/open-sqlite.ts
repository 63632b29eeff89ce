import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataSource } from 'typeorm';
import { ENTITIES } from '../entities/index.ts';
import { MIGRATIONS } from '../migrations/index.ts';
import { type Migrated, migrated } from '../migrations/migrated.ts';
import { type ReadableStore, readsOf, SOURCE, type Store } from '../store.ts';
import { StatementUnitOfWork } from '../unit-of-work.ts';
import { failureOf } from './failure.ts';
import { prepareForWriting } from './prepare-for-writing.ts';
import { Writer, type WriterLimits } from './writer.ts';

export interface SqliteOptions {
  /** the SQLite file; made, with its folder, when absent */
  file: string;
  /** what may be under way before a commit is refused at once; 2000 lists or 64 MiB by default */
  limits?: WriterLimits;
  /** how large the file may grow before a write is refused: keeps it from filling the disk that it shares */
  maxBytes?: number;
}

/** One thread that writes, one connection that only reads. */
export async function openSqlite({ file, limits, maxBytes }: SqliteOptions): Promise<Store> {
  const { newer } = await migrateSqlite(file);
  const { close, ...reads } = await readSqlite(file);
  const writer = new Writer({ file, maxBytes }, limits ?? { lists: 2000, bytes: 64 << 20 });
  return {
    ...reads,
    newer,
    unitOfWork: new StatementUnitOfWork(writer),
    // the writer leaves last: whoever closes last folds the log into the file
    async close() {
      await close();
      await writer.close();
    },
  };
}

/** Reads a file that a broker has open, or left as it was when it died: nothing is folded. The file must exist. */
export async function readSqlite(file: string): Promise<ReadableStore> {
  const source = new DataSource({
    ...SOURCE,
    type: 'better-sqlite3',
    database: file,
    readonly: true,
    entities: ENTITIES,
  });
  await source.initialize();
  return readsOf(source, failureOf);
}

/** Of a file that is made when absent. */
export async function migrateSqlite(file: string): Promise<Migrated> {
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
    return await migrated(source);
  } finally {
    await source.destroy();
  }
}
