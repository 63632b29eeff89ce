/** Somebody's own at a portal: found by a pseudonym, newest first, page by page, nobody else's with it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Delivery, type Message, write } from '#core';
import { type OpenedStore, STORES } from './stores.ts';

const AT = '2026-03-12T09:30:00.000Z';
const idOf = (n: number) => `01990000-0000-7000-8000-${String(n).padStart(12, '0')}`;

const messageOf = (n: number, sender: string, senderId: string): Message => ({
  ...{ id: idOf(n), sender, senderId, type: 'fr.relais-st.f.o.v1', flow: 'f', object: 'o' },
  ...{ recipients: ['portail'], datacontenttype: 'application/json', digest: '', size: 1 },
  ...{ status: 'delivered', receivedAt: AT, priority: 'interactive', contractHash: '', receipt: '' },
});
const copyOf = (n: number, more: Partial<Delivery>): Delivery => ({
  ...{ id: idOf(1000 + n), messageId: idOf(n), recipient: 'portal:portail', transport: 'portal' },
  ...{ flow: 'employee-portal', type: 't', state: 'delivered', attempts: 1, priority: 'interactive' },
  ...{ createdAt: AT, expiresAt: AT, partCount: 1 },
  ...more,
});

for (const { name, open, isThere } of STORES) {
  describe.runIf(isThere)(`somebody’s own on ${name}`, () => {
    let store: OpenedStore;
    const own = async (look: object = {}) => {
      const wanted = { recipient: 'portal:portail', subject: 'zoe', flow: 'employee-portal', limit: 10 };
      const found = await store.records.ownCopies({ ...wanted, ...look });
      return found.map(({ messageId }) => Number(messageId.slice(-3)));
    };
    const sent = async (prefix: string, limit = 10) => {
      const found = await store.records.sentUnder({ sender: 'portail', prefix, limit });
      return found.map(({ senderId }) => senderId);
    };

    beforeAll(async () => {
      store = await open();
      const copies = [
        copyOf(1, { subject: 'zoe', topic: 'worker-view' }),
        copyOf(2, { subject: 'anthony', topic: 'worker-view' }),
        copyOf(3, { subject: 'zoe', topic: 'worker-view' }),
        copyOf(4, { subject: 'zoe', topic: 'output', flow: 'employer-portal' }),
        copyOf(5, { subject: 'zoe', topic: 'worker-view', recipient: 'portal:other' }),
        copyOf(6, {}),
      ];
      const atRest = { wrappedKey: null, kekId: 'k' };
      for (const delivery of copies) {
        const message = messageOf(Number(delivery.messageId.slice(-3)), 'spsti-a', delivery.id);
        await store.unitOfWork.commit([
          write('message.insert', { message, atRest, keptUntil: AT }),
          write('delivery.insert', { delivery, keptUntil: AT }),
        ]);
      }
      const ids = [
        'copy-request:ab:1',
        'copy-request:ab:2',
        'copy-request:abc:1',
        'copy-request:ab',
        'other',
      ];
      for (const [n, senderId] of ids.entries())
        await store.unitOfWork.commit([
          write('message.insert', {
            message: messageOf(100 + n, 'portail', senderId),
            atRest,
            keptUntil: AT,
          }),
        ]);
    });
    afterAll(() => store.remove());

    it('is found by pseudonym, portal and flow, newest first', async () => {
      expect(await own()).toEqual([3, 1]);
      expect(await own({ subject: 'anthony' })).toEqual([2]);
      expect(await own({ flow: 'employer-portal' })).toEqual([4]);
      expect(await own({ recipient: 'portal:other' })).toEqual([5]);
      expect(await own({ subject: '' })).toEqual([]);
    });

    it('comes page by page, and tells what it is', async () => {
      expect(await own({ limit: 1 })).toEqual([3]);
      expect(await own({ limit: 1, afterId: idOf(1003) })).toEqual([1]);
      const [newest] = await store.records.ownCopies({
        ...{ recipient: 'portal:portail', subject: 'zoe', flow: 'employee-portal', limit: 1 },
      });
      expect(newest).toMatchObject({ subject: 'zoe', topic: 'worker-view' });
    });

    it('that was sent is found by how its ids begin, and by no other’s that begin alike', async () => {
      expect(await sent('copy-request:ab:')).toEqual(['copy-request:ab:2', 'copy-request:ab:1']);
      expect(await sent('copy-request:ab:', 1)).toEqual(['copy-request:ab:2']);
      expect(await sent('copy-request:nobody:')).toEqual([]);
    });
  });
}
