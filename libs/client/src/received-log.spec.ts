import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ReceivedLine, ReceivedLog } from './received-log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-received-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const line = (messageId: string, more: Partial<ReceivedLine> = {}): ReceivedLine => ({
  messageId,
  deliveryId: 'd',
  attempt: 1,
  at: '2026-11-22T00:00:00.000Z',
  outcome: 'filed',
  repeat: false,
  ...more,
});

it('remembers across a restart what it said of each message', async () => {
  const file = join(folder, 'in/received.ndjson');
  const log = await ReceivedLog.open(file);
  await Promise.all([log.add(line('a')), log.add(line('b', { outcome: 'refused', code: 'R02' }))]);
  await log.add(line('a', { attempt: 2, repeat: true, outcome: 'received' }));
  await log.close();
  const again = await ReceivedLog.open(file);
  expect(again.size).toBe(2);
  expect(again.outcome('a')).toEqual({ outcome: 'filed' });
  expect(again.outcome('b')).toEqual({ outcome: 'refused', code: 'R02' });
  expect(again.outcome('c')).toBeUndefined();
  await again.close();
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(4);
});

it('drops a line that a crash cut, and writes on from there', async () => {
  const file = join(folder, 'received.ndjson');
  const log = await ReceivedLog.open(file);
  await log.add(line('a'));
  await log.close();
  appendFileSync(file, JSON.stringify(line('b')).slice(0, 40));
  const again = await ReceivedLog.open(file);
  expect(again.outcome('b')).toBeUndefined();
  await again.add(line('c'));
  await again.close();
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines.map((text) => JSON.parse(text).messageId)).toEqual(['a', 'c']);
});

it('keeps every one of many lines that come together', async () => {
  const file = join(folder, 'received.ndjson');
  const log = await ReceivedLog.open(file);
  await Promise.all(Array.from({ length: 500 }, (_, i) => log.add(line(`m${i}`))));
  await log.close();
  expect((await ReceivedLog.open(file)).size).toBe(500);
});
