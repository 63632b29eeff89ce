import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Job, type Slot, write } from '#core';
import { finish, type Handler, type OpenedQueues, onEveryQueue } from './queues.ts';
import { aUnit } from './stores.ts';

const HOLDER = join(import.meta.dirname, 'queue-holder.ts');

/** A door that handlers wait at. */
function aGate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

onEveryQueue(({ name, open }) => {
  describe(`a queue: ${name}`, () => {
    let world: OpenedQueues;
    /** in the order in which handlers began and ended */
    let began: Job[];
    let ended: Job[];
    let child: ChildProcess | undefined;

    beforeEach(async () => {
      world = await open();
      began = [];
      ended = [];
    });
    afterEach(async () => {
      child?.kill('SIGKILL');
      await world.remove();
    });

    const put = async (...units: { writes: ReturnType<typeof aUnit>['writes'] }[]) =>
      world.store.unitOfWork.commit(units.flatMap(({ writes }) => writes));
    const units = (count: number, given: Parameters<typeof aUnit>[0] = {}) =>
      Array.from({ length: count }, () => aUnit(given));
    const commitEnd = (job: Job) => world.store.unitOfWork.commit([finish(job)]);
    /** does `work`, then finishes the job */
    const doing =
      (work: (job: Job, signal: AbortSignal) => Promise<void> = async () => undefined): Handler =>
      async (job, signal) => {
        began.push(job);
        await work(job, signal);
        await commitEnd(job);
        ended.push(job);
      };
    const until = (look: () => boolean | Promise<boolean>) =>
      vi.waitFor(async () => expect(await look()).toBe(true), { timeout: 45_000, interval: 10 });
    const ids = (jobs: readonly { id: string }[]) => jobs.map(({ id }) => id);
    const openJobs = () => world.store.records.openJobs();

    describe('finding work', () => {
      it('runs what waits at the start, and what is announced after', async () => {
        const [first, second] = [aUnit({}), aUnit({ recipient: 'cnam' })];
        await put(first);
        const queue = world.queue({ handler: doing() });
        queue.start();
        await until(() => ended.length === 1);
        await put(second);
        queue.ring('cnam');
        await until(() => ended.length === 2);
        expect(ids(ended)).toEqual([first.job.id, second.job.id]);
        expect(await openJobs()).toBe(0);
      });

      it('sees what nobody announced at the next look', async () => {
        const queue = world.queue({ handler: doing(), pollMs: 20 });
        queue.start();
        const unannounced = [...units(3), aUnit({ recipient: 'cnam' })];
        await world.quiet.commit(unannounced.flatMap(({ writes }) => writes));
        await until(() => ended.length === 4);
      });

      it('never runs more of a lane at once than it may', async () => {
        await put(...units(12));
        let now = 0;
        let most = 0;
        const queue = world.queue({
          concurrency: 3,
          handler: doing(async () => {
            most = Math.max(most, ++now);
            await new Promise((resolve) => setTimeout(resolve, 150));
            now -= 1;
          }),
        });
        queue.start();
        await until(() => ended.length === 12);
        expect(most).toBe(3);
      });

      it('leaves lanes alone that it does not serve', async () => {
        await put(aUnit({}), aUnit({ recipient: 'cnam' }));
        const queue = world.queue({ handler: doing(), serves: (lane) => lane === 'cnam' });
        queue.start();
        await until(() => ended.length === 1);
        expect(ended[0]?.lane).toBe('cnam');
        expect(queue.reserve('spsti-a')).toBeUndefined();
        expect(await openJobs()).toBe(1);
      });
    });

    describe('leases', () => {
      it('keeps a long job with its holder: the lease is prolonged while it works', async () => {
        await put(aUnit({}));
        const settings = { handler: doing(() => new Promise((r) => setTimeout(r, 2_000))), leaseMs: 600 };
        const [one, two] = [
          world.queue({ ...settings, pollMs: 20 }),
          world.queue({ ...settings, pollMs: 20 }),
        ];
        one.start();
        two.start();
        await until(() => ended.length === 1);
        expect(began).toHaveLength(1);
        expect(await openJobs()).toBe(0);
      });

      it('takes over what a dead process held, once the lease is over and not before', async () => {
        const unit = aUnit({});
        await put(unit);
        const now = world.clock.now();
        const lease = { lane: 'spsti-a', limit: 1, lease: 'dead', now: now.toISOString() };
        await world.store.unitOfWork.claim({
          ...lease,
          until: new Date(now.getTime() + 60_000).toISOString(),
        });
        const queue = world.queue({ handler: doing(), pollMs: 10 });
        expect(await queue.runUntilEmpty()).toBe(0);
        world.advance(60_001);
        queue.start();
        await until(() => ended.length === 1);
        expect(ended[0]).toMatchObject({ id: unit.job.id, attempts: 2 });
      });

      it('fences who was taken over: his list changes nothing, the other’s stands', async () => {
        const unit = aUnit({});
        await put(unit);
        const gate = aGate();
        const status = (job: Job, reason: string) =>
          world.store.unitOfWork.commit([
            write('message.status', { id: unit.message.id, status: 'dead', reason }),
            finish(job),
          ]);
        const slow = world.queue({
          // no room to look again, and take its own job back, when the clock has moved
          concurrency: 1,
          handler: async (job) => {
            began.push(job);
            await gate.opened;
            await status(job, 'slow');
          },
        });
        slow.start();
        await until(() => began.length === 1);
        world.advance(60_001);
        const quick = world.queue({ handler: (job) => status(job, 'quick') });
        expect(await quick.runUntilEmpty()).toBe(1);
        gate.open();
        await until(() => world.failures.length === 1);
        expect(world.failures).toEqual(['spsti-a: writer.fenced']);
        expect((await world.store.records.message(unit.message.id))?.reason).toBe('quick');
      });

      it('fences a process that was paused beyond its lease', async () => {
        const unit = aUnit({});
        await put(unit);
        const leaseMs = 1_000;
        const place = JSON.stringify(world.store.place);
        const flags = ['--conditions=source', '--experimental-transform-types', '--no-warnings'];
        const holder = spawn(process.execPath, [...flags, HOLDER, place, String(leaseMs)], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        child = holder;
        const said: string[] = [];
        const lines = createInterface({ input: holder.stdout });
        lines.on('line', (line) => said.push(line));
        await once(lines, 'line');
        holder.kill('SIGSTOP');
        const queue = world.queue({
          pollMs: 20,
          handler: async (job) => {
            ended.push(job);
            await world.store.unitOfWork.commit([
              write('message.status', { id: unit.message.id, status: 'dead', reason: 'taker' }),
              finish(job),
            ]);
          },
        });
        queue.start();
        await until(() => ended.length === 1);
        expect(ended[0]).toMatchObject({ id: unit.job.id, attempts: 2 });
        holder.kill('SIGCONT');
        await once(holder, 'exit');
        expect(said).toEqual(['started', 'writer.fenced']);
        expect((await world.store.records.message(unit.message.id))?.reason).toBe('taker');
        expect(await openJobs()).toBe(0);
      });
    });

    describe('order and fairness', () => {
      it('goes on in every lane while all of a dead partner’s tries hang', async () => {
        await put(...units(100, { recipient: 'dead' }));
        await put(...['cnam', 'dmp', 'spsti-a'].flatMap((recipient) => units(20, { recipient })));
        const gate = aGate();
        const queue = world.queue({
          handler: doing(({ lane }) => (lane === 'dead' ? gate.opened : Promise.resolve())),
        });
        queue.start();
        await until(() => ended.length === 60);
        expect(ended.filter(({ lane }) => lane === 'dead')).toEqual([]);
        // what hangs takes its own lane's places, and no other
        expect(began.filter(({ lane }) => lane === 'dead')).toHaveLength(4);
        gate.open();
        await until(() => ended.length === 160);
      });

      it('gives each lane its turn while another does nothing but retry', async () => {
        await put(...units(50, { recipient: 'dead' }), ...units(30));
        let tries = 0;
        const queue = world.queue({
          concurrency: 1,
          handler: async (job, signal) => {
            if (job.lane !== 'dead') return doing()(job, signal);
            tries += 1;
            const { id, lease = '' } = job;
            const runAt = world.clock.now().toISOString();
            await world.store.unitOfWork.commit([write('job.retry', { id, lease, runAt })]);
          },
        });
        queue.start();
        await until(() => ended.length === 30);
        expect(ended.every(({ attempts }) => attempts === 1)).toBe(true);
        expect(tries).toBeGreaterThan(0);
        // one place each: the dead lane had about as many turns as the other, not thirty times as many
        expect(tries).toBeLessThan(30 * 10);
        expect(await openJobs()).toBe(50);
      });

      it('takes interactive before bulk, however long bulk has waited', async () => {
        const bulk = units(20, { rank: 1 });
        await put(...bulk);
        const urgent = units(3);
        await put(...urgent);
        const late = aUnit({});
        const place = ({ job }: { job: Job }) => ids(began).indexOf(job.id);
        const expected = [...urgent];
        const queue = world.queue({
          concurrency: 1,
          handler: doing(async () => {
            if (began.length === 10) {
              await put(late);
              expected.push(late);
            }
            // an announcement takes its time: bulk goes on slowly meanwhile
            if (expected.some((unit) => place(unit) === -1)) await new Promise((r) => setTimeout(r, 50));
          }),
        });
        queue.start();
        await until(() => ended.length === 24);
        for (const unit of urgent) expect(place(unit)).toBeLessThan(10);
        expect(place(late)).toBeLessThan(20);
        const ofBulk = bulk.map(place);
        expect(ofBulk).toEqual(ofBulk.toSorted((one, other) => one - other));
      });

      it('never begins the second of an orderKey before the first is terminal; other keys flow', async () => {
        const [first, second] = units(2, { orderKey: 'episode-1' });
        const others = [...units(2, { orderKey: 'episode-2' }), ...units(2)];
        await put(...[first, second].flatMap((unit) => unit ?? []), ...others);
        const delivered: string[] = [];
        let tries = 0;
        const queue = world.queue({
          pollMs: 10,
          handler: async (job) => {
            began.push(job);
            const lease = job.lease ?? '';
            if (job.id === first?.job.id && ++tries < 3) {
              const runAt = new Date(world.clock.now().getTime() + 30).toISOString();
              return world.store.unitOfWork.commit([write('job.retry', { id: job.id, lease, runAt })]);
            }
            delivered.push(job.id);
            return world.store.unitOfWork.commit([
              write('delivery.update', { id: job.deliveryId ?? '', from: ['queued'], state: 'delivered' }),
              finish(job),
            ]);
          },
        });
        queue.start();
        await until(async () => (await openJobs()) === 0);
        expect(tries).toBe(3);
        expect(delivered.indexOf(first?.job.id ?? '')).toBeLessThan(delivered.indexOf(second?.job.id ?? ''));
        expect(ids(began).filter((id) => id === second?.job.id)).toHaveLength(1);
        expect(delivered.slice(0, 3).sort()).not.toContain(second?.job.id);
        const ofTwo = others.slice(0, 2).map(({ job }) => delivered.indexOf(job.id));
        expect(ofTwo).toEqual(ofTwo.toSorted((a, b) => a - b));
      });
    });

    describe('trouble', () => {
      it('runs a retry at its time, not before, woken by its own clock', async () => {
        await put(aUnit({}));
        const instants: number[] = [];
        let runAt = 0;
        const queue = world.queue({
          handler: async (job) => {
            instants.push(world.clock.now().getTime());
            if (instants.length > 1) return commitEnd(job);
            runAt = world.clock.now().getTime() + 300;
            const at = new Date(runAt).toISOString();
            return world.store.unitOfWork.commit([
              write('job.retry', { id: job.id, lease: job.lease ?? '', runAt: at }),
            ]);
          },
        });
        queue.start();
        await until(() => instants.length === 2);
        expect(instants[1]).toBeGreaterThanOrEqual(runAt);
        // the next look of the queue itself was a minute away
        expect(instants[1]).toBeLessThan(runAt + 30_000);
      });

      it('loses nothing when a handler throws: the job comes back when its lease ends', async () => {
        await put(...units(6));
        const handler = doing(async (job) => {
          if (job.attempts === 1 && began.length % 2 === 0) throw new Error('a surprise');
        });
        const queue = world.queue({ handler, pollMs: 20 });
        queue.start();
        await until(() => began.length === 6);
        await until(() => ended.length === 3);
        expect(world.failures).toEqual(Array(3).fill('spsti-a: a surprise'));
        expect(await openJobs()).toBe(3);
        world.advance(60_001);
        await until(() => ended.length === 6);
        expect(new Set(ids(ended)).size).toBe(6);
        expect(ended.filter(({ attempts }) => attempts === 2)).toHaveLength(3);
      });

      it('goes on after the store could not be reached for a claim', async () => {
        const unreachable = vi
          .spyOn(world.store.unitOfWork, 'claim')
          .mockRejectedValueOnce(new Error('store.unavailable'))
          .mockRejectedValueOnce(new Error('store.unavailable'));
        await put(aUnit({}));
        const queue = world.queue({ handler: doing(), pollMs: 20 });
        queue.start();
        await until(() => ended.length === 1);
        expect(unreachable.mock.calls.length).toBeGreaterThanOrEqual(3);
        expect(world.failures).toContain('spsti-a: store.unavailable');
      });
    });

    describe('stopping', () => {
      it('ends what is under way, claims nothing more, and the next start goes on from there', async () => {
        await put(...units(20));
        const gate = aGate();
        const queue = world.queue({ concurrency: 3, handler: doing(() => gate.opened) });
        queue.start();
        await until(() => began.length === 3);
        let stopped = false;
        const stopping = queue.stop().then(() => {
          stopped = true;
        });
        queue.ring('spsti-a');
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect([stopped, began.length]).toEqual([false, 3]);
        gate.open();
        await stopping;
        expect([began.length, ended.length]).toEqual([3, 3]);
        expect(await openJobs()).toBe(17);
        // none of the rest is under a lease
        const claim = { lane: 'spsti-a', limit: 100, lease: 'look', now: world.clock.now().toISOString() };
        const free = await world.store.unitOfWork.claim({ ...claim, until: claim.now });
        expect(free).toHaveLength(17);
        queue.start();
        await until(() => ended.length === 20);
        expect(await openJobs()).toBe(0);
      });

      it('tells work to end only when it had its grace', async () => {
        await put(aUnit({}));
        const aborted: boolean[] = [];
        const queue = world.queue({
          graceMs: 100,
          handler: doing(async (_, signal) => {
            aborted.push(signal.aborted);
            await new Promise((resolve) => signal.addEventListener('abort', resolve));
          }),
        });
        queue.start();
        await until(() => began.length === 1);
        const from = performance.now();
        await queue.stop();
        expect(performance.now() - from).toBeGreaterThan(90);
        expect([aborted, ended.length]).toEqual([[false], 1]);
      });
    });

    describe('slots', () => {
      const idle = async (queue: ReturnType<OpenedQueues['queue']>, lane = 'spsti-a') => {
        let slot: Slot | undefined;
        await until(() => {
          slot = queue.reserve(lane);
          return slot !== undefined;
        });
        slot?.release();
      };
      const room = (queue: ReturnType<OpenedQueues['queue']>) => {
        const slots: Slot[] = [];
        for (let slot = queue.reserve('spsti-a'); slot !== undefined; slot = queue.reserve('spsti-a'))
          slots.push(slot);
        for (const slot of slots) slot.release();
        return slots.length;
      };

      it('are as many as the lane may run at once, each under a lease of its own, and all come back', async () => {
        const queue = world.queue({ handler: doing(), concurrency: 3 });
        expect(queue.reserve('spsti-a')).toBeUndefined();
        queue.start();
        await idle(queue);
        const slots = [1, 2, 3].map(() => queue.reserve('spsti-a'));
        expect(new Set(slots.map((slot) => slot?.lease)).size).toBe(3);
        expect(queue.reserve('spsti-a')).toBeUndefined();
        await idle(queue, 'cnam');
        for (const slot of slots) slot?.release();
        expect(room(queue)).toBe(3);
      });

      it('never leak, whatever is done with them, twice included', async () => {
        const queue = world.queue({ handler: doing(), concurrency: 3 });
        queue.start();
        await idle(queue);
        const step = fc.constantFrom('release', 'run', 'throw', 'release twice', 'run and release');
        await fc.assert(
          fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
            const running: Promise<void>[] = [];
            for (const what of steps) {
              const slot = queue.reserve('spsti-a');
              if (slot === undefined) continue;
              const work = () => {
                const done = Promise.resolve();
                running.push(done);
                return what === 'throw' ? Promise.reject(new Error('a surprise')) : done;
              };
              if (what.startsWith('release')) slot.release();
              else slot.run({ id: 'x', lane: 'spsti-a', lease: slot.lease } as Job, work);
              if (what.includes('twice') || what.includes('and')) slot.release();
            }
            await Promise.all(running);
            await until(() => room(queue) === 3);
          }),
          { numRuns: 60 },
        );
      });

      it('are refused while others wait, so that nothing overtakes', async () => {
        const gate = aGate();
        const queue = world.queue({ handler: doing(() => gate.opened), concurrency: 2 });
        queue.start();
        await idle(queue);
        await put(...units(3));
        queue.ring('spsti-a');
        await until(() => began.length === 2);
        expect(queue.reserve('spsti-a')).toBeUndefined();
        gate.open();
        await until(() => ended.length === 3);
        await idle(queue);
      });

      it('hold up the end of a stop until they are used, and are refused after', async () => {
        const queue = world.queue({ handler: doing() });
        queue.start();
        await idle(queue);
        const slot = queue.reserve('spsti-a');
        let stopped = false;
        const stopping = queue.stop().then(() => {
          stopped = true;
        });
        await new Promise((resolve) => setTimeout(resolve, 30));
        expect([stopped, queue.reserve('spsti-a')]).toEqual([false, undefined]);
        slot?.release();
        await stopping;
      });
    });

    describe('run until empty', () => {
      it('runs every due job and those that they make due, without being started, and counts them', async () => {
        await put(...units(3), aUnit({ recipient: 'cnam' }));
        const next = aUnit({ recipient: 'dmp' });
        const later = aUnit({ runAt: new Date(world.clock.now().getTime() + 60_000).toISOString() });
        await put(later);
        const queue = world.queue({
          handler: doing(async () => {
            if (began.length === 2) await put(next);
          }),
        });
        expect(await queue.runUntilEmpty()).toBe(5);
        expect(ids(ended)).toContain(next.job.id);
        expect(await openJobs()).toBe(1);
        world.advance(60_000);
        expect(await queue.runUntilEmpty()).toBe(1);
        expect(await openJobs()).toBe(0);
      });

      it('says what a handler threw, and loses nothing', async () => {
        await put(aUnit({}));
        const queue = world.queue({ handler: () => Promise.reject(new Error('a surprise')) });
        await expect(queue.runUntilEmpty()).rejects.toThrow('a surprise');
        expect(await openJobs()).toBe(1);
      });
    });
  });
});
