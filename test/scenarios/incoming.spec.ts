/** The people of a source service answer a request at the portal: files are proposed, one of them chooses. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  askedOfA,
  aVendorPdf,
  candidatesIn,
  decide,
  type Incoming,
  joined,
  opened,
  PAGES,
  propose,
} from '../builders/incoming.ts';
import {
  aDmst,
  answerBy,
  asked,
  type ExchangeRow,
  exchangesOf,
  type Json,
  journal,
  OTHER_INS,
  requestInMailbox,
  rows,
  seen,
  until,
  ZOE,
  ZOE_INS,
} from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

let relais: TestRelais;
beforeAll(async () => {
  relais = await aRelais({}, PAGES);
});
afterAll(() => relais.close());

const answersTo = (exchange: string) =>
  rows(
    relais,
    `SELECT id FROM message WHERE correlation_id = ? AND object IN ('response', 'refusal')`,
    exchange,
  ).length;

describe('a doctor of the source service', () => {
  let request: string;
  let exchange: string;
  let view: Incoming;
  beforeAll(async () => {
    ({ request, exchange } = await askedOfA(relais));
  });

  it('finds the request in the list, most urgent first, nobody named', async () => {
    const later = await askedOfA(relais);
    const { json, bytes } = await relais.by('doctor-a')('/v1/incoming-requests?state=open');
    expect(json.map((one) => (one as Json)['id'])).toEqual([exchange, later.exchange]);
    expect(json[0]).toMatchObject({
      requester: 'spsti-b',
      requesterName: 'SPSTI B (fictif)',
      isOpen: true,
      overdue: false,
      candidates: 0,
      released: false,
    });
    expect(bytes.toString()).not.toMatch(/ADRUN|FICTIF\b/);
    const page = await relais.by('doctor-a')('/v1/incoming-requests?limit=1');
    expect(page.headers['link']).toBe(`</v1/incoming-requests?limit=1&after=${exchange}>; rel="next"`);
    await decide(relais, 'doctor-a', later.exchange, 'refuse', { code: 'R06' });
  });

  const delivery = () =>
    rows(
      relais,
      `SELECT d.state, d.receipt FROM delivery d JOIN exchange e ON e.request_id = d.message_id
        WHERE e.id = ? AND d.recipient = 'spsti-a'`,
      exchange,
    )[0] as Json;

  it('opens it: who asks and why, whom, and the asking service learns that it arrived', async () => {
    await eventually(async () => delivery()['state'] === 'available');
    view = await opened(relais, exchange);
    expect(view).toMatchObject({
      mayPropose: true,
      mayRelease: false,
      mayRefuse: true,
      proposed: [],
      request: {
        requester: { role: 'MT' },
        worker: { traits: ZOE, ins: ZOE_INS },
        identityStatus: 'QUAL',
        informedAt: '2026-11-20T09:00:00Z',
        recordedBy: 'Dr FICTIF',
        purpose: 'CONTINUITE',
      },
    });
    // its software may still fetch it, and propose files
    expect(delivery()).toMatchObject({ state: 'available', receipt: null });
    expect((await seen(relais, request)).sources[0]?.state).toBe('DELIVERED');
    const doctor = (await relais.by('doctor-a')('/auth/me')).json['pseudonym'];
    expect(journal(relais).filter(({ kind }) => kind === 'request.opened')).toMatchObject([
      {
        actor: `person:${String(doctor)}`,
        exchangeId: exchange,
        details: { partner: 'spsti-a', role: 'physician' },
      },
    ]);
  });

  it('sees the two files that the software proposes, the most recent visit first', async () => {
    const older = await propose(relais, exchange, {
      body: aDmst({ lastVisit: '2024-09-16' }),
      headers: { 'relais-label': encodeURIComponent('Centre de Houilles, n° 12') },
    });
    expect(older).toMatchObject({ status: 201, json: { state: 'MATCHED', candidates: 1, released: false } });
    const newer = await propose(relais, exchange);
    expect(newer).toMatchObject({ status: 201, json: { state: 'AMBIGUOUS', candidates: 2 } });
    // nobody heard the answer, so it is sent again
    expect((await propose(relais, exchange)).json).toMatchObject({ id: newer.json['id'], candidates: 2 });
    view = await opened(relais, exchange);
    expect(view).toMatchObject({ mayRelease: true, state: 'AMBIGUOUS', candidates: 2 });
    expect(view.proposed).toMatchObject([
      {
        id: newer.json['id'],
        lastVisit: '2026-05-11',
        depositedBy: 'software',
        needsConfirmation: false,
        opposition: false,
        named: { ins: ZOE_INS },
        differences: [],
      },
      { id: older.json['id'], lastVisit: '2024-09-16', label: 'Centre de Houilles, n° 12' },
    ]);
    const compared = view.proposed?.[0]?.['compared'] as { trait: string; result: string }[];
    const resultOf = (trait: string) => compared.find((one) => one.trait === trait)?.result;
    expect(['ins', 'birthName', 'birthDate'].map(resultOf)).toEqual(['same', 'same', 'same']);
  });

  it('nobody of the asking service sees any of it', async () => {
    const bodies = {
      '': undefined,
      '/candidates': '{}',
      '/release': '{"candidate":"c"}',
      '/refuse': '{"code":"R01"}',
    };
    for (const [path, body] of Object.entries(bodies)) {
      const asking = body === undefined ? {} : { body };
      const answer = await relais.by('doctor-b')(`/v1/incoming-requests/${exchange}${path}`, asking);
      expect(answer).toMatchObject({ status: 403, json: { code: 'pages.not-open' } });
    }
    expect((await relais.as('spsti-b')(`/v1/exchanges/${exchange}`)).json).toMatchObject({
      state: 'DELIVERED',
    });
    const own = await relais.as('spsti-b')(`/v1/exchanges/${exchange}/candidates`, { body: aDmst() });
    expect(own).toMatchObject({ status: 403, json: { code: 'pages.not-open' } });
  });

  it('transmits one; the asking doctor opens its summary, and the source sees so', async () => {
    const [chosen] = view.proposed ?? [];
    const answer = await decide(relais, 'doctor-a', exchange, 'release', { candidate: chosen?.id });
    expect(answer).toMatchObject({
      status: 200,
      json: {
        isOpen: false,
        released: true,
        state: 'SENT',
        proposed: [],
        answer: { kind: 'response', by: 'you' },
      },
    });
    expect(answer.json).not.toHaveProperty('request');
    expect(candidatesIn(relais, exchange)).toBe(0);
    expect(delivery()).toMatchObject({ state: 'delivered', receipt: expect.stringContaining('opened') });
    await until(relais, request, ({ best }) => best !== undefined);
    const summary = await eventually(async () => {
      const pdf = await relais.by('doctor-b')(`/v1/dmst-requests/${request}/summary.pdf`);
      return pdf.status === 200 && pdf;
    });
    expect(summary.headers['content-type']).toBe('application/pdf');
    expect((await opened(relais, exchange)).answer).toMatchObject({ openedAt: expect.any(String) });
    const entry = journal(relais).find(({ kind }) => kind === 'response.released');
    expect(entry).toMatchObject({
      exchangeId: exchange,
      details: { candidate: chosen?.id, identityConfirmed: false, automatic: false },
    });
  });

  it('a second press, or a press too late, changes nothing', async () => {
    const [chosen] = view.proposed ?? [];
    for (const [what, body] of [
      ['release', { candidate: chosen?.id }],
      ['refuse', { code: 'R03' }],
    ] as const)
      expect(await decide(relais, 'doctor-a', exchange, what, body)).toMatchObject({
        status: 409,
        json: { code: 'state.conflict' },
      });
    expect((await propose(relais, exchange)).status).toBe(409);
    expect(answersTo(exchange)).toBe(1);
    expect((await relais.by('doctor-a')('/v1/incoming-requests')).json).toEqual([]);
    const { json } = await relais.by('doctor-a')('/v1/incoming-requests?state=all');
    expect(json).toContainEqual(expect.objectContaining({ id: exchange, released: true }));
  });
});

it('what the software fetched before gets its receipt as soon as somebody opens the request', async () => {
  const { request, exchange } = await askedOfA(relais);
  const { id, relaisdelivery } = await requestInMailbox(relais, 'spsti-a', request);
  await opened(relais, exchange);
  const { json } = await relais.as('spsti-b')(`/v1/messages/${String(id)}`);
  expect(json['deliveries']).toMatchObject([
    { id: relaisdelivery, state: 'delivered', receipt: { outcome: 'opened' } },
  ]);
  await decide(relais, 'doctor-a', exchange, 'refuse', { code: 'R07', detail: 'Dossier détruit en 2024' });
  await until(relais, request, ({ state }) => state === 'REFUSED');
  expect((await opened(relais, exchange)).answer).toMatchObject({ kind: 'refusal', refusal: 'R07' });
});

describe('without a matricule qualified on both sides', () => {
  it('a health professional confirms that it is the same person, and that is journalled', async () => {
    const { request, exchange } = await askedOfA(relais, { evidenceSeen: undefined });
    expect((await propose(relais, exchange)).status).toBe(201);
    const view = await opened(relais, exchange);
    expect((view['request'] as Json)['worker']).not.toHaveProperty('ins');
    const [{ id = '', needsConfirmation } = {}] = view.proposed ?? [];
    expect(needsConfirmation).toBe(true);
    expect(await decide(relais, 'doctor-a', exchange, 'release', { candidate: id })).toMatchObject({
      status: 422,
      json: { code: 'identity.in-doubt' },
    });
    expect(answersTo(exchange)).toBe(0);
    const confirmed = { candidate: id, identityConfirmed: true };
    expect((await decide(relais, 'doctor-a', exchange, 'release', confirmed)).status).toBe(200);
    await until(relais, request, ({ best }) => best !== undefined);
    expect(
      journal(relais).find(({ kind, exchangeId }) => kind === 'response.released' && exchangeId === exchange)
        ?.details,
    ).toMatchObject({ identityConfirmed: true });
  });

  it('a file joined at the page, which names nobody that can be read, always wants it', async () => {
    const { request, exchange } = await askedOfA(relais);
    const pdf = await aVendorPdf();
    const sent = (headers: Record<string, string>) =>
      joined(relais, 'doctor-a', exchange, pdf, { 'content-type': 'application/pdf', ...headers });
    expect(await sent({})).toMatchObject({ status: 422, json: { code: 'content.invalid' } });
    expect((await sent({ 'relais-lastvisit': '2026-02-30' })).status).toBe(422);
    const { json } = await sent({ 'relais-lastvisit': '2026-05-11' });
    const view = await opened(relais, exchange);
    expect(view.proposed).toMatchObject([
      { depositedBy: 'you', mediaType: 'application/pdf', needsConfirmation: true },
    ]);
    expect(view.proposed?.[0]).not.toHaveProperty('named');
    const release = { candidate: json['id'], identityConfirmed: true };
    expect((await decide(relais, 'doctor-a', exchange, 'release', release)).status).toBe(200);
    await until(relais, request, ({ best }) => best !== undefined);
    const summary = await eventually(async () => {
      const answer = await relais.by('doctor-b')(`/v1/dmst-requests/${request}/summary.pdf`);
      return answer.status === 200 && answer;
    });
    expect(summary.bytes.equals(pdf)).toBe(true);
  });
});

describe('two at once', () => {
  it('presses at the same instant, even of the same file: one answer, the others are told', async () => {
    const { exchange } = await askedOfA(relais);
    const ids = await Promise.all(
      ['1', '2'].map(async (label) => {
        const { json } = await propose(relais, exchange, { headers: { 'relais-label': label } });
        return json['id'] as string;
      }),
    );
    expect(candidatesIn(relais, exchange)).toBe(2);
    const press = (body: Json) => decide(relais, 'doctor-a', exchange, 'release', body);
    const answers = await Promise.all([
      ...[...ids, ...ids].map((candidate) => press({ candidate })),
      decide(relais, 'doctor-a', exchange, 'refuse', { code: 'R03' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    for (const { json } of answers.filter(({ status }) => status === 409))
      expect(json).toMatchObject({
        code: 'state.conflict',
        detail: expect.stringMatching(/déjà|n’est plus/),
      });
    expect(answersTo(exchange)).toBe(1);
  });

  it.each([1, 2, 3, 4])(
    'an opposition and a press, try %i: whichever comes first, the other is told',
    async () => {
      const { exchange } = await askedOfA(relais);
      const { json } = await propose(relais, exchange);
      const [release, opposition] = await Promise.all([
        decide(relais, 'doctor-a', exchange, 'release', { candidate: json['id'] }),
        propose(relais, exchange, { body: '', headers: { 'relais-opposition': 'true' } }),
      ]);
      expect([
        [200, 409],
        [409, 201],
      ]).toContainEqual([release.status, opposition.status]);
      expect(answersTo(exchange)).toBe(release.status === 200 ? 1 : 0);
    },
  );

  it('the software answered while somebody looked: the press is told, and the files are gone', async () => {
    const { request, exchange } = await askedOfA(relais);
    const { json } = await propose(relais, exchange);
    const [row] = exchangesOf(relais, request) as [ExchangeRow];
    expect((await answerBy(relais, 'spsti-a', row, { body: aDmst() })).status).toBe(202);
    expect(candidatesIn(relais, exchange)).toBe(0);
    expect(await decide(relais, 'doctor-a', exchange, 'release', { candidate: json['id'] })).toMatchObject({
      status: 409,
      json: { code: 'state.conflict' },
    });
    expect((await opened(relais, exchange)).answer).toMatchObject({ kind: 'response', by: 'software' });
    expect(answersTo(exchange)).toBe(1);
  });
});

it('a request that the identity-vigilance cell of the asking service holds is not shown to the source', async () => {
  const request = await asked(relais, { worker: { traits: ZOE, ins: OTHER_INS }, evidenceSeen: undefined });
  await eventually(async () => {
    const { json } = await relais.by('vigilance-b')('/v1/operations/held');
    return json.length > 0;
  });
  const [exchange] = exchangesOf(relais, request) as [ExchangeRow];
  const { json } = await relais.by('doctor-a')('/v1/incoming-requests?state=all&limit=500');
  expect(json.map((one) => (one as Json)['id'])).not.toContain(exchange.id);
  expect((await relais.by('doctor-a')(`/v1/incoming-requests/${exchange.id}`)).status).toBe(404);
});
