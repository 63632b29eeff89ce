/** Files proposed for a request, and how a service finds what it must answer. */
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Candidate, type Exchange, type ExchangeState, type Retained, type Write, write } from '#core';
import {
  AT,
  AT_REST,
  aDelivery,
  aMessage,
  anExchange,
  insertMessage,
  minutes,
  type OpenedStore,
  onEveryStore,
} from './stores.ts';

const LARGE = Buffer.alloc(3_000_000, 7);

function aCandidate(exchangeId: string, given: Partial<Candidate> = {}): Candidate {
  return {
    id: v7(),
    exchangeId,
    depositedAt: AT,
    depositedBy: 'spsti-a',
    atRest: AT_REST,
    head: Buffer.from('a head'),
    ...given,
  };
}

onEveryStore(({ name, open }) => {
  let store: OpenedStore;
  beforeEach(async () => {
    store = await open();
  });
  afterEach(() => store.remove());
  const commit = (...writes: Write[]) => store.unitOfWork.commit(writes);
  const insert = (candidate: Candidate, content: Uint8Array = Buffer.from('content')) =>
    write('candidate.insert', { candidate, content });
  const update = (exchange: Exchange, changes: Partial<Exchange>, from: Partial<Exchange> = {}) =>
    write('exchange.update', {
      exchange: { ...exchange, ...changes },
      from: { state: exchange.state, updatedAt: exchange.updatedAt, ...from },
    });
  const idsOf = async (exchange: Exchange) =>
    (await store.incoming.candidates(exchange.id)).map(({ id }) => id);

  describe(`candidates on ${name}`, () => {
    it('are given back as they were written, their content apart, large or none', async () => {
      const exchange = anExchange();
      const [one, two] = [aCandidate(exchange.id), aCandidate(exchange.id, { depositedBy: 'person:p' })];
      await commit(write('exchange.insert', { exchange }), insert(one, LARGE), insert(two, new Uint8Array()));
      expect(await store.incoming.candidates(exchange.id)).toEqual([one, two]);
      expect(Buffer.from((await store.incoming.candidateContent(one.id)) ?? []).equals(LARGE)).toBe(true);
      expect(await store.incoming.candidateContent(two.id)).toHaveLength(0);
      expect(await store.incoming.candidateContent(v7())).toBeUndefined();
      const other = v7();
      expect([...(await store.incoming.candidateCounts([exchange.id, other]))]).toEqual([
        [exchange.id, 2],
        [other, 0],
      ]);
      expect(await store.incoming.candidateCounts([])).toEqual(new Map());
    });

    it('stay while their exchange goes on, and those of others stay always', async () => {
      const [mine, other] = [anExchange(), anExchange()];
      const kept = aCandidate(other.id);
      await commit(
        ...[mine, other].map((exchange) => write('exchange.insert', { exchange })),
        insert(aCandidate(mine.id)),
        insert(kept),
      );
      await commit(update(mine, { sourceState: 'MATCHED', updatedAt: minutes(1) }));
      expect(await idsOf(mine)).toHaveLength(1);
      await commit(update(mine, { answerId: v7(), updatedAt: minutes(2) }, { updatedAt: minutes(1) }));
      expect(await idsOf(mine)).toEqual([]);
      expect(await idsOf(other)).toEqual([kept.id]);
    });

    const ends: ExchangeState[] = ['REFUSED', 'CLOSED', 'EXPIRED', 'CANCELLED', 'QUARANTINED'];
    it.each(ends)('are gone with the write that makes their exchange %s', async (state) => {
      const exchange = anExchange();
      await commit(write('exchange.insert', { exchange }), insert(aCandidate(exchange.id)));
      await commit(update(exchange, { state, updatedAt: minutes(1) }));
      expect(await idsOf(exchange)).toEqual([]);
    });

    it('are as they were when that write is fenced', async () => {
      const exchange = anExchange();
      await commit(write('exchange.insert', { exchange }), insert(aCandidate(exchange.id)));
      const late = commit(update(exchange, { state: 'CLOSED' }, { updatedAt: minutes(9) }));
      await expect(late).rejects.toMatchObject({ code: 'writer.fenced' });
      expect(await idsOf(exchange)).toHaveLength(1);
    });

    it('that outlived their exchange, by an older process, are swept; those of an open one stay', async () => {
      const [open, answered, over] = [anExchange(), anExchange(), anExchange()];
      await commit(...[open, answered, over].map((exchange) => write('exchange.insert', { exchange })));
      await commit(
        update(answered, { answerId: v7(), state: 'SENT', updatedAt: minutes(1) }),
        update(over, { state: 'CANCELLED', updatedAt: minutes(1) }),
      );
      const gone = anExchange();
      const all = [open, answered, over, gone];
      await commit(...all.flatMap(({ id }) => [insert(aCandidate(id)), insert(aCandidate(id), LARGE)]));
      await commit(write('candidate.sweep', {}));
      expect([...(await store.incoming.candidateCounts(all.map(({ id }) => id))).values()]).toEqual([
        2, 0, 0, 0,
      ]);
    });

    it('are found for a new key-encryption key, wrapped by it, and forecast with their exchange', async () => {
      const exchange = anExchange();
      const candidate = aCandidate(exchange.id);
      await commit(write('exchange.insert', { exchange }), insert(candidate));
      const found = await store.operations.wrappedByOthers('kek-2', 10, '');
      expect(found).toEqual([{ of: 'candidate', id: candidate.id, atRest: AT_REST }]);
      const atRest = { wrappedKey: Buffer.from('another wrapping'), kekId: 'kek-2' };
      await commit(write('candidate.rewrap', { id: candidate.id, from: 'kek-1', atRest }));
      expect(await store.operations.wrappedByOthers('kek-2', 10, '')).toEqual([]);
      expect((await store.incoming.candidates(exchange.id))[0]?.atRest).toEqual(atRest);
      const kept: Retained[] = [];
      for await (const one of store.operations.retained()) kept.push(one);
      expect(kept).toEqual([
        {
          what: 'candidate',
          flow: exchange.flow,
          partner: exchange.responder,
          bytes: 13,
          until: exchange.expiresAt,
        },
      ]);
    });
  });

  describe(`what a service must answer on ${name}`, () => {
    /** a request of which the service's pages have a copy, or not */
    async function asked(changes: Partial<Exchange>, shown = true): Promise<Exchange> {
      const message = aMessage();
      const exchange = anExchange({ requestId: message.id, ...changes });
      const delivery = aDelivery({
        messageId: message.id,
        recipient: shown ? 'portal:spsti-a' : 'spsti-a',
        state: 'delivered',
      });
      await commit(
        insertMessage(message),
        write('exchange.insert', { exchange }),
        write('delivery.insert', { delivery }),
      );
      return exchange;
    }
    const look = async (open: boolean, limit = 10, afterId?: string) => {
      const more = afterId === undefined ? {} : { afterId };
      const flow = 'dmst-portability';
      const found = await store.incoming.incoming({ flow, responder: 'spsti-a', open, limit, ...more });
      return found.map(({ id }) => id);
    };

    it('is listed most urgent first while it is open, newest first with the rest, page by page', async () => {
      const late = await asked({ deadline: minutes(90) });
      const soon = await asked({ deadline: minutes(30) });
      const same = await asked({ deadline: minutes(90) });
      const over = await asked({ state: 'SENT', answerId: v7() });
      await asked({ responder: 'cnam' });
      await asked({ flow: 'sick-leave' });
      await asked({}, false);
      const tied = [late.id, same.id].sort();
      expect(await look(true)).toEqual([soon.id, ...tied]);
      expect(await look(true, 2)).toEqual([soon.id, tied[0]]);
      expect(await look(true, 2, tied[0])).toEqual([tied[1]]);
      const all = [late.id, soon.id, same.id, over.id].sort().reverse();
      expect(await look(false)).toEqual(all);
      expect(await look(false, 2, all[1])).toEqual(all.slice(2));
    });
  });
});
