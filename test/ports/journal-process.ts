/**
 * A process of its own on the journal of a store: `journal-process.ts PLACE enter COUNT` commits so many lists of three
 * entries and says the ids of each once it is told ok; `… PLACE seal KEYS` seals without pause and says how many entries
 * each seal took. The tests kill it.
 */
import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { asBrokerError, type KeeperRecords, type RecordedEntry, recordEntry, Sealer, write } from '#core';
import { SigningKeys } from '#protection';
import type { StorePlace } from '#storage';
import { openGroupWriter } from '../../libs/storage/src/postgres/open-group-writer.ts';
import { Writer } from '../../libs/storage/src/sqlite/writer.ts';
import { StatementUnitOfWork } from '../../libs/storage/src/unit-of-work.ts';

const [given, task, last] = process.argv.slice(2) as [string, 'enter' | 'seal', string];
const place = JSON.parse(given) as StorePlace;
// the writers alone: the entities of the reads need a compiler
const writer =
  'file' in place
    ? new Writer(place, { lists: 1000, bytes: 64 << 20 })
    : openGroupWriter({ ...place, connections: { commit: 1, claim: 1 }, onLost: () => undefined });
const unitOfWork = new StatementUnitOfWork(writer);
const clock = { now: () => new Date() };
const say = (text: string) => writeSync(1, `${text}\n`);

/** SQLite has one writer at a time, and between processes its turns are not fair. */
async function again<T>(step: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await step();
    } catch (error) {
      if (asBrokerError(error).code !== 'store.unavailable') throw error;
    }
}

if (task === 'enter') {
  for (let n = 0; n < Number(last); n += 1) {
    const entries = Array.from({ length: 3 }, () =>
      recordEntry({ id: v7(), at: clock.now().toISOString(), kind: 'test.entered', actor: 'broker' }),
    );
    await again(() => unitOfWork.commit(entries.map((entry) => write('journal.entry', { entry }))));
    say(entries.map(({ id }) => id).join(' '));
  }
  await writer.close();
} else {
  const source = new DataSource(
    'file' in place
      ? { type: 'better-sqlite3', database: place.file, readonly: true }
      : { type: 'postgres', url: place.url, installExtensions: false },
  );
  await source.initialize();
  const records = {
    unsealedEntries: (limit: number) =>
      source.query<RecordedEntry[]>(
        `SELECT id, at, body, hash FROM journal_entry WHERE seal IS NULL ORDER BY id LIMIT ${limit}`,
      ),
    async lastSeal() {
      const [seal] = await source.query<{ n: number; jws: string }[]>(
        'SELECT n, jws FROM journal_seal ORDER BY n DESC LIMIT 1',
      );
      // the driver gives a bigint as text
      return seal === undefined ? undefined : { ...seal, n: Number(seal.n) };
    },
  };
  const sealer = new Sealer(clock, new SigningKeys(last), unitOfWork, records as KeeperRecords);
  for (;;) {
    say(String((await again(() => sealer.seal())) ?? 'other'));
    await setTimeout(2);
  }
}
