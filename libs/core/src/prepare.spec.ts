import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import request from '../../../contracts/dmst-portability/samples/valid/request.qualified.json' with {
  type: 'json',
};
import { aPartner, aVerdict, aWorld, type World } from '../../../test/builders/stages.ts';
import type { HeldIdentity } from './dmst-request.ts';
import { BrokerError } from './errors.ts';
import type { Job } from './message.ts';
import { write } from './writes.ts';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.done());

const statusOf = async (id: string) => (await world.records.message(id))?.status;
const claim = async (lane: string): Promise<Job> => {
  const now = world.clock.now();
  const [job] = await world.unitOfWork.claim({
    ...{ lane, limit: 1, lease: world.ids.next(), now: now.toISOString() },
    until: new Date(now.getTime() + 30_000).toISOString(),
  });
  return job as Job;
};
const idle = new AbortController().signal;

describe('preparing', () => {
  it('writes deliveries, sealed parts, jobs, journal and the end of its own job in one transaction', async () => {
    const { message } = await world.send('note', {}, { event: { recipient: 'spsti-a spsti-c' } });
    world.commits.length = 0;
    await world.prepare.run(await claim('prepare:spsti-b'), idle);
    expect(world.commits.map((list) => list.map((one) => one.write))).toEqual([
      [
        ...[
          'delivery.insert',
          'delivery.part',
          'job.insert',
          'delivery.insert',
          'delivery.part',
          'job.insert',
        ],
        ...['journal.entry', 'message.status', 'message.settle', 'job.finish'],
      ],
    ]);
    expect(await statusOf(message.id)).toBe('delivering');
    expect(await world.rows('job')).toHaveLength(2);
  });

  it('of a message that is gone or already prepared only ends the job', async () => {
    const { message } = await world.send('note');
    const job = await claim('prepare:spsti-b');
    await world.unitOfWork.commit([write('message.status', { id: message.id, status: 'cancelled' })]);
    await world.prepare.run(job, idle);
    expect(await world.rows('job')).toEqual([]);
    expect(await world.rows('delivery')).toEqual([]);
    expect(await statusOf(message.id)).toBe('cancelled');
  });

  it('changes nothing when another worker has taken the job over', async () => {
    const { message } = await world.send('note');
    const late = await claim('prepare:spsti-b');
    world.pass({ ms: 31_000 });
    const second = await claim('prepare:spsti-b');
    expect(second.id).toBe(late.id);
    await world.prepare.run(late, idle);
    expect(await world.rows('delivery')).toEqual([]);
    expect(await world.kinds(message.id)).toEqual(['message.accepted']);
    await world.prepare.run(second, idle);
    expect(await world.rows('delivery')).toHaveLength(1);
  });

  it('twice at once leaves one delivery: the slower one is rolled back whole', async () => {
    const { message } = await world.send('note');
    const late = await claim('prepare:spsti-b');
    world.pass({ ms: 31_000 });
    const second = await claim('prepare:spsti-b');
    await Promise.allSettled([late, second].map((job) => world.prepare.run(job, idle)));
    expect(await world.rows('delivery')).toHaveLength(1);
    expect(await world.kinds(message.id)).toEqual(['message.accepted', 'message.prepared']);
    expect(await statusOf(message.id)).toBe('delivering');
  });

  it('asks the identity port before the transaction, never inside', async () => {
    const { message } = await world.send('named');
    await world.run();
    expect(world.identityCalls).toBe(1);
    expect(await statusOf(message.id)).toBe('delivered');
    const [prepared] = (await world.journal()).filter(({ kind }) => kind === 'message.prepared');
    expect(prepared?.details).toEqual({ deliveries: 1, removed: 0, identity: 'QUAL' });
  });
});

