import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aWorld, type World } from '../../../test/builders/stages.ts';
import { BrokerError } from './errors.ts';
import type { Delivery, ReceiptOutcome } from './message.ts';
import type { Partner } from './partner.ts';
import { giveReceipt } from './receipts.ts';

let world: World;
beforeEach(async () => {
  world = await aWorld();
  world.script = () => undefined;
});
afterEach(() => world.done());

const give = async (delivery: Delivery, outcome: ReceiptOutcome, code?: string) => {
  const now = (await world.records.delivery(delivery.id)) as Delivery;
  const receipt = { outcome, at: world.clock.now().toISOString(), ...(code === undefined ? {} : { code }) };
  return giveReceipt(world, world.own, now, receipt, delivery.recipient);
};
const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'taken',
    (error: unknown) => (error instanceof BrokerError ? error.code : error),
  );
const available = async (object = 'note') => {
  const { message } = await world.send(object);
  await world.run();
  return { message, delivery: await world.deliveryOf(message.id) };
};
/** b asked, a replied: the reply waits for b */
const replied = async () => {
  const { exchanges } = await world.send('ask');
  const [exchange] = exchanges;
  const partner = world.partners.get('spsti-a') as Partner;
  const event = { recipient: 'spsti-b', correlationid: exchange?.id ?? '', lastvisit: '2026-01-02' };
  const { message } = await world.send('reply', {}, { partner, event });
  await world.run();
  const delivery = await world.deliveryOf(message.id, 'spsti-b');
  return {
    message,
    delivery,
    exchangeState: async () => (await world.records.exchange(exchange?.id ?? ''))?.state,
  };
};

describe('a receipt', () => {
  it('ends the delivery, the message and the original in one transaction, and is journalled', async () => {
    const { message, delivery } = await available();
    world.commits.length = 0;
    await give(delivery, 'received');
    expect(world.commits).toHaveLength(1);
    expect(await world.deliveryOf(message.id)).toMatchObject({
      state: 'delivered',
      receipt: { outcome: 'received' },
    });
    expect(await world.records.message(message.id)).toMatchObject({ status: 'delivered' });
    expect(await world.records.payload(message.id)).toMatchObject({
      atRest: { wrappedKey: null },
      chunks: [],
    });
    expect((await world.journal()).at(-1)).toMatchObject({ kind: 'delivery.received', actor: 'spsti-a' });
  });

  it('given twice changes nothing the second time', async () => {
    const { delivery } = await available();
    await give(delivery, 'received');
    const before = await world.journal();
    expect((await give(delivery, 'received')).receipt?.outcome).toBe('received');
    expect(await world.journal()).toEqual(before);
  });

  it('only ever goes forward, whatever the order in which receipts come', async () => {
    const order: ReceiptOutcome[] = ['received', 'opened', 'filed'];
    const outcomes = fc.array(fc.constantFrom(...order), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(outcomes, async (given) => {
        const { message, delivery } = await available();
        for (const outcome of given) await give(delivery, outcome);
        const furthest = order[Math.max(...given.map((outcome) => order.indexOf(outcome)))];
        expect((await world.deliveryOf(message.id)).receipt?.outcome).toBe(furthest);
      }),
      { numRuns: 15 },
    );
  });

  it('of refusal ends the delivery as refused, and cannot be taken back, nor given after another', async () => {
    const first = await available();
    await give(first.delivery, 'refused', 'R08');
    expect(await world.records.message(first.message.id)).toMatchObject({ status: 'refused' });
    expect(await codeOf(give(first.delivery, 'received'))).toBe('state.conflict');
    const second = await available();
    await give(second.delivery, 'received');
    expect(await codeOf(give(second.delivery, 'refused'))).toBe('state.conflict');
  });

  it('is not taken for what was never shown, or is closed', async () => {
    const { message } = await world.send('note');
    await world.run();
    const delivery = await world.deliveryOf(message.id);
    world.pass({ hours: 48 });
    await world.keeper.tick();
    expect(await codeOf(give(delivery, 'received'))).toBe('state.conflict');
  });

  it('proves that a delivery given up for dead had arrived', async () => {
    world.script = () => {
      throw new BrokerError('transport.refused', { next: 'stop' });
    };
    const { message, delivery } = await available();
    expect(await world.records.message(message.id)).toMatchObject({ status: 'dead' });
    await give(delivery, 'filed');
    expect(await world.records.message(message.id)).toMatchObject({ status: 'delivered' });
    expect(await world.records.payload(message.id)).toMatchObject({ atRest: { wrappedKey: null } });
  });
});

