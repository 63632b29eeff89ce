import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { write } from '#core';
import { PayloadChunkRow } from './entities/payload-chunk-row.ts';
import { openStore, type Store } from './open-store.ts';
import { CLAIM_JOBS, LEASE_MAILBOX } from './statements/claims.ts';

const AT = '2026-03-12T09:30:00.000Z';

let folder: string;
let file: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relais-open-'));
  file = join(folder, 'data', 'relais.db');
  store = await openStore({ file });
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

@Entity('kept')
class KeptRow {
  @PrimaryColumn('text') id!: string;
  @Column('text') by!: string;
}

describe('overlapping writes', () => {
  /** A inserts, waits, fails; meanwhile B commits a transaction and C inserts: both are told ok. */
  async function overlap(writers: {
    a: () => Promise<void>;
    b: () => Promise<void>;
    c: () => Promise<void>;
  }): Promise<string[]> {
    const results = await Promise.allSettled([writers.a(), writers.b(), writers.c()]);
    return results.map(({ status }) => status);
  }

  it('lose rows that were answered ok, on the one connection of TypeORM', async () => {
    const source = await new DataSource({
      type: 'better-sqlite3',
      database: join(folder, 'raw.db'),
      entities: [KeptRow],
      synchronize: true,
    }).initialize();
    const rows = source.getRepository(KeptRow);
    const told = await overlap({
      a: () =>
        source.transaction(async (manager) => {
          await manager.insert(KeptRow, { id: 'a', by: 'A' });
          await setTimeout(50);
          throw new Error('A fails');
        }),
      b: async () => {
        await setTimeout(10);
        await source.transaction(async (manager) => {
          await manager.insert(KeptRow, { id: 'b', by: 'B' });
        });
      },
      c: async () => {
        await setTimeout(20);
        await rows.insert({ id: 'c', by: 'C' });
      },
    });
    const kept = await rows.find();
    await source.destroy();
    expect(told).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(kept).toEqual([]);
  });

  it('keep exactly those rows through the unit of work', async () => {
    const chunk = (messageId: string) =>
      write('payload.chunk', { messageId, n: 0, bytes: Buffer.from(messageId), at: AT });
    const { unitOfWork } = store;
    const told = await overlap({
      a: () => unitOfWork.commit([chunk('a'), write('job.finish', { id: 'none', lease: 'none' })]),
      b: () => unitOfWork.commit([chunk('b')]),
      c: () => unitOfWork.commit([chunk('c')]),
    });
    expect(told).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    const rows = await store.source.getRepository(PayloadChunkRow).find({ order: { messageId: 'ASC' } });
    expect(rows.map(({ messageId }) => messageId)).toEqual(['b', 'c']);
  });

  it('cannot go round it: a bare save, insert or query that writes fails', async () => {
    const rows = store.source.getRepository(PayloadChunkRow);
    const row = { messageId: 'm', n: 0, at: AT, bytes: Buffer.from('x') };
    await expect(rows.save(row)).rejects.toThrow(/readonly/);
    await expect(rows.insert(row)).rejects.toThrow(/readonly/);
    await expect(store.source.query('DELETE FROM payload_chunk')).rejects.toThrow(/readonly/);
    expect(await rows.count()).toBe(0);
  });
});

