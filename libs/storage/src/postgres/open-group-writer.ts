import { Socket } from 'node:net';
import { type ClientBase, Pool, type PoolConfig, types } from 'pg';
import { GroupWriter, type WriterLimits } from './group-writer.ts';
import { PROCEDURE } from './procedure.ts';

export interface GroupWriterOptions {
  /** `postgres://…`, whose migrations were run */
  url: string;
  limits?: WriterLimits;
  connections: { commit: number; claim: number };
  onLost(error: Error): void;
}

const INT8 = 20;
/** every count and size here is far below 2^53 */
export const asNumbers = {
  getTypeParser: (oid: number, format?: 'text') =>
    oid === INT8 ? Number : (types.getTypeParser as (oid: number, format?: string) => unknown)(oid, format),
} as NonNullable<PoolConfig['types']>;

/**
 * Nobody waits without end: for a connection, for a statement, for a lock; and no transaction is left open.
 * Times in milliseconds.
 */
export const PATIENCE = {
  connectionTimeoutMillis: 5_000,
  query_timeout: 20_000,
  statement_timeout: 15_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 10_000,
  // one at rest may have been forgotten on the way there: better a new one
  idleTimeoutMillis: 10_000,
  keepAlive: true,
  stream: silentFor(17_000),
} as const;

/** A list of writes is short: on a connection that gives no answer, its wait is everybody's. */
const WRITING = {
  ...PATIENCE,
  query_timeout: 12_000,
  statement_timeout: 10_000,
  lock_timeout: 3_000,
  stream: silentFor(11_000),
} as const;

/**
 * Sockets that are given up when nothing came or went for so long, longer than any statement may take: the server, or what
 * stands before it, has forgotten them. The driver's own time limit fails the query and keeps the connection.
 */
function silentFor(ms: number): () => Socket {
  return () => {
    const socket = new Socket();
    return socket.setTimeout(ms, () => socket.destroy(new Error('connection without an answer')));
  };
}

/** A connection that is lost while it works says so beside the answer: unheard, that would end the process. */
export const listening = (onLost: (error: Error) => void) => (client: ClientBase) => {
  client.on('error', onLost);
};

/** All that writes, with the connections that it needs. */
export function openGroupWriter({ url, limits, connections, onLost }: GroupWriterOptions): GroupWriter {
  const pool = new Pool({
    ...WRITING,
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
    ...WRITING,
    connectionString: url,
    max: connections.claim,
    application_name: 'relais claim',
    options: '-c synchronous_commit=off',
    types: asNumbers,
    onConnect: listening(onLost),
  });
  for (const each of [pool, claims]) each.on('error', onLost);
  return new GroupWriter(pool, claims, limits ?? { lists: 2000, bytes: 64 << 20 });
}
