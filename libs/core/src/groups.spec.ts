import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aWorld, type World } from '../../../test/builders/stages.ts';
import type { DmstRequest } from './dmst-request.ts';
import { BrokerError } from './errors.ts';
import type { Exchange } from './message.ts';
import type { Partner } from './partner.ts';
import { giveReceipt } from './receipts.ts';
import { write } from './writes.ts';

let world: World;
const GROUP = 'group-1';
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.done());

/** b asks a and c about one worker; `asked` of them were reached before a crash */
async function aRequest(
  asked: readonly string[] = ['spsti-a', 'spsti-c'],
): Promise<Record<string, Exchange>> {
  const now = world.clock.now();
  const request: DmstRequest = {
    ...{ id: GROUP, partner: 'spsti-b', author: 'p', state: 'open', createdAt: now.toISOString() },
    expiresAt: new Date(now.getTime() + 30 * 3_600_000).toISOString(),
    ...{ informedAt: now.toISOString(), recordedBy: 'p', identityStatus: 'PROV' },
    sources: ['spsti-a', 'spsti-c'],
    worker: { atRest: { wrappedKey: null, kekId: 'k' }, bytes: Buffer.alloc(1) },
  };
  await world.unitOfWork.commit([write('dmst-request.insert', { request })]);
  const exchanges: Record<string, Exchange> = {};
  for (const recipient of asked) {
    const accepted = await world.send('ask', {}, { groupId: GROUP, event: { recipient } });
    exchanges[recipient] = accepted.exchanges[0] as Exchange;
  }
  await world.run();
  return exchanges;
}

const answer = async (from: string, exchange: Exchange | undefined, lastvisit?: string) => {
  const partner = world.partners.get(from) as Partner;
  const event = {
    recipient: 'spsti-b',
    correlationid: exchange?.id ?? '',
    ...(lastvisit === undefined ? {} : { lastvisit }),
  };
  const { message } = await world.send(lastvisit === undefined ? 'refusal' : 'reply', {}, { partner, event });
  return message;
};
const settle = async () => {
  await world.run();
  world.pass({ ms: world.settings.tickMs });
  await world.run();
  await world.keeper.tick();
  await world.run();
};
const request = async () => (await world.records.dmstRequest(GROUP)) as DmstRequest;
const states = async (messageId: string) =>
  Object.fromEntries(
    (await world.records.deliveries(messageId)).map(({ recipient, state }) => [recipient, state]),
  );
const sentTo = (recipient: string) => world.parcels.filter((parcel) => parcel.recipient.id === recipient);

describe('a source that cannot be asked', () => {
  const unsendableTo = (source: string) => {
    const script = world.script;
    world.script = (parcel, signal) => {
      if (parcel.recipient.id === source) throw new BrokerError('transport.refused', { next: 'stop' });
      return script(parcel, signal);
    };
  };

  it('is not awaited: the dossier of the others is given at once', async () => {
    unsendableTo('spsti-c');
    const exchanges = await aRequest();
    const reply = await answer('spsti-a', exchanges['spsti-a'], '2026-01-02');
    await settle();
    expect(await request()).toMatchObject({ state: 'closed', best: reply.id });
    const dead = exchanges['spsti-c'] as Exchange;
    expect(await world.records.exchange(dead.id)).toMatchObject({ state: 'CANCELLED' });
    // and too late to come back
    const delivery = await world.deliveryOf(dead.requestId, 'spsti-c');
    const receipt = { outcome: 'received', at: world.clock.now().toISOString() } as const;
    await giveReceipt(world, world.own, delivery, receipt, 'spsti-c');
    expect(await world.records.exchange(dead.id)).toMatchObject({ state: 'CANCELLED' });
  });
});

