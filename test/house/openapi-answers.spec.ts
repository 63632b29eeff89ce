/** What Relais answers is what its OpenAPI document announces: real calls, their answers judged by the document. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { flows as contracted } from '#contracts';
import type { OpenApi } from '../../apps/broker/src/openapi/document.ts';
import { PAGES } from '../../apps/broker/src/portal/pages.ts';
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import { PAGES as PAGES_OF_A } from '../builders/incoming.ts';
import { type Answer, type Asking, aRelais, ask, eventually, type TestRelais } from '../builders/relais.ts';
import { callsOfASource } from './calls-of-a-source.ts';
import { type Json, Judge, messageContents } from './openapi-judge.ts';
import { ownSpaceCalls } from './own-space-calls.ts';

const SAMPLES = join(import.meta.dirname, '../../contracts');
const sample = (path: string) => readFileSync(join(SAMPLES, path));
const dossier = sample('dmst-portability/samples/valid/response.full.json');
const JSON_TYPE = { 'content-type': 'application/json' };

type Call = (path: string, asking?: Asking) => Promise<Answer>;

describe('what Relais answers is what the document announces', () => {
  let relais: TestRelais;
  let document: OpenApi;
  let judge: Judge;
  let faults: string[] = [];

  const judged =
    (listener: string, call: Call): Call =>
    async (path, asking = {}) => {
      const answer = await call(path, asking);
      faults.push(...judge.faults(listener, path, asking, answer));
      return answer;
    };
  const software = (partner: string) => judged('partners', relais.as(partner));
  const person = (account: DemoAccount) => judged('people', relais.by(account));

  beforeAll(async () => {
    relais = await aRelais({}, { ...PAGES_OF_A, alsoKeysOf: ['hdh', 'portail'] });
    document = (await ask(`${relais.peopleUrl}/openapi.json`)).json as unknown as OpenApi;
    judge = new Judge(document);
  });
  afterAll(() => relais.close());
  afterEach(() => {
    const found = faults;
    faults = [];
    expect(found).toEqual([]);
  });

  it('to the examples of the document, sent as they are', async () => {
    const b = software('spsti-b');
    const examples = (mediaType: string): Json[] =>
      Object.values((messageContents(document)[mediaType]?.['examples'] ?? {}) as Record<string, Json>).map(
        ({ value }) => value as Json,
      );
    const statuses: Record<string, number> = {};
    for (const event of examples('application/cloudevents+json')) {
      const headers = { 'content-type': 'application/cloudevents+json' };
      const { status } = await b('/v1/messages', { body: JSON.stringify(event), headers });
      statuses[String(event['type'])] = status;
    }
    expect(statuses).toMatchObject({
      'fr.relais-st.insi.search.v1': 202,
      'fr.relais-st.insi.verify.v1': 202,
      'fr.relais-st.insi.verify-batch.v1': 202,
      'fr.relais-st.dmst-portability.request.v1': 202,
      // these answer an exchange, and an example cannot name one that exists
      'fr.relais-st.dmst-portability.response.v1': 422,
      'fr.relais-st.dmst-portability.refusal.v1': 422,
    });
    const [two] = examples('application/cloudevents-batch+json') as unknown as Json[][];
    const batch = await b('/v1/messages', {
      body: JSON.stringify([...(two ?? []), { nothing: true }]),
      headers: { 'content-type': 'application/cloudevents-batch+json' },
    });
    expect(batch.json).toMatchObject([{ replayed: true }, { replayed: true }, { code: 'event.malformed' }]);
    await b('/v1/messages', { body: '{', headers: { 'content-type': 'application/cloudevents+json' } });
    await b('/v1/messages', { body: '{}', headers: JSON_TYPE });
  });

  it('to who follows a message', async () => {
    const b = software('spsti-b');
    const sent = await b('/v1/messages', {
      body: sample('insi/samples/valid/search.adrun.json'),
      headers: {
        ...JSON_TYPE,
        'ce-specversion': '1.0',
        'ce-id': 'followed',
        'ce-source': 'urn:relais:partner:spsti-b',
        'ce-type': 'fr.relais-st.insi.search.v1',
      },
    });
    expect(sent.status).toBe(202);
    const id = String(sent.json['id']);
    expect((await b('/v1/messages?senderId=followed')).json).toHaveLength(1);
    expect((await b('/v1/messages')).status).toBe(400);
    expect((await b(`/v1/messages/${id}`)).status).toBe(200);
    await eventually(async () => (await b(`/v1/messages/${id}/proof`)).status === 200);
    expect((await b(`/v1/messages/${id}/trace`)).json['steps']).not.toHaveLength(0);
    await b(`/v1/messages/${id}/trace`, { headers: { accept: 'application/xml' } });
    expect((await software('spsti-a')(`/v1/messages/${id}`)).status).toBe(404);
  });

  it('to who sends line by line', async () => {
    const a = software('spsti-a');
    const sent = await a('/v1/messages', {
      body: `${sample('hdh-feed/samples/valid/dmst-batch.three-persons.ndjson').toString()}x\n`,
      headers: {
        'content-type': 'application/x-ndjson',
        'ce-specversion': '1.0',
        'ce-id': 'lines',
        'ce-source': 'urn:relais:partner:spsti-a',
        'ce-type': 'fr.relais-st.hdh-feed.dmst-batch.v1',
      },
    });
    expect(sent).toMatchObject({ status: 202, json: { bulk: { lines: 4, accepted: 3, refused: 1 } } });
    const report = await a(`/v1/messages/${String(sent.json['id'])}/report`);
    expect(report.bytes.toString()).toBe('{"line":5,"pointer":"","code":"json.syntax"}\n');
  });

  it('to who asks INSi', async () => {
    const b = software('spsti-b');
    const search = await b('/v1/insi/search', {
      body: sample('insi/samples/valid/search.adrun.json'),
      headers: JSON_TYPE,
    });
    expect(search).toMatchObject({ status: 200, json: { outcome: 'found' } });
    expect((await b('/v1/insi/search', { body: '{}', headers: JSON_TYPE })).status).toBe(422);
    const verify = await b('/v1/insi/verify', {
      body: sample('insi/samples/valid/verify.nia.json'),
      headers: JSON_TYPE,
    });
    expect([200, 202]).toContain(verify.status);
  });

  it('to who fetches its mailbox, and to both sides of the exchange', async () => {
    const a = software('spsti-a');
    const b = software('spsti-b');
    const request = await eventually(async () => {
      const { json } = await a('/v1/mailbox?flow=dmst-portability&limit=5&wait=1');
      return json.find((event) => String((event as Json)['type']).includes('.request.')) as Json | undefined;
    });
    const delivery = String(request['relaisdelivery']);
    expect((await a(`/v1/messages/${request['id']}`)).json).not.toHaveProperty('senderId');
    expect((await a(`/v1/deliveries/${delivery}/parts/1`)).status).toBe(200);
    expect((await a(`/v1/deliveries/${delivery}/parts/99`)).status).toBe(404);
    expect((await a('/v1/queue')).json).toMatchObject({ waiting: expect.toSatisfy((n: number) => n > 0) });
    const receipt = `/v1/mailbox/${delivery}/receipt`;
    expect((await a(receipt, { body: '{"outcome":"received"}' })).status).toBe(200);
    expect((await a(receipt, { body: '{"outcome":"eaten"}' })).status).toBe(422);
    expect((await b(receipt, { body: '{"outcome":"received"}' })).status).toBe(404);
    const exchange = `/v1/exchanges/${request['correlationid']}`;
    expect((await a(exchange)).json).toHaveProperty('subjectRef');
    expect((await a(`${exchange}/progress`, { body: '{"state":"MATCHED"}' })).status).toBe(200);
    expect((await b(exchange)).json).not.toHaveProperty('subjectRef');
    expect((await b('/v1/exchanges?overdue=false')).json).not.toHaveLength(0);
    expect((await b(`/v1/exchanges/${request['id']}`)).status).toBe(404);
  });

  it('to who looks for a service or reads a flow', async () => {
    const b = software('spsti-b');
    const services = await b('/v1/directory/services?q=');
    expect(services.json.map((one) => (one as Json)['id'])).toEqual(['spsti-a']);
    expect((await b('/v1/partners')).json).toHaveLength(5);
    const flows = (await b('/v1/flows')).json as Json[];
    expect(flows.map(({ flow }) => flow)).toEqual(contracted.map(({ contract }) => contract.flow));
    const flow = await b('/v1/flows/dmst-portability');
    expect(flow.json).toMatchObject({ ...flows[1], contract: { flow: 'dmst-portability' } });
    expect((await b('/v1/flows/nothing')).status).toBe(404);
    const check = (object: string, body: string | Uint8Array) =>
      b('/v1/flows/dmst-portability/check', {
        body,
        headers: {
          ...JSON_TYPE,
          'ce-type': `fr.relais-st.dmst-portability.${object}.v1`,
          'ce-lastvisit': '2026-05-11',
        },
      });
    expect((await check('response', dossier)).json).toMatchObject({ valid: true, findings: [] });
    expect((await check('response', '{}')).json).toMatchObject({ valid: false });
    expect((await check('nothing', '{}')).json).toMatchObject({ code: 'flow.unknown' });
  });

  it('to an organisation of social protection', async () => {
    const b = software('spsti-b');
    expect((await b('/interops/v1?wsdl')).status).toBe(200);
    expect((await b('/interops/v1')).status).toBe(404);
    expect((await b('/interops/v1', { body: '<a/>' })).status).toBe(400);
    const anybody = judged('people', (path, asking) => ask(`${relais.peopleUrl}${path}`, asking));
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await anybody('/auth/interops', { headers: form, body: 'SAMLResponse=' })).status).toBe(401);
    expect((await anybody('/auth/interops', { body: '{}' })).status).toBe(415);
  });

  it('to a service that is asked for a dossier', () =>
    callsOfASource(relais, software('spsti-a'), person('doctor-a')));

  it('to a doctor who asks for a dossier, opens it and delegates', async () => {
    await relais.service('spsti-a', {
      dossiers: [
        {
          birthName: 'ADRUN',
          birthDate: '1975-12-31',
          lastVisit: '2026-05-11',
          mediaType: 'application/json',
          content: dossier,
        },
      ],
    });
    const doctor = person('doctor-b');
    const asks = document.paths['/v1/dmst-requests']?.['post']?.requestBody as {
      content: Record<string, Json>;
    };
    const order = asks.content['application/json']?.['example'] as Json;
    const opposed = { body: JSON.stringify({ ...order, nonOpposition: false }) };
    expect((await doctor('/v1/dmst-requests', opposed)).json).toMatchObject({
      code: 'gate.non-opposition-missing',
    });
    for (const worker of [[], { traits: [] }, { ...(order['worker'] as Json), ins: [] }]) {
      const listed = { body: JSON.stringify({ ...order, worker }) };
      expect((await doctor('/v1/dmst-requests', listed)).json).toMatchObject({ code: 'content.invalid' });
    }
    const asked = await doctor('/v1/dmst-requests', { body: JSON.stringify(order) });
    expect(asked.status).toBe(202);
    expect((await doctor('/v1/directory/services?recent=true')).json).toMatchObject([{ id: 'spsti-a' }]);
    const request = `/v1/dmst-requests/${asked.json['id']}`;
    await eventually(async () => (await doctor(request)).json['best'] !== undefined);
    await eventually(async () => (await doctor(`${request}/summary.pdf`)).status === 200);
    expect((await doctor('/v1/dmst-requests')).json).toHaveLength(1);
    expect((await doctor('/v1/exchanges')).json).not.toHaveLength(0);

    const secretary = person('secretary-b');
    expect((await secretary('/v1/dmst-requests')).json).toMatchObject({ code: 'delegation.missing' });
    const to = new Date(Date.now() + 86_400_000).toISOString();
    const delegate = (await secretary('/auth/me')).json['pseudonym'];
    const given = await doctor('/v1/delegations', { body: JSON.stringify({ delegate, to }) });
    expect(given.status).toBe(201);
    expect((await secretary('/v1/dmst-requests')).json).toHaveLength(1);
    expect((await secretary('/v1/delegations')).json).toHaveLength(1);
    expect((await secretary('/auth/me')).json['delegations']).toHaveLength(1);
    expect((await doctor(`/v1/delegations/${given.json['id']}`, { method: 'DELETE' })).status).toBe(200);
    const myself = (await doctor('/auth/me')).json['pseudonym'];
    expect((await doctor('/v1/delegations', { body: JSON.stringify({ delegate: myself, to }) })).status).toBe(
      422,
    );
    const cancelled = await doctor(`${request}/cancel`, { body: '{"reason":"error"}' });
    expect(cancelled.json).toMatchObject({ state: 'CANCELLED' });
    expect((await doctor(`${request}/summary.pdf`)).status).toBe(404);
    expect((await doctor('/v1/dmst-requests/nothing/events')).status).toBe(404);
    const scan = `IS01${'0'.repeat(22)}S1275126322074974S21.2.250.1.213.1.4.8\u001dS3ZOE\u001dS4ADRUN\u001dS5FS631-12-1975`;
    const read = (text: string) => doctor('/v1/identity/datamatrix', { body: JSON.stringify({ text }) });
    expect((await read(scan)).json).toMatchObject({ traits: { birthName: 'ADRUN' } });
    expect((await read('IS02')).status).toBe(422);
    const search = { body: sample('insi/samples/valid/search.adrun.json') };
    expect((await doctor('/v1/identity/search', search)).json).toMatchObject({ outcome: 'found' });
    expect((await person('operator')('/v1/identity/search', search)).status).toBe(403);
  });

  it('to operators and to the cell that settles identities', async () => {
    const operator = person('operator');
    expect((await operator('/v1/operations/deliveries')).json).not.toHaveLength(0);
    expect((await operator('/v1/operations/deliveries?state=dead')).json).toHaveLength(0);
    expect((await operator('/v1/operations/deliveries?state=asleep')).status).toBe(400);
    const { json: overview } = await operator('/v1/operations/overview');
    expect(overview['flows']).toHaveLength(15);
    const [first] = (await operator('/v1/operations/deliveries')).json as unknown as Json[];
    const story = await operator(`/v1/operations/messages/${String(first?.['messageId'])}`);
    expect(story.json).toMatchObject({ id: first?.['messageId'] });
    expect((await operator('/v1/operations/messages/nothing')).status).toBe(404);
    expect((await operator('/v1/operations/undecided')).json).toEqual([]);
    expect((await operator('/v1/operations/overdue')).json).toEqual([]);
    expect((await operator('/v1/operations/certificates')).json).toContainEqual(
      expect.objectContaining({ owner: 'spsti-b', use: 'partner-client' }),
    );
    expect((await operator('/v1/operations/retention')).json['shares']).not.toHaveLength(0);
    const replays = (body: Json) => operator('/v1/operations/replays', { body: JSON.stringify(body) });
    expect((await replays({ filter: { state: 'dead' } })).json).toMatchObject({ matched: 0 });
    expect((await replays({ filter: {} })).status).toBe(422);
    const close = { body: '{"reason":"essai"}' };
    expect((await operator('/v1/operations/deliveries/nothing/close', close)).status).toBe(404);
    expect((await operator('/v1/journal/export')).status).toBe(200);
    expect((await person('doctor-b')('/v1/journal/export')).status).toBe(403);
    const [partner] = (await operator('/v1/operations/partners')).json as unknown as Json[];
    const agreement = await operator(`/v1/operations/partners/${String(partner?.['id'])}`);
    expect(agreement.json).toMatchObject({ id: partner?.['id'] });
    expect((await operator('/v1/operations/partners/nobody')).status).toBe(404);
    expect((await operator('/v1/journal/seals?limit=1')).json).toHaveLength(1);
    const auditor = person('auditor-b');
    const accesses = (await auditor('/v1/audit/accesses')).json as unknown as Json[];
    expect(accesses.map(({ what }) => what)).toContain('dossier-opened');
    expect((await auditor('/v1/audit/accesses?from=yesterday')).status).toBe(400);
    const { traits } = JSON.parse(sample('insi/samples/valid/search.adrun.json').toString()) as Json;
    const found = await auditor('/v1/audit/worker', { body: JSON.stringify({ traits }) });
    expect(accesses.map(({ worker }) => worker)).toContain(found.json['worker']);
    expect((await auditor('/v1/audit/accesses.csv')).bytes.toString()).toContain('dossier ouvert');
    expect((await auditor('/v1/audit/readings?limit=1')).json).toHaveLength(1);
    expect((await auditor('/v1/audit/purges')).json).toEqual([]);
    expect((await auditor('/v1/audit/interops-traces.xml')).status).toBe(400);
    const today = new Date(Date.now() - 3_600_000).toISOString();
    expect((await auditor(`/v1/audit/interops-traces.xml?from=${today}`)).status).toBe(200);
    expect((await operator('/v1/audit/accesses')).status).toBe(403);
    const vigilance = person('vigilance-b');
    const search = JSON.parse(sample('insi/samples/valid/search.adrun.json').toString()) as Json;
    const other = JSON.parse(sample('insi/samples/valid/verify.corsica.json').toString()) as Json;
    await person('doctor-b')('/v1/dmst-requests', {
      body: JSON.stringify({
        // her traits, somebody else's matricule: only a person can settle it
        worker: { traits: search['traits'], ins: other['ins'] },
        sources: ['spsti-a'],
        informedAt: '2026-11-20T09:00:00Z',
        nonOpposition: true,
        recordedBy: 'Dr FICTIF',
      }),
    });
    const held = await eventually(async () => {
      const { json } = await vigilance('/v1/operations/held');
      return json[0] as Json | undefined;
    });
    const body = '{"verdict":"refuse","evidence":"CN","reason":"essai"}';
    const decision = `/v1/operations/held/${held['id']}/decision`;
    expect((await vigilance(decision, { body })).json).toMatchObject({ verdict: 'refuse', state: 'settled' });
    expect((await vigilance(decision, { body })).status).toBe(409);
    expect((await vigilance('/v1/operations/held/nothing/decision', { body })).status).toBe(404);
    const { json: figures } = await vigilance('/v1/operations/held/statistics?days=7');
    expect(figures).toMatchObject({ settled: { messages: 1, byVerdict: { refused: 1 } } });
    expect((await vigilance('/v1/operations/held/statistics?days=0')).status).toBe(400);
  });

  it('to a worker and to an employer, of what is their own', () => ownSpaceCalls(relais, document, person));

  it('to a thick client that asks for a session of Pro Santé Connect', async () => {
    const b = software('spsti-b');
    const sessions = (body: Json) =>
      b('/v1/psc/sessions', { headers: JSON_TYPE, body: JSON.stringify(body) });
    expect((await sessions({ flow: 'code' })).json).toMatchObject({ state: 'pending' });
    expect((await sessions({ flow: 'ciba' })).status).toBe(422);
    const { json } = await sessions({ flow: 'ciba', rpps: '99900000020', channel: 'CARD' });
    const path = `/v1/psc/sessions/${String(json['id'])}`;
    expect((await b(path)).json).toMatchObject({ state: 'pending' });
    const phone = relais.people.psc.phone();
    await phone.approve((await eventually(async () => phone.pending()[0])).id);
    const { handle } = await eventually(async () => {
      const { json: now } = await b(path);
      return now['handle'] !== undefined && now;
    });
    const headers = { ...JSON_TYPE, authorization: `Bearer ${String(handle)}` };
    const mailbox = { headers, body: '{"address":"nobody@mssante.example"}' };
    expect((await b(`${path}/mailbox`, mailbox)).status).toBe(422);
    expect((await b(`${path}?psc=true`, { method: 'DELETE' })).json).toEqual({ psc: 'revoked' });
    expect((await b(path)).status).toBe(404);
    const exchange = async (changes: Record<string, string>) =>
      b('/oauth2/token', {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
          client_id: 'spsti-b',
          subject_token: await relais.people.tokenOf('doctor-b'),
          subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
          scope: 'relais',
          ...changes,
        }).toString(),
      });
    expect((await exchange({})).json).toMatchObject({ token_type: 'Bearer' });
    expect((await exchange({ scope: 'all' })).status).toBe(400);
    expect((await exchange({ client_id: 'spsti-a' })).status).toBe(401);
    // no card is accepted here
    expect((await b('/auth/card')).status).toBe(404);
    const anybody = judged('people', (place, asking) => ask(`${relais.peopleUrl}${place}`, asking));
    expect((await anybody('/auth/psc-sessions/callback')).status).toBe(401);
    expect((await anybody('/auth/psc-sessions/confirm', { body: 'ticket=x' })).status).toBe(401);
    expect((await anybody('/auth/psc-sessions/logout')).status).toBe(401);
  });

  it('to anybody: the doors, the probes, and what is not on this port', async () => {
    const anybody = judged('people', (path, asking) => ask(`${relais.peopleUrl}${path}`, asking));
    expect((await anybody('/auth/issuers')).json).toHaveLength(5);
    expect((await anybody('/auth/login')).status).toBe(303);
    expect((await anybody('/auth/login?with=nobody')).status).toBe(401);
    expect((await anybody('/auth/callback/psc')).status).toBe(401);
    expect((await anybody('/auth/me')).status).toBe(401);
    expect((await anybody('/auth/logout', { method: 'POST' })).status).toBe(401);
    expect((await anybody('/auth/partner', { body: '{"partner":"spsti-b"}' })).status).toBe(401);
    expect((await anybody('/v1/partners')).status).toBe(401);
    expect((await anybody('/v1/mailbox')).status).toBe(404);
    const index = (await anybody('/')).bytes.toString();
    const [asset = ''] = /\/assets\/[\w.-]+\.js/.exec(index) ?? [];
    for (const path of [...PAGES.map((page) => page.replace(/:\w+/, '1')), asset])
      expect((await anybody(path)).status, path).toBe(200);
    for (const path of ['/assets/nothing.js', '/assets/..%2findex.html'])
      expect((await anybody(path)).status, path).toBe(404);
    for (const path of ['/.well-known/jwks.json', '/openapi.json', '/docs', '/docs/start.js'])
      expect((await anybody(path)).status, path).toBe(200);
    const probe = judged('health', (path, asking) => ask(`${relais.healthUrl}${path}`, asking));
    for (const path of ['/health/live', '/health/ready', '/metrics'])
      expect((await probe(path)).status, path).toBe(200);
  });

  it('and it would be seen if it were not', () => {
    const answer = (status: number, json: unknown): Answer => ({
      status,
      headers: JSON_TYPE,
      json: json as Answer['json'],
      bytes: Buffer.from('{}'),
    });
    const strict = new Judge(document);
    const faultsOf = (path: string, given: Answer) => strict.faults('partners', path, {}, given);
    const card = { id: 'spsti-a', kind: 'spsti', name: 'A', flows: [] };
    expect(faultsOf('/v1/partners', answer(200, [card]))).toEqual([]);
    expect(faultsOf('/v1/partners', answer(200, [{ ...card, secret: 1 }]))).toHaveLength(1);
    expect(faultsOf('/v1/partners', answer(200, [{ ...card, kind: 'friend' }]))).toHaveLength(1);
    expect(faultsOf('/v1/partners', answer(418, []))).toHaveLength(1);
    expect(faultsOf('/v1/nothing', answer(200, []))).toHaveLength(1);
    expect(faultsOf('/v1/operations/held', answer(200, []))).toHaveLength(1);
  });

  it('went through every operation', () => {
    const all = Object.entries(document.paths).flatMap(([path, some]) =>
      Object.keys(some).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(all.filter((one) => !judge.seen.has(one))).toEqual([]);
  });
});
