/** Months of the journal that go while its seals stay: what verifies before verifies after, and the ledger still adds up. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalPurge, type KeeperRecords, recordEntry, Sealer, write } from '#core';
import { SigningKeys } from '#protection';
import { journalExport } from '../../apps/broker/src/operations/journal-export.ts';
import type { JournalVerdict } from '../../apps/cli/src/journal-verify/verdict.ts';
import { verifyExport } from '../../apps/cli/src/journal-verify/verify-journal.ts';
import { balance } from '../../apps/cli/src/ledger/balance.ts';
import { readBooks } from '../../apps/cli/src/ledger/books.ts';
import { aMessage, insertMessage, type OpenedStore, onEveryStore } from './stores.ts';

onEveryStore(({ name, open }) => {
  let store: OpenedStore;
  let folder: string;
  let keys: SigningKeys;
  let now: string;
  const clock = { now: () => new Date(now) };
  const ids = { next: () => v7({ msecs: clock.now().getTime() }) };
  const sealer = () => new Sealer(clock, keys, store.unitOfWork, store.keeper);
  const purge = (months = 2, records: KeeperRecords = store.keeper) =>
    new JournalPurge(clock, ids, store.unitOfWork, records, months);

  beforeEach(async () => {
    store = await open();
    folder = mkdtempSync(join(tmpdir(), 'relais-purge-'));
    keys = new SigningKeys(folder);
  });
  afterEach(async () => {
    await store.remove();
    rmSync(folder, { recursive: true });
  });

  const enter = (
    kind: string,
    facts: { messageId?: string; details?: Record<string, string | number> } = {},
  ) =>
    store.unitOfWork.commit([
      write('journal.entry', {
        entry: recordEntry({ id: ids.next(), at: now, kind, actor: 'spsti-b', ...facts }),
      }),
    ]);
  /** a message for two recipients, of which only the journal knows any more */
  const forgotten = async (id = ids.next()) => {
    await enter('message.accepted', { messageId: id, details: { recipients: 'spsti-a cnam' } });
    return id;
  };
  const month = async (at: string, ...steps: (() => Promise<unknown>)[]) => {
    now = at;
    for (const step of steps) {
      await step();
      await sealer().seal();
    }
  };
  const told = (units: number) => () => enter('message.forgotten', { details: { messages: 1, units } });
  const exported = async () => {
    const lines: string[] = [];
    for await (const line of journalExport(store.journal, keys.jwks(), () => sealer().sealAll()))
      lines.push(line);
    return lines;
  };
  const verify = (lines: readonly string[], witnesses: string[] = []): Promise<JournalVerdict> =>
    verifyExport(
      Readable.from(lines.map((line) => Buffer.from(line))),
      witnesses.map((text, n) => ({ name: `w${n}`, text })),
    );
  const kept = async () => (await store.source.query('SELECT id FROM journal_entry')).length as number;
  const said = async () =>
    (await exported()).flatMap((line) => {
      const { body } = JSON.parse(line) as { body?: string };
      const entry = JSON.parse(body ?? '{}') as { kind?: string; details?: object };
      return entry.kind === 'journal.purged' ? [entry.details] : [];
    });
  const ledger = async () => balance(await readBooks(store.place), [], []);

  describe(`months of the journal on ${name}`, () => {
    it('go whole seals at a time when they are old enough; their seals stay and an export is intact', async () => {
      await month('2026-01-30T10:00:00.000Z', forgotten, forgotten);
      await month('2026-02-01T00:00:00.000Z', forgotten);
      await month('2026-03-31T23:59:59.999Z', told(6));
      const before = await exported();
      expect(await purge().turn()).toBe(0);
      expect(await purge(0).turn()).toBe(0);
      now = '2026-04-01T00:00:00.000Z';
      expect(await purge().turn()).toBe(2);
      expect(await purge().turn()).toBe(0);
      const after = await exported();
      const seals = (lines: string[]) => lines.filter((line) => line.includes('"type":"seal"'));
      expect(seals(after).slice(0, 4)).toEqual(seals(before));
      expect(await verify(after)).toMatchObject({
        ok: true,
        entries: 3,
        seals: 5,
        purged: { seals: 2, entries: 2, until: '2026-01-30T10:00:00.000Z' },
      });
      expect(await said()).toEqual([
        { fromSeal: 1, toSeal: 2, entries: 2, month: '2026-01', until: '2026-01-30T10:00:00.000Z', units: 4 },
      ]);
    });

    it('are still said to be gone when the entry that said so goes itself', async () => {
      await month('2026-01-30T10:00:00.000Z', forgotten);
      await month('2026-02-10T10:00:00.000Z', forgotten, told(4));
      await month('2026-04-02T10:00:00.000Z', () => purge().turn());
      await month('2026-05-02T10:00:00.000Z', () => purge().turn());
      await month('2026-07-02T10:00:00.000Z', () => purge().turn());
      expect(await said()).toEqual([
        expect.objectContaining({ fromSeal: 2, toSeal: 3, month: '2026-02', units: -2 }),
        expect.objectContaining({ fromSeal: 1, toSeal: 4, month: '2026-04', units: 2 }),
      ]);
      expect(await verify(await exported())).toMatchObject({ ok: true, purged: { seals: 4 } });
      expect(await ledger()).toMatchObject({ balanced: true });
    });

    it('wait for the messages that are still remembered, and never let an entry go that no seal has', async () => {
      const message = aMessage();
      now = '2026-01-30T10:00:00.000Z';
      await store.unitOfWork.commit([insertMessage(message)]);
      await month(now, forgotten, () => forgotten(message.id), forgotten);
      await forgotten();
      now = '2027-01-01T10:00:00.000Z';
      expect([await purge().turn(), await purge().turn(), await kept()]).toEqual([1, 0, 4]);
      await store.unitOfWork.commit([write('message.forget', { ids: [message.id] })]);
      expect([await purge().turn(), await purge().turn(), await kept()]).toEqual([2, 0, 3]);
    });

    it('go once when two keepers both think that they lead', async () => {
      await month('2026-01-30T10:00:00.000Z', forgotten, forgotten);
      now = '2026-04-01T00:00:00.000Z';
      const removed = await Promise.all([purge().turn(), purge().turn(), purge().turn()]);
      expect(removed.sort()).toEqual([0, 0, 2]);
      expect(await said()).toHaveLength(1);
    });

    it('stay when they are not what was sealed: that is evidence', async () => {
      await month('2026-01-30T10:00:00.000Z', forgotten);
      now = '2026-04-01T00:00:00.000Z';
      const changed: KeeperRecords = {
        ...store.keeper,
        entriesOfSeals: async (...range) =>
          (await store.keeper.entriesOfSeals(...range)).map((entry) => ({
            ...entry,
            body: entry.body.replace('cnam', 'dgt'),
          })),
      };
      await expect(purge(2, changed).turn()).rejects.toMatchObject({ code: 'internal' });
      expect(await kept()).toBe(1);
    });

    it('that nobody said were purged make an export refused, at the first seal that is empty', async () => {
      await month('2026-01-30T10:00:00.000Z', forgotten, forgotten, forgotten);
      await store.unitOfWork.commit([write('journal.purge', { fromSeal: 2, toSeal: 2, entries: 1 })]);
      const lines = await exported();
      const line = lines.findIndex((text) => text.includes('"n":2')) + 1;
      expect((await verify(lines)).firstBad).toEqual({ code: 'seal.emptied', line, seal: 2 });
      // and the one that a purge names does not speak for another
      now = '2026-04-01T00:00:00.000Z';
      await enter('journal.purged', { details: { fromSeal: 3, toSeal: 3 } });
      expect((await verify(await exported())).firstBad).toMatchObject({ code: 'seal.emptied', seal: 2 });
    });

    it('leave a seal or a proof that a partner kept as it is, and say of a receipt that it can no longer tell', async () => {
      await month('2026-01-30T10:00:00.000Z', forgotten);
      const [entry] = await store.journal.entriesOfSeal(1);
      const proof = { entry, seal: await store.journal.seal(1) };
      const receipt = keys.sign(
        { id: 'm', journal: { entry: entry?.id, hash: entry?.hash } },
        'relais-receipt+jwt',
      );
      now = '2026-04-01T00:00:00.000Z';
      await purge().turn();
      const late = keys.sign({ id: 'm', journal: { entry: ids.next(), hash: 'ab' } }, 'relais-receipt+jwt');
      const lines = await exported();
      expect(await verify(lines, [JSON.stringify(proof), receipt])).toMatchObject({
        ok: true,
        witnesses: [{ name: 'w0' }, { name: 'w1', purged: true }],
      });
      expect((await verify(lines, [late])).witnesses).toEqual([{ name: 'w0', fault: 'witness.missing' }]);
    });

    it('leave the ledger balanced, receipts of forgotten messages included; a unit never forgotten is missed', async () => {
      let gone = '';
      await month('2026-01-30T10:00:00.000Z', async () => {
        gone = await forgotten();
      });
      await month('2026-03-01T10:00:00.000Z', forgotten, told(2));
      now = '2026-04-01T00:00:00.000Z';
      expect(await purge().turn()).toBe(1);
      const books = await readBooks(store.place);
      const sent = [{ partner: 'spsti-b', receipts: [{ id: gone, senderId: 's' }] }];
      const line = { messageId: gone, attempt: 1, outcome: 'received', repeat: false };
      const received = [{ partner: 'cnam', lines: [line] }];
      // two units of the second message are nowhere
      expect(balance(books, sent, received)).toMatchObject({
        lost: [{ code: 'journalled-unknown' }, { code: 'journalled-unknown' }],
        unexplained: [],
      });
      await month('2026-04-01T00:00:00.000Z', told(2));
      expect(balance(await readBooks(store.place), sent, received)).toMatchObject({ balanced: true });
    });

    it('purged with a unit that was never forgotten leave a ledger that does not balance', async () => {
      await month('2026-01-30T10:00:00.000Z', forgotten);
      now = '2026-04-01T00:00:00.000Z';
      await purge().turn();
      expect(await ledger()).toMatchObject({ balanced: false, lost: [{ code: 'purged-unforgotten' }] });
    });
  });
});
