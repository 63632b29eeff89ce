/** INTEROPS-P: an agent of the fund reaches the portal by a vector that the browser carries. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { escaped, type VectorFacts, vector } from '../../apps/simulators/src/interops/index.ts';
import { anInteropsWorld, entries, type InteropsWorld } from '../builders/interops.ts';
import { ask } from '../builders/relais.ts';

const ORIGIN = 'https://portail.cnam.test';
const FORM = { 'content-type': 'application/x-www-form-urlencoded', origin: ORIGIN };
let world: InteropsWorld;
beforeAll(async () => {
  world = await anInteropsWorld({ origins: [ORIGIN], called: false });
});
afterAll(() => world.close());

function response(assertion: string, destination = `${world.relais.peopleUrl}/auth/interops`): string {
  return [
    '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="r-0123456789abcdef" Version="2.0"',
    ` IssueInstant="${new Date().toISOString()}" Destination="${escaped(destination)}">`,
    '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>',
    assertion,
    '</samlp:Response>',
  ].join('');
}

const assertion = (changes: Partial<VectorFacts> = {}) =>
  vector(world.fund.vectorFacts({ audience: world.terms.portal, pagm: ['ST-AUDIT'], ...changes }));

function post(xml: string, more: Record<string, string> = {}, headers: Record<string, string> = FORM) {
  const body = new URLSearchParams({ SAMLResponse: Buffer.from(xml).toString('base64'), ...more });
  return ask(`${world.relais.peopleUrl}/auth/interops`, { headers, body: body.toString() });
}

const cookieOf = (answer: Awaited<ReturnType<typeof post>>) =>
  String(answer.headers['set-cookie']).split(';')[0] ?? '';

describe('a vector of the portal', () => {
  it('opens a session with the role that its PAGM gives, and nothing of a professional', async () => {
    const answer = await post(response(assertion()), { RelayState: '/operations' });
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toBe(`${world.relais.peopleUrl}/operations`);
    const me = await ask(`${world.relais.peopleUrl}/auth/me`, { headers: { cookie: cookieOf(answer) } });
    expect(me.json).toMatchObject({ role: 'auditor', partner: 'cnam' });
    expect(me.json).not.toHaveProperty('rpps');
    expect(JSON.stringify(me.json)).not.toContain('agent-0001');
    const entered = entries(world.relais, 'interops.portal-entered').at(-1);
    expect(entered).toMatchObject({ actor: 'cnam', details: { role: 'auditor', verdict: 'accepted' } });
    expect(JSON.stringify(entered)).not.toContain('agent-0001');
  });

  it('always opens another session, whatever the browser brought, and serves once', async () => {
    const xml = response(assertion());
    const brought = `relais-session=${'a'.repeat(43)}`;
    const answer = await post(xml, {}, { ...FORM, cookie: brought });
    expect(answer.status).toBe(303);
    expect(cookieOf(answer)).not.toBe(brought);
    const again = await post(xml);
    expect(again.status).toBe(401);
    expect(again.json).toMatchObject({ code: 'vector.replayed' });
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  it.each([
    '/v1/journal/export',
    '/v1/operations/retention',
    '/v1/audit/accesses',
    '/v1/audit/accesses.csv',
    '/v1/audit/readings',
    '/v1/audit/purges',
  ])('shows nothing of other organisations, nor registers: those are of services: %s', async (path) => {
    const cookie = cookieOf(await post(response(assertion())));
    const { status, json } = await ask(`${world.relais.peopleUrl}${path}`, { headers: { cookie } });
    expect([status, json]).toEqual([403, expect.objectContaining({ code: 'role.not-allowed' })]);
  });

  it('names no worker for them, and hands over the traces of their own organisation', async () => {
    const cookie = cookieOf(await post(response(assertion())));
    const headers = { cookie, origin: world.relais.peopleUrl, 'content-type': 'application/json' };
    const traits = { birthName: 'ADRUN', firstNames: ['ZOE'], sex: 'F', birthDate: '1975-12-31' };
    const asked = { headers, body: JSON.stringify({ traits }) };
    const named = await ask(`${world.relais.peopleUrl}/v1/audit/worker`, asked);
    expect([named.status, named.json['code']]).toEqual([403, 'role.not-allowed']);
    const [from, to] = [Date.now() - 3_600_000, Date.now()].map((at) => new Date(at).toISOString());
    const path = `/v1/audit/interops-traces.xml?from=${from}&to=${to}`;
    const traces = await ask(`${world.relais.peopleUrl}${path}`, { headers: { cookie } });
    expect(traces.status).toBe(200);
  });

  it('ends at Relais, and asks no provider to end anything', async () => {
    const cookie = cookieOf(await post(response(assertion())));
    const headers = { cookie, origin: world.relais.peopleUrl };
    const out = await ask(`${world.relais.peopleUrl}/auth/logout?provider=true`, { method: 'POST', headers });
    expect(out.status).toBe(303);
    expect((await ask(`${world.relais.peopleUrl}/auth/me`, { headers: { cookie } })).status).toBe(401);
  });

  it.each(['https://mechant.test/', '//mechant.test/', '/\\mechant.test', 'javascript:alert(1)'])(
    'never sends the browser elsewhere: %s',
    async (place) => {
      const answer = await post(response(assertion()), { RelayState: place });
      const { origin } = new URL(String(answer.headers['location']));
      expect(origin).toBe(world.relais.peopleUrl);
    },
  );
});

describe('nobody enters', () => {
  it.each<[string, () => string, string]>([
    [
      'with a vector for software',
      () => response(assertion({ audience: world.terms.audience })),
      'vector.invalid',
    ],
    [
      'with a vector for another portal',
      () => response(assertion(), 'https://autre.test/auth'),
      'vector.invalid',
    ],
    ['without a signature', () => response(assertion({ unsigned: true })), 'xml.signature-invalid'],
    [
      'with a vector changed by the browser',
      () => response(assertion().replace('agent-0001', 'agent-0002')),
      'xml.signature-invalid',
    ],
    [
      'with a PAGM that gives no role',
      () => response(assertion({ pagm: ['ST-ARRETS'] })),
      'role.not-allowed',
    ],
    ['with two vectors', () => response(assertion() + assertion()), 'vector.invalid'],
    ['with a DOCTYPE', () => `<!DOCTYPE a>${response(assertion())}`, 'xml.doctype'],
    ['with nothing', () => '', 'vector.missing'],
  ])('%s', async (_, xml, code) => {
    const answer = await post(xml());
    expect(answer.json).toMatchObject({ code });
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it.each([undefined, 'null', 'https://mechant.test'])('by a form of another page: %s', async (origin) => {
    const { origin: _, ...rest } = FORM;
    const answer = await post(response(assertion()), {}, origin === undefined ? rest : { ...rest, origin });
    expect(answer.json).toMatchObject({ code: 'vector.invalid' });
    const refused = entries(world.relais, 'interops.vector-refused').at(-1);
    expect(refused?.details).toMatchObject({ reason: 'form of another origin' });
  });
});
