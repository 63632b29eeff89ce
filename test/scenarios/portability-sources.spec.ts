import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import {
  aDmst,
  aDossier,
  answerBy,
  arrived,
  asked,
  DAY,
  type ExchangeRow,
  exchangesOf,
  journal,
  mailbox,
  requestInMailbox,
  rows,
  seen,
  until,
} from '../builders/portability.ts';
import { aRelais, eventually, keeperTurn, type TestRelais } from '../builders/relais.ts';

const TWO = { sources: ['spsti-a', 'spsti-c'] };

/** A request to both services, each exchange by its responder. */
async function askedOfTwo(relais: TestRelais): Promise<{ id: string; a: ExchangeRow; c: ExchangeRow }> {
  const id = await asked(relais, TWO);
  await requestInMailbox(relais, 'spsti-a', id);
  await requestInMailbox(relais, 'spsti-c', id);
  const [a, c] = exchangesOf(relais, id) as [ExchangeRow, ExchangeRow];
  return { id, a, c };
}

const dossier = (lastVisit: string) => ({ body: aDmst({ lastVisit }), lastvisit: lastVisit });

describe('several sources are asked about one worker', () => {
  let relais: TestRelais;
  let b: Spsti;
  beforeAll(async () => {
    relais = await aRelais({}, { thirdService: true });
    b = await relais.service('spsti-b');
  });
  afterAll(() => relais.close());

  const received = (messageId: unknown) => b.received.filter((one) => one.messageId === messageId);
  const answerOf = (id: string) =>
    rows(relais, 'SELECT answer_id FROM exchange WHERE id = ?', id)[0]?.['answer_id'] as string;
  const sealedParts = (messageId: string) =>
    rows(
      relais,
      'SELECT p.n FROM delivery_part p JOIN delivery d ON d.id = p.delivery_id WHERE d.message_id = ?',
      messageId,
    );

  it('one exchange and one message a source, one call to INSi, and no source learns of the other', async () => {
    const calls = relais.insi.calls().length;
    const { id, a, c } = await askedOfTwo(relais);
    expect(relais.insi.calls().length - calls).toBe(1);
    expect(new Set([a.request_id, c.request_id, a.subject_ref, c.subject_ref, a.id, c.id]).size).toBe(6);
    const event = JSON.stringify(await requestInMailbox(relais, 'spsti-a', id));
    expect(event).not.toMatch(new RegExp(`spsti-c|${c.id}|${id}`));
    expect((await relais.as('spsti-a')(`/v1/exchanges/${c.id}`)).status).toBe(404);
    expect((await relais.as('spsti-a')(`/v1/messages/${c.request_id}`)).status).toBe(404);
    expect(await seen(relais, id)).toMatchObject({ state: 'SUBMITTED', answered: '0 sur 2' });
  });

  it('the best so far is shown; when all have answered the most recent is released and the older purged unread', async () => {
    const { id, a, c } = await askedOfTwo(relais);
    await answerBy(relais, 'spsti-a', a, dossier('2024-03-01'));
    const half = await until(relais, id, ({ best }) => best !== undefined);
    expect(half).toMatchObject({
      answered: '1 sur 2',
      best: { partner: 'spsti-a', lastVisit: '2024-03-01' },
    });
    const older = answerOf(a.id);
    // parked: the software of B does not get it yet
    expect(sealedParts(older).length).toBeGreaterThan(0);
    expect(received(older)).toEqual([]);
    const [parked] = rows(
      relais,
      `SELECT id FROM delivery WHERE message_id = ? AND recipient = 'spsti-b'`,
      older,
    );
    expect((await relais.as('spsti-b')(`/v1/deliveries/${parked?.['id']}/parts/1`)).status).toBe(404);

    await answerBy(relais, 'spsti-c', c, dossier('2025-06-30'));
    const view = await until(relais, id, (one) => arrived(one) && one.answered === '2 sur 2');
    expect(view.best).toMatchObject({ partner: 'spsti-c', lastVisit: '2025-06-30' });
    const newer = answerOf(c.id);
    await eventually(async () => received(newer).length === 1);
    expect(received(older)).toEqual([]);
    expect(sealedParts(older)).toEqual([]);
    expect(rows(relais, 'SELECT status, wrapped_key FROM message WHERE id = ?', older)).toEqual([
      { status: 'cancelled', wrapped_key: null },
    ]);
    expect(rows(relais, 'SELECT n FROM payload_chunk WHERE message_id = ?', older)).toEqual([]);
    expect(rows(relais, 'SELECT state FROM delivery WHERE message_id = ?', older)).toEqual([
      { state: 'cancelled' },
      { state: 'cancelled' },
    ]);
    expect(rows(relais, 'SELECT id FROM job WHERE message_id = ?', older)).toEqual([]);
    expect(
      journal(relais).find(({ kind, messageId }) => kind === 'message.superseded' && messageId === older),
    ).toMatchObject({
      exchangeId: a.id,
      details: { request: id },
    });
    expect(view.sources.find(({ partner }) => partner === 'spsti-a')).toMatchObject({ state: 'CLOSED' });
  });

  it('the order of arrival does not count: an older one that comes last is purged', async () => {
    const { id, a, c } = await askedOfTwo(relais);
    await answerBy(relais, 'spsti-c', c, dossier('2026-01-15'));
    await until(relais, id, ({ best }) => best?.partner === 'spsti-c');
    await answerBy(relais, 'spsti-a', a, dossier('2019-01-15'));
    await until(relais, id, (one) => arrived(one) && one.answered === '2 sur 2');
    await eventually(async () => sealedParts(answerOf(a.id)).length === 0);
    expect((await seen(relais, id)).best).toMatchObject({ partner: 'spsti-c' });
  });

  it('answers that cross keep exactly one, whoever comes first', async () => {
    const requests = await Promise.all([1, 2, 3].map(() => askedOfTwo(relais)));
    await Promise.all(
      requests.flatMap(({ a, c }) => [
        answerBy(relais, 'spsti-a', a, dossier('2023-02-02')),
        answerBy(relais, 'spsti-c', c, dossier('2023-02-01')),
      ]),
    );
    for (const { id, a, c } of requests) {
      const view = await until(relais, id, arrived, 20);
      expect(view.best).toMatchObject({ partner: 'spsti-a' });
      await eventually(
        async () => sealedParts(answerOf(c.id)).length === 0 && received(answerOf(a.id)).length === 1,
      );
    }
  }, 120_000);

  it('a refusal of one and a dossier of the other: the dossier is released', async () => {
    const { id, a, c } = await askedOfTwo(relais);
    await answerBy(relais, 'spsti-c', c, { object: 'refusal', body: '{"code":"R07"}' });
    await answerBy(relais, 'spsti-a', a, dossier('2026-05-11'));
    const view = await until(relais, id, (one) => arrived(one) && one.answered === '2 sur 2');
    expect(view.sources).toMatchObject([
      { partner: 'spsti-a' },
      { partner: 'spsti-c', state: 'REFUSED', refusal: 'R07' },
    ]);
  });

  it('all refuse: the request is refused and there is nothing to open', async () => {
    const { id, a, c } = await askedOfTwo(relais);
    await answerBy(relais, 'spsti-a', a, { object: 'refusal', body: '{"code":"R03"}' });
    await answerBy(relais, 'spsti-c', c, { object: 'refusal', body: '{"code":"R07"}' });
    expect(await until(relais, id, ({ answered }) => answered === '2 sur 2')).toMatchObject({
      state: 'REFUSED',
    });
    expect((await relais.by('doctor-b')(`/v1/dmst-requests/${id}/summary.pdf`)).status).toBe(404);
  });

  describe('answers that no exchange awaits', () => {
    let one: { id: string; a: ExchangeRow; c: ExchangeRow };
    beforeAll(async () => {
      one = await askedOfTwo(relais);
    });

    it('of a third party, of the asker itself, or to an invented exchange: unknown, all alike', async () => {
      const answers = [
        await answerBy(relais, 'spsti-c', one.a, dossier('2026-05-11')),
        await answerBy(
          relais,
          'spsti-a',
          { ...one.a, id: '01900000-0000-7000-8000-000000000000' },
          dossier('2026-05-11'),
        ),
        await answerBy(relais, 'spsti-a', { ...one.a, id: one.a.request_id }, dossier('2026-05-11')),
        await answerBy(relais, 'spsti-a', one.a, {
          ...dossier('2026-05-11'),
          headers: { 'ce-recipient': 'spsti-c' },
        }),
      ];
      for (const { status, json } of answers) {
        const { instance: _, ...told } = json;
        expect(status).toBe(422);
        expect(told).toEqual({ ...answers[0]?.json, instance: undefined });
        expect(told['code']).toBe('exchange.unknown');
      }
      const fromB = await answerBy(relais, 'spsti-b', one.a, {
        ...dossier('2026-05-11'),
        headers: { 'ce-recipient': 'spsti-a' },
      });
      expect(fromB.json['code']).toBe('exchange.unknown');
    });

    it('with the subject reference of another exchange: refused before anything is kept', async () => {
      const answer = await answerBy(
        relais,
        'spsti-a',
        { id: one.a.id, subject_ref: one.c.subject_ref },
        dossier('2026-05-11'),
      );
      expect(answer).toMatchObject({
        status: 422,
        json: { code: 'content.invalid', errors: [{ code: 'exchange.subject-mismatch' }] },
      });
      expect(rows(relais, 'SELECT answer_id FROM exchange WHERE id = ?', one.a.id)).toEqual([
        { answer_id: null },
      ]);
    });

    const bad: [string, Record<string, string>, string][] = [
      ['no last visit', { 'ce-lastvisit': '' }, 'event.malformed'],
      ['a last visit that is no day', { 'ce-lastvisit': '2026-02-30' }, 'event.malformed'],
      ['another last visit than the dossier tells', { 'ce-lastvisit': '2026-05-12' }, 'content.invalid'],
      ['no subject reference', { 'ce-subjectref': '' }, 'event.malformed'],
      ['no exchange', { 'ce-correlationid': '' }, 'event.malformed'],
    ];
    it.each(bad)('%s: refused', async (_, headers, code) => {
      const answer = await answerBy(relais, 'spsti-a', one.a, { ...dossier('2026-05-11'), headers });
      expect(answer.json).toMatchObject({ code });
    });

    it('a last visit in the future would win over every other: refused, PDF or not', async () => {
      const tomorrow = new Date(Date.now() + 2 * DAY).toISOString().slice(0, 10);
      expect((await answerBy(relais, 'spsti-a', one.a, dossier(tomorrow))).json).toMatchObject({
        code: 'content.invalid',
      });
      const pdf = { mediaType: 'application/pdf', body: Buffer.from('%PDF-1.4\n'), lastvisit: tomorrow };
      expect((await answerBy(relais, 'spsti-a', one.a, pdf)).json).toMatchObject({ code: 'content.invalid' });
    });

    it('a second answer, or a refusal after the dossier: closed; the same again: the same receipt', async () => {
      const first = await answerBy(relais, 'spsti-a', one.a, dossier('2026-05-11'));
      expect(first.status).toBe(202);
      const again = await answerBy(relais, 'spsti-a', one.a, dossier('2026-05-11'));
      expect(again).toMatchObject({ status: 200, json: { id: first.json['id'], replayed: true } });
      const closed = { status: 422, json: { code: 'exchange.closed' } };
      expect(
        await answerBy(relais, 'spsti-a', one.a, { ...dossier('2026-05-11'), id: 'second' }),
      ).toMatchObject(closed);
      expect(
        await answerBy(relais, 'spsti-a', one.a, { object: 'refusal', body: '{"code":"R03"}' }),
      ).toMatchObject(closed);
      expect(answerOf(one.a.id)).toBe(first.json['id']);
    });
  });
});

