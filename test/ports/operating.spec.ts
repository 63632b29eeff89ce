import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeadFilter, type Retained, type Write, write } from '#core';
import {
  AT,
  AT_REST,
  aDelivery,
  aJob,
  aMessage,
  aPart,
  insertMessage,
  minutes,
  type OpenedStore,
  onEveryStore,
} from './stores.ts';

onEveryStore(({ name, open }) => {
  let store: OpenedStore;
  beforeEach(async () => {
    store = await open();
  });
  afterEach(() => store.remove());
  const commit = (...writes: Write[]) => store.unitOfWork.commit(writes);

  describe(`what an operator asks of ${name}`, () => {
    it('finds dead deliveries by message, flow, partner on either side and time, page by page', async () => {
      const one = aMessage({ sender: 'spsti-a' });
      const two = aMessage({ sender: 'spsti-b' });
      const first = aDelivery({ messageId: one.id, recipient: 'cnam', state: 'dead', flow: 'sick-leave' });
      const second = aDelivery({
        messageId: two.id,
        recipient: 'spsti-a',
        state: 'dead',
        createdAt: minutes(10),
      });
      const alive = aDelivery({ messageId: two.id, recipient: 'cnam', state: 'retrying' });
      await commit(
        insertMessage(one),
        insertMessage(two),
        ...[first, second, alive].map((delivery) => write('delivery.insert', { delivery })),
      );
      const find = async (filter: DeadFilter, limit = 10, after = '') =>
        (await store.operations.deadDeliveries(filter, limit, after)).map(({ id }) => id);
      const both = [first.id, second.id].sort();
      expect(await find({})).toEqual(both);
      expect(await find({}, 1)).toEqual(both.slice(0, 1));
      expect(await find({}, 10, both[0])).toEqual(both.slice(1));
      expect(await find({ messageId: one.id })).toEqual([first.id]);
      expect(await find({ flow: 'sick-leave' })).toEqual([first.id]);
      expect(await find({ partner: 'cnam' })).toEqual([first.id]);
      expect(await find({ partner: 'spsti-a' })).toEqual(both);
      expect(await find({ from: minutes(5) })).toEqual([second.id]);
      expect(await find({ to: minutes(5) })).toEqual([first.id]);
    });

    it('counts what was taken, by flow, hour and status, since an instant', async () => {
      const received = (receivedAt: string, more: object = {}) =>
        insertMessage(aMessage({ id: v7({ msecs: Date.parse(receivedAt) }), receivedAt, ...more }));
      await commit(
        received(minutes(-30), { flow: 'insi' }),
        received(minutes(1), { flow: 'insi', status: 'delivered' }),
        received(minutes(2), { flow: 'insi', status: 'delivered' }),
        received(minutes(3), { flow: 'sumer', status: 'held' }),
      );
      const hour = AT.slice(0, 13);
      expect(await store.operations.activity(AT)).toEqual([
        { flow: 'insi', hour, status: 'delivered', messages: 2 },
        { flow: 'sumer', hour, status: 'held', messages: 1 },
      ]);
    });

    it('tells when the last queued delivery to a recipient is due, parked ones left out', async () => {
      expect(await store.operations.plannedUntil('cnam')).toBeUndefined();
      const message = aMessage();
      const other = aMessage();
      const at = (messageId: string, nextTryAt: string) =>
        write('delivery.insert', {
          delivery: aDelivery({ messageId, recipient: 'cnam', state: 'queued', nextTryAt }),
        });
      await commit(
        insertMessage(message),
        insertMessage(other),
        at(message.id, minutes(3)),
        at(other.id, '9999-12-31T23:59:59.000Z'),
      );
      expect(await store.operations.plannedUntil('cnam')).toBe(minutes(3));
    });

    it('wraps anew what another key wraps, and leaves what was destroyed or wrapped meanwhile', async () => {
      const [one, two] = [aMessage(), aMessage()];
      await commit(insertMessage(one), insertMessage(two));
      const found = await store.operations.wrappedByOthers('kek-2', 10, '');
      expect(found.map(({ of, id, atRest }) => [of, id, atRest.kekId])).toEqual(
        [one.id, two.id].sort().map((id) => ['message', id, 'kek-1']),
      );
      expect(Buffer.from(found[0]?.atRest.wrappedKey ?? [])).toEqual(AT_REST.wrappedKey);
      const atRest = { wrappedKey: Buffer.from('another wrapping'), kekId: 'kek-2' };
      await commit(write('payload.purge', { messageId: two.id }));
      await commit(
        write('message.rewrap', { id: one.id, from: 'kek-1', atRest }),
        write('message.rewrap', { id: two.id, from: 'kek-1', atRest }),
        write('held.rewrap', { id: one.id, from: 'kek-1', atRest }),
        write('dmst-request.rewrap', { id: one.id, from: 'kek-1', atRest }),
      );
      expect(await store.operations.wrappedByOthers('kek-2', 10, '')).toEqual([]);
      const stored = await store.records.payload(one.id);
      expect(Buffer.from(stored?.atRest.wrappedKey ?? []).toString()).toBe('another wrapping');
      expect((await store.records.payload(two.id))?.atRest.wrappedKey).toBeNull();
    });

    it('marks what may come again after a restoration, and gives leases back', async () => {
      const waiting = aMessage({ status: 'accepted' });
      const sent = aMessage({ status: 'delivering' });
      const delivery = aDelivery({ messageId: sent.id, state: 'sending', attempts: 1 });
      const over = aDelivery({ messageId: sent.id, recipient: 'cnam', state: 'delivered', attempts: 1 });
      await commit(
        insertMessage(waiting),
        insertMessage(sent),
        write('delivery.insert', { delivery }),
        write('delivery.insert', { delivery: over }),
        write('job.insert', {
          job: aJob({ messageId: sent.id, deliveryId: delivery.id, lease: 'x', leaseUntil: minutes(60) }),
        }),
      );
      await commit(write('store.restored', { at: AT }));
      expect((await store.records.message(waiting.id))?.restoredAt).toBe(AT);
      expect((await store.records.message(sent.id))?.restoredAt).toBeUndefined();
      expect((await store.records.delivery(delivery.id))?.attempts).toBe(2);
      expect((await store.records.delivery(over.id))?.attempts).toBe(1);
      const [job] = (await store.source.query('SELECT lease, lease_until FROM job')) as object[];
      expect(job).toEqual({ lease: null, lease_until: null });
    });

    it('tells all that is kept, and until when', async () => {
      const unprepared = aMessage({ status: 'accepted', size: 11 });
      const dead = aMessage({ status: 'dead', size: 22 });
      const delivery = aDelivery({ messageId: dead.id, state: 'dead', expiresAt: minutes(90), partCount: 2 });
      await commit(
        insertMessage(unprepared),
        insertMessage(dead),
        write('delivery.insert', { delivery, keptUntil: minutes(30) }),
        write('delivery.part', { deliveryId: delivery.id, part: aPart({ n: 1, size: 100 }) }),
        write('delivery.part', { deliveryId: delivery.id, part: aPart({ n: 2, size: 50 }) }),
      );
      const all: Retained[] = [];
      for await (const one of store.operations.retained()) all.push(one);
      expect(all.filter(({ what }) => what === 'id')).toHaveLength(2);
      expect(all.filter(({ what }) => what === 'original')).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ bytes: 22, until: minutes(90), partner: dead.sender }),
          expect.objectContaining({
            bytes: 11,
            message: expect.objectContaining({ receivedAt: unprepared.receivedAt }),
          }),
        ]),
      );
      expect(all.filter(({ what }) => what === 'sealed')).toEqual([
        { what: 'sealed', flow: delivery.flow, partner: delivery.recipient, bytes: 150, until: minutes(90) },
      ]);
    });
  });
});