describe('several sources asked about one worker', () => {
  it('show the best so far, and hold every dossier back until all have answered', async () => {
    const exchanges = await aRequest();
    const older = await answer('spsti-a', exchanges['spsti-a'], '2025-01-01');
    await settle();
    expect(await request()).toMatchObject({ state: 'open', best: older.id });
    expect(await states(older.id)).toEqual({ 'spsti-b': 'queued', 'portal:spsti-b': 'delivered' });
    expect(sentTo('spsti-b')).toEqual([]);
  });

  it('release only the most recent dossier: the older is purged unread, in the queue and in the portal', async () => {
    const exchanges = await aRequest();
    const older = await answer('spsti-a', exchanges['spsti-a'], '2025-01-01');
    const newer = await answer('spsti-c', exchanges['spsti-c'], '2026-01-01');
    await settle();
    expect(await request()).toMatchObject({ state: 'closed', best: newer.id });
    expect(await states(newer.id)).toEqual({ 'spsti-b': 'delivered', 'portal:spsti-b': 'delivered' });
    expect(await states(older.id)).toEqual({ 'spsti-b': 'cancelled', 'portal:spsti-b': 'cancelled' });
    expect(sentTo('spsti-b').map(({ message }) => message.id)).toEqual([newer.id]);
    for (const { id } of await world.records.deliveries(older.id))
      expect(await world.records.parts(id)).toEqual([]);
    expect(await world.records.payload(older.id)).toMatchObject({ atRest: { wrappedKey: null }, chunks: [] });
    expect(await world.records.message(older.id)).toMatchObject({ status: 'cancelled' });
    expect(await world.kinds(older.id)).toContain('message.superseded');
  });

  it('deliver a refusal by itself: it has no dossier to compare', async () => {
    const exchanges = await aRequest();
    const refusal = await answer('spsti-a', exchanges['spsti-a']);
    await settle();
    expect(await states(refusal.id)).toEqual({ 'spsti-b': 'delivered' });
    expect(await request()).toMatchObject({ state: 'open' });
    expect(await world.records.exchange(exchanges['spsti-a']?.id ?? '')).toMatchObject({
      state: 'REFUSED',
      refusal: 'R03',
    });
    const dossier = await answer('spsti-c', exchanges['spsti-c'], '2026-01-01');
    await settle();
    expect(await request()).toMatchObject({ state: 'closed', best: dossier.id });
    expect(await states(dossier.id)).toMatchObject({ 'spsti-b': 'delivered' });
  });

  it('are not closed while one of them was not even asked', async () => {
    const exchanges = await aRequest(['spsti-a']);
    const dossier = await answer('spsti-a', exchanges['spsti-a'], '2026-01-01');
    await settle();
    expect(await request()).toMatchObject({ state: 'open', best: dossier.id });
    expect(await states(dossier.id)).toMatchObject({ 'spsti-b': 'queued' });
  });

  it('are closed when time is up, with what came', async () => {
    const exchanges = await aRequest();
    const dossier = await answer('spsti-a', exchanges['spsti-a'], '2026-01-01');
    await world.run();
    world.pass({ hours: 30 });
    await world.keeper.tick();
    await world.run();
    expect(await request()).toMatchObject({ state: 'closed', best: dossier.id });
    expect(await states(dossier.id)).toMatchObject({ 'spsti-b': 'delivered' });
  });

  it('expire when nothing came', async () => {
    const exchanges = await aRequest();
    world.pass({ hours: 30 });
    await world.keeper.tick();
    expect((await request()).state).toBe('expired');
    expect(await world.records.exchange(exchanges['spsti-a']?.id ?? '')).toMatchObject({
      state: 'EXPIRED',
      refusal: 'R09',
    });
  });

  it('settle once, however many ask for it at the same time', async () => {
    const exchanges = await aRequest();
    await answer('spsti-a', exchanges['spsti-a'], '2025-01-01');
    const newer = await answer('spsti-c', exchanges['spsti-c'], '2026-01-01');
    await world.run();
    await Promise.all(Array.from({ length: 5 }, () => world.groups.settle(GROUP)));
    await world.run();
    expect(sentTo('spsti-b').map(({ message }) => message.id)).toEqual([newer.id]);
    expect((await world.kinds()).filter((kind) => kind === 'message.superseded')).toHaveLength(1);
  });
});

describe('the portal’s copy', () => {
  it('goes when its own time is up, whatever was done with it', async () => {
    const exchanges = await aRequest();
    await answer('spsti-c', exchanges['spsti-c']);
    const dossier = await answer('spsti-a', exchanges['spsti-a'], '2026-01-01');
    await settle();
    const copy = await world.deliveryOf(dossier.id, 'portal:spsti-b');
    const [part] = await world.records.parts(copy.id);
    expect((await world.open(part as never, 'portal:spsti-b')).content.toString()).toBe('{"text":"bonjour"}');
    const opened = { outcome: 'opened', at: world.clock.now().toISOString() } as const;
    await giveReceipt(world, world.own, copy, opened, 'person:p');
    world.pass({ days: 29 });
    await world.keeper.tick();
    expect(await world.records.parts(copy.id)).toHaveLength(1);
    world.pass({ days: 1 });
    await world.keeper.tick();
    expect(await world.records.parts(copy.id)).toEqual([]);
  });
});

describe('a request that is cancelled', () => {
  it('stops what is under way, purges what came, and ends every exchange', async () => {
    world.script = (parcel) =>
      parcel.recipient.id === 'spsti-c'
        ? undefined
        : { receipt: { outcome: 'received', at: world.clock.now().toISOString() } };
    const exchanges = await aRequest();
    const dossier = await answer('spsti-a', exchanges['spsti-a'], '2026-01-01');
    await world.run();
    await world.groups.cancel(await request(), 'opposition', 'person:p');
    expect(await request()).toMatchObject({ state: 'cancelled', cancelReason: 'opposition' });
    expect(await states(dossier.id)).toEqual({ 'spsti-b': 'cancelled', 'portal:spsti-b': 'cancelled' });
    expect(await states(exchanges['spsti-c']?.requestId ?? '')).toEqual({ 'spsti-c': 'cancelled' });
    for (const { id } of Object.values(exchanges))
      expect(await world.records.exchange(id)).toMatchObject({ state: 'CANCELLED' });
    expect(await world.rows('job')).toEqual([]);
    expect(await world.records.payload(dossier.id)).toMatchObject({
      atRest: { wrappedKey: null },
      chunks: [],
    });
    await settle();
    expect(sentTo('spsti-b')).toEqual([]);
  });

  it('stops an answer that is only accepted, and the worker who would prepare it changes nothing', async () => {
    const exchanges = await aRequest();
    const dossier = await answer('spsti-a', exchanges['spsti-a'], '2026-01-01');
    await world.groups.cancel(await request(), 'error', 'person:p');
    await settle();
    expect(await world.records.message(dossier.id)).toMatchObject({ status: 'cancelled', reason: 'error' });
    expect(await world.records.deliveries(dossier.id)).toEqual([]);
    expect(await world.records.payload(dossier.id)).toMatchObject({
      atRest: { wrappedKey: null },
      chunks: [],
    });
  });
});
