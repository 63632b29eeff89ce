import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aWorld, type World } from '../../../test/builders/stages.ts';
import type { Acknowledgement } from './content/acknowledgement.ts';
import { BrokerError } from './errors.ts';
import type { Exchange } from './message.ts';
import type { Partner } from './partner.ts';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.done());

const DONE: Acknowledgement = { outcome: 'accepted', items: [{ code: 'done' }] };
const NOT_DONE: Acknowledgement = { outcome: 'refused', items: [{ code: 'not-done' }, { code: 'done' }] };

/** Service b sent a deed to service a; `state` is what both see of it now. */
async function aDeed() {
  const { exchanges } = await world.send('deed');
  const [{ id }] = exchanges as [Exchange];
  const now = async () => (await world.records.exchange(id)) as Exchange;
  return { id, now, state: async () => (await now()).state };
}

function acknowledge(correlationid: string, body: Acknowledgement, by = 'spsti-a') {
  return world.send('acknowledgement', undefined, {
    partner: world.partners.get(by) as Partner,
    event: { recipient: 'spsti-b', correlationid },
    data: Buffer.from(JSON.stringify(body)),
  });
}

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'accepted',
    (error: unknown) => (error instanceof BrokerError ? error.code : error),
  );

describe('what was sent and must be acknowledged', () => {
  it('is submitted, delivered, accepted, and closed once the sender has the acknowledgement', async () => {
    const deed = await aDeed();
    expect(await deed.state()).toBe('SUBMITTED');
    await world.run();
    expect(await deed.state()).toBe('DELIVERED');
    const { message } = await acknowledge(deed.id, DONE);
    expect(await deed.now()).toMatchObject({
      state: 'ACCEPTED',
      sourceState: 'ACCEPTED',
      answerId: message.id,
    });
    await world.run();
    expect(await deed.state()).toBe('CLOSED');
    expect(world.parcels.at(-1)).toMatchObject({
      recipient: { id: 'spsti-b' },
      message: { object: 'acknowledgement' },
      exchange: { id: deed.id },
    });
  });

  it('is refused with the first code of the recipient, and stays so once the sender knows', async () => {
    const deed = await aDeed();
    await world.run();
    await acknowledge(deed.id, NOT_DONE);
    expect(await deed.now()).toMatchObject({ state: 'REFUSED', refusal: 'not-done' });
    await world.run();
    expect(await deed.now()).toMatchObject({ state: 'REFUSED', refusal: 'not-done' });
  });

  it('in part is accepted: what was refused of it is in the acknowledgement', async () => {
    const deed = await aDeed();
    await world.run();
    await acknowledge(deed.id, { ...NOT_DONE, outcome: 'partial' });
    expect(await deed.now()).toMatchObject({ state: 'ACCEPTED' });
    expect((await deed.now()).refusal).toBeUndefined();
  });

  it('is acknowledged once: a second time is too late, whatever it says', async () => {
    const accepted = await aDeed();
    const refused = await aDeed();
    await world.run();
    await acknowledge(accepted.id, DONE);
    await acknowledge(refused.id, NOT_DONE);
    expect(await codeOf(acknowledge(accepted.id, NOT_DONE))).toBe('exchange.closed');
    expect(await codeOf(acknowledge(refused.id, DONE))).toBe('exchange.closed');
    await world.run();
    expect(await codeOf(acknowledge(accepted.id, DONE))).toBe('exchange.closed');
    expect(await accepted.state()).toBe('CLOSED');
  });

  it('is acknowledged by its recipient only, in the words of its contract', async () => {
    const deed = await aDeed();
    await world.run();
    expect(await codeOf(acknowledge(deed.id, DONE, 'spsti-c'))).toBe('exchange.unknown');
    const strange: Acknowledgement = { outcome: 'accepted', items: [{ code: 'well-done' }] };
    expect(await codeOf(acknowledge(deed.id, strange))).toBe('content.invalid');
    expect(await deed.state()).toBe('DELIVERED');
  });
});

describe('the clock of an acknowledgement', () => {
  it('reminds, is overdue, then ends the exchange without an answer', async () => {
    const deed = await aDeed();
    await world.run();
    world.pass({ hours: 5 });
    await world.keeper.tick();
    expect(await deed.now()).toMatchObject({ reminded: true, overdue: false });
    await world.run();
    expect(world.parcels.at(-1)).toMatchObject({
      recipient: { id: 'spsti-a' },
      message: { object: 'reminder' },
    });
    world.pass({ hours: 3 });
    await world.keeper.tick();
    expect(await deed.now()).toMatchObject({ state: 'DELIVERED', overdue: true });
    expect((await world.records.exchanges({ party: 'spsti-b', overdue: true })).map(({ id }) => id)).toEqual([
      deed.id,
    ]);
    world.pass({ hours: 22 });
    await world.keeper.tick();
    expect(await deed.now()).toMatchObject({ state: 'EXPIRED', refusal: 'R09' });
    expect(await codeOf(acknowledge(deed.id, DONE))).toBe('exchange.closed');
  });

  it('late is still accepted, and stops nothing else', async () => {
    const deed = await aDeed();
    await world.run();
    world.pass({ hours: 9 });
    await world.keeper.tick();
    await acknowledge(deed.id, DONE);
    await world.run();
    expect(await deed.now()).toMatchObject({ state: 'CLOSED', overdue: true });
  });

  it('does not run any more once it was acknowledged', async () => {
    const deed = await aDeed();
    await world.run();
    await acknowledge(deed.id, DONE);
    await world.run();
    world.pass({ hours: 40 });
    await world.keeper.tick();
    expect(await deed.now()).toMatchObject({ state: 'CLOSED', overdue: false, reminded: false });
    expect(await world.rows('message', `object = 'reminder'`)).toEqual([]);
  });
});
