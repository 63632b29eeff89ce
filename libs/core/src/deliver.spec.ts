import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aWorld, RECEIVED, type World } from '../../../test/builders/stages.ts';
import { BrokerError } from './errors.ts';
import type { Job } from './message.ts';
import type { Sent } from './ports.ts';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.done());

const idle = new AbortController().signal;
const unreachable = () => {
  throw new BrokerError('transport.unreachable');
};
const refused = (): Sent => ({
  receipt: { outcome: 'refused', at: world.clock.now().toISOString(), code: 'R08' },
});
const statusOf = async (id: string) => (await world.records.message(id))?.status;
const keyOf = async (id: string) => (await world.records.payload(id))?.atRest.wrappedKey ?? null;
const claim = async (lane: string): Promise<Job> => {
  const now = world.clock.now();
  const [job] = await world.unitOfWork.claim({
    ...{ lane, limit: 1, lease: world.ids.next(), now: now.toISOString() },
    until: new Date(now.getTime() + 30_000).toISOString(),
  });
  return job as Job;
};
/** prepared, and its delivery not yet tried */
const aPrepared = async (object = 'note') => {
  const { message } = await world.send(object);
  await world.prepare.run(await claim('prepare:spsti-b'), idle);
  return message;
};

describe('a delivery', () => {
  it('is marked as attempted in one commit, and as received in another', async () => {
    const message = await aPrepared();
    world.commits.length = 0;
    world.script = async (parcel) => {
      expect((await world.deliveryOf(message.id)).state).toBe('sending');
      return RECEIVED(parcel, world.clock.now());
    };
    await world.run();
    expect(world.commits.map((list) => list.map((one) => one.write))).toEqual([
      ['job.extend', 'delivery.update', 'journal.entry'],
      ['delivery.update', 'message.settle', 'journal.entry', 'job.finish'],
    ]);
    expect(await world.deliveryOf(message.id)).toMatchObject({
      state: 'delivered',
      attempts: 1,
      receipt: { outcome: 'received' },
    });
    expect(await statusOf(message.id)).toBe('delivered');
    expect(await world.rows('job')).toEqual([]);
  });

  it('left for the recipient to fetch is available, without an attempt counted', async () => {
    world.script = () => undefined;
    const { message } = await world.send('note');
    await world.run();
    expect(await world.deliveryOf(message.id)).toMatchObject({ state: 'available', attempts: 0 });
    expect(await statusOf(message.id)).toBe('delivering');
    expect(await world.rows('job')).toEqual([]);
    expect(await keyOf(message.id)).not.toBeNull();
  });

  it('is not sent once its life is over, and its sealed parts go', async () => {
    const message = await aPrepared();
    world.pass({ hours: 48 });
    await world.run();
    expect(world.parcels).toEqual([]);
    const delivery = await world.deliveryOf(message.id);
    expect(delivery.state).toBe('expired');
    expect(await world.records.parts(delivery.id)).toEqual([]);
    expect(await statusOf(message.id)).toBe('expired');
    expect(await keyOf(message.id)).toBeNull();
  });

  it('is given a bounded time by the transport’s signal', async () => {
    const slow = await aWorld({ attemptTimeoutMs: 20 });
    slow.script = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new BrokerError('transport.unreachable')));
      });
    const { message } = await slow.send('note');
    await slow.run();
    expect(await slow.deliveryOf(message.id)).toMatchObject({ state: 'retrying', attempts: 1 });
  });

  it('moves the exchange of its request on', async () => {
    const { exchanges } = await world.send('ask');
    await world.run();
    expect(await world.records.exchange(exchanges[0]?.id ?? '')).toMatchObject({ state: 'DELIVERED' });
  });
});

