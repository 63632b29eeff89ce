/** What a source service proposes for a request: what is kept of it, what stops it, and when it goes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedOfA, aVendorPdf, candidatesIn, decide, opened, PAGES, propose } from '../builders/incoming.ts';
import { aDmst, DAY, type Json, journal, OTHER_INS, rows } from '../builders/portability.ts';
import { aRelais, keeperTurn, type TestRelais } from '../builders/relais.ts';

let relais: TestRelais;
beforeAll(async () => {
  relais = await aRelais({}, PAGES);
});
afterAll(() => relais.close());

describe('a file is not kept', () => {
  let exchange: string;
  beforeAll(async () => {
    ({ exchange } = await askedOfA(relais));
  });

  const bad: [string, () => Promise<Parameters<typeof propose>[2]>, number, string][] = [
    [
      'of somebody else',
      async () => ({
        body: aDmst({ identity: { ins: { ...OTHER_INS, status: 'QUAL', verifiedAt: '2026-05-11' } } }),
      }),
      422,
      'identity.in-doubt',
    ],
    [
      'whose name and birth date are others',
      async () => ({
        body: aDmst({ identity: { birthName: 'CORSE', birthDate: '1980-01-01', ins: undefined } }),
      }),
      422,
      'identity.in-doubt',
    ],
    ['that is no DMST', async () => ({ body: '{"identity":{}}' }), 422, 'content.invalid'],
    [
      'whose last visit is another',
      async () => ({ headers: { 'relais-lastvisit': '2020-01-01' } }),
      422,
      'content.invalid',
    ],
    [
      'that is a PDF with JavaScript',
      async () => ({
        body: await aVendorPdf({ active: true }),
        mediaType: 'application/pdf',
        headers: { 'relais-lastvisit': '2026-05-11' },
      }),
      422,
      'content.active',
    ],
    [
      'of another format',
      async () => ({ body: 'a', mediaType: 'text/plain' }),
      415,
      'media-type.unsupported',
    ],
    ['without a byte', async () => ({ body: '' }), 422, 'content.invalid'],
    [
      'above ten megabytes',
      async () => ({
        body: Buffer.alloc(10_000_001, 32),
        mediaType: 'application/pdf',
        headers: { 'relais-lastvisit': '2026-05-11' },
      }),
      413,
      'body.too-large',
    ],
    [
      'with a label that is no text',
      async () => ({ headers: { 'relais-label': '%FF' } }),
      400,
      'event.malformed',
    ],
  ];
  it.each(bad)('%s', async (_, file, status, code) => {
    const answer = await propose(relais, exchange, await file());
    expect(answer).toMatchObject({ status, json: { code } });
    expect(answer.bytes.toString()).not.toMatch(/CORSE|HOUILLES|ADRUN/);
    expect(candidatesIn(relais, exchange)).toBe(0);
  });

  it('when ten are there already', async () => {
    for (let n = 1; n <= 10; n += 1)
      expect(
        (await propose(relais, exchange, { headers: { 'relais-label': `${n}` } })).json['candidates'],
      ).toBe(n);
    expect((await propose(relais, exchange, { headers: { 'relais-label': '11' } })).status).toBe(409);
    const refused = await decide(relais, 'doctor-a', exchange, 'refuse', { code: 'R04' });
    expect(refused.json).toMatchObject({ answer: { kind: 'refusal', by: 'you' } });
    expect(candidatesIn(relais, exchange)).toBe(0);
  });
});

describe('files are purged', () => {
  it('when whoever asked cancels, with the copy of the request', async () => {
    const { request, exchange } = await askedOfA(relais);
    const { json } = await propose(relais, exchange);
    await relais.by('doctor-b')(`/v1/dmst-requests/${request}/cancel`, { body: '{"reason":"opposition"}' });
    expect(candidatesIn(relais, exchange)).toBe(0);
    const copies = rows(
      relais,
      `SELECT p.n FROM delivery_part p JOIN delivery d ON d.id = p.delivery_id JOIN exchange e
        ON e.request_id = d.message_id WHERE e.id = ? AND d.recipient = 'portal:spsti-a'`,
      exchange,
    );
    expect(copies).toEqual([]);
    expect((await decide(relais, 'doctor-a', exchange, 'release', { candidate: json['id'] })).status).toBe(
      409,
    );
    const view = await opened(relais, exchange);
    expect(view).toMatchObject({ state: 'CANCELLED', isOpen: false, proposed: [] });
    expect(view).not.toHaveProperty('request');
  });

  it('when nobody answered in time', async () => {
    const late = await aRelais({}, PAGES);
    try {
      const { exchange } = await askedOfA(late);
      await propose(late, exchange);
      const kept = () => rows(late, 'SELECT id FROM candidate').length;
      expect(kept()).toBe(1);
      late.advance(31 * DAY);
      await keeperTurn(late);
      expect(kept()).toBe(0);
      const view = await opened(late, exchange);
      expect(view).toMatchObject({ state: expect.any(String), isOpen: false });
      expect((await decide(late, 'doctor-a', exchange, 'refuse', { code: 'R03' })).status).toBe(409);
    } finally {
      await late.close();
    }
  }, 60_000);
});

describe('an opposition in the file', () => {
  it('stops every release, and is for health professionals only', async () => {
    const { exchange } = await askedOfA(relais);
    const { json } = await propose(relais, exchange);
    const opposed = await propose(relais, exchange, { body: '', headers: { 'relais-opposition': 'true' } });
    expect(opposed).toMatchObject({ status: 201, json: { candidates: 2 } });
    const view = await opened(relais, exchange);
    expect(view).toMatchObject({ mayRelease: false, mayRefuse: true });
    expect(view.proposed).toContainEqual(expect.objectContaining({ opposition: true }));
    expect(await decide(relais, 'doctor-a', exchange, 'release', { candidate: json['id'] })).toMatchObject({
      status: 409,
      json: { detail: expect.stringContaining('opposé') },
    });
    expect((await decide(relais, 'doctor-a', exchange, 'refuse', { code: 'R01' })).status).toBe(200);
    const mine = journal(relais).filter(({ kind }) => /^(candidate|request|response)\./.test(kind));
    expect(/pposition|R0\d/.test(JSON.stringify(mine))).toBe(false);
    expect(mine.filter((entry) => entry.exchangeId === exchange).map(({ kind }) => kind)).toEqual([
      'request.opened',
    ]);
    expect(relais.logged()).not.toMatch(/"R01"|ADRUN/);
  });

  it('a dossier that says so itself is not kept', async () => {
    const { exchange } = await askedOfA(relais);
    const dmst = JSON.parse(aDmst().toString()) as { rights: Json };
    dmst.rights['oppositions'] = [{ right: 2, from: '2026-01-01' }];
    const answer = await propose(relais, exchange, { body: JSON.stringify(dmst) });
    expect(answer.json['errors']).toMatchObject([{ code: 'dmst.opposition-in-force' }]);
    expect(candidatesIn(relais, exchange)).toBe(0);
  });
});
