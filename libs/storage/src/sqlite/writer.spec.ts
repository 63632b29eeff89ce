import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Write, write } from '#core';
import type { Store } from '../store.ts';
import { openSqlite, type SqliteOptions } from './open-sqlite.ts';

const AT = '2026-03-12T09:30:00.000Z';
const unavailable = expect.objectContaining({ code: 'store.unavailable', next: 'retry', retryAfter: 1 });

let folder: string;
let store: Store | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-writer-'));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await store?.close();
  store = undefined;
  rmSync(folder, { recursive: true });
});

async function opened(options: Omit<SqliteOptions, 'file'> = {}): Promise<Store> {
  store = await openSqlite({ file: join(folder, 'relais.db'), ...options });
  return store;
}

function chunk(messageId: string, n: number, size = 8): Write {
  return write('payload.chunk', { messageId, n, bytes: new Uint8Array(size).fill(n), at: AT });
}

async function chunksOf(store: Store): Promise<string[]> {
  const rows: { name: string }[] = await store.source
    .sql`SELECT message_id || '/' || n AS name FROM payload_chunk ORDER BY message_id, n`;
  return rows.map(({ name }) => name);
}

describe('the queue to the writer thread', () => {
  it('refuses at once what is over its bound, and takes more when it has emptied', async () => {
    const { unitOfWork, ...rest } = await opened({ limits: { lists: 3, bytes: 1 << 20 } });
    const started = performance.now();
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, async (_, n) => {
        const answer = unitOfWork.commit([chunk('m', n)]);
        if (n >= 3) await expect(answer).rejects.toEqual(unavailable);
        if (n >= 3) expect(performance.now() - started).toBeLessThan(10_000);
        return answer;
      }),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    await unitOfWork.commit([chunk('m', 11)]);
    expect(await chunksOf({ unitOfWork, ...rest })).toEqual(['m/0', 'm/1', 'm/2', 'm/11']);
  });

  it('counts bytes too, and lets a large list pass alone', async () => {
    const store = await opened({ limits: { lists: 100, bytes: 1000 } });
    const results = await Promise.allSettled([
      store.unitOfWork.commit([chunk('m', 0, 5000)]),
      store.unitOfWork.commit([chunk('m', 1, 10)]),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await store.unitOfWork.commit([chunk('m', 2, 600)]);
    expect(await chunksOf(store)).toEqual(['m/0', 'm/2']);
  });

  it('finishes what is under way before it closes', async () => {
    const { unitOfWork, close } = await opened();
    const commits = Array.from({ length: 300 }, (_, n) => unitOfWork.commit([chunk('m', n)]));
    await Promise.all([close(), ...commits]);
    expect(await chunksOf(await opened())).toHaveLength(300);
  });
});

describe('a writer thread that dies', () => {
  it('rejects what was under way, and the next list finds a new thread', async () => {
    const posts = vi.spyOn(Worker.prototype, 'postMessage');
    const store = await opened();
    await store.unitOfWork.commit([chunk('before', 0)]);
    const [thread] = posts.mock.contexts as Worker[];
    const under = [0, 1, 2].map((n) => store.unitOfWork.commit([chunk('under', n)]));
    await thread?.terminate();
    // a thread that had already written may have answered: whatever was answered must be there
    const results = await Promise.allSettled(under);
    const kept = await chunksOf(store);
    for (const [n, result] of results.entries()) {
      if (result.status === 'fulfilled') expect(kept).toContain(`under/${n}`);
      else expect(result.reason).toEqual(unavailable);
    }
    await store.unitOfWork.commit([chunk('after', 0)]);
    expect(await chunksOf(store)).toEqual(expect.arrayContaining(['before/0', 'after/0']));
    expect(new Set(posts.mock.contexts).size).toBe(2);
  });

  it('says unavailable, each time, when its file is gone, and recovers with the file', async () => {
    const file = join(folder, 'relais.db');
    const store = await opened();
    rmSync(file);
    await expect(store.unitOfWork.commit([chunk('m', 0)])).rejects.toEqual(unavailable);
    await expect(store.unitOfWork.commit([chunk('m', 0)])).rejects.toEqual(unavailable);
    await store.close();
    await (await opened()).unitOfWork.commit([chunk('m', 0)]);
  });
});

describe('a file that may not grow', () => {
  it('refuses what does not fit, keeps what was answered, and works again once space is free', async () => {
    const store = await opened({ maxBytes: 1 << 20 });
    let kept = 0;
    const fill = async (): Promise<void> => {
      for (;;) {
        await store.unitOfWork.commit([chunk('m', kept, 50_000), chunk('other', kept, 10)]);
        kept += 1;
      }
    };
    await expect(fill()).rejects.toEqual(unavailable);
    expect(kept).toBeGreaterThan(5);
    expect(await chunksOf(store)).toHaveLength(2 * kept);

    const small = store.unitOfWork.commit([chunk('tiny', 0, 1)]);
    const large = store.unitOfWork.commit([chunk('large', 0, 200_000)]);
    const [, refused] = await Promise.allSettled([small, large]);
    expect(refused).toMatchObject({ status: 'rejected', reason: unavailable });

    await store.unitOfWork.commit([write('payload.purge', { messageId: 'm' })]);
    await store.unitOfWork.commit([chunk('large', 1, 200_000)]);
    expect(await chunksOf(store)).toContain('large/1');
  });
});
