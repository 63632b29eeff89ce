/** What was sent is recorded even when the store or another writer stands in the way: never sent again for that. */
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  BrokerError,
  Deliver,
  type Job,
  OwnMessages,
  type Partner,
  type Sent,
  type Stages,
  type Write,
  write,
} from '#core';
import {
  AT,
  aDelivery,
  aMessage,
  anExchange,
  insertMessage,
  minutes,
  onEveryStore,
} from '../ports/stores.ts';

const PARTNER = { id: 'spsti-a', transport: 'https' } as Partner;
const RECEIVED: Sent = { receipt: { outcome: 'received', at: AT } };

onEveryStore(({ name, open }) => {
  describe(`a delivery on ${name} whose recording meets trouble`, () => {
    let store: Awaited<ReturnType<typeof open>>;
    /** told of each commit before it is made */
    let before: (writes: readonly Write[]) => Promise<void>;
    let sends: number;
    let answer: () => Promise<Sent | undefined>;
    let deliver: Deliver;
    const exchange = anExchange();
    const message = aMessage({ id: exchange.requestId, status: 'delivering' });
    const delivery = aDelivery({ messageId: message.id, exchangeId: exchange.id });
    const queued: Job = {
      id: v7(),
      stage: 'deliver',
      lane: 'spsti-a',
      rank: 0,
      messageId: message.id,
      deliveryId: delivery.id,
      runAt: AT,
      attempts: 0,
    };

    beforeEach(async () => {
      store = await open();
      await store.unitOfWork.commit([
        insertMessage(message),
        write('exchange.insert', { exchange }),
        write('delivery.insert', { delivery }),
        write('job.insert', { job: queued }),
      ]);
      sends = 0;
      before = async () => undefined;
      answer = async () => RECEIVED;
      const stages = {
        clock: { now: () => new Date(AT) },
        ids: { next: () => v7() },
        records: store.records,
        unitOfWork: {
          ...store.unitOfWork,
          commit: async (writes: readonly Write[]) => {
            await before(writes);
            await store.unitOfWork.commit(writes);
          },
        },
        directory: { partner: () => PARTNER, all: () => [PARTNER] },
        transports: {
          for: () => ({
            name: 'https',
            send: () => {
              sends += 1;
              return answer();
            },
          }),
        },
        settings: { attemptTimeoutMs: 1_000, retry: { firstMs: 1_000, maxMs: 1_000, attempts: 5 } },
        bell: { ring: () => undefined, reserve: () => undefined },
        // no contract says how long anything is kept
        flows: { of: () => undefined },
      } as unknown as Stages;
      deliver = new Deliver(stages, new OwnMessages(stages));
    });
    afterEach(() => store.remove());

    const claim = async (lease: string, now = AT, until = minutes(1)): Promise<Job> => {
      const [job] = await store.unitOfWork.claim({ lane: 'spsti-a', limit: 1, lease, now, until });
      if (job === undefined) throw new Error('nothing was claimed');
      return job;
    };
    const run = (job: Job) => deliver.run(job, new AbortController().signal);
    const records = (writes: readonly Write[]) => writes.some((one) => one.write === 'message.settle');

    it('is recorded once the store takes it again, and was sent once', async () => {
      let refusals = 0;
      before = async (writes) => {
        if (records(writes) && refusals++ < 3) throw new BrokerError('store.unavailable');
      };
      await run(await claim('one'));
      expect(refusals).toBe(4);
      expect(sends).toBe(1);
      expect(await store.records.delivery(delivery.id)).toMatchObject({
        state: 'delivered',
        attempts: 1,
        receipt: RECEIVED.receipt,
      });
      expect(await store.records.openJobs()).toBe(0);
      expect(await store.records.exchange(exchange.id)).toMatchObject({ state: 'DELIVERED' });
    });

    it('is recorded although the keeper moved the exchange meanwhile, and keeps what the keeper wrote', async () => {
      let moved = false;
      before = async (writes) => {
        if (!records(writes) || moved) return;
        moved = true;
        const from = { state: exchange.state, updatedAt: exchange.updatedAt };
        const reminded = { ...exchange, reminded: true, updatedAt: minutes(1) };
        await store.unitOfWork.commit([write('exchange.update', { exchange: reminded, from })]);
      };
      await run(await claim('one'));
      expect([moved, sends]).toEqual([true, 1]);
      expect(await store.records.delivery(delivery.id)).toMatchObject({ state: 'delivered' });
      expect(await store.records.exchange(exchange.id)).toMatchObject({ state: 'DELIVERED', reminded: true });
      expect(await store.records.openJobs()).toBe(0);
    });

    it('leaves nothing to do when the recipient’s own receipt came first', async () => {
      answer = async () => {
        await store.unitOfWork.commit([
          write('delivery.update', {
            id: delivery.id,
            from: ['sending'],
            state: 'delivered',
            receipt: { outcome: 'filed', at: AT },
          }),
        ]);
        return RECEIVED;
      };
      await run(await claim('one'));
      expect(await store.records.delivery(delivery.id)).toMatchObject({ receipt: { outcome: 'filed' } });
      expect(await store.records.openJobs()).toBe(0);
    });

    it('changes nothing once another worker took the job over', async () => {
      let second: Promise<Job> | undefined;
      answer = async () => {
        second = claim('two', minutes(2), minutes(3));
        await second;
        return RECEIVED;
      };
      await run(await claim('one'));
      expect(await store.records.delivery(delivery.id)).toMatchObject({ state: 'sending', attempts: 1 });
      expect(await store.records.openJobs()).toBe(1);
      answer = async () => RECEIVED;
      await run((await second) as Job);
      expect(sends).toBe(2);
      // the second try says that it may be a repeat
      expect(await store.records.delivery(delivery.id)).toMatchObject({ state: 'delivered', attempts: 2 });
      expect(await store.records.openJobs()).toBe(0);
    });

    it('counts a failed try once, whatever it takes to write it down', async () => {
      let refusals = 0;
      answer = () => Promise.reject(new BrokerError('transport.unreachable'));
      before = async (writes) => {
        if (writes.some((one) => one.write === 'job.retry') && refusals++ < 2)
          throw new BrokerError('store.unavailable');
      };
      await run(await claim('one'));
      expect(await store.records.delivery(delivery.id)).toMatchObject({
        state: 'retrying',
        attempts: 1,
        lastError: 'transport.unreachable',
      });
      expect(await store.records.openJobs()).toBe(1);
    });
  });
});
