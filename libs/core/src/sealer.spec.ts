import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aWorld, type World } from '../../../test/builders/stages.ts';
import { leafHash, merkleRoot, recordEntry, type SealClaims } from './journal.ts';
import type { KeeperRecords } from './ports.ts';
import { Sealer } from './sealer.ts';
import { write } from './writes.ts';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.done());

const enter = (...ids: string[]) =>
  world.unitOfWork.commit(
    ids.map((id) =>
      write('journal.entry', { entry: recordEntry({ id, at: 'a', kind: 'k', actor: 'broker' }) }),
    ),
  );
const many = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `e${String(from + i).padStart(6, '0')}`);
const idsOf = async (seal: number) => (await world.store.journal.entriesOfSeal(seal)).map(({ id }) => id);
const claimsOf = (jws: string) => world.pki.signing.verify(jws, 'relais-seal+jwt') as unknown as SealClaims;
const seals = () => world.store.journal.seals(0, 1_000);

/** Every entry in exactly one seal, at each place once, under a signed root that chains to the seal before. */
async function isWhole(entries: number): Promise<void> {
  const rows = await world.rows('journal_entry');
  expect(rows).toHaveLength(entries);
  expect(rows.every(({ seal, position }) => seal !== null && position !== null)).toBe(true);
  let prev = '0'.repeat(64);
  let sealed = 0;
  for (const [i, { n, jws }] of (await seals()).entries()) {
    const claims = claimsOf(jws);
    const taken = await world.store.journal.entriesOfSeal(n);
    const root = merkleRoot(taken.map(({ body }) => leafHash(Buffer.from(body)))).toString('hex');
    expect(claims).toEqual({ n: i + 1, at: claims.at, size: taken.length, root, prev });
    prev = createHash('sha256').update(jws).digest('hex');
    sealed += taken.length;
  }
  expect(sealed).toBe(entries);
}

describe('a seal', () => {
  it('takes every entry that has none, in the order of their ids, and chains to the seal before', async () => {
    await enter('b', 'a');
    expect(await world.sealer.seal()).toBe(2);
    await enter('c');
    expect(await world.sealer.seal()).toBe(1);
    expect([await idsOf(1), await idsOf(2)]).toEqual([['a', 'b'], ['c']]);
    await isWhole(3);
  });

  it('is not made when nothing waits', async () => {
    expect(await world.sealer.seal()).toBe(0);
    expect(await seals()).toEqual([]);
  });

  it('picks up an entry committed late with an older id', async () => {
    await enter('b', 'd');
    await world.sealer.seal();
    await enter('a', 'c', 'e');
    await world.sealer.seal();
    expect(await idsOf(2)).toEqual(['a', 'c', 'e']);
    await isWhole(5);
  });

  it('takes thousands of entries in several, none twice', async () => {
    for (let from = 0; from < 12_000; from += 3_000) await enter(...many(from, 3_000));
    await world.sealer.sealAll();
    expect((await seals()).map(({ jws }) => claimsOf(jws).size)).toEqual([5_000, 5_000, 2_000]);
    await isWhole(12_000);
  });

  it('that could not be written leaves its entries for the next', async () => {
    await enter('a');
    world.failCommitOf('journal.seal', new Error('disk'));
    await expect(world.sealer.seal()).rejects.toThrow('disk');
    expect(await world.sealer.seal()).toBe(1);
    await isWhole(1);
  });
});

describe('two sealers', () => {
  it('at once neither lose nor double an entry, however their turns fall', async () => {
    const other = new Sealer(world.clock, world.pki.signing, world.unitOfWork, world.store.keeper);
    let entered = 0;
    for (let round = 0; round < 30; round++) {
      await enter(...many(entered, 7));
      entered += 7;
      await Promise.all([
        world.sealer.seal(),
        enter(...many(entered, 3)),
        other.seal(),
        world.sealer.seal(),
        other.seal(),
      ]);
      entered += 3;
    }
    await world.sealer.sealAll();
    await isWhole(entered);
  });

  it('with the same number: the second writes nothing and says so', async () => {
    await enter('a', 'b');
    const slow = new Sealer(world.clock, world.pki.signing, world.unitOfWork, lateLook(['a', 'b']));
    await world.sealer.seal();
    expect(await slow.seal()).toBeUndefined();
    await isWhole(2);
  });

  it('where the second saw the seal of the first, but entries that it had taken: the whole is taken back', async () => {
    await enter('a', 'b');
    const entries = await world.store.keeper.unsealedEntries(10);
    await world.sealer.seal();
    const stale: KeeperRecords = { ...world.store.keeper, unsealedEntries: async () => entries };
    const slow = new Sealer(world.clock, world.pki.signing, world.unitOfWork, stale);
    expect(await slow.seal()).toBeUndefined();
    expect(await seals()).toHaveLength(1);
    await isWhole(2);
  });

  it('never keep the seal that ends an export from taking what was committed before it', async () => {
    await enter('a');
    let looked = 0;
    const records: KeeperRecords = {
      ...world.store.keeper,
      async unsealedEntries(limit) {
        const entries = await world.store.keeper.unsealedEntries(limit);
        // the timer's sealer takes the first entry in between, and not the second
        if (looked++ === 0) {
          await world.sealer.seal();
          await enter('b');
        }
        return entries;
      },
    };
    await new Sealer(world.clock, world.pki.signing, world.unitOfWork, records).sealAll();
    await isWhole(2);
  });

  it('and traffic that never stops do not keep an export waiting: it seals what was there, once', async () => {
    await enter('a');
    let entered = 0;
    const records: KeeperRecords = {
      ...world.store.keeper,
      async lastSeal() {
        if (++entered > 50) throw new Error('sealing goes on for ever');
        await enter(`z${entered}`);
        return world.store.keeper.lastSeal();
      },
    };
    await new Sealer(world.clock, world.pki.signing, world.unitOfWork, records).sealAll();
    expect(await idsOf(1)).toEqual(['a']);
  });

  /** Saw the entries and no seal yet, before the other wrote. */
  function lateLook(ids: readonly string[]): KeeperRecords {
    const entries = ids.map((id) => recordEntry({ id, at: 'a', kind: 'k', actor: 'broker' }));
    return {
      ...world.store.keeper,
      unsealedEntries: async () => entries,
      lastSeal: async () => undefined,
    };
  }
});
