import { createHash } from 'node:crypto';
import { Client, type ClientBase, Pool, type PoolConfig, types } from 'pg';
import { DataSource } from 'typeorm';
import { ENTITIES } from '../entities/index.ts';
import { MIGRATIONS } from '../migrations/index.ts';
import { type ReadableStore, readsOf, SOURCE, type Store } from '../store.ts';
import { StatementUnitOfWork } from '../unit-of-work.ts';
import { failureOf } from './failure.ts';
import { GroupWriter, type WriterLimits } from './group-writer.ts';
import { PROCEDURE } from './procedure.ts';

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

const INT8 = 20;
/** every count and size here is far below 2^53 */
const asNumbers = {
  getTypeParser: (oid: number, format?: 'text') =>
    oid === INT8 ? Number : (types.getTypeParser as (oid: number, format?: string) => unknown)(oid, format),
} as NonNullable<PoolConfig['types']>;

/**
 * Nobody waits without end: for a connection, for a statement, for a lock; and no transaction is left open.
 * Times in milliseconds.
 */
const PATIENCE = {
  connectionTimeoutMillis: 3_000,
  query_timeout: 20_000,
  statement_timeout: 15_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 10_000,
  idleTimeoutMillis: 60_000,
  keepAlive: true,
} as const;

const ignored = () => undefined;

/** A connection that is lost while it works says so beside the answer: unheard, that would end the process. */
const listening = (onLost: (error: Error) => void) => (client: ClientBase) => {
  client.on('error', onLost);
};

export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const { url, limits, onLost = ignored } = options;
  const connections = { ...CONNECTIONS, ...options.connections };
  await migrate(url);
  const { close, ...reads } = await readPostgres(url, connections.read, onLost);
  const pool = new Pool({
    ...PATIENCE,
    connectionString: url,
    max: connections.commit,
    application_name: 'relais commit',
    options: '-c synchronous_commit=on',
    types: asNumbers,
    onConnect: async (client) => {
      listening(onLost)(client);
      await client.query(PROCEDURE);
    },
  });
  const claims = new Pool({
    ...PATIENCE,
    connectionString: url,
    max: connections.claim,
    application_name: 'relais claim',
    options: '-c synchronous_commit=off',
    types: asNumbers,
    onConnect: listening(onLost),
  });
  for (const each of [pool, claims]) each.on('error', onLost);
  const writer = new GroupWriter(pool, claims, limits ?? { lists: 2000, bytes: 64 << 20 });
  return {
    ...reads,
    unitOfWork: new StatementUnitOfWork(writer),
    async close() {
      await writer.close();
      await close();
    },
  };
}

/** Connections that cannot write: nothing goes round the unit of work. */
export async function readPostgres(
  url: string,
  connections = CONNECTIONS.read,
  onLost: (error: Error) => void = ignored,
): Promise<ReadableStore> {
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
      ...PATIENCE,
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
async function migrate(url: string): Promise<void> {
  const lock = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
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
    await source.runMigrations({ transaction: 'each' });
  } finally {
    if (source.isInitialized) await source.destroy();
    await lock.end();
  }
}

/** The same number in every process, and in nobody else's program. */
const LOCK = createHash('sha256').update('relais migrations').digest().readInt32BE(0);
