import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aWorld, RECEIVED, type World } from '../../../test/builders/stages.ts';
import type { Acknowledgement } from './content/acknowledgement.ts';
import { advance } from './exchange.ts';
import type { Exchange } from './message.ts';
import type { Sent } from './ports.ts';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.done());

const DONE: Acknowledgement = { outcome: 'accepted', items: [{ code: 'done' }] };
const NOT_DONE: Acknowledgement = { outcome: 'refused', items: [{ code: 'not-done' }] };

/** Service b sent a deed that its recipient acknowledges in the very answer to the call. */
async function aDeed(json: Acknowledgement, changes: Partial<Sent> = {}) {
  world.script = (parcel) =>
    parcel.message.object === 'deed'
      ? { ...RECEIVED(parcel, world.clock.now()), answer: { object: 'acknowledgement', json }, ...changes }
      : RECEIVED(parcel, world.clock.now());
  const { message, exchanges } = await world.send('deed');
  const [{ id }] = exchanges as [Exchange];
  await world.run();
  return { message, exchange: (await world.records.exchange(id)) as Exchange };
}

describe('an acknowledgement that is the very answer to the call', () => {
  it('closes the exchange once the sender has it, like one that came by itself', async () => {
    const { exchange } = await aDeed(DONE);
    expect(exchange).toMatchObject({ state: 'CLOSED', sourceState: 'ACCEPTED' });
    expect(world.parcels.at(-1)).toMatchObject({
      recipient: { id: 'spsti-b' },
      message: { object: 'acknowledgement', sender: 'spsti-a', correlationId: exchange.id },
      exchange: { id: exchange.id },
    });
  });

  it('of a refusal gives its code to the exchange, whatever the receipt says', async () => {
    const refused = { outcome: 'refused' as const, at: world.clock.now().toISOString() };
    const { message, exchange } = await aDeed(NOT_DONE, { receipt: refused });
    expect(exchange).toMatchObject({ state: 'REFUSED', refusal: 'not-done' });
    expect(await world.deliveryOf(message.id)).toMatchObject({ state: 'refused' });
    expect(world.parcels.at(-1)).toMatchObject({ message: { object: 'acknowledgement' } });
  });

  it('is left out when nobody awaits it any more', async () => {
    const { message, exchanges } = await world.send('deed');
    const [{ id }] = exchanges as [Exchange];
    world.script = async (parcel) => {
      const exchange = (await world.records.exchange(id)) as Exchange;
      await world.unitOfWork.commit(advance(exchange, 'EXPIRED', world.clock.now()));
      return { ...RECEIVED(parcel, world.clock.now()), answer: { object: 'acknowledgement', json: DONE } };
    };
    await world.run();
    expect((await world.deliveryOf(message.id)).state).toBe('delivered');
    expect((await world.records.exchange(id))?.state).toBe('EXPIRED');
    expect(await world.rows('message', `object = 'acknowledgement'`)).toEqual([]);
  });

  it('leaves in the journal the ids of what was made for the try', async () => {
    await aDeed(DONE, { facts: { assertion: '_019a' } });
    const received = (await world.journal()).find(({ kind }) => kind === 'delivery.received');
    expect(received?.details).toMatchObject({ assertion: '_019a' });
  });
});