describe('a request that the other side does not take', () => {
  const unsendable = () => {
    throw new BrokerError('transport.refused', { next: 'stop' });
  };
  const requested = async (groupId?: string) => {
    const { message, exchanges } = await world.send('ask', {}, groupId === undefined ? {} : { groupId });
    await world.run();
    const exchange = async () => world.records.exchange(exchanges[0]?.id ?? '');
    return { message, delivery: await world.deliveryOf(message.id), exchange };
  };

  it('refused by its receipt is quarantined at once, and the code stays in the receipt', async () => {
    const { message, delivery, exchange } = await requested();
    await give(delivery, 'refused', 'R01');
    expect(await exchange()).toMatchObject({ state: 'QUARANTINED' });
    expect(await exchange()).not.toHaveProperty('refusal');
    const [entry] = (await world.journal()).filter(({ kind }) => kind === 'exchange.quarantined');
    expect(entry).toMatchObject({ messageId: message.id, details: { responder: 'spsti-a' } });
    expect(JSON.stringify(entry)).not.toContain('R01');
  });

  it('refused while it is sent is quarantined too', async () => {
    world.script = () => ({ receipt: { outcome: 'refused', at: world.clock.now().toISOString() } });
    const { exchange } = await requested();
    expect(await exchange()).toMatchObject({ state: 'QUARANTINED' });
  });

  it('answered before it is refused keeps its answer', async () => {
    const { delivery, exchange } = await requested();
    const partner = world.partners.get('spsti-a') as Partner;
    const event = {
      recipient: 'spsti-b',
      correlationid: (await exchange())?.id ?? '',
      lastvisit: '2026-01-02',
    };
    await world.send('reply', {}, { partner, event });
    await world.run();
    await give(delivery, 'refused');
    expect(await exchange()).toMatchObject({ state: 'SENT' });
  });

  it('given up for dead is cancelled at once, and opens again when it had arrived after all', async () => {
    world.script = unsendable;
    const { delivery, exchange } = await requested();
    expect(await exchange()).toMatchObject({ state: 'CANCELLED' });
    expect(await world.kinds(delivery.messageId)).toContain('exchange.cancelled');
    await give(delivery, 'received');
    expect(await exchange()).toMatchObject({ state: 'DELIVERED' });
    expect(await world.kinds(delivery.messageId)).toContain('exchange.reopened');
  });

  it('that still has a try left stays submitted', async () => {
    world.script = () => {
      throw new BrokerError('transport.unreachable');
    };
    const { exchange } = await requested();
    expect(await exchange()).toMatchObject({ state: 'SUBMITTED' });
  });

  it('does not open again once its time is up', async () => {
    world.script = unsendable;
    const { delivery, exchange } = await requested();
    world.pass({ hours: 40 * 24 });
    await give(delivery, 'received');
    expect(await exchange()).toMatchObject({ state: 'CANCELLED' });
  });
});

describe('the receipt of an answer', () => {
  it.each([
    ['received', 'RECEIVED'],
    ['opened', 'OPENED'],
    ['filed', 'FILED'],
    ['refused', 'QUARANTINED'],
  ] as const)('%s makes the exchange %s', async (outcome, state) => {
    const { delivery, exchangeState } = await replied();
    expect(await exchangeState()).toBe('SENT');
    await give(delivery, outcome);
    expect(await exchangeState()).toBe(state);
  });

  it('opened tells both services, once', async () => {
    const { message, delivery } = await replied();
    await give(delivery, 'opened');
    await give(delivery, 'filed');
    await give(delivery, 'opened');
    const told = (await world.rows('message', `object = 'access'`)).map(({ recipients }) => recipients);
    expect(told.sort()).toEqual(['["spsti-a"]', '["spsti-b"]']);
    const [access] = await world.rows('message', `object = 'access'`);
    const stored = await world.records.payload(String(access?.['id']));
    expect(
      JSON.parse(Buffer.from(world.vault.open(stored as never, String(access?.['id']))).toString()),
    ).toMatchObject({
      messageId: message.id,
      openedBy: 'spsti-b',
    });
  });
});

describe('the sealed copy', () => {
  const left = async (delivery: Delivery) => {
    await world.keeper.tick();
    return (await world.records.parts(delivery.id)).length;
  };

  it('stays until the receipt that the contract names', async () => {
    const { delivery } = await replied();
    await give(delivery, 'received');
    expect(await left(delivery)).toBe(1);
    await give(delivery, 'opened');
    expect(await left(delivery)).toBe(1);
    await give(delivery, 'filed');
    expect(await left(delivery)).toBe(0);
    expect(await world.kinds()).toContain('delivery.purged');
  });

  it('goes after the days of the contract when that receipt never comes, whatever else came', async () => {
    const { delivery } = await replied();
    await give(delivery, 'received');
    world.pass({ days: 5 });
    await give(delivery, 'opened');
    world.pass({ days: 1 });
    expect(await left(delivery)).toBe(1);
    world.pass({ days: 1 });
    expect(await left(delivery)).toBe(0);
  });

  it('goes at once when it is refused', async () => {
    const { delivery } = await available();
    await give(delivery, 'refused');
    expect(await left(delivery)).toBe(0);
  });
});
