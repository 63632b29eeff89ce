import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WriteConflict, write } from '#core';
import {
  aDelivery,
  aMessage,
  anExchange,
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

  const once = (key: string, at: string, partner = 'cnam') =>
    store.unitOfWork.commit([write('memory.once', { flow: 'interops', partner, key, value: { key }, at })]);
  const between = (from: string, to: string, limit = 10) =>
    store.records.rememberedBetween({ flow: 'interops', partner: 'cnam', from, to, limit });

  describe(`what ${name} remembers of a partner`, () => {
    it('stands once, even when two write it at the same moment', async () => {
      const both = await Promise.allSettled([once('vi:a', minutes(1)), once('vi:a', minutes(1))]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      await expect(once('vi:a', minutes(2))).rejects.toBeInstanceOf(WriteConflict);
    });

    it('is read from one key to another, in their order, and of nobody else', async () => {
      for (const key of ['trace:2', 'trace:1', 'trace:3', 'vi:1']) await once(key, minutes(9));
      await once('trace:1', minutes(9), 'cnam-medical');
      expect(await between('trace:', 'trace:3')).toEqual([{ key: 'trace:1' }, { key: 'trace:2' }]);
      expect(await between('trace:', 'trace:9', 1)).toEqual([{ key: 'trace:1' }]);
    });

    it('goes when its time is over, and of that flow alone', async () => {
      await once('vi:old', minutes(1));
      await once('vi:new', minutes(9));
      const kept = { flow: 'evrest', partner: 'cnam', key: 'vi:old', value: 1, at: minutes(1) };
      await store.unitOfWork.commit([write('memory.put', kept)]);
      await store.unitOfWork.commit([write('memory.sweep', { flow: 'interops', now: minutes(5) })]);
      expect(await between('vi:', 'vi:z')).toEqual([{ key: 'vi:new' }]);
      expect(await store.records.remembered('evrest', 'cnam', 'vi:old')).toBe(1);
    });
  });

  it(`the mailbox of ${name} lends what belongs to one exchange, when only that is asked for`, async () => {
    const message = aMessage();
    const another = aMessage();
    const exchange = anExchange({ requestId: message.id });
    const mine = aDelivery({
      messageId: message.id,
      recipient: 'cnam',
      state: 'available',
      exchangeId: exchange.id,
    });
    const other = aDelivery({ messageId: another.id, recipient: 'cnam', state: 'available' });
    await store.unitOfWork.commit([
      insertMessage(message),
      insertMessage(another),
      write('exchange.insert', { exchange }),
      ...[mine, other].map((delivery) => write('delivery.insert', { delivery })),
    ]);
    const look = { lane: 'cnam', limit: 10, lease: 'l', now: minutes(0), until: minutes(1) };
    const lent = await store.unitOfWork.leaseMailbox({ ...look, exchangeId: exchange.id });
    expect(lent.map(({ id }) => id)).toEqual([mine.id]);
    expect((await store.unitOfWork.leaseMailbox(look)).map(({ id }) => id)).toEqual([other.id]);
  });
});
