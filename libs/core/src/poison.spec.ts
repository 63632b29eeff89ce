/** A job that ends the process of whoever takes it stands back, instead of ending one process after the other. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aWorld, type World } from '../../../test/builders/stages.ts';
import type { Job } from './message.ts';
import { isPoison } from './poison.ts';

const ATTEMPTS = 3;

let world: World;
beforeEach(async () => {
  world = await aWorld({ retry: { firstMs: 1_000, maxMs: 1_000, attempts: ATTEMPTS } });
});
afterEach(() => world.done());

const idle = new AbortController().signal;

/** Taken once the lease of whoever had it has run out. */
async function claim(lane: string): Promise<Job> {
  world.pass({ ms: 31_000 });
  const now = world.clock.now();
  const [job] = await world.unitOfWork.claim({
    ...{ lane, limit: 1, lease: world.ids.next(), now: now.toISOString() },
    until: new Date(now.getTime() + 30_000).toISOString(),
  });
  if (job === undefined) throw new Error('nothing was due');
  return job;
}

describe('a message whose preparation kills its process', () => {
  it('lets the others be after a dozen deaths: it waits for its next try, kept whole, and says why', async () => {
    const { message } = await world.send('note');
    let job = await claim('prepare:spsti-b');
    for (let deaths = 0; !isPoison(job); deaths++) {
      expect(deaths).toBeLessThan(12);
      job = await claim('prepare:spsti-b');
    }
    await world.prepare.run(job, idle);
    expect(await world.records.message(message.id)).toMatchObject({
      status: 'preparing',
      reason: 'internal',
    });
    expect(await world.kinds(message.id)).toEqual(['message.accepted', 'message.prepare-failed']);
    const due = Date.parse((await world.records.nextDue('prepare:spsti-b')) ?? '');
    expect(due).toBeGreaterThan(world.clock.now().getTime());
    // nothing said that it was its own fault: what was cured meanwhile goes on
    await world.prepare.run(await claim('prepare:spsti-b'), idle);
    expect((await world.records.message(message.id))?.status).toBe('delivering');
  });

  it('is no poison when each try came to an end, however many there were', async () => {
    const { message } = await world.send('note');
    const { unitOfWork, clock } = world;
    for (let turn = 0; turn < 15; turn++) {
      const { id, lease = '', unended } = await claim('prepare:spsti-b');
      expect(unended).toBe(1);
      await unitOfWork.commit([
        { write: 'job.retry', values: { id, lease, runAt: clock.now().toISOString() } },
      ]);
    }
    await world.prepare.run(await claim('prepare:spsti-b'), idle);
    expect((await world.records.message(message.id))?.status).toBe('delivering');
  });
});

describe('a delivery whose sending kills its process', () => {
  it('is dead once its tries are spent: not sent again, and open to replay', async () => {
    const { message } = await world.send('note');
    await world.prepare.run(await claim('prepare:spsti-b'), idle);
    // sent each time, and never heard of again
    world.script = () => new Promise(() => undefined);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const job = await claim('spsti-a');
      void world.deliver.run(job, idle);
      while (world.parcels.length < attempt) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await world.deliver.run(await claim('spsti-a'), idle);
    expect(world.parcels).toHaveLength(ATTEMPTS);
    expect(await world.deliveryOf(message.id)).toMatchObject({
      state: 'dead',
      attempts: ATTEMPTS,
      lastError: 'internal',
    });
    expect((await world.records.message(message.id))?.status).toBe('dead');
    expect((await world.journal()).at(-1)).toMatchObject({
      kind: 'delivery.dead',
      details: { code: 'internal', attempt: ATTEMPTS },
    });
    expect(await world.records.openJobs()).toBe(0);
  });
});