describe('a delivery that fails', () => {
  it('is tried again with growing waits, says each time that it may be a repeat, and is dead after the last', async () => {
    world.script = unreachable;
    const { message } = await world.send('note');
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 3; attempt++) {
      await world.run();
      const { state, attempts, nextTryAt, lastError } = await world.deliveryOf(message.id);
      expect({ attempts, lastError }).toEqual({ attempts: attempt, lastError: 'transport.unreachable' });
      if (state === 'dead') break;
      waits.push(Date.parse(nextTryAt ?? '') - world.clock.now().getTime());
      expect(await world.run()).toBe(0);
      world.pass({ ms: waits.at(-1) ?? 0 });
    }
    expect(world.parcels.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(waits).toHaveLength(2);
    expect(waits[1]).toBeGreaterThan(waits[0] as number);
    const dead = await world.deliveryOf(message.id);
    expect(dead).toMatchObject({ state: 'dead', attempts: 3 });
    expect(dead.nextTryAt).toBeUndefined();
    expect(await statusOf(message.id)).toBe('dead');
    expect(await world.rows('job')).toEqual([]);
    expect(await world.kinds(message.id)).toEqual([
      ...['message.accepted', 'message.prepared', 'delivery.attempted', 'delivery.failed'],
      ...['delivery.attempted', 'delivery.failed', 'delivery.attempted', 'delivery.dead'],
    ]);
  });

  it('keeps the sealed payload and the id the same at each try', async () => {
    world.script = unreachable;
    await world.send('note');
    await world.run();
    world.pass({ ms: 2_000 });
    await world.run();
    const [one, two] = world.parcels;
    expect(two?.parts).toEqual(one?.parts);
    expect(two?.message.id).toBe(one?.message.id);
  });

  it('waits as long as the other side asks', async () => {
    world.script = () => {
      throw new BrokerError('transport.unreachable', { retryAfter: 600 });
    };
    const { message } = await world.send('note');
    await world.run();
    const { nextTryAt } = await world.deliveryOf(message.id);
    expect(Date.parse(nextTryAt ?? '') - world.clock.now().getTime()).toBe(600_000);
  });

  it('for want of somebody’s session waits as long as it lives: no try is spent, and what leaves is no repeat', async () => {
    world.script = () => {
      throw new BrokerError('mail.session-needed', { next: 'retry' });
    };
    const { message } = await world.send('note');
    for (let look = 0; look < 12; look++) {
      await world.run();
      const { state, attempts, nextTryAt, lastError } = await world.deliveryOf(message.id);
      expect({ state, attempts, lastError }).toEqual({
        state: 'retrying',
        attempts: 0,
        lastError: 'mail.session-needed',
      });
      const wait = Date.parse(nextTryAt ?? '') - world.clock.now().getTime();
      expect(wait).toBeLessThanOrEqual(360_000);
      world.pass({ ms: wait });
    }
    world.script = (parcel) => RECEIVED(parcel, world.clock.now());
    await world.run();
    expect(world.parcels.at(-1)?.attempt).toBe(1);
    expect(await statusOf(message.id)).toBe('delivered');
  });

  it('for what no repeat can mend is dead at once', async () => {
    world.script = () => {
      throw new BrokerError('transport.refused', { next: 'stop' });
    };
    const { message } = await world.send('note');
    await world.run();
    expect(await world.deliveryOf(message.id)).toMatchObject({
      state: 'dead',
      attempts: 1,
      lastError: 'transport.refused',
    });
  });

  it('for a bug of ours is told to whoever runs us, tried again within the same bounds, then dead', async () => {
    const bug = new TypeError('x is not a function');
    world.script = () => {
      throw bug;
    };
    const { message } = await world.send('note');
    await expect(world.run()).rejects.toBe(bug);
    expect(await world.deliveryOf(message.id)).toMatchObject({
      state: 'retrying',
      attempts: 1,
      lastError: 'internal',
    });
    for (let attempt = 2; attempt <= 3; attempt++) {
      world.pass({ hours: 1 });
      await expect(world.run()).rejects.toBe(bug);
    }
    expect(await world.deliveryOf(message.id)).toMatchObject({ state: 'dead', attempts: 3 });
    expect(await world.rows('job')).toEqual([]);
  });

  it('is sent by the next try once the bug is gone', async () => {
    world.script = () => {
      world.script = (parcel) => RECEIVED(parcel, world.clock.now());
      throw new TypeError('x is not a function');
    };
    const { message } = await world.send('note');
    await expect(world.run()).rejects.toThrow(TypeError);
    world.pass({ hours: 1 });
    await world.run();
    expect(await statusOf(message.id)).toBe('delivered');
  });

  it('for want of the recipient in the partners file is dead, in sight of the operator', async () => {
    const message = await aPrepared();
    world.partners.delete('spsti-a');
    await world.run();
    expect(await world.deliveryOf(message.id)).toMatchObject({
      state: 'dead',
      lastError: 'configuration.invalid',
    });
  });

  it('only in being recorded, is recorded once the store can: nothing is sent again', async () => {
    const message = await aPrepared();
    world.failCommitOf('message.settle', new BrokerError('store.unavailable'));
    await world.run();
    expect(world.parcels.map(({ attempt }) => attempt)).toEqual([1]);
    expect(await world.deliveryOf(message.id)).toMatchObject({ state: 'delivered', attempts: 1 });
  });

  it('with its process, between sending and recording, is sent again as a repeat at the end of the lease', async () => {
    const message = await aPrepared();
    world.failCommitOf('message.settle', new BrokerError('internal'));
    await expect(world.run()).rejects.toMatchObject({ code: 'internal' });
    expect(await world.deliveryOf(message.id)).toMatchObject({ state: 'sending', attempts: 1 });
    expect(await world.run()).toBe(0);
    world.pass({ ms: 31_000 });
    await world.run();
    expect(world.parcels.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(await world.deliveryOf(message.id)).toMatchObject({ state: 'delivered', attempts: 2 });
  });
});

describe('a worker whose lease was taken over', () => {
  it('cannot mark an attempt', async () => {
    const message = await aPrepared();
    const late = await claim('spsti-a');
    world.pass({ ms: 31_000 });
    await claim('spsti-a');
    await expect(world.deliver.run(late, idle)).rejects.toMatchObject({ code: 'writer.fenced' });
    expect(await world.deliveryOf(message.id)).toMatchObject({ state: 'queued', attempts: 0 });
    expect(world.parcels).toEqual([]);
  });

  it.each([
    ['a success', (at: Date): Sent => ({ receipt: { outcome: 'received', at: at.toISOString() } })],
    ['a failure', unreachable],
  ])('cannot write %s: what the new holder wrote stands', async (_, outcome) => {
    const message = await aPrepared();
    const late = await claim('spsti-a');
    let answer: () => void = () => undefined;
    world.script = async () => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return outcome(world.clock.now());
    };
    const running = world.deliver.run(late, idle);
    while (world.parcels.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const finish = answer;
    world.pass({ ms: 31_000 });
    world.script = () => refused();
    await world.deliver.run(await claim('spsti-a'), idle);
    const before = [await world.deliveryOf(message.id), await world.journal()];
    finish();
    await Promise.allSettled([running]);
    expect([await world.deliveryOf(message.id), await world.journal()]).toEqual(before);
    expect(world.parcels.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(await world.deliveryOf(message.id)).toMatchObject({ state: 'refused', attempts: 2 });
  });
});

describe('an answer given at once', () => {
  const answering = () => {
    world.script = (parcel) => ({
      ...RECEIVED(parcel, world.clock.now()),
      ...(parcel.recipient.id === 'insi' ? { answer: { object: 'result', json: { outcome: 'found' } } } : {}),
    });
  };

  it('becomes a message from the recipient to the sender, in the transaction of the receipt', async () => {
    answering();
    const { message } = await world.send('question');
    await world.run();
    const answer = await world.records.messageOf('insi', `answer:${message.id}`);
    expect(answer).toMatchObject({
      ...{ sender: 'insi', recipients: ['spsti-b'], type: 'fr.relais-st.essai.result.v1' },
      ...{ correlationId: message.id, status: 'delivered' },
    });
    const list = world.commits.find(
      (one) =>
        one.some(({ write }) => write === 'delivery.update') &&
        one.some(({ write }) => write === 'message.insert'),
    );
    expect(list?.map((one) => one.write)).toContain('job.finish');
  });

  it('goes to the caller who waits, and then to nobody else', async () => {
    answering();
    const message = await aPrepared('question');
    world.waiting.set(message.id, undefined);
    await world.run();
    expect(world.waiting.get(message.id)).toEqual({ outcome: 'found' });
    expect(await world.records.messageOf('insi', `answer:${message.id}`)).toBeUndefined();
    expect(await statusOf(message.id)).toBe('delivered');
  });

  it('is not given to the caller when it could not be written: the caller is let go', async () => {
    answering();
    const message = await aPrepared('question');
    world.waiting.set(message.id, 'nothing yet');
    world.failCommitOf('message.settle', new BrokerError('internal'));
    await expect(world.run()).rejects.toMatchObject({ code: 'internal' });
    expect(world.waiting.get(message.id)).toBe('nothing yet');
    expect(world.released).toEqual([message.id]);
  });
});

describe('the sealed copy of what was pushed', () => {
  const purgedAfter = async (object: string, time: { ms?: number; days?: number }) => {
    const { message } = await world.send(object);
    await world.run();
    world.pass(time);
    await world.keeper.tick();
    return (await world.records.parts((await world.deliveryOf(message.id)).id)).length === 0;
  };

  it('goes at once when the contract asks for no more than its arrival', async () => {
    expect(await purgedAfter('note', { ms: 1 })).toBe(true);
    expect(await world.kinds()).toContain('delivery.purged');
  });

  it('stays some days when only a manifest was pushed: its parts are still to be fetched', async () => {
    expect(await purgedAfter('split', { days: 6 })).toBe(false);
    expect(await purgedAfter('split', { days: 7 })).toBe(true);
  });
});
