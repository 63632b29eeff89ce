import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aPartner, aWorld, RECEIVED, type World } from '../../../test/builders/stages.ts';
import type { DmstRequest } from './dmst-request.ts';
import { BrokerError } from './errors.ts';
import { rewrite } from './exchange.ts';
import type { Exchange } from './message.ts';
import type { Partner } from './partner.ts';
import { write } from './writes.ts';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.done());

const asked = async () => {
  const { message, exchanges } = await world.send('ask');
  await world.run();
  const [{ id }] = exchanges as [Exchange];
  return { message, id, now: async () => (await world.records.exchange(id)) as Exchange };
};
const reminders = () => world.rows('message', `object = 'reminder'`);

describe('time', () => {
  it('reminds the responder once, by a message of Relais’ own', async () => {
    const exchange = await asked();
    world.pass({ hours: 5 });
    await world.keeper.tick();
    await world.keeper.tick();
    expect(await exchange.now()).toMatchObject({ reminded: true, overdue: false, state: 'DELIVERED' });
    expect(await reminders()).toMatchObject([
      { sender: 'relais', recipients: '["spsti-a"]', correlation_id: exchange.id },
    ]);
    await world.run();
    expect(world.parcels.at(-1)).toMatchObject({
      recipient: { id: 'spsti-a' },
      message: { object: 'reminder' },
    });
  });

  it('makes an exchange overdue, then ends it without an answer: R09', async () => {
    const exchange = await asked();
    world.pass({ hours: 8 });
    await world.keeper.tick();
    expect(await exchange.now()).toMatchObject({ overdue: true, state: 'DELIVERED' });
    world.pass({ hours: 22 });
    await world.keeper.tick();
    expect(await exchange.now()).toMatchObject({ state: 'EXPIRED', refusal: 'R09', overdue: true });
    const kinds = await world.kinds();
    expect(kinds.filter((kind) => kind.startsWith('exchange.'))).toEqual([
      'exchange.overdue',
      'exchange.expired',
    ]);
  });

  it('ends a request that still waited for a person: off the work list, as what nobody decided', async () => {
    const { message } = await world.send('ask');
    const { id, sender } = message;
    const { atRest, chunks } = world.vault.seal(Buffer.from('{}'), `held/${id}`);
    const details = { atRest, bytes: chunks[0] as Uint8Array };
    const held = { id, messageId: id, partner: sender, reasons: ['ins.differs'], heldAt: message.receivedAt };
    await world.unitOfWork.commit([
      write('message.status', { id, status: 'held', reason: 'identity.in-doubt' }),
      write('held.insert', { held: { ...held, details } }),
    ]);
    world.pass({ hours: 30 });
    await world.keeper.tick();
    expect(await world.records.message(id)).toMatchObject({ status: 'expired' });
    expect(await world.records.held(id)).toMatchObject({ decision: { verdict: 'refuse', by: 'broker' } });
    const since = message.receivedAt;
    expect(await world.store.operations.settledDoubts(sender, since)).toMatchObject([{ lapsed: true }]);
  });

  it('closes an exchange that was answered, without blaming anybody', async () => {
    const exchange = await asked();
    const partner = world.partners.get('spsti-a') as Partner;
    const event = { recipient: 'spsti-b', correlationid: exchange.id, lastvisit: '2026-01-01' };
    await world.send('reply', {}, { partner, event });
    await world.run();
    world.pass({ hours: 48 });
    await world.keeper.tick();
    const closed = await exchange.now();
    expect(closed).toMatchObject({ state: 'CLOSED', overdue: false, reminded: false });
    expect(closed.refusal).toBeUndefined();
  });

  it('closes an exchange whose refusal was never prepared, once that has ended too', async () => {
    const exchange = await asked();
    const partner = world.partners.get('spsti-a') as Partner;
    world.partners.set('spsti-b', aPartner(world.pki, 'spsti-b', { keys: { enc: [world.pki.expired] } }));
    const event = { recipient: 'spsti-b', correlationid: exchange.id };
    await world.send('refusal', {}, { partner, event });
    world.pass({ hours: 30 });
    await world.run();
    await world.keeper.tick();
    expect(await exchange.now()).toMatchObject({ state: 'DELIVERED' });
    world.pass({ hours: 18 });
    await world.run();
    await world.keeper.tick();
    expect(await exchange.now()).toMatchObject({ state: 'CLOSED' });
  });

  it('expires what waits in a mailbox, with its job, its sealed parts and the original', async () => {
    world.script = () => undefined;
    const { message } = await world.send('note');
    await world.run();
    world.pass({ hours: 48 });
    await world.keeper.tick();
    const delivery = await world.deliveryOf(message.id);
    expect(delivery).toMatchObject({ state: 'expired' });
    expect(await world.records.message(message.id)).toMatchObject({ status: 'expired' });
    expect(await world.records.payload(message.id)).toMatchObject({
      atRest: { wrappedKey: null },
      chunks: [],
    });
    expect(await world.records.parts(delivery.id)).toEqual([]);
    expect((await world.journal()).at(-1)).toMatchObject({
      kind: 'delivery.expired',
      details: { was: 'available' },
    });
  });

  it('does not cut an attempt under way: what it learns is worth knowing', async () => {
    let answer: () => void = () => undefined;
    world.script = async (parcel) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return RECEIVED(parcel, world.clock.now());
    };
    const { message } = await world.send('note');
    const running = world.run();
    while (world.parcels.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    world.pass({ hours: 48 });
    await world.keeper.tick();
    answer();
    await running;
    expect(await world.records.message(message.id)).toMatchObject({ status: 'delivered' });
  });

  it('changes nothing the second time', async () => {
    await asked();
    world.script = () => undefined;
    await world.send('note');
    await world.run();
    world.pass({ hours: 48 });
    await world.keeper.tick();
    const before = await world.journal();
    world.commits.length = 0;
    await world.keeper.tick();
    expect(await world.journal()).toEqual(before);
    expect(world.commits.flat().map((one) => one.write)).toEqual(['payload.sweep', 'candidate.sweep']);
  });

  it('sweeps the files proposed for an exchange that an older process ended, and no others', async () => {
    const [over, open] = [await asked(), await asked()];
    const propose = (exchangeId: string) => {
      const { atRest } = world.vault.sealer(`candidate/${exchangeId}`);
      const facts = {
        id: `of-${exchangeId}`,
        exchangeId,
        depositedAt: world.clock.now().toISOString(),
        depositedBy: 'spsti-a',
      };
      const candidate = { ...facts, atRest, head: Buffer.from('head') };
      return write('candidate.insert', { candidate, content: Buffer.from('content') });
    };
    await world.unitOfWork.commit([rewrite(await over.now(), world.clock.now(), { state: 'CLOSED' })]);
    // the write that ended it did not know of them
    await world.unitOfWork.commit([propose(over.id), propose(open.id)]);
    await world.keeper.tick();
    expect(await world.rows('candidate', '1 = 1')).toMatchObject([{ exchange_id: open.id }]);
    expect(await world.kinds()).not.toContainEqual(expect.stringContaining('candidate'));
  });

  it('leaves to the other what somebody else moved first', async () => {
    const exchange = await asked();
    world.pass({ hours: 30 });
    const commit = world.unitOfWork.commit.bind(world.unitOfWork);
    const stale = await exchange.now();
    // another process closes it between the keeper's look and its write
    world.unitOfWork.commit = async (writes) => {
      world.unitOfWork.commit = commit;
      await commit([rewrite(stale, world.clock.now(), { state: 'CLOSED' })]);
      await commit(writes);
    };
    await world.keeper.tick();
    expect(await exchange.now()).toMatchObject({ state: 'CLOSED' });
    expect(await world.kinds()).not.toContain('exchange.expired');
  });

  it('goes on to the others when one row cannot be moved, and tells of the failure', async () => {
    world.script = () => undefined;
    const { message } = await world.send('note');
    const exchange = await asked();
    world.pass({ hours: 48 });
    world.failCommitOf('job.cancel', new BrokerError('internal'));
    await expect(world.keeper.tick()).rejects.toMatchObject({ code: 'internal' });
    expect(await exchange.now()).toMatchObject({ state: 'EXPIRED' });
    await world.keeper.tick();
    expect(await world.records.message(message.id)).toMatchObject({ status: 'expired' });
  });
});

