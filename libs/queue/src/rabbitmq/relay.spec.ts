import { expect, it } from 'vitest';
import type { Announced, Publisher } from './publisher.ts';
import { Relay } from './relay.ts';

it('announces what was lost in every lane, whatever one of them answers, and tells that failure', async () => {
  const published: string[] = [];
  const publisher = {
    async waiting(lane: string) {
      if (lane === 'cnam') throw new Error('cnam stands with other arguments');
      return { 0: 0, 1: 0 };
    },
    async publish({ lane }: Announced) {
      published.push(lane);
      return true;
    },
  } as unknown as Publisher;
  const relay = new Relay({
    clock: { now: () => new Date('2026-03-02T09:00:00.000Z') },
    records: {
      lanes: async () => ['cnam', 'spsti-a'],
      dueJobs: async ({ rank }) => (rank === 0 ? [{ id: 'lost', due: '2026-03-02T08:00:00.000Z' }] : []),
    },
    publisher,
    relayAfterMs: 2_000,
  });
  await expect(relay.tick()).rejects.toThrow('cnam stands with other arguments');
  expect(published).toEqual(['spsti-a']);
});
