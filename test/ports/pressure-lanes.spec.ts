/** Lanes under pressure, on every store: a partner that is not there, a sender that floods, clocks that differ. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Clock, type Job, prepareLane, write } from '#core';
import { DatabaseQueue } from '#queue';
import { SharedClock } from '../../apps/broker/src/engine/shared-clock.ts';
import { aJob, aMessage, aUnit, insertMessage, type OpenedStore, STORES } from './stores.ts';

const CONCURRENCY = 4;

for (const { name, open, isThere } of STORES) {
  describe.skipIf(!isThere)(`lanes under pressure on ${name}`, () => {
    let store: OpenedStore;
    let queues: DatabaseQueue[];
    let failures: unknown[];

    beforeEach(async () => {
      store = await open();
      queues = [];
      failures = [];
    });
    afterEach(async () => {
      await Promise.all(queues.map((queue) => queue.stop(0)));
      await store.remove();
    });

    function queue(
      handler: (job: Job) => Promise<void>,
      clock: Clock = { now: () => new Date() },
      leaseMs = 60_000,
    ) {
      const made = new DatabaseQueue({
        ...{ clock, records: store.records, unitOfWork: store.unitOfWork },
        handlers: { prepare: handler, deliver: handler },
        ...{ concurrency: CONCURRENCY, leaseMs, pollMs: 50 },
        onFailure: (_, error) => failures.push(error),
      });
      queues.push(made);
      return made;
    }
    const finish = ({ id, lease = '' }: Job) => store.unitOfWork.commit([write('job.finish', { id, lease })]);
    const until = (look: () => boolean | Promise<boolean>) =>
      vi.waitFor(async () => expect(await look()).toBe(true), { timeout: 20_000, interval: 20 });

    it('a partner that is not there costs a few tries, however much waits for it; all flows once it is back', async () => {
      const dead = Array.from({ length: 300 }, () => aUnit({ recipient: 'spsti-a' }));
      const healthy = Array.from({ length: 300 }, () => aUnit({ recipient: 'spsti-b' }));
      for (let at = 0; at < dead.length; at += 50)
        await store.unitOfWork.commit(
          [...dead, ...healthy].slice(at * 2, at * 2 + 100).flatMap(({ writes }) => writes),
        );
      let isBack = false;
      const tries = { 'spsti-a': 0, 'spsti-b': 0 } as Record<string, number>;
      const engine = queue(async (job) => {
        tries[job.lane] = (tries[job.lane] ?? 0) + 1;
        const reached = job.lane === 'spsti-b' || isBack;
        engine.tried(job.lane, reached);
        if (reached) return finish(job);
        const runAt = new Date(Date.now() + 3_600_000).toISOString();
        await store.unitOfWork.commit([write('job.retry', { id: job.id, lease: job.lease ?? '', runAt })]);
      });
      engine.start();
      await until(() => tries['spsti-b'] === 300);
      // four at once find out, then one after a rest that doubles
      expect(tries['spsti-a']).toBeGreaterThanOrEqual(CONCURRENCY);
      expect(tries['spsti-a']).toBeLessThan(CONCURRENCY * 2 + 12);
      expect(engine.reserve('spsti-a')).toBeUndefined();
      const missed = tries['spsti-a'] ?? 0;
      isBack = true;
      // those that were tried wait for their own time
      await until(async () => (await store.records.openJobs()) <= missed + CONCURRENCY);
      expect(failures).toEqual([]);
    });

    it('a sender of hundreds holds back its own messages only', async () => {
      const jobOf = (sender: string) => {
        const message = aMessage({ sender, priority: 'bulk' });
        const job = aJob({ messageId: message.id, stage: 'prepare', lane: prepareLane(sender), rank: 1 });
        return { job, writes: [insertMessage(message), write('job.insert', { job })] };
      };
      const flood = Array.from({ length: 200 }, () => jobOf('spsti-a'));
      const few = Array.from({ length: 5 }, () => jobOf('spsti-b'));
      await store.unitOfWork.commit([...flood, ...few].flatMap(({ writes }) => writes));
      const order: string[] = [];
      const engine = queue(async (job) => {
        order.push(job.lane);
        await finish(job);
      });
      engine.start();
      await until(() => order.length === 205);
      // all were there from the start, the flood first
      expect(order.lastIndexOf(prepareLane('spsti-b'))).toBeLessThan(60);
    });

    describe('two processes whose clocks differ by two minutes', () => {
      const AHEAD_MS = 120_000;
      const LEASE_MS = 30_000;
      const own = { now: () => new Date() };
      const ahead = { now: () => new Date(Date.now() + AHEAD_MS) };
      // SQLite's is this machine's: nothing to ask
      const databaseTime = async () => (await store.time?.()) ?? Date.now();
      const shared = async (clock: Clock) => {
        const made = new SharedClock(clock);
        await made.follow({ measure: databaseTime, machine: () => clock.now().getTime() });
        return made;
      };
      const claim = (clock: Clock) => {
        const now = clock.now();
        return store.unitOfWork.claim({
          ...{ lane: 'spsti-a', limit: 1, lease: randomUUID(), now: now.toISOString() },
          until: new Date(now.getTime() + LEASE_MS).toISOString(),
        });
      };
      const put = (clock: Clock) =>
        store.unitOfWork.commit(aUnit({ runAt: clock.now().toISOString() }).writes);

      it('by their own clocks, the one ahead takes what the other holds, and leaves what the other cannot see', async () => {
        await put(own);
        expect(await claim(own)).toHaveLength(1);
        expect(await claim(ahead)).toHaveLength(1);
        await put(ahead);
        expect(await claim(own)).toHaveLength(0);
      });

      it('by the database’s, neither takes what the other holds, and both see what either leaves', async () => {
        const [one, other] = [await shared(own), await shared(ahead)];
        expect(Math.abs(one.now().getTime() - other.now().getTime())).toBeLessThan(2_500);
        await put(own);
        expect(await claim(one)).toHaveLength(1);
        expect(await claim(other)).toHaveLength(0);
        await put(other);
        await until(async () => (await claim(one)).length === 1);
        for (const clock of [one, other]) clock.stop();
      });
    });
  });
}