describe('what is over', () => {
  const GROUP = 'group-1';
  /** asked of a and c; `settle` brings it to its end */
  const grouped = async (answer: 'reply' | 'refusal' = 'reply') => {
    const now = world.clock.now();
    const { atRest, chunks } = world.vault.seal(
      Buffer.from('{"birthName":"ADRUN"}'),
      `dmst-request/${GROUP}`,
    );
    const request: DmstRequest = {
      ...{ id: GROUP, partner: 'spsti-b', author: 'p', state: 'open', createdAt: now.toISOString() },
      expiresAt: new Date(now.getTime() + 30 * 3_600_000).toISOString(),
      ...{ informedAt: now.toISOString(), recordedBy: 'p', identityStatus: 'PROV' },
      sources: ['spsti-a', 'spsti-c'],
      worker: { atRest, bytes: chunks[0] as Uint8Array },
    };
    await world.unitOfWork.commit([write('dmst-request.insert', { request })]);
    const asked = [];
    for (const recipient of request.sources)
      asked.push(await world.send('ask', {}, { groupId: GROUP, event: { recipient } }));
    await world.run();
    const [exchange] = asked.flatMap(({ exchanges }) => exchanges);
    const partner = world.partners.get('spsti-a') as Partner;
    const event = { recipient: 'spsti-b', correlationid: exchange?.id ?? '', lastvisit: '2026-01-01' };
    await world.send(answer, {}, { partner, event });
    await world.run();
    return asked.map(({ message }) => message.id);
  };
  const worker = async () => (await world.records.dmstRequest(GROUP))?.worker;
  const tick = async (days: number) => {
    world.pass({ days });
    await world.keeper.tick();
    await world.run();
  };

  it('names no worker some days after a request was closed, and says how many it erased', async () => {
    await grouped();
    await tick(2);
    expect(await world.records.dmstRequest(GROUP)).toMatchObject({ state: 'closed' });
    await tick(29);
    expect((await worker())?.atRest.wrappedKey).not.toBeNull();
    await tick(2);
    expect(await worker()).toMatchObject({ atRest: { wrappedKey: null }, bytes: Buffer.alloc(0) });
    await world.keeper.tick();
    const erased = (await world.journal()).filter(({ kind }) => kind === 'dmst-request.erased');
    expect(erased.map(({ details }) => details)).toEqual([{ partner: 'spsti-b', requests: 1 }]);
  });

  it('is forgotten once its sender’s id needs no memory, and a repeat is then too old', async () => {
    const time = world.clock.now().toISOString();
    const event = { id: 'kept', time };
    const { message } = await world.send('note', {}, { event });
    await world.run();
    await tick(399);
    expect(await world.send('note', {}, { event })).toMatchObject({ replayed: true });
    await tick(2);
    for (const table of ['message', 'delivery', 'delivery_part', 'job', 'payload_chunk'])
      expect([table, await world.rows(table)]).toEqual([table, []]);
    await expect(world.send('note', {}, { event })).rejects.toMatchObject({ code: 'message.too-old' });
    // the journal still knows of it, and counts what went
    expect(await world.kinds(message.id)).toContain('message.accepted');
    expect((await world.journal()).filter(({ kind }) => kind === 'message.forgotten')).toMatchObject([
      { details: { messages: 1, units: 1 } },
    ]);
  });

  it('goes with its exchanges and its request', async () => {
    await grouped();
    await tick(2);
    await tick(35);
    await tick(402);
    for (const table of ['message', 'exchange', 'dmst_request', 'delivery'])
      expect([table, await world.rows(table)]).toEqual([table, []]);
  });

  it('is remembered as long as something of it is not over, however short the memory', async () => {
    await world.done();
    world = await aWorld({ keyMemoryDays: 0 });
    world.script = (parcel) =>
      parcel.message.object === 'note' ? undefined : RECEIVED(parcel, world.clock.now());
    const { message: waiting } = await world.send('note');
    const asked = await grouped();
    await tick(1.2);
    const left = async () => (await world.rows('message')).map(({ id }) => id);
    // in a mailbox; exchanges of an open request, though one was answered
    expect(await left()).toEqual(expect.arrayContaining([waiting.id, ...asked]));
    expect(await world.rows('exchange')).toHaveLength(2);
    // the dossier itself, as long as its sealed copy may be fetched
    await tick(3);
    await tick(3);
    const objects = async () => (await world.rows('message')).map(({ object }) => object);
    expect(await objects()).toEqual(['reply']);
    await tick(30);
    await tick(1);
    expect(await objects()).toEqual([]);
  });

  it('is remembered while its request is open: one that looks unsent would be sent again', async () => {
    await world.done();
    world = await aWorld({ keyMemoryDays: 0 });
    const [refused] = await grouped('refusal');
    await tick(0.1);
    await tick(1.1);
    expect(await world.rows('exchange', `state = 'REFUSED'`)).toMatchObject([{ request_id: refused }]);
    expect(await world.store.keeper.dmstRequestsUnsent(10)).toEqual([]);
  });
});
