import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  BrokerError,
  type DeliveryState,
  type HeldIdentity,
  Leader,
  type Message,
  WriteConflict,
  write,
} from '#core';
import {
  AT,
  AT_REST,
  aDelivery,
  aJob,
  aMessage,
  anEntry,
  anExchange,
  aPart,
  aUnit,
  insertMessage,
  minutes,
  type OpenedStore,
  onEveryStore,
} from './stores.ts';

const fenced = expect.objectContaining({ name: 'BrokerError', code: 'writer.fenced' });

/** An erased secret is there and empty. */
const ERASED = { details: { atRest: { ...AT_REST, wrappedKey: null }, bytes: Buffer.alloc(0) } };

function aHeld(): [Message, HeldIdentity] {
  const message = aMessage({ status: 'held' });
  const held = {
    id: message.id,
    messageId: message.id,
    partner: 'spsti-b',
    reasons: ['insi.several'],
    heldAt: AT,
    details: { atRest: AT_REST, bytes: Buffer.from('sealed') },
  };
  return [message, held];
}

onEveryStore(({ name, open }) => {
  let store: OpenedStore;
  beforeEach(async () => {
    store = await open();
  });
  afterEach(() => store.remove());

  const claim = (lane: string, limit = 10, now = AT, lease = v7(), until = minutes(5)) =>
    store.unitOfWork.claim({ lane, limit, lease, now, until });

  describe(`a unit of work on ${name}`, () => {
    it('writes the whole list or nothing', async () => {
      const [first, second] = [aMessage(), aMessage()];
      await store.unitOfWork.commit([insertMessage(first)]);
      const again = aMessage({ senderId: first.senderId });
      await expect(
        store.unitOfWork.commit([
          insertMessage(second),
          write('journal.entry', { entry: anEntry() }),
          insertMessage(again),
        ]),
      ).rejects.toEqual(new WriteConflict('message.insert'));
      expect(await store.records.message(second.id)).toBeUndefined();
      expect(await store.keeper.unsealedEntries(10)).toEqual([]);
      expect(await store.records.message(first.id)).toEqual(first);
    });

    it('accepts the same id from two senders, and only once from one', async () => {
      const message = aMessage({ senderId: 'n-1' });
      await store.unitOfWork.commit([insertMessage(message)]);
      await store.unitOfWork.commit([insertMessage(aMessage({ sender: 'spsti-a', senderId: 'n-1' }))]);
      const conflict = store.unitOfWork.commit([insertMessage(aMessage({ senderId: 'n-1' }))]);
      await expect(conflict).rejects.toBeInstanceOf(WriteConflict);
      expect(await store.records.messageOf('spsti-b', 'n-1')).toEqual(message);
    });

    it('has nothing to do for an empty list', async () => {
      await expect(store.unitOfWork.commit([])).resolves.toBeUndefined();
    });

    it('keeps exactly the good ones of 200 concurrent lists', async () => {
      const taken = aMessage({ senderId: 'taken' });
      await store.unitOfWork.commit([insertMessage(taken)]);
      const lists = Array.from({ length: 200 }, (_, i) => {
        const message = aMessage(i % 7 === 3 ? { senderId: 'taken' } : {});
        const last =
          i % 11 === 5
            ? write('job.finish', { id: v7(), lease: 'nobody' })
            : write('journal.entry', { entry: anEntry({ messageId: message.id }) });
        return { message, bad: i % 7 === 3 || i % 11 === 5, writes: [insertMessage(message), last] };
      });
      const results = await Promise.allSettled(lists.map(({ writes }) => store.unitOfWork.commit(writes)));
      for (const [i, { message, bad }] of lists.entries()) {
        expect(results[i]?.status).toBe(bad ? 'rejected' : 'fulfilled');
        expect((await store.records.message(message.id)) === undefined).toBe(bad);
      }
      expect(await store.keeper.unsealedEntries(1000)).toHaveLength(lists.filter(({ bad }) => !bad).length);
    });

    it('loses nothing that was answered ok while another list fails', async () => {
      const [a, b, c] = [aMessage(), aMessage(), aMessage()];
      const failing = store.unitOfWork.commit([
        insertMessage(a),
        write('job.finish', { id: v7(), lease: 'nobody' }),
      ]);
      const others = [
        store.unitOfWork.commit([insertMessage(b)]),
        store.unitOfWork.commit([insertMessage(c)]),
      ];
      await expect(failing).rejects.toEqual(fenced);
      await Promise.all(others);
      expect(await store.records.message(a.id)).toBeUndefined();
      expect(await store.records.message(b.id)).toEqual(b);
      expect(await store.records.message(c.id)).toEqual(c);
    });

    it('leaves the bytes of its caller as they were', async () => {
      const bytes = Buffer.from('x'.repeat(20));
      const own = new Uint8Array(1_000_000).fill(7);
      const messageId = v7();
      await store.unitOfWork.commit([
        write('payload.chunk', { messageId, n: 0, bytes, at: AT }),
        write('payload.chunk', { messageId, n: 1, bytes: own, at: AT }),
        insertMessage(aMessage({ id: messageId })),
      ]);
      expect(bytes.toString()).toBe('x'.repeat(20));
      expect(own.byteLength).toBe(1_000_000);
      const payload = await store.records.payload(messageId);
      expect(
        payload?.chunks.map((chunk) => Buffer.compare(chunk, chunk === payload.chunks[0] ? bytes : own)),
      ).toEqual([0, 0]);
    });
  });

  describe(`fencing on ${name}`, () => {
    it('lets only the present holder finish, retry or extend a job, and takes back the rest of the list', async () => {
      const { writes, message } = aUnit({});
      await store.unitOfWork.commit(writes);
      const [job] = await claim('spsti-a', 1, AT, 'old');
      if (job === undefined) throw new Error('nothing was claimed');
      const [again] = await claim('spsti-a', 1, minutes(6), 'new', minutes(12));
      expect(again).toEqual({ ...job, lease: 'new', leaseUntil: minutes(12), attempts: 2, unended: 2 });
      const late = [
        write('job.finish', { id: job.id, lease: 'old' }),
        write('job.retry', { id: job.id, lease: 'old', runAt: minutes(7) }),
        write('job.extend', { id: job.id, lease: 'old', until: minutes(20) }),
      ];
      for (const last of late)
        await expect(
          store.unitOfWork.commit([write('message.status', { id: message.id, status: 'dead' }), last]),
        ).rejects.toEqual(fenced);
      expect((await store.records.message(message.id))?.status).toBe('delivering');

      await store.unitOfWork.commit([write('job.extend', { id: job.id, lease: 'new', until: minutes(20) })]);
      expect(await claim('spsti-a', 1, minutes(13))).toEqual([]);
      await store.unitOfWork.commit([write('job.retry', { id: job.id, lease: 'new', runAt: minutes(30) })]);
      expect(await store.records.nextDue('spsti-a')).toBe(minutes(30));
      const [third] = await claim('spsti-a', 1, minutes(30), 'third');
      expect(third?.attempts).toBe(3);
      await store.unitOfWork.commit([write('job.finish', { id: job.id, lease: 'third' })]);
      expect(await store.records.openJobs()).toBe(0);
    });

    it('fences a holder whose job was cancelled', async () => {
      const { writes, message, job } = aUnit({});
      await store.unitOfWork.commit(writes);
      await claim('spsti-a', 1, AT, 'mine');
      await store.unitOfWork.commit([write('job.cancel', { messageId: message.id })]);
      await expect(
        store.unitOfWork.commit([write('job.finish', { id: job.id, lease: 'mine' })]),
      ).rejects.toEqual(fenced);
    });

    it('lets two claimers never hold the same job', async () => {
      const units = Array.from({ length: 40 }, () => aUnit({}));
      await store.unitOfWork.commit(units.flatMap(({ writes }) => writes));
      const claims = await Promise.all(Array.from({ length: 20 }, () => claim('spsti-a', 3)));
      const ids = claims.flat().map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toHaveLength(40);
    });

    it('changes a delivery only from the states that the caller saw', async () => {
      const { writes, delivery } = aUnit({});
      await store.unitOfWork.commit(writes);
      const from: DeliveryState[] = ['queued', 'retrying'];
      await store.unitOfWork.commit([
        write('delivery.update', { id: delivery.id, from, state: 'sending', attempts: 1 }),
      ]);
      await expect(
        store.unitOfWork.commit([write('delivery.update', { id: delivery.id, from, state: 'cancelled' })]),
      ).rejects.toEqual(fenced);
      await expect(
        store.unitOfWork.commit([write('delivery.update', { id: v7(), from, state: 'cancelled' })]),
      ).rejects.toEqual(fenced);
      expect(await store.records.delivery(delivery.id)).toEqual({
        ...delivery,
        state: 'sending',
        attempts: 1,
      });
    });

    it('leaves, sets or clears what an update of a delivery says', async () => {
      const { writes, delivery } = aUnit({});
      await store.unitOfWork.commit(writes);
      const receipt = { outcome: 'received', at: AT } as const;
      const update = (values: object) =>
        store.unitOfWork.commit([
          write('delivery.update', { id: delivery.id, from: ['queued'], state: 'queued', ...values }),
        ]);
      await update({ nextTryAt: minutes(3), lastError: 'transport.unreachable', receipt });
      await update({ attempts: 4 });
      expect(await store.records.delivery(delivery.id)).toEqual({
        ...delivery,
        attempts: 4,
        nextTryAt: minutes(3),
        lastError: 'transport.unreachable',
        receipt,
      });
      await update({ nextTryAt: null, lastError: null });
      expect(await store.records.delivery(delivery.id)).toEqual({ ...delivery, attempts: 4, receipt });
    });

    it('changes the status of a message only from the ones given, with its reason', async () => {
      const message = aMessage();
      await store.unitOfWork.commit([insertMessage(message)]);
      const { id } = message;
      await store.unitOfWork.commit([
        write('message.status', { id, status: 'held', from: ['accepted'], reason: 'identity.in-doubt' }),
      ]);
      await expect(
        store.unitOfWork.commit([write('message.status', { id, status: 'expired', from: ['accepted'] })]),
      ).rejects.toEqual(fenced);
      expect(await store.records.message(id)).toEqual({
        ...message,
        status: 'held',
        reason: 'identity.in-doubt',
      });
      await store.unitOfWork.commit([write('message.status', { id, status: 'preparing', from: ['held'] })]);
      expect(await store.records.message(id)).toEqual({ ...message, status: 'preparing' });
    });

    it('updates an exchange only as it was read', async () => {
      const exchange = anExchange();
      await store.unitOfWork.commit([write('exchange.insert', { exchange })]);
      const from = { state: exchange.state, updatedAt: exchange.updatedAt };
      const next = anExchange({
        ...exchange,
        state: 'SENT',
        answerId: v7(),
        reminded: true,
        updatedAt: minutes(1),
      });
      await store.unitOfWork.commit([write('exchange.update', { exchange: next, from })]);
      await expect(
        store.unitOfWork.commit([
          write('exchange.update', { exchange: { ...exchange, state: 'CANCELLED' }, from }),
        ]),
      ).rejects.toEqual(fenced);
      expect(await store.records.exchange(exchange.id)).toEqual(next);
    });

    it('decides a held identity once, and erases what was shown for it', async () => {
      const [message, held] = aHeld();
      await store.unitOfWork.commit([insertMessage(message), write('held.insert', { held })]);
      expect(await store.records.heldOf('spsti-b')).toEqual([held]);
      expect(await store.records.heldOf('spsti-a')).toEqual([]);
      const decision = { verdict: 'release', evidence: 'CN', reason: 'vu', by: 'p', at: AT } as const;
      await store.unitOfWork.commit([write('held.decide', { id: held.id, decision })]);
      await expect(
        store.unitOfWork.commit([
          write('held.decide', { id: held.id, decision: { ...decision, verdict: 'refuse' } }),
        ]),
      ).rejects.toEqual(fenced);
      expect(await store.records.held(held.id)).toEqual({ ...held, ...ERASED, decision });
      expect(await store.records.heldOf()).toEqual([]);
    });

    it('shows no held identity whose message awaits nobody any more, and erases it with the payload', async () => {
      const [message, held] = aHeld();
      await store.unitOfWork.commit([insertMessage(message), write('held.insert', { held })]);
      await store.unitOfWork.commit([
        write('message.status', { id: message.id, from: ['held'], status: 'cancelled' }),
        write('payload.purge', { messageId: message.id }),
      ]);
      expect(await store.records.heldOf()).toEqual([]);
      expect(await store.records.held(held.id)).toEqual({ ...held, ...ERASED });
    });

    it('gives a delivery its life again, and purges by what was said last', async () => {
      const { message, delivery } = aUnit({ state: 'delivered' });
      await store.unitOfWork.commit([
        insertMessage(message),
        write('delivery.insert', { delivery, keptUntil: minutes(1) }),
      ]);
      const due = async (now: string) => (await store.keeper.deliveriesToPurge(now, 10)).map(({ id }) => id);
      expect(await due(minutes(2))).toEqual([delivery.id]);
      const renewed = { id: delivery.id, expiresAt: minutes(90), keptUntil: minutes(80) };
      await store.unitOfWork.commit([write('delivery.renew', renewed)]);
      expect(await due(minutes(2))).toEqual([]);
      expect(await due(minutes(80))).toEqual([delivery.id]);
      expect(await store.records.delivery(delivery.id)).toEqual({ ...delivery, expiresAt: minutes(90) });
      await expect(
        store.unitOfWork.commit([write('delivery.renew', { ...renewed, id: v7() })]),
      ).rejects.toEqual(fenced);
    });

    it('closes a request only from the state that was read', async () => {
      const request = {
        id: v7(),
        partner: 'spsti-b',
        author: 'a',
        state: 'open',
        createdAt: AT,
        expiresAt: minutes(60),
        informedAt: AT,
        recordedBy: 'a',
        identityStatus: 'QUAL',
        sources: ['spsti-a', 'internal-a'],
        worker: { atRest: AT_REST, bytes: Buffer.from('sealed') },
      } as const;
      await store.unitOfWork.commit([write('dmst-request.insert', { request })]);
      expect(await store.records.dmstRequest(request.id)).toEqual(request);
      const cancel = write('dmst-request.update', {
        id: request.id,
        from: 'open',
        state: 'cancelled',
        cancelReason: 'opposition',
      });
      await store.unitOfWork.commit([cancel]);
      await expect(store.unitOfWork.commit([cancel])).rejects.toEqual(fenced);
      expect(
        await store.records.dmstRequests({ partner: 'spsti-b', authors: ['a', 'b'], limit: 10 }),
      ).toEqual([
        {
          ...request,
          state: 'cancelled',
          cancelReason: 'opposition',
          worker: ERASED.details,
        },
      ]);
      expect(await store.records.dmstRequests({ partner: 'spsti-b', authors: ['b'], limit: 10 })).toEqual([]);
    });

    it('lets one sealer write a seal, and takes all its entries or none', async () => {
      const entries = [anEntry(), anEntry(), anEntry()];
      await store.unitOfWork.commit(entries.map((entry) => write('journal.entry', { entry })));
      const seal = (n: number, ids: readonly string[]) =>
        store.unitOfWork.commit([
          write('journal.seal', { n, at: AT, size: ids.length, root: '', prev: '', jws: `seal-${n}` }),
          write('journal.assign', { seal: n, entries: ids }),
        ]);
      const [a, b, c] = entries.map(({ id }) => id) as [string, string, string];
      const both = await Promise.allSettled([seal(1, [b, a]), seal(1, [a, b])]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: new WriteConflict('journal.seal'),
      });
      await expect(seal(2, [c, a])).rejects.toEqual(fenced);
      await expect(seal(2, [c, c])).rejects.toEqual(fenced);
      expect(await store.keeper.lastSeal()).toEqual({ n: 1, jws: 'seal-1' });
      expect(await store.keeper.unsealedEntries(10)).toEqual([entries[2]]);
    });
  });

  describe(`claiming on ${name}`, () => {
    it('gives interactive before bulk, then the oldest, and no more than asked', async () => {
      const bulk = aUnit({ rank: 1 });
      const [first, second] = [aUnit({}), aUnit({})];
      for (const unit of [second, bulk, first]) await store.unitOfWork.commit(unit.writes);
      expect((await claim('spsti-a', 2)).map(({ id }) => id)).toEqual([first.job.id, second.job.id]);
      expect((await claim('spsti-a', 2)).map(({ id }) => id)).toEqual([bulk.job.id]);
    });

    it('gives the whole job, under its lease, with the attempt counted', async () => {
      const { writes, job } = aUnit({ orderKey: 'k' });
      await store.unitOfWork.commit(writes);
      expect(await claim('spsti-a', 1, AT, 'lease-1', minutes(5))).toEqual([
        { ...job, attempts: 1, unended: 1, lease: 'lease-1', leaseUntil: minutes(5) },
      ]);
    });

    it('counts the claims that came to no end, be the job claimed by its lane or by its id', async () => {
      const { writes, job } = aUnit({});
      await store.unitOfWork.commit(writes);
      await claim('spsti-a', 1, AT, 'lease-1', minutes(5));
      const known = { lane: 'spsti-a', jobId: job.id, limit: 1, until: minutes(9) };
      expect(await store.unitOfWork.claim({ ...known, lease: 'lease-2', now: minutes(5) })).toEqual([
        { ...job, attempts: 2, unended: 2, lease: 'lease-2', leaseUntil: minutes(9) },
      ]);
    });

    it('never mixes lanes, nor gives what is not due', async () => {
      const later = aUnit({ runAt: minutes(1) });
      const other = aUnit({ recipient: 'cnam' });
      await store.unitOfWork.commit([...later.writes, ...other.writes]);
      expect(await claim('spsti-a')).toEqual([]);
      expect(await store.records.lanes()).toEqual(['cnam', 'spsti-a']);
      expect((await claim('cnam')).map(({ id }) => id)).toEqual([other.job.id]);
      expect((await claim('spsti-a', 1, minutes(1))).map(({ id }) => id)).toEqual([later.job.id]);
    });

    it('respects a lease written with the job', async () => {
      const { message, delivery, job } = aUnit({});
      const leased = { ...job, lease: 'inline', leaseUntil: minutes(5), attempts: 1 };
      await store.unitOfWork.commit([
        insertMessage(message),
        write('delivery.insert', { delivery }),
        write('job.insert', { job: leased }),
      ]);
      expect(await claim('spsti-a')).toEqual([]);
      expect(await store.records.nextDue('spsti-a')).toBe(minutes(5));
      expect(await claim('spsti-a', 1, minutes(5), 'taken', minutes(9))).toEqual([
        { ...leased, lease: 'taken', leaseUntil: minutes(9), attempts: 2, unended: 1 },
      ]);
    });

    it('says when a lane has something due', async () => {
      expect(await store.records.nextDue('spsti-a')).toBeUndefined();
      const units = [aUnit({ rank: 1, runAt: minutes(2) }), aUnit({ runAt: minutes(3) })];
      await store.unitOfWork.commit(units.flatMap(({ writes }) => writes));
      expect(await store.records.nextDue('spsti-a')).toBe(minutes(2));
      const [bulk] = units;
      await store.unitOfWork.commit([
        write('job.release', { deliveryId: bulk?.delivery.id ?? '', runAt: minutes(1) }),
      ]);
      expect(await store.records.nextDue('spsti-a')).toBe(minutes(1));
    });

    it.each(['queued', 'sending', 'retrying', 'available', 'dead'] as const)(
      'holds back a key behind a delivery that is %s, for that recipient alone',
      async (state) => {
        const first = aUnit({ orderKey: 'episode-1', state });
        const second = aUnit({ orderKey: 'episode-1' });
        const otherKey = aUnit({ orderKey: 'episode-2' });
        const elsewhere = aUnit({ orderKey: 'episode-1', recipient: 'cnam' });
        const jobOfFirst = write('job.cancel', { messageId: first.message.id });
        await store.unitOfWork.commit(
          [first, second, otherKey, elsewhere].flatMap(({ writes }) => writes).concat(jobOfFirst),
        );
        expect((await claim('spsti-a')).map(({ id }) => id)).toEqual([otherKey.job.id]);
        expect(await claim('cnam')).toHaveLength(1);
        await store.unitOfWork.commit([
          write('delivery.update', { id: first.delivery.id, from: [state], state: 'expired' }),
        ]);
        expect((await claim('spsti-a')).map(({ id }) => id)).toEqual([second.job.id]);
      },
    );

    it('counts messages, not deliveries: one prepared first does not overtake one accepted first', async () => {
      const held = aMessage({ orderKey: 'episode-1', status: 'held' });
      const next = aUnit({ orderKey: 'episode-1' });
      const elsewhere = aUnit({ orderKey: 'episode-1', recipient: 'cnam' });
      await store.unitOfWork.commit([insertMessage(held), ...next.writes, ...elsewhere.writes]);
      expect(await claim('cnam')).toHaveLength(1);
      expect(await claim('spsti-a')).toEqual([]);
      // the held one is released, and its delivery is younger than the one that waits for it
      const delivery = aDelivery({ messageId: held.id, orderKey: 'episode-1' });
      const job = aJob({ messageId: held.id, deliveryId: delivery.id, orderKey: 'episode-1' });
      await store.unitOfWork.commit([
        write('delivery.insert', { delivery }),
        write('job.insert', { job }),
        write('message.settle', { id: held.id }),
      ]);
      expect((await claim('spsti-a')).map(({ id }) => id)).toEqual([job.id]);
    });
  });

  describe(`the mailbox on ${name}`, () => {
    const lease = (limit: number, now = AT, until = minutes(5), flow?: string) =>
      store.unitOfWork.leaseMailbox({
        lane: 'spsti-a',
        limit,
        lease: v7(),
        now,
        until,
        ...(flow === undefined ? {} : { flow }),
      });

    it('leases what is available: interactive first, oldest first, each once until the lease runs out', async () => {
      const bulk = aUnit({ rank: 1, state: 'available' });
      const units = [aUnit({ state: 'available' }), aUnit({ state: 'available' })];
      const sending = aUnit({ state: 'sending' });
      const elsewhere = aUnit({ state: 'available', recipient: 'cnam' });
      await store.unitOfWork.commit([bulk, ...units, sending, elsewhere].flatMap(({ writes }) => writes));
      const [first, second] = units;
      expect((await lease(2)).map(({ id }) => id)).toEqual([first?.delivery.id, second?.delivery.id]);
      expect(await lease(2)).toEqual([{ ...bulk.delivery, attempts: 1 }]);
      expect(await lease(2)).toEqual([]);
      const back = await lease(1, minutes(5), minutes(9));
      expect(back).toEqual([{ ...first?.delivery, attempts: 2 }]);
    });

    it('shows nothing of what went by a channel: its recipient could not open it', async () => {
      const mailed = aUnit({ state: 'available', transport: 'mssante' });
      const waiting = aUnit({ state: 'available' });
      await store.unitOfWork.commit([mailed, waiting].flatMap(({ writes }) => writes));
      expect((await lease(2)).map(({ id }) => id)).toEqual([waiting.delivery.id]);
    });

    it('gives only the flow that was asked', async () => {
      const { writes } = aUnit({ state: 'available' });
      await store.unitOfWork.commit(writes);
      expect(await lease(1, AT, minutes(5), 'insi')).toEqual([]);
      expect(await lease(1, AT, minutes(5), 'dmst-portability')).toHaveLength(1);
    });

    it('shows a replayed delivery at once, whoever leased it before', async () => {
      const { writes, delivery } = aUnit({ state: 'available' });
      await store.unitOfWork.commit(writes);
      await lease(1);
      const { id } = delivery;
      await store.unitOfWork.commit([
        write('delivery.update', { id, from: ['available'], state: 'dead' }),
        write('delivery.update', { id, from: ['dead'], state: 'available' }),
      ]);
      expect(await lease(1)).toEqual([{ ...delivery, attempts: 2 }]);
    });

    it('never shows the second of a key before the first has its receipt', async () => {
      const [first, second] = [1, 2].map(() => aUnit({ state: 'available', orderKey: 'k' }));
      await store.unitOfWork.commit([...(first?.writes ?? []), ...(second?.writes ?? [])]);
      const [shown, ...more] = await lease(10);
      expect([shown?.id, more]).toEqual([first?.delivery.id, []]);
      expect(await lease(10)).toEqual([]);
      await store.unitOfWork.commit([
        write('delivery.update', {
          id: shown?.id ?? '',
          from: ['available'],
          state: 'delivered',
          receipt: { outcome: 'received', at: AT },
        }),
      ]);
      expect((await lease(10)).map(({ id }) => id)).toEqual([second?.delivery.id]);
    });
  });

  describe(`settling a message on ${name}`, () => {
    const settled = async (states: readonly DeliveryState[], portal?: DeliveryState) => {
      const recipients = states.map((_, i) => `spsti-${i}`);
      const message = aMessage({ recipients: [...recipients, ...(portal ? ['portal:spsti-b'] : [])] });
      const messageId = message.id;
      await store.unitOfWork.commit([
        write('payload.chunk', { messageId, n: 0, bytes: Buffer.from('original'), at: AT }),
        insertMessage(message),
        ...states.map((state, i) =>
          write('delivery.insert', { delivery: aDelivery({ messageId, recipient: `spsti-${i}`, state }) }),
        ),
        ...(portal
          ? [
              write('delivery.insert', {
                delivery: aDelivery({ messageId, recipient: 'portal:spsti-b', state: portal }),
              }),
            ]
          : []),
        write('message.settle', { id: messageId }),
      ]);
      const payload = await store.records.payload(messageId);
      const { status } = (await store.records.message(messageId)) ?? {};
      return { status, readable: payload?.atRest.wrappedKey !== null, chunks: payload?.chunks.length };
    };

    it.each([
      [['queued'], 'delivering', true],
      [['available', 'delivered'], 'delivering', true],
      [['dead', 'retrying'], 'delivering', true],
      [['delivered', 'delivered'], 'delivered', false],
      [['delivered', 'dead', 'expired', 'refused', 'cancelled'], 'dead', true],
      [['delivered', 'expired', 'refused', 'cancelled'], 'expired', false],
      [['delivered', 'refused', 'cancelled'], 'refused', false],
      [['delivered', 'cancelled'], 'cancelled', false],
    ] as const)('%j gives %s, original readable: %s', async (states, status, readable) => {
      expect(await settled(states)).toEqual({ status, readable, chunks: readable ? 1 : 0 });
    });

    it('leaves copies of the portal out of the status, not out of the life of the original', async () => {
      expect(await settled(['delivered'], 'available')).toEqual({
        status: 'delivered',
        readable: true,
        chunks: 1,
      });
      expect(await settled(['delivered'], 'delivered')).toMatchObject({
        status: 'delivered',
        readable: false,
      });
    });

    it('does nothing before there is a delivery', async () => {
      expect(await settled([])).toEqual({ status: 'accepted', readable: true, chunks: 1 });
    });
  });

  describe(`purging on ${name}`, () => {
    it('destroys an original, and sweeps old chunks whose message never came', async () => {
      const message = aMessage();
      const [orphan, young] = [v7(), v7()];
      const chunk = (messageId: string, at: string) =>
        write('payload.chunk', { messageId, n: 0, bytes: Buffer.from('c'), at });
      await store.unitOfWork.commit([
        chunk(message.id, AT),
        insertMessage(message),
        chunk(orphan, AT),
        chunk(young, minutes(2)),
      ]);
      await store.unitOfWork.commit([write('payload.sweep', { now: AT, before: minutes(1) })]);
      expect((await store.records.payload(message.id))?.chunks).toHaveLength(1);
      // a chunk that stays makes its number taken
      const again = (id: string) => store.unitOfWork.commit([chunk(id, minutes(2))]);
      await expect(again(young)).rejects.toEqual(new WriteConflict('payload.chunk'));
      await expect(again(orphan)).resolves.toBeUndefined();
      await store.unitOfWork.commit([write('payload.purge', { messageId: message.id })]);
      expect(await store.records.payload(message.id)).toEqual({
        atRest: { wrappedKey: null, kekId: 'kek-1' },
        chunks: [],
      });
    });

    it('keeps the id of a message that was purged', async () => {
      const message = aMessage();
      await store.unitOfWork.commit([insertMessage(message)]);
      await store.unitOfWork.commit([write('payload.purge', { messageId: message.id })]);
      await expect(
        store.unitOfWork.commit([insertMessage(aMessage({ senderId: message.senderId }))]),
      ).rejects.toBeInstanceOf(WriteConflict);
    });

    it('lists deliveries whose parts may go, until they are gone', async () => {
      const { writes, delivery } = aUnit({});
      const [part, second] = [aPart(), aPart({ n: 2, audience: 'enc-h' })];
      await store.unitOfWork.commit([
        ...writes,
        write('delivery.part', { deliveryId: delivery.id, part: second }),
        write('delivery.part', { deliveryId: delivery.id, part }),
        write('delivery.update', {
          id: delivery.id,
          from: ['queued'],
          state: 'delivered',
          keptUntil: minutes(10),
        }),
      ]);
      expect(await store.records.parts(delivery.id)).toEqual([part, second]);
      expect(await store.keeper.deliveriesToPurge(minutes(9), 10)).toEqual([]);
      expect(await store.keeper.deliveriesToPurge(minutes(10), 10)).toEqual([
        { ...delivery, state: 'delivered' },
      ]);
      await store.unitOfWork.commit([write('delivery.purge-parts', { deliveryId: delivery.id })]);
      expect(await store.keeper.deliveriesToPurge(minutes(10), 10)).toEqual([]);
      expect(await store.records.parts(delivery.id)).toEqual([]);
    });

    it('ends a delegation, never prolongs it', async () => {
      const delegation = {
        id: v7(),
        partner: 'spsti-b',
        physicianRpps: '10000000001',
        delegate: 'd',
        from: AT,
        to: minutes(60),
        recordedBy: 'p',
        recordedAt: AT,
      };
      await store.unitOfWork.commit([write('delegation.insert', { delegation })]);
      const end = (to: string) =>
        store.unitOfWork.commit([write('delegation.end', { id: delegation.id, to })]);
      await end(minutes(90));
      expect(await store.records.delegationsTo('d', minutes(60))).toEqual([]);
      expect(await store.records.delegationsTo('d', minutes(59))).toEqual([delegation]);
      await end(minutes(30));
      expect(await store.records.delegationsTo('d', minutes(30))).toEqual([]);
      expect(await store.records.delegationsTo('d', AT)).toEqual([{ ...delegation, to: minutes(30) }]);
    });
  });

  it(`on ${name}, a commit after closing is refused at once`, async () => {
    const other = await open();
    await other.remove();
    const late = other.unitOfWork.commit([insertMessage(aMessage())]);
    await expect(late).rejects.toBeInstanceOf(BrokerError);
    await expect(late).rejects.toMatchObject({ code: 'store.unavailable', next: 'retry' });
  });

  describe(`a leader on ${name}`, () => {
    const at = (ms: number) => ({ now: () => new Date(Date.parse(AT) + ms) });
    const leader = (holder: string, ms = 0) => new Leader(store.unitOfWork, at(ms), 'keeper', holder);

    it('is one of those that could be, until it leaves', async () => {
      const [one, two] = [leader('one'), leader('two')];
      expect(await Promise.all([one.leads(), one.leads()])).toEqual([true, true]);
      expect(await two.leads()).toBe(false);
      await one.leave();
      expect(await two.leads()).toBe(true);
      expect(await one.leads()).toBe(false);
    });

    it('is followed when it is silent for longer than it said, and does not come back by itself', async () => {
      expect(await leader('one').leads()).toBe(true);
      expect(await leader('two', 8_000).leads()).toBe(false);
      expect(await leader('two', 9_001).leads()).toBe(true);
      expect(await leader('one', 9_002).leads()).toBe(false);
    });

    it('of one thing does not lead another', async () => {
      expect(await leader('one').leads()).toBe(true);
      expect(await new Leader(store.unitOfWork, at(0), 'requests', 'two').leads()).toBe(true);
    });
  });
});
