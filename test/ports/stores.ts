/** The implementations of the storage ports, and small rows to put in them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { v7 } from 'uuid';
import {
  type Delivery,
  type Exchange,
  type Job,
  type Message,
  type RecordedEntry,
  recordEntry,
  type SealedAtRest,
  type SealedPart,
  type Write,
  write,
} from '#core';
import { openStore, type Store, type StorePlace } from '#storage';
import { judgedBy } from '../peers/programs.ts';
import { aDatabase, hasPostgres, type TestDatabase } from '../services/postgres.ts';

export interface OpenedStore extends Store {
  /** where another process finds it */
  place: StorePlace;
  /** closes it and removes what it kept */
  remove(): Promise<void>;
}

/** Databases of this process that nobody uses at the moment: one is made once and emptied after each use. */
const free: TestDatabase[] = [];

/** Every implementation passes the same suites. */
export const STORES: readonly { name: string; open(): Promise<OpenedStore>; isThere: boolean }[] = [
  {
    name: 'SQLite',
    isThere: true,
    async open() {
      const folder = mkdtempSync(join(tmpdir(), 'relais-store-'));
      const place = { file: join(folder, 'relais.db') };
      const store = await openStore(place);
      return {
        ...store,
        place,
        async remove() {
          await store.close();
          rmSync(folder, { recursive: true });
        },
      };
    },
  },
  {
    name: 'PostgreSQL',
    isThere: hasPostgres(),
    async open() {
      const database = free.pop() ?? (await aDatabase());
      const place = { url: database.url };
      const store = await openStore(place);
      return {
        ...store,
        place,
        async remove() {
          await store.close();
          await emptied(database.url);
          free.push(database);
        },
      };
    },
  },
];

async function emptied(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations'`,
  );
  // rows that refer to others go first
  const names = rows.map(({ name }) => name).sort((a, b) => rankOf(a) - rankOf(b));
  await client.query(names.map((name) => `DELETE FROM ${name}`).join('; '));
  await client.end();
}

function rankOf(table: string): number {
  return ['delivery', 'message'].indexOf(table);
}

/** `suite` on every store; where a server is missing it is listed as not run, or fails when services are required. */
export function onEveryStore(suite: (store: (typeof STORES)[number]) => void): void {
  for (const store of STORES) {
    if (store.isThere) suite(store);
    else judgedBy(['postgres'], `the suites on ${store.name}`, () => suite(store));
  }
}

export const AT = '2026-03-12T09:30:00.000Z';

/** AT and some minutes */
export function minutes(after: number): string {
  return new Date(Date.parse(AT) + after * 60_000).toISOString();
}

export const AT_REST: SealedAtRest = { wrappedKey: Buffer.from('a wrapped key'), kekId: 'kek-1' };

export function aMessage(given: Partial<Message> = {}): Message {
  const id = given.id ?? v7();
  return {
    id,
    sender: 'spsti-b',
    senderId: `sent-${id}`,
    type: 'fr.relais-st.dmst-portability.request.v1',
    flow: 'dmst-portability',
    object: 'request',
    recipients: ['spsti-a'],
    datacontenttype: 'application/json',
    digest: `sha-256:${'0'.repeat(64)}`,
    size: 12,
    status: 'accepted',
    receivedAt: AT,
    priority: 'interactive',
    contractHash: 'f'.repeat(64),
    receipt: 'e30.e30.AA',
    ...given,
  };
}

export function aDelivery(given: Partial<Delivery> & { messageId: string }): Delivery {
  return {
    id: v7(),
    recipient: 'spsti-a',
    transport: 'https',
    flow: 'dmst-portability',
    type: 'fr.relais-st.dmst-portability.request.v1',
    state: 'queued',
    attempts: 0,
    priority: 'interactive',
    createdAt: AT,
    expiresAt: minutes(60),
    partCount: 1,
    ...given,
  };
}

export function aJob(given: Partial<Job> & { messageId: string }): Job {
  return { id: v7(), stage: 'deliver', lane: 'spsti-a', rank: 0, runAt: AT, attempts: 0, ...given };
}

export function aPart(given: Partial<SealedPart> = {}): SealedPart {
  return {
    n: 1,
    audience: 'enc',
    kid: 'kid-1',
    size: 9,
    digest: 'sha-256:00',
    jwe: Buffer.from('a.b.c.d.e'),
    ...given,
  };
}

export function anExchange(given: Partial<Exchange> = {}): Exchange {
  return {
    id: v7(),
    flow: 'dmst-portability',
    requestId: v7(),
    requester: 'spsti-b',
    responder: 'spsti-a',
    subjectRef: 'subject-1',
    state: 'SUBMITTED',
    openedAt: AT,
    acknowledgeBy: minutes(10),
    deadline: minutes(30),
    reminderAt: minutes(20),
    reminded: false,
    expiresAt: minutes(60),
    overdue: false,
    updatedAt: AT,
    ...given,
  };
}

export function anEntry(given: { id?: string; messageId?: string } = {}): RecordedEntry {
  const id = given.id ?? v7();
  return recordEntry({ at: AT, kind: 'message.accepted', actor: 'spsti-b', ...given, id });
}

export function insertMessage(message: Message): Write {
  return write('message.insert', { message, atRest: AT_REST, keptUntil: minutes(1000) });
}

/** a message with one delivery and its job, ready to claim */
export function aUnit(given: {
  recipient?: string;
  orderKey?: string;
  rank?: 0 | 1;
  runAt?: string;
  state?: Delivery['state'];
  transport?: Delivery['transport'];
}): { message: Message; delivery: Delivery; job: Job; writes: Write[] } {
  const { recipient = 'spsti-a', rank = 0, runAt = AT, state = 'queued' } = given;
  const keyed = given.orderKey === undefined ? {} : { orderKey: given.orderKey };
  const message = aMessage({ recipients: [recipient], status: 'delivering', ...keyed });
  const priority = rank === 0 ? 'interactive' : 'bulk';
  const way = given.transport === undefined ? {} : { transport: given.transport };
  const delivery = aDelivery({ messageId: message.id, recipient, state, priority, ...keyed, ...way });
  const job = aJob({
    messageId: message.id,
    deliveryId: delivery.id,
    lane: recipient,
    rank,
    runAt,
    ...keyed,
  });
  return {
    message,
    delivery,
    job,
    writes: [insertMessage(message), write('delivery.insert', { delivery }), write('job.insert', { job })],
  };
}
