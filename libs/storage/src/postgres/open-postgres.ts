import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { ENTITIES } from '../entities/index.ts';
import { MIGRATIONS } from '../migrations/index.ts';
import { type Migrated, migrated } from '../migrations/migrated.ts';
import { type ReadableStore, readsOf, SOURCE, type Store } from '../store.ts';
import { StatementUnitOfWork } from '../unit-of-work.ts';
import { failureOf } from './failure.ts';
import type { WriterLimits } from './group-writer.ts';
import { asNumbers, listening, openGroupWriter, PATIENCE } from './open-group-writer.ts';

export interface PostgresOptions {
  /** `postgres://…` */
  url: string;
  /** what may be under way before a commit is refused at once; 2000 lists or 64 MiB by default */
  limits?: WriterLimits;
  /** connections at most, of this process, by what they do */
  connections?: { commit?: number; claim?: number; read?: number };
  /** a connection at rest was lost: told, and made again when it is needed */
  onLost?(error: Error): void;
}

/** Two commit at a time: lists that come meanwhile go together. */
const CONNECTIONS = { commit: 2, claim: 2, read: 6 };

const ignored = () => undefined;

export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const { url, limits, onLost = ignored } = options;
  const connections = { ...CONNECTIONS, ...options.connections };
  const { newer } = await migratePostgres(url);
  const { close, ...reads } = await readPostgres(url, { connections: connections.read, onLost });
  const writer = openGroupWriter({ url, connections, onLost, ...(limits === undefined ? {} : { limits }) });
  return {
    ...reads,
    newer,
    unitOfWork: new StatementUnitOfWork(writer),
    async time() {
      const [row] = await reads.source.query<{ ms: string }[]>(
        'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms',
      );
      return Number(row?.ms);
    },
    async close() {
      await writer.close();
      await close();
    },
  };
}

export interface ReadOptions {
  connections?: number;
  /** how long a transaction of the caller's may stand open, doing nothing */
  openTransactionMs?: number;
  onLost?(error: Error): void;
}

/** Connections that cannot write: nothing goes round the unit of work. */
export async function readPostgres(url: string, options: ReadOptions = {}): Promise<ReadableStore> {
  const { connections = CONNECTIONS.read, onLost = ignored } = options;
  const { stream, ...patience } = PATIENCE;
  const { openTransactionMs } = options;
  const source = new DataSource({
    ...SOURCE,
    type: 'postgres',
    url,
    entities: ENTITIES,
    poolSize: connections,
    applicationName: 'relais read',
    poolErrorHandler: onLost,
    installExtensions: false,
    extra: {
      ...patience,
      // what stands open does nothing meanwhile
      ...(openTransactionMs === undefined
        ? { stream }
        : { idle_in_transaction_session_timeout: openTransactionMs }),
      options: '-c default_transaction_read_only=on',
      types: asNumbers,
      onConnect: listening(onLost),
    },
  });
  // entities name the type of bytes as SQLite does; no table is made from them
  source.driver.supportedDataTypes.push('blob');
  await source.initialize();
  return readsOf(source, failureOf);
}

/** Of all processes that start at once, one migrates while the others wait. */
export async function migratePostgres(url: string): Promise<Migrated> {
  const lock = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // what goes wrong on it is told by the next query
  lock.on('error', ignored);
  await lock.connect();
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: MIGRATIONS,
    poolSize: 1,
    installExtensions: false,
    logging: false,
  });
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await source.initialize();
    return await migrated(source);
  } finally {
    if (source.isInitialized) await source.destroy();
    await lock.end();
  }
}

/** The same number in every process, and in nobody else's program. */
const LOCK = createHash('sha256').update('relais migrations').digest().readInt32BE(0);
