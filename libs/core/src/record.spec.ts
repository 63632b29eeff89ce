import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BrokerError, type ErrorCode } from './errors.ts';
import type { Delivery, Job } from './message.ts';
import { record } from './record.ts';
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

const job = { id: 'j', lease: 'mine' } as Job;
const delivery = { id: 'd', state: 'sending', attempts: 2 } as Delivery;
const receipt = write('message.settle', { id: 'm' });

/** A store that answers each commit as scripted, then takes everything; the delivery reads as `present` says. */
function aStore(script: (ErrorCode | 'ok')[], present: () => Partial<Delivery> | undefined = () => delivery) {
  const committed: string[] = [];
  let tries = 0;
  const commit = async (writes: readonly Write[]) => {
    const answer = script[tries++] ?? 'ok';
    if (answer !== 'ok') throw new BrokerError(answer);
    committed.push(writes.map((one) => one.write).join(' '));
  };
  const stages = {
    unitOfWork: { commit },
    records: { delivery: async () => present() },
  } as unknown as Stages;
  return { stages, committed, tries: () => tries };
}

describe('recording what came of a try', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const recorded = async (stages: Stages, compose = async (): Promise<Write[]> => [receipt]) => {
    const done = record(stages, job, delivery, compose).catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    return done;
  };

  it('waits for a store that cannot take it, then records once', async () => {
    const store = aStore(Array(9).fill('store.unavailable'));
    expect(await recorded(store.stages)).toBe(true);
    expect(store.committed).toEqual(['message.settle']);
    expect(store.tries()).toBe(10);
  });

  it('gives up after half a minute, and says why', async () => {
    const store = aStore(Array(1_000).fill('store.unavailable'));
    const from = Date.now();
    expect(await recorded(store.stages)).toMatchObject({ code: 'store.unavailable' });
    expect(Date.now() - from).toBeGreaterThan(29_000);
    expect(Date.now() - from).toBeLessThan(33_000);
  });

  it('reads afresh when it was fenced and the try is still its own', async () => {
    const store = aStore(['writer.fenced', 'store.unavailable', 'writer.fenced']);
    let reads = 0;
    const compose = async () => {
      reads += 1;
      return [receipt];
    };
    expect(await recorded(store.stages, compose)).toBe(true);
    expect(reads).toBe(4);
  });

  it('leaves the delivery to whoever tries it now', async () => {
    for (const present of [
      { ...delivery, attempts: 3 },
      { ...delivery, state: 'retrying' as const },
    ]) {
      const store = aStore(['writer.fenced'], () => present);
      expect(await recorded(store.stages)).toBe(false);
      expect(store.committed).toEqual([]);
    }
  });

  it('ends the job when a receipt or the end of its life came first, even if the job has gone too', async () => {
    const store = aStore(['writer.fenced'], () => ({ ...delivery, state: 'delivered' }));
    expect(await recorded(store.stages)).toBe(false);
    expect(store.committed).toEqual(['job.finish']);
    const gone = aStore(['writer.fenced', 'writer.fenced'], () => ({ ...delivery, state: 'expired' }));
    expect(await recorded(gone.stages)).toBe(false);
    expect(gone.committed).toEqual([]);
  });

  it('stops looking when every look is fenced: the lease is another’s', async () => {
    const store = aStore(Array(100).fill('writer.fenced'));
    expect(await recorded(store.stages)).toBe(false);
    expect(store.tries()).toBe(5);
  });

  it('throws what is neither', async () => {
    const store = aStore(['internal']);
    expect(await recorded(store.stages)).toMatchObject({ code: 'internal' });
  });
});
