import { afterEach, beforeEach, expect, it } from 'vitest';
import { aWorld, RECEIVED, type World } from '../../../test/builders/stages.ts';
import { BrokerError } from './errors.ts';
import { markRestored } from './restored.ts';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.done());

it('what was not prepared when the copy was made says at its first try that it may be a repeat', async () => {
  const { message } = await world.send('note');
  await markRestored(world, '2026-01-01T00:00:00.000Z');
  await world.run();
  expect(world.parcels.map(({ attempt }) => attempt)).toEqual([2]);
  expect(await world.records.message(message.id)).toMatchObject({ status: 'delivered' });
  expect((await world.journal()).find(({ kind }) => kind === 'store.restored')).toMatchObject({
    actor: 'broker',
    details: { madeAt: '2026-01-01T00:00:00.000Z' },
  });
});

it('what waited for its next try, or in a mailbox, counts one more; what was over stays as it is', async () => {
  const over = (await world.send('note')).message;
  await world.run();
  world.script = () => undefined;
  const inMailbox = (await world.send('note')).message;
  await world.run();
  world.script = () => {
    throw new BrokerError('transport.unreachable');
  };
  const retrying = (await world.send('note')).message;
  await world.run();
  await markRestored(world);
  expect((await world.deliveryOf(over.id)).attempts).toBe(1);
  expect((await world.deliveryOf(inMailbox.id)).attempts).toBe(1);
  expect((await world.deliveryOf(retrying.id)).attempts).toBe(2);
  world.pass({ hours: 1 });
  await world.run();
  expect(world.parcels.at(-1)?.attempt).toBe(3);
  // the copy's own mark is no try: it still has all that are left
  expect(await world.deliveryOf(retrying.id)).toMatchObject({ state: 'retrying' });
});

it('what a process that is no more was sending goes on at once', async () => {
  world.script = (parcel) => {
    world.failCommitOf('message.settle', new BrokerError('internal'));
    world.script = (again) => RECEIVED(again, world.clock.now());
    return RECEIVED(parcel, world.clock.now());
  };
  const { message } = await world.send('note');
  await expect(world.run()).rejects.toMatchObject({ code: 'internal' });
  expect(await world.run()).toBe(0);
  await markRestored(world);
  await world.run();
  expect(await world.deliveryOf(message.id)).toMatchObject({ state: 'delivered', attempts: 3 });
});