describe('a message that cannot be prepared yet', () => {
  const badKey = () =>
    world.partners.set('spsti-a', aPartner(world.pki, 'spsti-a', { keys: { enc: [world.pki.expired] } }));

  it('waits with a visible reason, is tried again, and goes on once the partners file has a good key', async () => {
    badKey();
    const { message } = await world.send('note');
    await world.run();
    expect(await world.records.message(message.id)).toMatchObject({
      status: 'preparing',
      reason: 'recipient.key-invalid',
    });
    expect(await world.run()).toBe(0);
    world.pass({ ms: 2_000 });
    expect(await world.run()).toBe(1);
    world.partners.set('spsti-a', aPartner(world.pki, 'spsti-a'));
    world.pass({ ms: 5_000 });
    await world.run();
    const after = await world.records.message(message.id);
    expect(after?.status).toBe('delivered');
    expect(after?.reason).toBeUndefined();
    expect(await world.kinds(message.id)).toEqual([
      ...['message.accepted', 'message.prepare-failed', 'message.prepare-failed'],
      ...['message.prepared', 'delivery.attempted', 'delivery.received'],
    ]);
  });

  it('waits for a recipient that is no longer in the partners file', async () => {
    const { message } = await world.send('note');
    world.partners.delete('spsti-a');
    await world.run();
    expect(await world.records.message(message.id)).toMatchObject({
      status: 'preparing',
      reason: 'configuration.invalid',
    });
    world.partners.set('spsti-a', aPartner(world.pki, 'spsti-a'));
    world.pass({ ms: 5_000 });
    await world.run();
    expect(await statusOf(message.id)).toBe('delivered');
  });

  it('for a bug of ours waits too, and whoever runs us is told', async () => {
    const bug = new TypeError('x is not a function');
    world.verdict = bug;
    const { message } = await world.send('named');
    await expect(world.run()).rejects.toBe(bug);
    expect(await world.records.message(message.id)).toMatchObject({
      status: 'preparing',
      reason: 'internal',
    });
    world.verdict = aVerdict();
    world.pass({ ms: 5_000 });
    await world.run();
    expect(await statusOf(message.id)).toBe('delivered');
  });

  it('waits for the teleservice', async () => {
    world.verdict = aVerdict({ outcome: 'unavailable', status: 'PROV' });
    const { message } = await world.send('named');
    await world.run();
    expect(await world.records.message(message.id)).toMatchObject({ reason: 'insi.unavailable' });
    world.verdict = aVerdict();
    world.pass({ ms: 5_000 });
    await world.run();
    expect(await statusOf(message.id)).toBe('delivered');
  });

  it.each([
    ['the hours of its contract', undefined, 48],
    ['its expirytime', 3, 3],
  ])('expires at the end of %s, keeps its reason, and its content is gone', async (_, expiry, hours) => {
    badKey();
    const expirytime =
      expiry === undefined
        ? {}
        : { expirytime: new Date(world.clock.now().getTime() + expiry * 3_600_000).toISOString() };
    const { message } = await world.send('note', {}, { event: expirytime });
    await world.run();
    world.pass({ hours, ms: -360 });
    await world.run();
    expect(await statusOf(message.id)).toBe('preparing');
    // though the next try would come later
    world.pass({ ms: 360 });
    await world.run();
    expect(await world.records.message(message.id)).toMatchObject({
      status: 'expired',
      reason: 'recipient.key-invalid',
    });
    const payload = await world.records.payload(message.id);
    expect(payload).toMatchObject({ atRest: { wrappedKey: null }, chunks: [] });
    expect(await world.rows('job')).toEqual([]);
    expect((await world.kinds(message.id)).at(-1)).toBe('message.expired');
  });

  it('is refused, and its content gone, when it is the sender who must change something', async () => {
    world.verdict = new BrokerError('identity.invalid');
    const { message } = await world.send('named');
    await world.run();
    expect(await world.records.message(message.id)).toMatchObject({
      status: 'refused',
      reason: 'identity.invalid',
    });
    expect(await world.records.payload(message.id)).toMatchObject({
      atRest: { wrappedKey: null },
      chunks: [],
    });
    expect(await world.rows('job')).toEqual([]);
  });

  it('holds back nobody else', async () => {
    badKey();
    await world.send('note');
    const { message } = await world.send('note', {}, { event: { recipient: 'spsti-c' } });
    await world.run();
    expect(await statusOf(message.id)).toBe('delivered');
  });
});

