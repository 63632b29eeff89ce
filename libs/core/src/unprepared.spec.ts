import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aPartner, aWorld, type World } from '../../../test/builders/stages.ts';
import { BrokerError } from './errors.ts';
import { rewrite } from './exchange.ts';
import type { Exchange } from './message.ts';
import type { Partner } from './partner.ts';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.done());

const now = async (id: string) => (await world.records.exchange(id)) as Exchange;
const asked = async (): Promise<Exchange> => {
  const { exchanges } = await world.send('ask');
  await world.run();
  return now((exchanges[0] as Exchange).id);
};
const answer = (object: 'reply' | 'refusal', { id }: Exchange) =>
  world.send(
    object,
    {},
    {
      partner: world.partners.get('spsti-a') as Partner,
      event: { recipient: 'spsti-b', correlationid: id, lastvisit: '2026-01-01' },
    },
  );
/** a rule that only preparation knows */
const refuseOnce = () => {
  const { protection } = world;
  const seal = protection.seal.bind(protection);
  protection.seal = () => {
    protection.seal = seal;
    throw new BrokerError('content.invalid');
  };
};
const badKey = (id: string) =>
  world.partners.set(id, aPartner(world.pki, id, { keys: { enc: [world.pki.expired] } }));
/** also past the common tick */
const run = async () => {
  world.pass({ hours: 1 });
  await world.run();
};

describe('an answer that goes no further', () => {
  it('leaves its exchange as it was, and the source can answer again', async () => {
    const exchange = await asked();
    refuseOnce();
    const { message } = await answer('reply', exchange);
    await world.run();
    expect(await world.records.message(message.id)).toMatchObject({
      status: 'refused',
      reason: 'content.invalid',
    });
    expect(await now(exchange.id)).toEqual({ ...exchange, updatedAt: expect.any(String) });
    expect(await world.kinds(message.id)).toContain('exchange.reopened');
    const second = await answer('reply', exchange);
    await world.run();
    expect(await now(exchange.id)).toMatchObject({ state: 'RECEIVED', answerId: second.message.id });
  });

  it('though it was a refusal: nobody saw it, another may come', async () => {
    const exchange = await asked();
    refuseOnce();
    await answer('refusal', exchange);
    await run();
    expect(await now(exchange.id)).toEqual({ ...exchange, updatedAt: expect.any(String) });
    await answer('refusal', exchange);
    await run();
    expect(await now(exchange.id)).toMatchObject({ state: 'REFUSED', refusal: 'R03' });
  });

  it('because its own time was up, too', async () => {
    const exchange = await asked();
    badKey('spsti-b');
    const partner = world.partners.get('spsti-a') as Partner;
    const expirytime = new Date(world.clock.now().getTime() + 3_600_000).toISOString();
    const event = {
      recipient: 'spsti-b',
      correlationid: exchange.id,
      lastvisit: '2026-01-01',
      expirytime,
    };
    const { message } = await world.send('reply', {}, { partner, event });
    await run();
    expect(await world.records.message(message.id)).toMatchObject({ status: 'expired' });
    expect(await now(exchange.id)).toEqual({ ...exchange, updatedAt: expect.any(String) });
  });

  it('closes its exchange when the time to answer has run out meanwhile', async () => {
    const exchange = await asked();
    badKey('spsti-b');
    await answer('reply', exchange);
    world.pass({ hours: 48 });
    await world.run();
    expect(await now(exchange.id)).toMatchObject({ state: 'CLOSED' });
  });

  it('looks again when the exchange moved at the same moment', async () => {
    const exchange = await asked();
    refuseOnce();
    await answer('reply', exchange);
    const commit = world.unitOfWork.commit.bind(world.unitOfWork);
    world.unitOfWork.commit = async (writes) => {
      world.unitOfWork.commit = commit;
      await commit([rewrite(await now(exchange.id), world.clock.now(), { overdue: true })]);
      refuseOnce();
      await commit(writes);
    };
    await world.run();
    world.pass({ ms: 100 });
    await world.run();
    const reopened = await now(exchange.id);
    expect(reopened).toMatchObject({ state: 'DELIVERED', overdue: true });
    expect(reopened.answerId).toBeUndefined();
  });
});

describe('a request that goes no further', () => {
  it('ends its exchange: refused, nobody is to answer', async () => {
    refuseOnce();
    const { message, exchanges } = await world.send('ask');
    await world.run();
    const exchange = await now((exchanges[0] as Exchange).id);
    expect(await world.records.message(message.id)).toMatchObject({ status: 'refused' });
    expect(exchange).toMatchObject({ state: 'CANCELLED' });
    expect(exchange.refusal).toBeUndefined();
    await expect(answer('reply', exchange)).rejects.toMatchObject({ code: 'exchange.closed' });
  });

  it('ends its exchange: too late, nobody was asked and nobody is to blame', async () => {
    badKey('spsti-a');
    const expirytime = new Date(world.clock.now().getTime() + 3_600_000).toISOString();
    const { exchanges } = await world.send('ask', {}, { event: { expirytime } });
    await run();
    const exchange = await now((exchanges[0] as Exchange).id);
    expect(exchange).toMatchObject({ state: 'EXPIRED', overdue: false });
    expect(exchange.refusal).toBeUndefined();
    expect(await world.kinds()).toContain('exchange.expired');
  });
});