describe('the file', () => {
  it('has exactly the columns that the entities say', async () => {
    const database = new Database(file, { readonly: true });
    const tables = database
      .prepare(
        `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('migrations', 'sqlite_sequence')`,
      )
      .pluck()
      .all();
    expect(tables.sort()).toEqual(store.source.entityMetadatas.map(({ tableName }) => tableName).sort());
    for (const { tableName, columns } of store.source.entityMetadatas) {
      const found = database.pragma(`table_info(${tableName})`) as {
        name: string;
        type: string;
        notnull: number;
        pk: number;
      }[];
      const asMigrated = found.map(({ name, type, notnull, pk }) => ({
        name,
        type: type.toLowerCase(),
        nullable: notnull === 0,
        primary: pk > 0,
      }));
      const asDeclared = columns.map((column) => ({
        name: column.databaseName,
        type: store.source.driver.normalizeType(column),
        nullable: column.isNullable,
        primary: column.isPrimary,
      }));
      expect(asMigrated).toEqual(asDeclared);
    }
    database.close();
  });

  it('is migrated once, and keeps its rows when opened again', async () => {
    await store.unitOfWork.commit([
      write('payload.chunk', { messageId: 'm', n: 0, bytes: Buffer.from('x'), at: AT }),
    ]);
    const schema = (): unknown => {
      const database = new Database(file, { readonly: true });
      const rows = [
        database.prepare('SELECT name, sql FROM sqlite_master ORDER BY name').all(),
        database.prepare('SELECT * FROM migrations').all(),
      ];
      database.close();
      return rows;
    };
    const before = schema();
    await store.close();
    store = await openStore({ file });
    expect(schema()).toEqual(before);
    expect(await store.source.getRepository(PayloadChunkRow).count()).toBe(1);
  });

  it('is open to nobody else on the machine, log included', async () => {
    const modes = readdirSync(join(folder, 'data')).map((name) => [
      name,
      statSync(join(folder, 'data', name)).mode & 0o077,
    ]);
    expect(modes.map(([name]) => name)).toContain('relais.db');
    expect(modes.filter(([, open]) => open !== 0)).toEqual([]);
  });

  it('leaves no log behind when closed', async () => {
    await store.unitOfWork.commit([
      write('payload.chunk', { messageId: 'm', n: 0, bytes: Buffer.from('x'), at: AT }),
    ]);
    await store.close();
    expect(readdirSync(join(folder, 'data'))).toEqual(['relais.db']);
    store = await openStore({ file });
  });

  it('holds no byte of a key that was destroyed, once its log is folded in', async () => {
    const secret = Buffer.from('9f8e7d6c5b4a39281706f5e4d3c2b1a0');
    const message = {
      id: 'm',
      sender: 'spsti-b',
      senderId: 's',
      type: 't',
      flow: 'f',
      object: 'o',
      recipients: ['spsti-a'],
      datacontenttype: 'application/json',
      digest: 'd',
      size: 1,
      status: 'accepted',
      receivedAt: AT,
      priority: 'interactive',
      contractHash: 'h',
      // longer than a page: the key must not lie in an overflow page
      receipt: 'r'.repeat(9000),
    } as const;
    const bytes = (): Buffer => readFileSync(file);
    await store.unitOfWork.commit([
      write('message.insert', { message, atRest: { wrappedKey: secret, kekId: 'k' }, keptUntil: AT }),
    ]);
    await store.close();
    expect(bytes().includes(secret)).toBe(true);
    store = await openStore({ file });
    await store.unitOfWork.commit([write('payload.purge', { messageId: 'm' })]);
    await store.close();
    expect(bytes().includes(secret)).toBe(false);
    store = await openStore({ file });
  });
});

describe('a claim', () => {
  it.each([
    ['of jobs', CLAIM_JOBS, 'SEARCH job USING INDEX job_due (lane=? AND rank=? AND <expr><?)'],
    ['of a mailbox', LEASE_MAILBOX, 'SEARCH waiting USING COVERING INDEX delivery_mailbox (recipient=?)'],
  ])('%s walks an index, and scans no table', (_, sql, search) => {
    const database = new Database(file, { readonly: true });
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all({ lane: 'a', limit: 1, lease: 'l', now: AT, until: AT, flow: null })
      .map((row) => (row as { detail: string }).detail);
    database.close();
    expect(plan).toContain(search);
    expect(plan.filter((step) => /^SCAN (job|delivery|message|waiting|earlier)\b/.test(step))).toEqual([]);
    expect(plan.filter((step) => step.startsWith('SEARCH earlier'))).not.toEqual([]);
  });
});
