import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeliveryState, type MessageStatus, write } from '#core';
import {
  AT,
  aDelivery,
  aMessage,
  anEntry,
  anExchange,
  aUnit,
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

  describe(`records on ${name}`, () => {
    it('give back a message as it was written, every field or only the needed ones', async () => {
      const plain = aMessage();
      const full = aMessage({
        recipients: ['cnam', 'spsti-a'],
        correlationId: 'c',
        expiryTime: minutes(9),
        subjectRef: 's',
        lastVisit: '2025-11-02',
        traceparent: '00-1',
        senderSignature: 'e30..AA',
        person: 'p',
        orderKey: 'k',
        reason: 'identity.in-doubt',
        priority: 'bulk',
        receipt: 'é"\u0001\u2028\ud83d\ude00',
      });
      await store.unitOfWork.commit([insertMessage(plain), insertMessage(full)]);
      const [readPlain, readFull] = [
        await store.records.message(plain.id),
        await store.records.message(full.id),
      ];
      expect(readPlain).toStrictEqual(plain);
      expect(readFull).toStrictEqual(full);
      expect(await store.records.messageOf(full.sender, full.senderId)).toStrictEqual(full);
    });

    it('answer undefined or nothing for what is not there', async () => {
      const id = v7();
      const { records, journal, keeper } = store;
      expect([
        await records.message(id),
        await records.messageOf('spsti-b', id),
        await records.payload(id),
        await records.delivery(id),
        await records.exchange(id),
        await records.dmstRequest(id),
        await records.held(id),
        await journal.entry(id),
        await journal.seal(1),
        await keeper.lastSeal(),
        await records.nextDue('spsti-a'),
      ]).toEqual(Array(11).fill(undefined));
      expect([await records.deliveries(id), await records.parts(id), await records.lanes()]).toEqual([
        [],
        [],
        [],
      ]);
    });

    it.each(["' OR 1=1 --", '%', '*', '\u0001'])('take %j as a value, never as SQL', async (value) => {
      await store.unitOfWork.commit([insertMessage(aMessage())]);
      expect(await store.records.message(value)).toBeUndefined();
      expect(await store.records.nextDue(value)).toBeUndefined();
      const odd = aMessage({ sender: value, senderId: value });
      await store.unitOfWork.commit([insertMessage(odd)]);
      expect(await store.records.messageOf(value, value)).toEqual(odd);
    });

    it.each(['a\u0000b', 'half \ud83d'])('neither write nor find %j, which is no text', async (value) => {
      const odd = store.unitOfWork.commit([insertMessage(aMessage({ senderId: value }))]);
      await expect(odd).rejects.toMatchObject({ code: 'content.invalid' });
      await expect(async () => store.records.message(value)).rejects.toMatchObject({ code: 'not-found' });
    });

    it('refuse to look for undefined rather than answer with any row', async () => {
      await store.unitOfWork.commit([insertMessage(aMessage())]);
      await expect(store.records.message(undefined as unknown as string)).rejects.toThrow();
      await expect(store.records.messageOf('spsti-b', undefined as unknown as string)).rejects.toThrow();
    });

    it('find exchanges by group, request, party and lateness', async () => {
      const [one, two, three] = [
        anExchange({ groupId: 'g', responder: 'spsti-a' }),
        anExchange({ groupId: 'g', responder: 'cnam', overdue: true }),
        anExchange({ requester: 'cnam', responder: 'spsti-b' }),
      ];
      await store.unitOfWork.commit(
        [one, two, three].map((exchange) => write('exchange.insert', { exchange })),
      );
      const { exchanges } = store.records;
      expect(await exchanges({ groupId: 'g' })).toStrictEqual([one, two]);
      expect(await exchanges({ requestId: three.requestId })).toEqual([three]);
      expect(await exchanges({ party: 'cnam' })).toEqual([two, three]);
      expect(await exchanges({ party: 'cnam', overdue: true })).toEqual([two]);
      expect(await exchanges({ groupId: 'g', overdue: false })).toEqual([one]);
      const [first, second] = [two, three].sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(await exchanges({ party: 'cnam', limit: 1 })).toEqual([first]);
      expect(await exchanges({ party: 'cnam', limit: 1, afterId: first?.id ?? '' })).toEqual([second]);
      expect(await exchanges({ party: 'cnam', limit: 1, afterId: second?.id ?? '' })).toEqual([]);
    });
  });

  describe(`what the keeper reads on ${name}`, () => {
    it('lists deliveries past their end, dead ones too, terminal ones never', async () => {
      const states: DeliveryState[] = [
        'queued',
        'dead',
        'available',
        'delivered',
        'refused',
        'expired',
        'cancelled',
      ];
      const units = states.map((state) => aUnit({ state }));
      await store.unitOfWork.commit(units.flatMap(({ writes }) => writes));
      expect(await store.keeper.deliveriesToExpire(minutes(59), 10)).toEqual([]);
      const due = await store.keeper.deliveriesToExpire(minutes(60), 10);
      expect(due.map(({ state }) => state).sort()).toEqual(['available', 'dead', 'queued']);
      expect(await store.keeper.deliveriesToExpire(minutes(60), 2)).toHaveLength(2);
    });

    it('lists each clock of an exchange once it rings and until it is marked', async () => {
      const open = anExchange();
      const answered = anExchange({ state: 'SENT' });
      const closed = anExchange({ state: 'CLOSED' });
      await store.unitOfWork.commit(
        [open, answered, closed].map((exchange) => write('exchange.insert', { exchange })),
      );
      const due = async (after: number) =>
        (await store.keeper.exchangesDue(minutes(after), 10)).map(({ id }) => id);
      const mark = (values: object) =>
        store.unitOfWork.commit([
          write('exchange.update', {
            exchange: { ...open, ...values },
            from: { state: open.state, updatedAt: open.updatedAt },
          }),
        ]);
      expect(await due(19)).toEqual([]);
      expect(await due(20)).toEqual([open.id]);
      await mark({ reminded: true });
      expect(await due(29)).toEqual([]);
      expect(await due(30)).toEqual([open.id]);
      await mark({ reminded: true, overdue: true });
      expect(await due(59)).toEqual([]);
      expect((await due(60)).sort()).toEqual([open.id, answered.id]);
    });

    it('say whether a mailbox holds something that nobody has leased', async () => {
      const mailed = aUnit({ state: 'available', recipient: 'spsti-d', transport: 'mssante' });
      const unit = aUnit({ state: 'available' });
      await store.unitOfWork.commit([...unit.writes, ...mailed.writes]);
      const { recipient, flow } = unit.delivery;
      const holds = (now: string, more: { recipient?: string; flow?: string } = {}) =>
        store.operations.mailboxHolds({ recipient, now, ...more });
      expect(await holds(AT)).toBe(true);
      expect(await holds(AT, { flow })).toBe(true);
      expect(await holds(AT, { flow: 'insi' })).toBe(false);
      expect(await holds(AT, { recipient: 'spsti-c' })).toBe(false);
      expect(await holds(AT, { recipient: 'spsti-d' })).toBe(false);
      await store.unitOfWork.leaseMailbox({
        lane: recipient,
        limit: 1,
        lease: 'l',
        now: AT,
        until: minutes(1),
      });
      expect(await holds(AT)).toBe(false);
      expect(await holds(minutes(1))).toBe(true);
    });

    it('lists open requests past their end', async () => {
      const request = (state: 'open' | 'closed') => ({
        id: v7(),
        partner: 'spsti-b',
        author: 'a',
        state,
        createdAt: AT,
        expiresAt: minutes(60),
        informedAt: AT,
        recordedBy: 'a',
        evidenceSeen: 'CN',
        identityStatus: 'QUAL' as const,
        sources: ['spsti-a'],
        best: v7(),
        worker: { atRest: { wrappedKey: Buffer.from('k'), kekId: 'kek-1' }, bytes: Buffer.from('w') },
      });
      const [open, closed] = [request('open'), request('closed')];
      await store.unitOfWork.commit([open, closed].map((r) => write('dmst-request.insert', { request: r })));
      expect(await store.keeper.dmstRequestsToSettle(minutes(59), 10)).toEqual([]);
      expect(await store.keeper.dmstRequestsToSettle(minutes(60), 10)).toEqual([open]);
    });

    it('never skips an entry committed late with an older id', async () => {
      const [late, first, second] = [anEntry(), anEntry(), anEntry()];
      await store.unitOfWork.commit([first, second].map((entry) => write('journal.entry', { entry })));
      await store.unitOfWork.commit([
        write('journal.seal', { n: 1, at: AT, size: 2, root: '', prev: '', jws: 'one' }),
        write('journal.assign', { seal: 1, entries: [first.id, second.id] }),
      ]);
      await store.unitOfWork.commit([write('journal.entry', { entry: late })]);
      expect(await store.keeper.unsealedEntries(10)).toEqual([late]);
    });
  });

  describe(`the journal on ${name}`, () => {
    it('gives the exact text back, by id, by message, and by place in its seal', async () => {
      const messageId = v7();
      const entries = [anEntry({ messageId }), anEntry(), anEntry({ messageId })];
      const [a, b, c] = entries as [(typeof entries)[0], (typeof entries)[0], (typeof entries)[0]];
      await store.unitOfWork.commit(entries.map((entry) => write('journal.entry', { entry })));
      expect(await store.journal.entry(a.id)).toStrictEqual(a);
      await store.unitOfWork.commit([
        write('journal.seal', { n: 7, at: AT, size: 2, root: 'r', prev: 'p', jws: 'seven' }),
        write('journal.assign', { seal: 7, entries: [c.id, a.id] }),
        write('journal.seal', { n: 8, at: AT, size: 1, root: 'r', prev: 'p', jws: 'eight' }),
        write('journal.assign', { seal: 8, entries: [b.id] }),
      ]);
      expect(await store.journal.entriesOfSeal(7)).toStrictEqual([c, a]);
      expect(await store.journal.entry(a.id)).toStrictEqual({ ...a, seal: 7, index: 1 });
      expect(await store.journal.entriesOfMessage(messageId)).toStrictEqual([a, c]);
      expect(await store.journal.seal(8)).toStrictEqual({ n: 8, jws: 'eight' });
      expect(await store.journal.seals(7, 10)).toEqual([{ n: 8, jws: 'eight' }]);
      expect((await store.journal.seals(0, 1)).map(({ n }) => n)).toEqual([7]);
    });
  });

  describe(`operations on ${name}`, () => {
    it('page through deliveries by state, recipient and flow', async () => {
      const dead = [1, 2, 3].map(() => aUnit({ state: 'dead' }));
      const others = [aUnit({ state: 'dead', recipient: 'cnam' }), aUnit({})];
      await store.unitOfWork.commit([...dead, ...others].flatMap(({ writes }) => writes));
      const page = async (afterId?: string) =>
        (
          await store.operations.deliveriesIn({
            state: 'dead',
            recipient: 'spsti-a',
            flow: 'dmst-portability',
            limit: 2,
            ...(afterId === undefined ? {} : { afterId }),
          })
        ).map(({ id }) => id);
      const ids = dead.map(({ delivery }) => delivery.id);
      expect(await page()).toEqual(ids.slice(0, 2));
      expect(await page(ids[1])).toEqual(ids.slice(2));
      expect(await store.operations.deliveriesIn({ limit: 10 })).toHaveLength(5);
    });

    it('count every unit once, in the state of its delivery or else of its message', async () => {
      const statuses: MessageStatus[] = ['accepted', 'preparing', 'held', 'refused', 'expired', 'cancelled'];
      const unprepared = statuses.map((status) => aMessage({ status, recipients: ['cnam', 'spsti-a'] }));
      const receiving = aMessage({ status: 'receiving' });
      const states: DeliveryState[] = [
        'queued',
        'available',
        'sending',
        'retrying',
        'delivered',
        'refused',
        'dead',
        'expired',
        'cancelled',
      ];
      const prepared = aMessage({
        status: 'delivering',
        recipients: [...states.map((s) => `r-${s}`), 'portal:spsti-b'],
      });
      await store.unitOfWork.commit([
        ...[...unprepared, receiving, prepared].map(insertMessage),
        ...states.map((state) =>
          write('delivery.insert', {
            delivery: aDelivery({ messageId: prepared.id, recipient: `r-${state}`, state }),
          }),
        ),
        write('delivery.insert', {
          delivery: aDelivery({ messageId: prepared.id, recipient: 'portal:spsti-b', state: 'delivered' }),
        }),
      ]);
      const ledger = await store.operations.ledger();
      expect(ledger).toEqual({
        accepted: 21,
        delivered: 1,
        refused: 3,
        held: 2,
        dead: 1,
        expired: 3,
        cancelled: 3,
        waiting: 8,
      });
      const { accepted, ...parts } = ledger;
      expect(Object.values(parts).reduce((sum, n) => sum + n)).toBe(accepted);
    });

    it('stream more units than one page holds, each once, with the ids of their senders', async () => {
      const messages = Array.from({ length: 1203 }, () => aMessage({ recipients: ['cnam', 'spsti-a'] }));
      await store.unitOfWork.commit(messages.map(insertMessage));
      const seen: string[] = [];
      for await (const { senderId, recipient, state } of store.operations.units()) {
        expect(state).toBe('waiting');
        seen.push(`${senderId} ${recipient}`);
      }
      expect(seen).toEqual(messages.flatMap(({ senderId }) => [`${senderId} cnam`, `${senderId} spsti-a`]));
    });

    it('tell the age of what waits, for each recipient', async () => {
      const units = [
        aUnit({}),
        aUnit({ state: 'retrying' }),
        aUnit({ state: 'dead', recipient: 'cnam' }),
        aUnit({ state: 'available', recipient: 'dmp' }),
      ];
      await store.unitOfWork.commit(units.flatMap(({ writes }) => writes));
      expect(await store.operations.queueAges(minutes(2))).toEqual([
        { recipient: 'dmp', waiting: 1, oldestSeconds: 120 },
        { recipient: 'spsti-a', waiting: 2, oldestSeconds: 120 },
      ]);
      const of = (recipient: string, most = 10) =>
        store.operations.queueOf({ recipient, most, now: minutes(2) });
      expect(await of('spsti-a')).toEqual({ waiting: 2, oldestSeconds: 120 });
      expect(await of('spsti-a', 1)).toEqual({ waiting: 1, oldestSeconds: 120 });
      expect(await of('dmp')).toEqual({ waiting: 1, oldestSeconds: 120 });
      expect(await of('cnam')).toEqual({ waiting: 0 });
    });
  });
});
