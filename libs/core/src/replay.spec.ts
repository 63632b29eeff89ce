import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aPartner, aWorld, RECEIVED, type World } from '../../../test/builders/stages.ts';
import { BrokerError } from './errors.ts';
import type { Exchange, Message, SealedPart } from './message.ts';
import { Replay, type ReplayOrder } from './replay.ts';
import { write } from './writes.ts';

let world: World;
let replay: Replay;
beforeEach(async () => {
  world = await aWorld();
  replay = new Replay(world, world.store.operations, 60);
  world.script = refuses;
});
afterEach(() => world.done());

const refuses = () => {
  throw new BrokerError('transport.refused', { next: 'stop' });
};
const unreachable = () => {
  throw new BrokerError('transport.unreachable');
};
const works = () => {
  world.script = (parcel) => RECEIVED(parcel, world.clock.now());
};
const order = (changes: Partial<ReplayOrder> = {}): ReplayOrder => ({
  filter: { state: 'dead' },
  dryRun: false,
  reason: 'Serveur du partenaire réparé',
  actor: 'person:abc',
  ...changes,
});
const statusOf = async (id: string) => (await world.records.message(id))?.status;
/** a message of which every delivery is dead */
const aDead = async (...sent: Parameters<World['send']>): Promise<Message & { exchange?: Exchange }> => {
  const { message, exchanges } = await world.send(...sent);
  await world.run();
  expect(await statusOf(message.id)).toBe('dead');
  return { ...message, ...(exchanges[0] === undefined ? {} : { exchange: exchanges[0] }) };
};
const rotate = () =>
  world.partners.set(
    'spsti-a',
    aPartner(world.pki, 'spsti-a', {
      keys: {
        enc: [world.pki.certificate('spsti-c', 'enc')],
        'enc-h': [world.pki.certificate('spsti-c', 'enc-h')],
      },
    }),
  );

describe('a dry run', () => {
  it('tells what would be sent again and how, and changes nothing', async () => {
    const message = await aDead('note');
    const before = [await world.rows('delivery'), await world.rows('message'), await world.journal()];
    const report = await replay.run(order({ dryRun: true }));
    expect(report).toMatchObject({
      dryRun: true,
      matched: 1,
      asSealed: 1,
      resealed: 0,
      refused: 0,
      more: false,
    });
    expect(report.deliveries).toMatchObject([
      { delivery: { messageId: message.id, lastError: 'transport.refused' }, replay: 'as-sealed' },
    ]);
    rotate();
    expect(await replay.run(order({ dryRun: true }))).toMatchObject({ asSealed: 0, resealed: 1 });
    expect([await world.rows('delivery'), await world.rows('message'), await world.journal()]).toEqual(
      before,
    );
    expect(await world.rows('job')).toEqual([]);
  });
});

