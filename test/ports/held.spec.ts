import Database from 'better-sqlite3';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HeldDecision, type HeldIdentity, type HeldProposal, type Message, write } from '#core';
import { openStore, type StorePlace } from '#storage';
import { AT, AT_REST, aMessage, insertMessage, minutes, type OpenedStore, onEveryStore } from './stores.ts';

const fenced = expect.objectContaining({ name: 'BrokerError', code: 'writer.fenced' });
const said = { evidence: 'CN', reason: 'vue', at: AT } as const;
const ann: HeldProposal = { ...said, verdict: 'release', by: 'ann' };
const bob: HeldProposal = { ...ann, by: 'bob', evidence: 'PA' };

/** the table before there were proposals */
const BEFORE = [
  'DROP INDEX held_identity_settled',
  'ALTER TABLE held_identity DROP COLUMN decided_at',
  'ALTER TABLE held_identity DROP COLUMN proposal',
  `DELETE FROM migrations WHERE name LIKE 'FourEyes%'`,
];

async function asItWas(place: StorePlace): Promise<void> {
  if ('file' in place) {
    const file = new Database(place.file);
    for (const statement of BEFORE) file.exec(statement);
    file.close();
    return;
  }
  const client = new Client({ connectionString: place.url });
  await client.connect();
  for (const statement of BEFORE) await client.query(statement);
  await client.end();
}

onEveryStore(({ name, open }) => {
  let store: OpenedStore;
  beforeEach(async () => {
    store = await open();
  });
  afterEach(() => store.remove());

  /** put on the work list */
  async function held(
    given: Partial<HeldIdentity> = {},
    message: Partial<Message> = {},
  ): Promise<HeldIdentity> {
    const { id } = { ...aMessage(), ...message };
    const one: HeldIdentity = {
      id,
      messageId: id,
      partner: 'spsti-b',
      reasons: ['ins.differs'],
      heldAt: AT,
      details: { atRest: AT_REST, bytes: Buffer.from('sealed') },
      ...given,
    };
    await store.unitOfWork.commit([
      insertMessage(aMessage({ id, status: 'held', ...message })),
      write('held.insert', { held: one }),
    ]);
    return one;
  }
  const propose = (id: string, proposal: HeldProposal, standing: HeldProposal | 'none') =>
    store.unitOfWork.commit([write('held.propose', { id, proposal, standing })]);
  const decide = (id: string, decision: HeldDecision, standing?: HeldProposal | 'none') =>
    store.unitOfWork.commit([
      write('held.decide', { id, decision, ...(standing === undefined ? {} : { standing }) }),
    ]);

  describe(`what a cell decides, on ${name}`, () => {
    it('is proposed and stays on the list, with the identities that it is about', async () => {
      const one = await held();
      await propose(one.id, ann, 'none');
      expect(await store.records.heldOf('spsti-b')).toEqual([{ ...one, proposal: ann }]);
      await propose(one.id, bob, ann);
      expect(await store.records.held(one.id)).toEqual({ ...one, proposal: bob });
    });

    it('is proposed over no other proposal than the one that was read', async () => {
      const { id } = await held();
      await propose(id, ann, 'none');
      await expect(propose(id, bob, 'none')).rejects.toEqual(fenced);
      await expect(propose(id, bob, { ...ann, reason: 'autre' })).rejects.toEqual(fenced);
      expect(await store.records.held(id)).toMatchObject({ proposal: ann });
    });

    it('of two proposals at once one is taken', async () => {
      const { id } = await held();
      const both = await Promise.allSettled([propose(id, ann, 'none'), propose(id, bob, 'none')]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    });

    it('is confirmed only as it stands, once, and then no longer proposed', async () => {
      const { id } = await held();
      await propose(id, ann, 'none');
      const confirmed: HeldDecision = { ...ann, by: 'bob', proposedBy: 'ann' };
      await expect(decide(id, confirmed, bob)).rejects.toEqual(fenced);
      await expect(decide(id, confirmed, 'none')).rejects.toEqual(fenced);
      const twice = await Promise.allSettled([decide(id, confirmed, ann), decide(id, confirmed, ann)]);
      expect(twice.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(await store.records.held(id)).toMatchObject({
        decision: confirmed,
        details: { atRest: { wrappedKey: null } },
      });
      await expect(propose(id, bob, ann)).rejects.toEqual(fenced);
    });

    it('is refused by one, whatever was proposed', async () => {
      const { id } = await held();
      await propose(id, ann, 'none');
      await decide(id, { ...said, verdict: 'refuse', by: 'bob' });
      expect(await store.records.heldOf('spsti-b')).toEqual([]);
    });

    it('is counted for its service, from an instant on, oldest first, without author nor words', async () => {
      const [late, early, before, others] = [
        // what came in
        await held({}, { sender: 'spsti-c', recipients: ['spsti-b'] }),
        await held(),
        await held(),
        await held({ partner: 'spsti-a' }),
      ];
      await decide(late.id, { ...said, verdict: 'refuse', by: 'broker', evidence: '', at: minutes(9) });
      await decide(early.id, { ...said, verdict: 'release', by: 'ann', at: minutes(5) });
      await decide(before.id, { ...said, verdict: 'release', by: 'ann', at: minutes(4) });
      await decide(others.id, { ...said, verdict: 'release', by: 'ann', at: minutes(9) });
      const always = { reasons: ['ins.differs'], heldAt: AT };
      expect(await store.operations.settledDoubts('spsti-b', minutes(5))).toEqual([
        {
          ...always,
          partners: ['spsti-a'],
          verdict: 'release',
          evidence: 'CN',
          at: minutes(5),
          lapsed: false,
        },
        { ...always, partners: ['spsti-c'], verdict: 'refuse', evidence: '', at: minutes(9), lapsed: true },
      ]);
    });

    it('is counted all the same when it was settled by a version that kept no instant beside it', async () => {
      const [one, open] = [await held(), await held()];
      // as decisions were always written, their instant last
      await decide(one.id, {
        verdict: 'release',
        evidence: 'CN',
        reason: 'vu à "l’accueil"',
        by: 'ann',
        at: AT,
      });
      await asItWas(store.place);
      const again = await openStore(store.place);
      expect(await again.operations.settledDoubts('spsti-b', AT)).toMatchObject([{ at: AT, evidence: 'CN' }]);
      expect((await again.records.heldOf('spsti-b')).map(({ id }) => id)).toEqual([open.id]);
      await again.close();
    });

    it('is counted as waiting while its message waits', async () => {
      expect(await store.operations.waitingDoubts('spsti-b')).toEqual({ waiting: 0 });
      await held({ heldAt: minutes(3) });
      const oldest = await held({ heldAt: minutes(1) });
      await held({ partner: 'spsti-a', heldAt: AT });
      await held({ heldAt: AT }, { status: 'cancelled' });
      expect(await store.operations.waitingDoubts('spsti-b')).toEqual({ waiting: 2, oldest: minutes(1) });
      await decide(oldest.id, { ...said, verdict: 'refuse', by: 'ann' });
      expect(await store.operations.waitingDoubts('spsti-b')).toEqual({ waiting: 1, oldest: minutes(3) });
    });
  });
});
