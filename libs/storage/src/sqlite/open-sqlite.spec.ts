import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { write } from '#core';
import { PayloadChunkRow } from '../entities/payload-chunk-row.ts';
import { openStore } from '../open-store.ts';
import type { Store } from '../store.ts';

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

  it.each([
    ['among others in its page', 300],
    ['in a row longer than a page', 9000],
  ])('holds no byte of a key that was destroyed, %s, once its log is folded in', async (_, receiptLength) => {
    const message = {
      sender: 'spsti-b',
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
      receipt: 'r'.repeat(receiptLength),
    } as const;
    const key = (n: number): Buffer => Buffer.from(`key ${n} 9f8e7d6c5b4a39281706f5e4d3c2b1a0`);
    for (let n = 0; n < 9; n += 1) {
      const one = { ...message, id: `m-${n}`, senderId: `s-${n}` };
      const atRest = { wrappedKey: key(n), kekId: 'k' };
      await store.unitOfWork.commit([write('message.insert', { message: one, atRest, keptUntil: AT })]);
    }
    const found = async (): Promise<boolean[]> => {
      await store.close();
      const bytes = readFileSync(file);
      store = await openStore({ file });
      return [3, 4, 5].map((n) => bytes.includes(key(n)));
    };
    expect(await found()).toEqual([true, true, true]);
    await store.unitOfWork.commit([write('payload.purge', { messageId: 'm-4' })]);
    expect(await found()).toEqual([true, false, true]);
  });

  it('that can no longer be read makes reads say so, to be tried again', async () => {
    await store.unitOfWork.commit([
      write('payload.chunk', { messageId: 'm', n: 0, bytes: Buffer.from('x'), at: AT }),
    ]);
    await store.close();
    store = await openStore({ file });
    writeFileSync(file, Buffer.alloc(statSync(file).size, 1));
    const unavailable = expect.objectContaining({ code: 'store.unavailable', next: 'retry' });
    await expect(store.records.message('m')).rejects.toEqual(unavailable);
    await expect(store.operations.ledger()).rejects.toEqual(unavailable);
  });
});