describe('a replay', () => {
  it('sends the same sealed bytes under the same ids, marked as a repeat, and says who and why', async () => {
    const message = await aDead('note');
    works();
    expect(await replay.run(order())).toMatchObject({ matched: 1, asSealed: 1 });
    expect(await world.deliveryOf(message.id)).toMatchObject({ state: 'queued', attempts: 1 });
    expect(await statusOf(message.id)).toBe('delivering');
    await world.run();
    const [first, second] = world.parcels;
    expect(second).toMatchObject({
      attempt: 2,
      message: { id: message.id },
      delivery: { id: first?.delivery.id },
    });
    expect(second?.parts).toEqual(first?.parts);
    expect(await statusOf(message.id)).toBe('delivered');
    const entry = (await world.journal()).find(({ kind }) => kind === 'delivery.replayed');
    expect(entry).toMatchObject({
      actor: 'person:abc',
      messageId: message.id,
      details: {
        recipient: 'spsti-a',
        reason: 'Serveur du partenaire réparé',
        how: 'as-sealed',
        attempts: 1,
      },
    });
  });

  it('clicked twice is done once', async () => {
    const message = await aDead('note');
    works();
    const [one, two] = await Promise.all([replay.run(order()), replay.run(order())]);
    expect(one.matched + two.matched).toBeGreaterThan(0);
    expect(await replay.run(order())).toMatchObject({ matched: 0 });
    expect(await world.rows('job')).toHaveLength(1);
    await world.run();
    expect(world.parcels).toHaveLength(2);
    expect(await world.kinds(message.id)).toContain('delivery.replayed');
    expect((await world.kinds(message.id)).filter((kind) => kind === 'delivery.replayed')).toHaveLength(1);
  });

  it('has all its tries, and its attempts count on', async () => {
    world.script = unreachable;
    const { message } = await world.send('note');
    for (let i = 0; i < 3; i++) {
      await world.run();
      world.pass({ hours: 1 });
    }
    expect(await world.deliveryOf(message.id)).toMatchObject({ state: 'dead', attempts: 3 });
    await replay.run(order());
    await world.run();
    expect(await world.deliveryOf(message.id)).toMatchObject({ state: 'retrying', attempts: 4 });
    for (let i = 0; i < 2; i++) {
      world.pass({ hours: 1 });
      await world.run();
    }
    expect(await world.deliveryOf(message.id)).toMatchObject({ state: 'dead', attempts: 6 });
    expect(world.parcels.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('does not make the time for replays longer, and none goes beyond it', async () => {
    const message = await aDead('note');
    const { expiresAt } = await world.deliveryOf(message.id);
    world.pass({ days: 29 });
    await replay.run(order());
    await world.run();
    expect(await world.deliveryOf(message.id)).toMatchObject({ state: 'dead', expiresAt });
    world.pass({ days: 2 });
    expect(await replay.run(order())).toMatchObject({
      refused: 1,
      deliveries: [{ replay: 'no', code: 'message.expired' }],
    });
  });

  it('is spread over time for one recipient, after what an earlier order planned', async () => {
    const [early] = [await aDead('note'), await aDead('note'), await aDead('note')];
    await aDead('note', {}, { event: { recipient: 'spsti-c' } });
    const now = world.clock.now().getTime();
    await replay.run(order({ filter: { messageId: early.id } }));
    const { deliveries } = await replay.run(order());
    expect(
      deliveries.map(({ delivery, runAt }) => [delivery.recipient, Date.parse(runAt ?? '') - now]),
    ).toEqual([
      ['spsti-a', 1_000],
      ['spsti-a', 2_000],
      ['spsti-c', 0],
    ]);
    works();
    await world.run();
    const late = deliveries[1]?.delivery.messageId ?? '';
    expect((await world.deliveryOf(late)).state).toBe('queued');
    world.pass({ ms: 2_000 });
    await world.run();
    expect((await world.deliveryOf(late)).state).toBe('delivered');
  });

  it.each([
    ['of one message', async (one: Message) => ({ messageId: one.id })],
    ['of a recipient', async () => ({ partner: 'spsti-c' })],
    [
      'of a time',
      async () => ({ from: '2000-01-01T00:00:00.000Z', to: new Date(Date.now() - 1).toISOString() }),
    ],
  ])('%s touches nothing else', async (name, filterOf) => {
    const other = await aDead('note');
    world.pass({ hours: 1 });
    const one = await aDead('note', {}, { event: { recipient: 'spsti-c' } });
    const filter = name === 'of a time' ? { from: one.receivedAt } : await filterOf(one);
    expect(await replay.run(order({ filter }))).toMatchObject({ matched: 1 });
    expect(await statusOf(one.id)).toBe('delivering');
    expect(await statusOf(other.id)).toBe('dead');
  });

  it('may be of everything that one partner sent, or of one flow', async () => {
    await aDead('note');
    expect(await replay.run(order({ dryRun: true, filter: { partner: 'spsti-b' } }))).toMatchObject({
      matched: 1,
    });
    expect(await replay.run(order({ dryRun: true, filter: { flow: 'essai' } }))).toMatchObject({
      matched: 1,
    });
    expect(await replay.run(order({ dryRun: true, filter: { flow: 'insi' } }))).toMatchObject({ matched: 0 });
  });

  it.each([
    ['a filter that names nothing', { filter: {} }, '/filter'],
    ['no reason', { reason: '  ' }, '/reason'],
    ['a long reason', { reason: 'x'.repeat(201) }, '/reason'],
    ['a matricule in its reason', { reason: 'pour 2 75 12 99 401 001 87' }, '/reason'],
    ['an address in its reason', { reason: 'demandé par zoe@example.org' }, '/reason'],
    ['a telephone number in its reason', { reason: 'rappeler au 06 12 34 56 78' }, '/reason'],
  ])('with %s is refused', async (_, changes, pointer) => {
    await aDead('note');
    await expect(replay.run(order(changes))).rejects.toMatchObject({
      code: 'content.invalid',
      findings: [{ pointer }],
    });
    expect(await world.rows('job')).toEqual([]);
  });

  it('of a request opens its exchange again', async () => {
    const { exchange } = await aDead('ask');
    const now = async () => (await world.records.exchange(exchange?.id ?? '')) as Exchange;
    expect((await now()).state).toBe('CANCELLED');
    works();
    await replay.run(order());
    expect((await now()).state).toBe('SUBMITTED');
    await world.run();
    expect((await now()).state).toBe('DELIVERED');
    expect((await world.kinds()).filter((kind) => kind.startsWith('exchange.'))).toEqual([
      'exchange.cancelled',
      'exchange.reopened',
    ]);
  });

  it('of a request that nobody waits for any more is not sent', async () => {
    const { id } = await aDead('ask');
    world.pass({ hours: 31 });
    expect(await replay.run(order())).toMatchObject({
      refused: 1,
      deliveries: [{ replay: 'no', code: 'exchange.closed' }],
    });
    expect(await statusOf(id)).toBe('dead');
  });
});

describe('a replay after the recipient changed its key', () => {
  it('seals anew to the new key, under the same ids', async () => {
    const message = await aDead('split', { third: 'x' });
    rotate();
    works();
    expect(await replay.run(order())).toMatchObject({ resealed: 1 });
    await world.run();
    const [first, second] = world.parcels;
    expect(second).toMatchObject({ attempt: 2, delivery: { id: first?.delivery.id } });
    const parts = await world.records.parts((await world.deliveryOf(message.id)).id);
    expect(parts).toHaveLength(2);
    const opened = await Promise.all(parts.map((part: SealedPart) => world.open(part, 'spsti-c')));
    expect(opened.map(({ claims }) => claims['messageId'])).toEqual([message.id, message.id]);
    expect(opened[1]?.content.toString()).toBe('{"text":"bonjour","third":"x"}');
    expect(await statusOf(message.id)).toBe('delivered');
    expect(await world.kinds(message.id)).toContain('delivery.re-sealed');
  });

  it('keeps what the old key opens while that key is still in force', async () => {
    await aDead('note');
    const { enc = [] } = world.partners.get('spsti-a')?.keys ?? {};
    world.partners.set(
      'spsti-a',
      aPartner(world.pki, 'spsti-a', { keys: { enc: [world.pki.certificate('spsti-c', 'enc'), ...enc] } }),
    );
    expect(await replay.run(order({ dryRun: true }))).toMatchObject({ asSealed: 1 });
  });

  it('seals lines anew part by part', async () => {
    const lines = [{ batch: 1 }, { text: 'un' }, { text: 'deux' }];
    const { message } = await world.sendLines('lines', lines);
    await world.run();
    expect(await statusOf(message.id)).toBe('dead');
    rotate();
    works();
    await replay.run(order());
    await world.run();
    expect(await statusOf(message.id)).toBe('delivered');
    const [part] = await world.records.parts((await world.deliveryOf(message.id)).id);
    expect((await world.open(part as SealedPart, 'spsti-c')).content.toString()).toContain('"deux"');
  });

  it('is refused when the original is gone, and the others go on', async () => {
    const gone = await aDead('note');
    const there = await aDead('note');
    await world.unitOfWork.commit([write('payload.purge', { messageId: gone.id })]);
    rotate();
    works();
    const report = await replay.run(order());
    expect(report).toMatchObject({ matched: 2, resealed: 1, refused: 1 });
    expect(report.deliveries).toContainEqual(
      expect.objectContaining({ replay: 'no', code: 'message.resend-needed' }),
    );
    await world.run();
    world.pass({ ms: 2_000 });
    await world.run();
    expect(await statusOf(gone.id)).toBe('dead');
    expect(await statusOf(there.id)).toBe('delivered');
  });

  it('is dead again, in sight, when no key of the recipient may be used', async () => {
    const message = await aDead('note');
    world.partners.set('spsti-a', aPartner(world.pki, 'spsti-a', { keys: { enc: [world.pki.expired] } }));
    expect(await replay.run(order())).toMatchObject({ resealed: 1 });
    await world.run();
    expect(await world.deliveryOf(message.id)).toMatchObject({
      state: 'dead',
      lastError: 'recipient.key-invalid',
    });
    expect(await statusOf(message.id)).toBe('dead');
    expect(await world.rows('job')).toEqual([]);
  });

  it('waits for INSi as long as it lives', async () => {
    const message = await aDead('named');
    rotate();
    works();
    world.verdict = { ...(world.verdict as object), outcome: 'unavailable' } as World['verdict'];
    await replay.run(order());
    await world.run();
    expect(await world.deliveryOf(message.id)).toMatchObject({ state: 'queued' });
    expect(await world.rows('job')).toHaveLength(1);
    world.verdict = { ...(world.verdict as object), outcome: 'found' } as World['verdict'];
    world.pass({ hours: 1 });
    await world.run();
    expect(await statusOf(message.id)).toBe('delivered');
  });
});

describe('a dead delivery that an operator closes', () => {
  it('is cancelled, with its original and its parts, and what waited behind it goes', async () => {
    const first = await aDead('keyed', { key: 'k' });
    works();
    const { message } = await world.send('keyed', { key: 'k' });
    await world.run();
    expect((await world.deliveryOf(message.id)).state).toBe('queued');
    const { id } = await world.deliveryOf(first.id);
    expect(await replay.close(id, { reason: 'L’expéditeur renvoie', actor: 'person:abc' })).toMatchObject({
      state: 'cancelled',
    });
    await world.run();
    expect(await statusOf(message.id)).toBe('delivered');
    expect(await statusOf(first.id)).toBe('cancelled');
    expect((await world.records.payload(first.id))?.atRest.wrappedKey).toBeNull();
    world.pass({ ms: 1 });
    await world.keeper.tick();
    expect(await world.records.parts(id)).toEqual([]);
    expect((await world.journal()).find(({ kind }) => kind === 'delivery.closed')).toMatchObject({
      actor: 'person:abc',
      deliveryId: id,
      details: { reason: 'L’expéditeur renvoie' },
    });
    await expect(replay.close(id, { reason: 'encore', actor: 'person:abc' })).rejects.toMatchObject({
      code: 'state.conflict',
    });
  });

  it('must exist, and the reason names nobody', async () => {
    await expect(replay.close('nothing', { reason: 'essai', actor: 'a' })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(replay.close('nothing', { reason: 'a@b.fr', actor: 'a' })).rejects.toMatchObject({
      code: 'content.invalid',
    });
  });
});
