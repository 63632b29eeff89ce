import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aPartner, aWorld, RECEIVED, type World } from '../../../test/builders/stages.ts';
import { BrokerError } from './errors.ts';
import { rewrite } from './exchange.ts';
import type { Exchange } from './message.ts';
import type { Partner } from './partner.ts';

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
    expect(world.commits.flat().map((one) => one.write)).toEqual(['payload.sweep']);
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
