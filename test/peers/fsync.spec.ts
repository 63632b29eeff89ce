import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore } from '#storage';
import { judgedBy, run } from './programs.ts';

const LOOP = join(import.meta.dirname, '../ports/commit-loop.ts');

/** Commits to the same file without saying FULL: what this SQLite does in WAL mode when nobody asks for more. */
const NOT_FULL = `
  const { writeSync } = require('node:fs');
  const database = new (require('better-sqlite3'))(process.argv[1]);
  database.pragma('journal_mode = WAL');
  for (let n = 0; n < 20; n += 1) {
    database.prepare('INSERT INTO payload_chunk VALUES (?, 0, ?, ?)').run('n' + n, '', Buffer.alloc(2000));
    writeSync(1, 'ok n' + n + '\\n');
  }`;

let folder: string;
let file: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relais-fsync-'));
  file = join(folder, 'relais.db');
  await (await openStore({ file })).close();
});

afterEach(() => rmSync(folder, { recursive: true }));

type Event = 'write' | 'sync' | 'answer';

/** What strace saw of the log and of the answers, in order; a sync counts when it has returned 0. */
function traced(args: readonly string[]): Event[] {
  const trace = join(folder, 'trace');
  run('strace', [
    '-f',
    '-y',
    '-o',
    trace,
    '-e',
    'trace=write,pwrite64,fsync,fdatasync',
    process.execPath,
    ...args,
  ]);
  const waiting = new Set<string>();
  const events: Event[] = [];
  for (const line of readFileSync(trace, 'utf8').split('\n')) {
    const thread = line.split(' ', 1)[0] ?? '';
    if (/ pwrite64\(\d+<[^>]*-wal>/.test(line)) events.push('write');
    else if (/ write\(1<[^>]*>, "ok /.test(line)) events.push('answer');
    else if (/ (fsync|fdatasync)\(\d+<[^>]*-wal>\)\s+= 0/.test(line)) events.push('sync');
    else if (/ (fsync|fdatasync)\(\d+<[^>]*-wal> <unfinished/.test(line)) waiting.add(thread);
    else if (/ <\.\.\. (fsync|fdatasync) resumed>\)\s+= 0/.test(line) && waiting.delete(thread))
      events.push('sync');
  }
  return events;
}

/** answers given while something written to the log was not yet synced, or nothing was written at all */
function unsafe(events: readonly Event[]): number {
  let count = 0;
  let state: 'nothing' | 'written' | 'synced' = 'nothing';
  for (const event of events) {
    if (event === 'write') state = 'written';
    else if (event === 'sync' && state === 'written') state = 'synced';
    else if (event === 'answer') {
      if (state !== 'synced') count += 1;
      state = 'nothing';
    }
  }
  return count;
}

const ours = (callers: number, count: number): string[] => [
  '--conditions=source',
  '--experimental-transform-types',
  '--no-warnings',
  LOOP,
  file,
  'm',
  String(callers),
  String(count),
];

judgedBy(['strace'], 'every commit', () => {
  it('is answered after the log was written and a sync of it has returned', () => {
    const events = traced(ours(1, 20));
    expect(events.filter((event) => event === 'answer')).toHaveLength(20);
    expect(unsafe(events)).toBe(0);
  });

  it('shares its sync with the commits that came meanwhile', () => {
    const events = traced(ours(50, 4));
    const count = (kind: Event) => events.filter((event) => event === kind).length;
    expect(count('answer')).toBe(200);
    expect(count('sync')).toBeGreaterThan(0);
    expect(count('sync')).toBeLessThan(100);
  });

  it('would be seen if it were not: the same log without FULL has answers before any sync', () => {
    const events = traced(['-e', NOT_FULL, file]);
    expect(events.filter((event) => event === 'answer')).toHaveLength(20);
    expect(unsafe(events)).toBeGreaterThan(10);
  });
});
