/** Registers of services over the journal: whose lines, in which order, and gone with the entries that they name. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessOf, purgeOf, type RegisterLook, recordEntry, type Write, write } from '#core';
import { type OpenedStore, STORES } from './stores.ts';

const DAY = (n: number) => `2026-03-${String(n).padStart(2, '0')}T09:00:00.000Z`;
const WHOLE = { from: DAY(1), to: '2027-01-01T00:00:00.000Z', limit: 10 };

const entryOf = (n: number) =>
  recordEntry({
    // of one instant or in no order of time: the register has its own
    id: `01990000-0000-7000-8000-${String(100 - n).padStart(12, '0')}`,
    at: DAY(n),
    kind: 'dossier.opened',
    actor: 'person:p',
  });
const opened = (n: number, ...lines: [partner: string, worker?: string][]): Write[] => {
  const entry = entryOf(n);
  return [
    write('journal.entry', { entry }),
    ...lines.map(([partner, worker]) => accessOf(entry, partner, worker)),
  ];
};

for (const { name, open, isThere } of STORES) {
  describe.runIf(isThere)(`registers on ${name}`, () => {
    let store: OpenedStore;
    const days = async (look: Partial<RegisterLook>) => {
      const found = await store.journal.registered({
        ...WHOLE,
        partner: 'spsti-b',
        register: 'access',
        ...look,
      });
      return found.map(({ at }) => Number(at.slice(8, 10)));
    };

    beforeAll(async () => {
      store = await open();
      await store.unitOfWork.commit([
        ...opened(1, ['spsti-b', 'w1'], ['spsti-a', 'v1']),
        ...opened(2, ['spsti-b', 'w2']),
        ...opened(3, ['spsti-b']),
        ...opened(4, ['spsti-b', 'w1']),
      ]);
      const gone = recordEntry({ ...JSON.parse(entryOf(5).body), kind: 'delivery.purged' });
      await store.unitOfWork.commit([write('journal.entry', { entry: gone }), purgeOf(gone, 'spsti-b')]);
    });
    afterAll(() => store.remove());

    it('are a service’s own, newest first, each by its name', async () => {
      expect(await days({})).toEqual([4, 3, 2, 1]);
      expect(await days({ partner: 'spsti-a' })).toEqual([1]);
      expect(await days({ partner: 'spsti-c' })).toEqual([]);
      expect(await days({ register: 'purge' })).toEqual([5]);
    });

    it('are read by worker, each service by its own pseudonym', async () => {
      expect(await days({ worker: 'w1' })).toEqual([4, 1]);
      expect(await days({ worker: 'v1' })).toEqual([]);
      const [line] = await store.journal.registered({
        ...WHOLE,
        partner: 'spsti-a',
        register: 'access',
      });
      expect(line).toEqual({ ...entryOf(1), worker: 'v1' });
    });

    it('are read by period, the end not included', async () => {
      expect(await days({ from: DAY(2), to: DAY(4) })).toEqual([3, 2]);
    });

    it('are read page by page, and no line of another’s is a place in them', async () => {
      expect(await days({ limit: 2 })).toEqual([4, 3]);
      expect(await days({ limit: 2, afterId: entryOf(3).id })).toEqual([2, 1]);
      expect(await days({ worker: 'w1', afterId: entryOf(4).id })).toEqual([1]);
      expect(await days({ afterId: entryOf(1).id })).toEqual([]);
      expect(await days({ partner: 'spsti-a', afterId: entryOf(2).id })).toEqual([]);
    });

    it('are gone with the entries that are purged', async () => {
      const two = [entryOf(1), entryOf(2)];
      const seal = { at: DAY(2), size: 2, root: '', prev: '', jws: 'x.y.z' };
      await store.unitOfWork.commit([
        write('journal.seal', { n: 1, ...seal }),
        write('journal.assign', { seal: 1, entries: two.map(({ id }) => id) }),
      ]);
      await store.unitOfWork.commit([
        write('register.purge', { fromSeal: 1, toSeal: 1 }),
        write('journal.purge', { fromSeal: 1, toSeal: 1, entries: 2 }),
      ]);
      expect(await days({})).toEqual([4, 3]);
      expect(await days({ partner: 'spsti-a' })).toEqual([]);
      const [left] = (await store.source.query('SELECT count(*) AS n FROM register_line')) as {
        n: unknown;
      }[];
      expect(Number(left?.n)).toBe(3);
    });

    it('stand beside seals, newest first', async () => {
      const seal = { at: DAY(3), size: 0, root: '', prev: '', jws: 'x.y.z' };
      await store.unitOfWork.commit([2, 3].map((n) => write('journal.seal', { n, ...seal })));
      const numbers = async (...asked: [number, number?]) =>
        (await store.journal.lastSeals(...asked)).map(({ n }) => n);
      expect(await numbers(2)).toEqual([3, 2]);
      expect(await numbers(2, 2)).toEqual([1]);
    });
  });
}