describe('an identity in doubt', () => {
  const doubt = () =>
    aVerdict({
      status: 'PROV',
      inDoubt: true,
      ins: { value: '2751263220749', key: '74', oid: '1.2.250.1.213.1.4.8' },
      reasons: [{ code: 'traits.birth-name-differs', detail: 'Le nom diffère.' }],
    });
  /** as the vigilance cell does, apps/broker/src/operations/held.service.ts */
  const release = (id: string) => {
    const at = world.clock.now().toISOString();
    const job: Job = {
      ...{ id: world.ids.next(), stage: 'prepare', lane: 'prepare:spsti-b', rank: 0, attempts: 0 },
      ...{ messageId: id, runAt: at },
    };
    return world.unitOfWork.commit([
      write('held.decide', {
        id,
        decision: { verdict: 'release', evidence: 'CN', reason: 'vu', by: 'p', at },
      }),
      write('job.cancel', { messageId: id }),
      write('message.status', { id, from: ['held'], status: 'accepted' }),
      write('job.insert', { job }),
    ]);
  };

  it('holds the message for a person, with what differs under the vault and nothing of it in the journal', async () => {
    world.verdict = doubt();
    const { message } = await world.send('named');
    await world.run();
    expect(await world.records.message(message.id)).toMatchObject({
      status: 'held',
      reason: 'identity.in-doubt',
    });
    const held = (await world.records.held(message.id)) as HeldIdentity;
    expect(held.reasons).toEqual(['traits.birth-name-differs']);
    const { atRest, bytes } = held.details;
    const details = world.vault.open({ atRest, chunks: [bytes] }, `held/${message.id}`);
    expect(JSON.parse(Buffer.from(details).toString())).toMatchObject({
      sent: { traits: { birthName: 'ADRUN' } },
    });
    const journal = JSON.stringify(await world.journal());
    expect(journal).toContain('message.held');
    for (const trait of ['ADRUN', 'ZOE', '2751263220749', '1975']) expect(journal).not.toContain(trait);
    expect(world.parcels).toEqual([]);
  });

  it('waits for the cell of the service that it was verified for, which may be the recipient', async () => {
    world.verdict = aVerdict({ inDoubt: true });
    const { message } = await world.send('told');
    await world.run();
    expect(await world.records.held(message.id)).toMatchObject({ partner: 'spsti-a' });
    expect(await world.records.heldOf('spsti-b')).toEqual([]);
  });

  it('once released goes out and is not held again, though the doubt remains', async () => {
    world.verdict = doubt();
    const { message } = await world.send('named');
    await world.run();
    await release(message.id);
    await world.run();
    expect(await world.records.message(message.id)).toMatchObject({ status: 'delivered' });
    expect(await world.rows('held_identity')).toHaveLength(1);
    expect(await world.rows('job')).toEqual([]);
  });

  it('never lets the doubtful matricule out, even of a portability request that was released', async () => {
    world.verdict = { ...doubt(), status: 'QUAL' };
    const event = { type: 'fr.relais-st.dmst-portability.request.v1' };
    const { message } = await world.send('note', {}, { event, data: Buffer.from(JSON.stringify(request)) });
    await world.run();
    expect(await statusOf(message.id)).toBe('held');
    await release(message.id);
    await world.run();
    const [parcel] = world.parcels;
    const { content } = await world.open(parcel?.parts[0] as never, 'spsti-a');
    expect(content.toString()).toContain('ADRUN');
    expect(content.toString()).not.toContain('2751263220749');
    expect(JSON.parse(content.toString()).worker).not.toHaveProperty('ins');
  });

  it('that nobody settles expires with the message, and leaves the work list', async () => {
    world.verdict = doubt();
    const { message } = await world.send('named');
    await world.run();
    world.pass({ hours: 47 });
    expect(await world.run()).toBe(0);
    expect(await world.records.heldOf('spsti-b')).toHaveLength(1);
    world.pass({ hours: 1 });
    await world.run();
    expect(await world.records.message(message.id)).toMatchObject({
      status: 'expired',
      reason: 'identity.in-doubt',
    });
    expect(await world.records.heldOf('spsti-b')).toEqual([]);
    expect(await world.records.payload(message.id)).toMatchObject({
      atRest: { wrappedKey: null },
      chunks: [],
    });
    expect(await world.rows('job')).toEqual([]);
  });
});
