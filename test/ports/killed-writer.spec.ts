import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '#storage';

const LOOP = join(import.meta.dirname, 'commit-loop.ts');

let folder: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-killed-'));
});

afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Lets eight callers commit, kills the process after so many answers; the names it was told ok. */
async function killedAfter(file: string, prefix: string, answers: number): Promise<string[]> {
  const started = spawn(
    process.execPath,
    [
      '--conditions=source',
      '--experimental-transform-types',
      '--no-warnings',
      LOOP,
      file,
      prefix,
      '8',
      '100000',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  child = started;
  const names: string[] = [];
  const ended = once(started, 'exit');
  for await (const line of createInterface({ input: started.stdout })) {
    names.push(line.slice('ok '.length));
    if (names.length === answers) started.kill('SIGKILL');
  }
  await ended;
  return names;
}

describe('a process killed while it commits', () => {
  it('has every row that it was told ok, and no half list, after three kills on one file', async () => {
    const file = join(folder, 'relais.db');
    await (await openStore({ file })).close();
    const told: string[] = [];
    for (const [round, answers] of [57, 211, 400].entries()) {
      told.push(...(await killedAfter(file, `round-${round}`, answers)));
      const store = await openStore({ file });
      const rows: { name: string; chunks: number }[] = await store.source
        .sql`SELECT message_id AS name, count(*) AS chunks FROM payload_chunk GROUP BY 1`;
      const [integrity] = await store.source.query('PRAGMA integrity_check');
      await store.close();
      const kept = new Set(rows.map(({ name }) => name));
      expect(told.filter((name) => !kept.has(name))).toEqual([]);
      expect(rows.filter(({ chunks }) => chunks !== 2)).toEqual([]);
      expect(integrity).toEqual({ integrity_check: 'ok' });
    }
    expect(told.length).toBeGreaterThanOrEqual(57 + 211 + 400);
  });
});
