/** The journal while several processes write it, two seal it side by side, and one of these dies. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asBrokerError, Leader, Sealer, write } from '#core';
import { SigningKeys } from '#protection';
import { openStore } from '#storage';
import { journalExport } from '../../apps/broker/src/operations/journal-export.ts';
import { verifyExport } from '../../apps/cli/src/journal-verify/verify-journal.ts';
import { AT, anEntry, type OpenedStore, onEveryStore } from './stores.ts';

const PROGRAM = join(import.meta.dirname, 'journal-process.ts');
const SOURCES = ['--conditions=source', '--experimental-transform-types', '--no-warnings'];
const clock = { now: () => new Date() };

/** SQLite has one writer at a time, and between processes its turns are not fair. */
function unlessOthersWrite(error: unknown): void {
  if (asBrokerError(error).code !== 'store.unavailable') throw error;
}

onEveryStore(({ name, open }) => {
  let store: OpenedStore;
  let folder: string;
  let keys: SigningKeys;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    store = await open();
    folder = mkdtempSync(join(tmpdir(), 'relais-journal-'));
    keys = new SigningKeys(join(folder, 'signing'));
  });
  afterEach(async () => {
    await Promise.all(
      children.splice(0).map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }),
    );
    await store.remove();
    rmSync(folder, { recursive: true });
  });

  /** Every line that it says goes to `hear`; resolves with what it ended with. */
  async function program(
    words: string[],
    hear: (line: string, child: ChildProcess) => void,
  ): Promise<unknown> {
    const child = spawn(process.execPath, [...SOURCES, PROGRAM, JSON.stringify(store.place), ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const ended = once(child, 'exit');
    for await (const line of createInterface({ input: child.stdout })) hear(line, child);
    const [code, signal] = await ended;
    return signal ?? code;
  }

  /** As an operator exports it and anybody verifies it. */
  async function verified(): Promise<{ ok: boolean; entries: number; seals: number; ids: string[] }> {
    const lines: string[] = [];
    for await (const line of journalExport(store.journal, keys.jwks(), async () => undefined))
      lines.push(line);
    const { ok, entries, seals } = await verifyExport(Readable.from(lines.map((line) => Buffer.from(line))));
    const ids = lines.flatMap((line) => {
      const { body } = JSON.parse(line) as { body?: string };
      return body === undefined ? [] : [(JSON.parse(body) as { id: string }).id];
    });
    return { ok, entries, seals, ids };
  }

  describe(`the journal on ${name}`, () => {
    it('loses no entry and seals none twice: two processes write, two seal, one of these is killed', async () => {
      const told: string[] = [];
      const heard = (line: string) => void told.push(...line.split(' '));
      const beside = await openStore(store.place);
      const sealer = new Sealer(clock, keys, beside.unitOfWork, beside.keeper);
      let writing = 2;
      const writers = [1, 2].map(() =>
        program(['enter', '40'], heard).finally(() => {
          writing -= 1;
        }),
      );
      let seals = 0;
      const dying = program(['seal', join(folder, 'signing')], (line, child) => {
        // in the middle of whatever it does next
        if (Number(line) > 0 && ++seals === 3) child.kill('SIGKILL');
      });
      while (writing > 0) {
        await sealer.seal().catch(unlessOthersWrite);
        // SQLite answers a read without leaving the thread: the processes beside must be heard too
        await setTimeout(2);
      }
      expect(await Promise.all(writers)).toEqual([0, 0]);
      expect(told).toHaveLength(240);
      // a sealer that others left nothing to seal is not in the middle of anything
      while (seals < 3) {
        await store.unitOfWork
          .commit([write('journal.entry', { entry: anEntry() })])
          .catch(unlessOthersWrite);
        await setTimeout(10);
      }
      expect(await dying).toBe('SIGKILL');
      await sealer.sealAll();
      await beside.close();
      const journal = await verified();
      expect(journal).toMatchObject({ ok: true, entries: journal.ids.length });
      expect(new Set(journal.ids).size).toBe(journal.ids.length);
      expect(told.filter((id) => !journal.ids.includes(id))).toEqual([]);
      expect(await store.keeper.unsealedEntries(1)).toEqual([]);
    });

    it('is sealed many times faster than it is written', async () => {
      const lists = 200;
      const each = 10;
      const sealer = new Sealer(clock, keys, store.unitOfWork, store.keeper);
      const began = performance.now();
      for (let n = 0; n < lists; n += 8)
        await Promise.all(
          Array.from({ length: 8 }, () =>
            store.unitOfWork.commit(
              Array.from({ length: each }, () => write('journal.entry', { entry: anEntry() })),
            ),
          ),
        );
      const written = (lists * each) / (performance.now() - began);
      const from = performance.now();
      await sealer.sealAll();
      const sealed = (lists * each) / (performance.now() - from);
      expect(await verified()).toMatchObject({ ok: true, entries: lists * each });
      process.stdout.write(
        `sealing on ${name}: ${Math.round(sealed * 1000)} entries/s sealed, ${Math.round(written * 1000)} entries/s committed: ${(sealed / written).toFixed(1)} times\n`,
      );
    });

    it('goes on when the leader dies: whoever follows seals what was left', async () => {
      const at = (ms: number) => ({ now: () => new Date(Date.parse(AT) + ms) });
      const sealed = async (holder: string, ms: number) =>
        (await new Leader(store.unitOfWork, at(ms), 'keeper', holder).leads())
          ? new Sealer(at(ms), keys, store.unitOfWork, store.keeper).seal()
          : undefined;
      await store.unitOfWork.commit([write('journal.entry', { entry: anEntry() })]);
      expect(await sealed('one', 0)).toBe(1);
      // it dies here, holding the lead
      await store.unitOfWork.commit([write('journal.entry', { entry: anEntry() })]);
      expect(await sealed('two', 8_999)).toBeUndefined();
      expect(await sealed('two', 9_000)).toBe(1);
      expect(await verified()).toMatchObject({ ok: true, entries: 2, seals: 2 });
    });

    if (name === 'PostgreSQL')
      it('takes with the next seal what a slow writer commits late, with ids older than those sealed', async () => {
        const slow = anEntry();
        const client = new Client({ connectionString: 'url' in store.place ? store.place.url : '' });
        await client.connect();
        await client.query('BEGIN');
        await client.query('INSERT INTO journal_entry (id, at, body, hash) VALUES ($1, $2, $3, $4)', [
          slow.id,
          slow.at,
          slow.body,
          slow.hash,
        ]);
        const sealer = new Sealer(clock, keys, store.unitOfWork, store.keeper);
        await store.unitOfWork.commit([write('journal.entry', { entry: anEntry() })]);
        expect(await sealer.seal()).toBe(1);
        expect(await sealer.seal()).toBe(0);
        await client.query('COMMIT');
        await client.end();
        expect(await sealer.seal()).toBe(1);
        const { ok, ids } = await verified();
        expect([ok, ids.indexOf(slow.id)]).toEqual([true, 1]);
      });
  });
});