describe('the clock of a request', () => {
  let relais: TestRelais;
  let b: Spsti;
  beforeAll(async () => {
    relais = await aRelais({}, { thirdService: true });
    b = await relais.service('spsti-b');
  });
  afterAll(() => relais.close());

  const overdue = async (partner: string): Promise<string[]> =>
    ((await relais.as(partner)('/v1/exchanges?overdue=true')).json as unknown as { id: string }[]).map(
      ({ id }) => id,
    );

  it('reminder on day five, overdue after eight for both, expiry on day thirty; the best is kept', async () => {
    const a = await relais.service('spsti-a', { dossiers: [aDossier({ lastVisit: '2024-01-10' })] });
    const id = await asked(relais, TWO);
    await until(relais, id, ({ best }) => best !== undefined);
    const [, c] = exchangesOf(relais, id) as [ExchangeRow, ExchangeRow];
    relais.advance(4.9 * DAY);
    await keeperTurn(relais);
    expect(journal(relais).some(({ kind }) => kind === 'exchange.reminded')).toBe(false);

    relais.advance(0.2 * DAY);
    const reminder = await eventually(async () =>
      (await mailbox(relais, 'spsti-c')).find(
        ({ type }) => type === 'fr.relais-st.dmst-portability.reminder.v1',
      ),
    );
    expect(reminder).toMatchObject({ correlationid: c.id, relaissender: 'relais' });
    expect(await overdue('spsti-c')).toEqual([]);

    relais.advance(3 * DAY);
    await eventually(async () => (await overdue('spsti-c')).includes(c.id));
    expect(await overdue('spsti-b')).toEqual([c.id]);
    expect((await seen(relais, id)).sources).toMatchObject([{ overdue: false }, { overdue: true }]);
    // one reminder, not one a tick
    expect(journal(relais).filter(({ kind }) => kind === 'exchange.reminded')).toHaveLength(1);
    // the service that answered hears nothing more
    expect(a.received.some(({ type }) => type.includes('.reminder.'))).toBe(false);

    relais.advance(22 * DAY);
    const view = await until(relais, id, ({ answered }) => answered === '2 sur 2');
    expect(view.sources).toMatchObject([
      { partner: 'spsti-a' },
      { partner: 'spsti-c', state: 'EXPIRED', refusal: 'R09' },
    ]);
    expect(view.best).toMatchObject({ partner: 'spsti-a', lastVisit: '2024-01-10' });
    const best = view.best?.messageId;
    await eventually(async () => b.received.some(({ messageId }) => messageId === best));
    // the life of what was kept begins now: it can be opened, and the doctor sees it
    await until(relais, id, arrived);
    expect((await relais.by('doctor-b')(`/v1/dmst-requests/${id}/summary.pdf`)).status).toBe(200);

    const late = await answerBy(relais, 'spsti-c', c, dossier('2026-05-11'));
    expect(late).toMatchObject({ status: 422, json: { code: 'exchange.closed' } });
    expect((await seen(relais, id)).best?.messageId).toBe(best);
    // what the silent source never fetched is no longer there for it
    expect(rows(relais, 'SELECT state FROM delivery WHERE message_id = ?', c.request_id)).toEqual([
      { state: 'expired' },
    ]);
  }, 120_000);

  it('nobody answers: expired, nothing to open, late answers are refused', async () => {
    const id = await asked(relais, { sources: ['spsti-c'] });
    await requestInMailbox(relais, 'spsti-c', id);
    const [c] = exchangesOf(relais, id) as [ExchangeRow];
    relais.advance(31 * DAY);
    const view = await until(relais, id, ({ state }) => state === 'EXPIRED');
    expect(view.sources).toMatchObject([{ state: 'EXPIRED', refusal: 'R09' }]);
    expect(view.best).toBeUndefined();
    expect((await relais.by('doctor-b')(`/v1/dmst-requests/${id}/summary.pdf`)).status).toBe(404);
    expect(await answerBy(relais, 'spsti-c', c, dossier('2026-05-11'))).toMatchObject({
      status: 422,
      json: { code: 'exchange.closed' },
    });
    await eventually(
      async () => rows(relais, 'SELECT state FROM dmst_request WHERE id = ?', id)[0]?.['state'] === 'expired',
    );
  }, 120_000);

  it('nothing of an identity is in the log nor in the journal', () => {
    const identity = /ADRUN|ZOE|DUMONT|275126322074/i;
    expect(relais.logged()).not.toMatch(identity);
    expect(
      rows(relais, 'SELECT body FROM journal_entry')
        .map(({ body }) => body)
        .join('\n'),
    ).not.toMatch(identity);
  });
});
