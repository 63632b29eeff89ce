/** How long a message and its copies live, seen from outside: what is dead, what is worst, what may still be read. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aWorld, RECEIVED, type World } from '../../../test/builders/stages.ts';
import { BrokerError } from './errors.ts';
import { endOfLife } from './life.ts';
import type { Sent } from './ports.ts';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.done());

const statusOf = async (id: string) => (await world.records.message(id))?.status;
const keyOf = async (id: string) => (await world.records.payload(id))?.atRest.wrappedKey ?? null;
const refused = (): Sent => ({
  receipt: { outcome: 'refused', at: world.clock.now().toISOString(), code: 'R08' },
});

describe('a life', () => {
  it.each([
    [undefined, '2026-03-14T10:00:00.000Z'],
    ['2026-03-13T00:00:00+02:00', '2026-03-12T22:00:00.000Z'],
    ['2999-01-01T00:00:00Z', '2026-03-14T10:00:00.000Z'],
  ])('with expirytime %s ends at %s', (expiryTime, end) => {
    const message = {
      receivedAt: '2026-03-12T10:00:00.000Z',
      ...(expiryTime === undefined ? {} : { expiryTime }),
    };
    expect(endOfLife(message, { lifeHours: 48 }).toISOString()).toBe(end);
  });
});

describe('a dead delivery', () => {
  const dead = async (expirytime?: string) => {
    world.script = () => {
      throw new BrokerError('transport.refused', { next: 'stop' });
    };
    const event = expirytime === undefined ? {} : { expirytime };
    const { message } = await world.send('keyed', { key: 'k' }, { event });
    world.pass({ hours: 10 });
    await world.run();
    world.script = (parcel) => RECEIVED(parcel, world.clock.now());
    return message;
  };

  it('stays replayable for the window of its contract, counted from its death, then expires', async () => {
    const message = await dead();
    world.pass({ days: 29 });
    await world.keeper.tick();
    expect(await statusOf(message.id)).toBe('dead');
    expect(await keyOf(message.id)).not.toBeNull();
    world.pass({ days: 1 });
    await world.keeper.tick();
    const delivery = await world.deliveryOf(message.id);
    expect(delivery.state).toBe('expired');
    expect(await statusOf(message.id)).toBe('expired');
    expect(await keyOf(message.id)).toBeNull();
    expect(await world.records.parts(delivery.id)).toEqual([]);
  });

  it('keeps its sealed parts as long: a replay sends the same bytes', async () => {
    const message = await dead();
    world.pass({ days: 29 });
    await world.keeper.tick();
    expect(await world.records.parts((await world.deliveryOf(message.id)).id)).toHaveLength(1);
  });

  it('expires at its expirytime when that comes first', async () => {
    const end = new Date(world.clock.now().getTime() + 12 * 3_600_000);
    const message = await dead(end.toISOString());
    await world.keeper.tick();
    expect(await statusOf(message.id)).toBe('dead');
    world.pass({ hours: 2 });
    await world.keeper.tick();
    expect(await statusOf(message.id)).toBe('expired');
  });

  it('holds back what has its orderKey until then, and nothing else', async () => {
    await dead();
    const behind = await world.send('keyed', { key: 'k' });
    const other = await world.send('keyed', { key: 'l' });
    const elsewhere = await world.send('keyed', { key: 'k' }, { event: { recipient: 'spsti-c' } });
    await world.run();
    const states = async () =>
      Promise.all([behind, other, elsewhere].map(({ message }) => statusOf(message.id)));
    expect(await states()).toEqual(['delivering', 'delivered', 'delivered']);
    expect(world.parcels.map(({ message }) => message.id)).not.toContain(behind.message.id);
  });
});

describe('several recipients', () => {
  const all = { event: { recipient: 'spsti-a spsti-c' } };

  it('are delivered only when all are', async () => {
    world.script = (parcel) =>
      parcel.recipient.id === 'spsti-a' ? RECEIVED(parcel, world.clock.now()) : undefined;
    const { message } = await world.send('note', {}, all);
    await world.run();
    expect(await statusOf(message.id)).toBe('delivering');
  });

  it.each([
    ['refused beats delivered', refused, 'refused'],
    [
      'dead beats delivered',
      () => {
        throw new BrokerError('transport.refused', { next: 'stop' });
      },
      'dead',
    ],
  ] as const)('show the worst: %s', async (_, other, status) => {
    world.script = (parcel) =>
      parcel.recipient.id === 'spsti-a' ? RECEIVED(parcel, world.clock.now()) : other();
    const { message } = await world.send('note', {}, all);
    await world.run();
    expect(await statusOf(message.id)).toBe(status);
  });

  it('keep the original readable exactly until the last of them is over', async () => {
    world.script = (parcel) => {
      if (parcel.recipient.id === 'spsti-a') return RECEIVED(parcel, world.clock.now());
      throw new BrokerError('transport.refused', { next: 'stop' });
    };
    const { message } = await world.send('note', {}, all);
    await world.run();
    const stored = await world.records.payload(message.id);
    expect(Buffer.from(world.vault.open(stored as never, message.id)).toString()).toBe('{"text":"bonjour"}');
    world.pass({ days: 30 });
    await world.keeper.tick();
    expect(await keyOf(message.id)).toBeNull();
    expect(await world.rows('payload_chunk')).toEqual([]);
    expect(await statusOf(message.id)).toBe('expired');
  });
});
