import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Partner } from '#core';
import {
  operatorIssuer,
  pscIssuer,
  type Registration,
  staffIssuers,
} from '../../apps/broker/src/persons/issuer-settings.ts';
import type { ClientCertificate } from '../../apps/broker/src/persons/person-of-request.ts';
import { pseudonymOf } from '../../apps/broker/src/persons/persons-of.ts';
import {
  Browser,
  demoAccounts,
  obtainToken,
  occupationalPhysician,
  type PscSimulator,
  pscClaims,
  pscSubject,
  type Realm,
  signIn,
  startPscSimulator,
} from '../../apps/simulators/src/psc/index.ts';
import { type ForgedIssuer, startForgedIssuer } from './forged-issuer.ts';
import { type PersonsApp, startPersonsApp } from './persons-app.ts';

const SERVICES = {
  a: { siret: '99900000000018', name: 'SPSTI A' },
  b: { siret: '99900000000026', name: 'SPSTI B' },
};
const SECRET = 'fictional secret';
const SOFTWARE = { id: 'software-b', redirectUri: 'http://localhost:2/back' };
const STRANGER = { id: 'another-application', redirectUri: 'http://localhost:3/back' };
const accounts = demoAccounts((account) => `password of ${account}`, SERVICES);
const extra = (
  name: string,
  rpps: string,
  practice: Parameters<typeof pscClaims>[0]['exercises'],
  acr?: null,
): Realm['accounts'][number] => ({
  name,
  password: `password of ${name}`,
  sub: pscSubject(rpps),
  claims: pscClaims({ rpps, givenName: 'Cosme', familyName: 'INVENTÉ', exercises: practice }),
  ...(acr === undefined ? {} : { acr }),
});
const atB = occupationalPhysician({ rpps: '', givenName: '', familyName: '' }, SERVICES.b).exercises;
const atBoth = occupationalPhysician(
  { rpps: '', givenName: '', familyName: '' },
  SERVICES.a,
  SERVICES.b,
).exercises;
const pscAccounts = [
  ...accounts.psc,
  extra('cardiologist', '99900000046', [
    { profession: '10', expertise: { type: 'S', code: 'SM04' }, activities: [SERVICES.b] },
  ]),
  extra('doctor-elsewhere', '99900000053', [
    {
      profession: '10',
      expertise: { type: 'S', code: 'SM25' },
      activities: [{ siret: '99900000000034', name: 'Autre service' }],
    },
  ]),
  extra('doctor-a-and-b', '99900000061', atBoth),
  extra('doctor-without-level', '99900000079', atB, null),
];

let psc: PscSimulator;
let forged: ForgedIssuer;
let app: PersonsApp;
let ahead = 0;
let certificate: ClientCertificate | undefined;
const now = (): Date => new Date(Date.now() + ahead);
const hour = 3_600_000;

const partner = (id: string, siret: string, staffIssuer?: Partner['staffIssuer']): Partner => ({
  id,
  kind: 'spsti',
  name: id,
  siret,
  client: { issuer: '', subject: '' },
  flows: [],
  transport: 'mailbox',
  keys: {},
  ...(staffIssuer === undefined ? {} : { staffIssuer }),
});

beforeAll(async () => {
  forged = await startForgedIssuer({
    given_name: 'Fausse',
    family_name: 'PERSONNE',
    relais_role: 'auditor',
  });
  const partners = [partner('spsti-a', SERVICES.a.siret), partner('spsti-b', SERVICES.b.siret)];
  app = await startPersonsApp({
    partners,
    now,
    certificate: () => certificate,
    issuers: async (origin, directory) => {
      const clients = (id: string): Realm['clients'] => [
        {
          id: 'relais',
          secret: SECRET,
          redirectUris: [`${origin}/auth/callback/${id}`],
          postLogoutRedirectUris: [`${origin}/`],
        },
        { id: SOFTWARE.id, redirectUris: [SOFTWARE.redirectUri] },
        { id: STRANGER.id, redirectUris: [STRANGER.redirectUri] },
      ];
      const realm = (path: string, id: string, list: Realm['accounts'], scope = 'relais'): Realm => ({
        path,
        title: `Émetteur ${id}`,
        scope,
        acr: 'eidas1',
        accounts: list,
        clients: clients(id),
      });
      psc = await startPscSimulator({
        port: 0,
        realms: [
          realm('', 'psc', pscAccounts, 'scope_all'),
          realm('/spsti-b', 'spsti-b', [
            ...accounts.spstiB,
            {
              ...accounts.spstiB[0],
              name: 'fake-doctor',
              sub: 'fake-doctor',
              password: 'password of fake-doctor',
              claims: { relais_role: 'physician' },
            },
          ]),
          realm('/operator', 'operator', accounts.operator),
        ],
      });
      partners[0] = partner('spsti-a', SERVICES.a.siret, { issuer: forged.issuer, acr: 'eidas1' });
      partners[1] = partner('spsti-b', SERVICES.b.siret, {
        issuer: psc.issuers['/spsti-b'] ?? '',
        acr: 'eidas1',
      });
      const registration: Registration = {
        clientId: 'relais',
        clientSecret: SECRET,
        softwareClients: [SOFTWARE.id],
      };
      return [
        pscIssuer({ ...registration, issuer: psc.issuer }),
        operatorIssuer({ ...registration, issuer: psc.issuers['/operator'] ?? '', acr: 'eidas1' }),
        ...staffIssuers(directory, { 'spsti-a': registration, 'spsti-b': registration }),
      ];
    },
  });
});
afterAll(async () => {
  await app.close();
  await psc.close();
  await forged.close();
});
beforeEach(() => {
  ahead = 0;
  certificate = undefined;
  forged.lies = {};
  app.records.delegations = [];
  app.records.entries = [];
});

/** Signs in through the pages, as a person does. */
async function browse(account: string, issuer = 'psc', query = ''): Promise<Browser> {
  const browser = new Browser();
  const url = `${app.origin}/auth/login?with=${issuer}&returnTo=/auth/me${query}`;
  const page = await signIn(browser, url, { account, password: `password of ${account}` });
  expect(page.status).toBe(200);
  return browser;
}

async function token(account: string, issuer: '' | '/spsti-b' | '/operator' = '', client = SOFTWARE) {
  const { accessToken } = await obtainToken({
    issuer: psc.issuers[issuer] ?? '',
    client,
    scope: issuer === '' ? 'openid scope_all' : 'openid relais',
    account,
    password: `password of ${account}`,
  });
  return accessToken;
}

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

async function call(
  path: string,
  headers: Record<string, string>,
  options: { method?: string; body?: object } = {},
): Promise<Answer> {
  const response = await fetch(`${app.origin}${path}`, {
    method: options.method ?? 'GET',
    redirect: 'manual',
    headers: { ...headers, ...(options.body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : { text } };
}

const bearer = (value: string, issuer?: string): Record<string, string> => ({
  authorization: `Bearer ${value}`,
  ...(issuer === undefined ? {} : { 'relais-issuer': issuer }),
});
const cookie = (browser: Browser): Record<string, string> => ({
  cookie: browser.cookieHeader(new URL(app.origin)),
});
const refused = (code: string): unknown =>
  expect.objectContaining({ body: expect.objectContaining({ code }) });

describe('a person with a browser', () => {
  it('signs in by Pro Santé Connect and comes back where they wanted to go', async () => {
    const browser = new Browser();
    const page = await signIn(browser, `${app.origin}/auth/login?returnTo=/auth/me`, {
      account: 'doctor-b',
      password: 'password of doctor-b',
    });
    expect(page.url).toBe(`${app.origin}/auth/me`);
    expect(JSON.parse(page.text)).toEqual({
      pseudonym: pseudonymOf(psc.issuer, pscSubject('99900000020')),
      name: 'Basile FICTIF',
      role: 'physician',
      partner: 'spsti-b',
      rpps: '99900000020',
      choices: [{ partner: 'spsti-b', role: 'physician' }],
      delegations: [],
    });
  });

  it('gets a cookie that scripts and other sites do not see, and a new session id each time', async () => {
    const browser = await browse('doctor-b');
    const before = cookie(browser)['cookie'] ?? '';
    const again = await signIn(
      browser,
      `${app.origin}/auth/login?with=psc`,
      { account: 'doctor-b', password: 'password of doctor-b' },
      (url) => url.pathname.startsWith('/auth/callback'),
    );
    const callback = await fetch(again.url, { redirect: 'manual', headers: cookie(browser) });
    const session = callback.headers.getSetCookie().find((line) => line.startsWith('relais-session='));
    expect(session).toMatch(/^relais-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(before).not.toContain(session?.split(';')[0]);
    expect(await call('/auth/me', { cookie: before })).toEqual(refused('person.unauthenticated'));
  });

  it('is not signed in under a session id that somebody planted', async () => {
    const planted = { cookie: `relais-session=${'x'.repeat(43)}` };
    expect(await call('/auth/me', planted)).toEqual(refused('person.unauthenticated'));
  });

  it('is signed out after half an hour without use, and after four hours in any case', async () => {
    const idle = cookie(await browse('doctor-b'));
    ahead = hour / 2 - 1000;
    expect((await call('/auth/me', idle)).status).toBe(200);
    ahead += hour / 2;
    expect(await call('/auth/me', idle)).toEqual(refused('person.unauthenticated'));

    ahead = 0;
    const busy = cookie(await browse('doctor-b'));
    for (; ahead < 4 * hour - hour / 3; ahead += hour / 3) {
      expect((await call('/auth/me', busy)).status).toBe(200);
    }
    ahead = 4 * hour;
    expect(await call('/auth/me', busy)).toEqual(refused('person.unauthenticated'));
  });

  it.each([
    '//evil.example/',
    'https://evil.example/',
    '/\\evil.example',
    '/.//evil.example',
    '/\t/evil.example',
  ])('is never sent to another site after signing in: %s', async (place) => {
    const page = await signIn(
      new Browser(),
      `${app.origin}/auth/login?returnTo=${encodeURIComponent(place)}`,
      { account: 'doctor-b', password: 'password of doctor-b' },
    );
    expect(new URL(page.url).origin).toBe(app.origin);
  });

  it('changes nothing when another site asks', async () => {
    const signedIn = cookie(await browse('doctor-b'));
    const post = (headers: Record<string, string>): Promise<Answer> =>
      call('/probe/dossier', { ...signedIn, ...headers }, { method: 'POST' });
    expect(await post({})).toEqual(refused('person.unauthenticated'));
    expect(await post({ origin: 'https://evil.example' })).toEqual(refused('person.unauthenticated'));
    expect(await post({ origin: 'null' })).toEqual(refused('person.unauthenticated'));
    for (const site of ['cross-site', 'same-site', 'none']) {
      expect(await post({ origin: app.origin, 'sec-fetch-site': site })).toEqual(
        refused('person.unauthenticated'),
      );
    }
    expect((await post({ origin: app.origin })).status).toBe(201);
    expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(201);
  });

  it('signs out of Relais, by a request of Relais only', async () => {
    const signedIn = cookie(await browse('doctor-b'));
    const out = (headers: Record<string, string>): Promise<Answer> =>
      call('/auth/logout', { ...signedIn, ...headers }, { method: 'POST' });
    expect(await out({ 'sec-fetch-site': 'cross-site' })).toEqual(refused('person.unauthenticated'));
    expect((await call('/auth/me', signedIn)).status).toBe(200);
    expect((await out({ origin: app.origin })).status).toBe(303);
    expect(await call('/auth/me', signedIn)).toEqual(refused('person.unauthenticated'));
  });

  it('signs out of Pro Santé Connect too, when asked', async () => {
    const browser = await browse('doctor-b');
    const response = await fetch(`${app.origin}/auth/logout?provider=true`, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...cookie(browser), origin: app.origin },
    });
    const place = new URL(response.headers.get('location') ?? '');
    expect(place.href).toMatch(`${psc.issuer}/protocol/openid-connect/logout?`);
    expect(place.searchParams.get('id_token_hint')).toBeTruthy();
    const question = await browser.open(place.href);
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(question.text) ?? [];
    const back = await browser.open(`${place.origin}${place.pathname}/confirm`, {
      form: { xsrf, logout: 'yes' },
      stop: (url) => url.origin === app.origin,
    });
    expect(back.url).toMatch(`${app.origin}/?state=`);
    const again = await browser.open(`${app.origin}/auth/login`);
    expect(again.text).toContain('name="password"');
  });

  it('of two services chooses one before acting', async () => {
    const browser = await browse('doctor-a-and-b');
    const signedIn = cookie(browser);
    expect((await call('/auth/me', signedIn)).body).toEqual({
      choices: [
        { partner: 'spsti-a', role: 'physician' },
        { partner: 'spsti-b', role: 'physician' },
      ],
    });
    expect(await call('/probe/dossier', signedIn)).toEqual(refused('state.conflict'));
    const choose = (partner: string): Promise<Answer> =>
      call('/auth/partner', { ...signedIn, origin: app.origin }, { method: 'POST', body: { partner } });
    expect(await choose('hdh')).toEqual(refused('role.not-allowed'));
    expect((await choose('spsti-b')).status).toBe(204);
    expect((await call('/probe/anybody', signedIn)).body).toMatchObject({ partner: 'spsti-b' });
  });

  it('of another specialty, another service, or without the level of assurance, is refused', async () => {
    const attempt = async (account: string): Promise<Answer> => {
      const page = await signIn(new Browser(), `${app.origin}/auth/login`, {
        account,
        password: `password of ${account}`,
      });
      return { status: page.status, body: JSON.parse(page.text) };
    };
    expect(await attempt('cardiologist')).toEqual(refused('role.not-allowed'));
    expect(await attempt('doctor-elsewhere')).toEqual(refused('role.not-allowed'));
    expect(await attempt('doctor-without-level')).toEqual(refused('person.unauthenticated'));
  });
});

describe('the answer of an issuer', () => {
  /** First half of a sign-in at the forged issuer; the second is called by hand. */
  async function begin(): Promise<{ cookie: string; state: string; url: URL }> {
    const response = await fetch(`${app.origin}/auth/login?with=spsti-a`, { redirect: 'manual' });
    const url = new URL(response.headers.get('location') ?? '');
    forged.nonce = url.searchParams.get('nonce') ?? '';
    return {
      url,
      cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '',
      state: url.searchParams.get('state') ?? '',
    };
  }
  const finish = (state: string, browser: string, issuer = 'spsti-a', rest = ''): Promise<Answer> =>
    call(`/auth/callback/${issuer}?code=c&state=${state}${rest}`, { cookie: browser });
  const answer = async (): Promise<Answer> => {
    const login = await begin();
    return finish(login.state, login.cookie);
  };

  it('is accepted when nothing is forged: the tests below are refused for their lie alone', async () => {
    expect((await answer()).status).toBe(303);
  });

  it('is asked with PKCE, a nonce, a state and the level of assurance', async () => {
    const { url } = await begin();
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      scope: 'openid relais',
      acr_values: 'eidas1',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it('counts once, in the browser that asked, for the issuer that was asked, within ten minutes', async () => {
    const first = await begin();
    expect(await finish('w'.repeat(43), first.cookie)).toEqual(refused('person.unauthenticated'));
    const other = await begin();
    expect(await finish(first.state, other.cookie)).toEqual(refused('person.unauthenticated'));
    const mixed = await begin();
    expect(await finish(mixed.state, mixed.cookie, 'psc')).toEqual(refused('person.unauthenticated'));
    const twice = await begin();
    expect((await finish(twice.state, twice.cookie)).status).toBe(303);
    expect(await finish(twice.state, twice.cookie)).toEqual(refused('person.unauthenticated'));
    const late = await begin();
    ahead = 600_000;
    expect(await finish(late.state, late.cookie)).toEqual(refused('person.unauthenticated'));
  });

  const seconds = Math.floor(Date.now() / 1000);
  const b64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  it.each<[string, () => ForgedIssuer['lies']]>([
    ['a wrong nonce', () => ({ claims: { nonce: 'wrong' } })],
    ['no nonce', () => ({ claims: { nonce: undefined } })],
    ['no acr', () => ({ claims: { acr: undefined } })],
    ['another acr', () => ({ claims: { acr: 'eidas0' } })],
    ['the name of another issuer', () => ({ claims: { iss: psc.issuer } })],
    ['another audience', () => ({ claims: { aud: 'another-application' } })],
    ['another authorised party', () => ({ claims: { azp: 'another-application' } })],
    ['an expired id_token', () => ({ claims: { iat: seconds - 900, exp: seconds - 600 } })],
    ['a key that the issuer does not publish', () => ({ header: { alg: 'RS256', kid: 'unknown' } })],
    ['alg none', () => ({ idToken: (claims) => `${b64({ alg: 'none' })}.${b64(claims)}.` })],
    [
      'the public key used as a secret (HS256)',
      () => ({
        idToken: (claims) =>
          new SignJWT(claims)
            .setProtectedHeader({ alg: 'HS256', kid: 'known' })
            .sign(Buffer.from(JSON.stringify(forged.publicJwk))),
      }),
    ],
    [
      'a body changed after signature',
      () => ({
        idToken: (claims) =>
          `${b64({ alg: 'RS256', kid: 'known' })}.${b64(claims)}.${Buffer.alloc(256).toString('base64url')}`,
      }),
    ],
    ['userinfo about somebody else', () => ({ userinfo: { sub: 'somebody-else' } })],
  ])('is refused with %s', async (_, lies) => {
    forged.lies = lies();
    expect(await answer()).toEqual(refused('person.unauthenticated'));
  });

  it('gives no role that its agreement does not: neither physician nor operator', async () => {
    for (const role of ['physician', 'nurse', 'operator', ['auditor'], undefined]) {
      forged.lies = { userinfo: { relais_role: role } };
      expect(await answer()).toEqual(refused('role.not-allowed'));
    }
    const page = await signIn(new Browser(), `${app.origin}/auth/login?with=spsti-b`, {
      account: 'fake-doctor',
      password: 'password of fake-doctor',
    });
    expect(page.text).toContain('role.not-allowed');
  });

  it('is waited for, not believed, when the issuer is ill', async () => {
    const login = await begin();
    forged.lies = { status: 503 };
    expect(await finish(login.state, login.cookie)).toEqual(refused('transport.unreachable'));
  });

  it('that nobody configured is refused', async () => {
    expect(await call('/auth/login?with=nobody', {})).toEqual(refused('person.unauthenticated'));
  });
});

describe('a bearer', () => {
  it('is known by introspection, whatever client of the network carries the token', async () => {
    expect((await call('/probe/anybody', bearer(await token('doctor-b')))).body).toMatchObject({
      role: 'physician',
      partner: 'spsti-b',
      rpps: '99900000020',
    });
    const operator = await token('operator', '/operator');
    expect((await call('/probe/anybody', bearer(operator, 'operator'))).body).toEqual({
      pseudonym: pseudonymOf(psc.issuers['/operator'] ?? '', 'operator'),
      name: 'Oscar MAQUETTE',
      role: 'operator',
    });
    for (const role of ['vigilance', 'auditor']) {
      const staff = await token(`${role}-b`, '/spsti-b');
      expect((await call('/probe/anybody', bearer(staff, 'spsti-b'))).body).toMatchObject({
        role,
        partner: 'spsti-b',
      });
    }
  });

  it('is refused with the token of another application, of another issuer, or without level', async () => {
    const refusal = refused('person.unauthenticated');
    expect(await call('/probe/anybody', bearer(await token('doctor-b', '', STRANGER)))).toEqual(refusal);
    expect(await call('/probe/anybody', bearer(await token('doctor-b'), 'operator'))).toEqual(refusal);
    expect(await call('/probe/anybody', bearer(await token('operator', '/operator')))).toEqual(refusal);
    expect(await call('/probe/anybody', bearer(await token('doctor-without-level')))).toEqual(refusal);
    expect(await call('/probe/anybody', bearer('nonsense'))).toEqual(refusal);
    expect(await call('/probe/anybody', { authorization: 'Basic eDp5' })).toEqual(refusal);
    expect(await call('/probe/anybody', {})).toEqual(refusal);
  });

  it('is refused once the token has expired, cached or not', async () => {
    const value = await token('doctor-b');
    expect((await call('/probe/anybody', bearer(value))).status).toBe(200);
    ahead = 121_000;
    expect(await call('/probe/anybody', bearer(value))).toEqual(refused('person.unauthenticated'));
  });

  it.each<[string, Record<string, unknown>]>([
    ['not active', { active: false }],
    ['without acr', { acr: undefined }],
    ['of another client', { azp: 'another-application' }],
    ['of no client', { azp: undefined }],
    ['of another type', { typ: 'Refresh' }],
    ['without end', { exp: undefined }],
    ['of nobody', { sub: undefined }],
    ['of another issuer', { iss: 'http://elsewhere' }],
    ['bound to a key that Relais does not check', { cnf: { jkt: 'x' } }],
    ['bound to a certificate that the caller has not', { cnf: { 'x5t#S256': 'another' } }],
  ])('is refused with a token %s', async (name, introspection) => {
    expect((await call('/probe/anybody', bearer(`good.${name.length}`, 'spsti-a'))).status).toBe(200);
    forged.lies = { introspection };
    const value = createHash('sha256').update(name).digest('hex');
    expect(await call('/probe/anybody', bearer(value, 'spsti-a'))).toEqual(refused('person.unauthenticated'));
  });

  it('with a bound token needs that certificate at every call', async () => {
    forged.lies = { introspection: { cnf: { 'x5t#S256': 'mine' } } };
    certificate = { partner: 'spsti-a', thumbprint: 'mine' };
    expect((await call('/probe/anybody', bearer('bound', 'spsti-a'))).status).toBe(200);
    certificate = { partner: 'spsti-a', thumbprint: 'stolen' };
    expect(await call('/probe/anybody', bearer('bound', 'spsti-a'))).toEqual(
      refused('person.unauthenticated'),
    );
  });

  it('on the partners port works for the partner of the certificate, and a cookie is nothing there', async () => {
    const signedIn = cookie(await browse('doctor-b'));
    const both = await token('doctor-a-and-b');
    certificate = { partner: 'spsti-b', thumbprint: 't' };
    expect((await call('/probe/anybody', bearer(both))).body).toMatchObject({ partner: 'spsti-b' });
    expect(await call('/probe/anybody', bearer(await token('doctor-a')))).toEqual(
      refused('role.not-allowed'),
    );
    expect(await call('/probe/anybody', signedIn)).toEqual(refused('person.unauthenticated'));
  });
});

describe('a delegation', () => {
  const days = (count: number): string => new Date(now().getTime() + count * 24 * hour).toISOString();
  const physicianB = async (): Promise<Record<string, string>> => bearer(await token('doctor-b'));
  const record = (headers: Record<string, string>, body: object): Promise<Answer> =>
    call('/v1/delegations', headers, { method: 'POST', body });

  it('opens the dossiers of a physician to a secretary from its first day to its last, and not after', async () => {
    const signedIn = cookie(await browse('secretary-b', 'spsti-b'));
    expect(await call('/probe/dossier', signedIn)).toEqual(refused('delegation.missing'));
    const recorded = await record(await physicianB(), {
      account: 'secretary-b',
      to: new Date(now().getTime() + 600_000).toISOString(),
    });
    expect(recorded.status).toBe(201);
    const seen = await call('/probe/dossier', signedIn);
    const doctor = pseudonymOf(psc.issuer, pscSubject('99900000020'));
    expect(seen.body).toMatchObject({
      person: { role: 'secretary', delegationId: recorded.body['id'] },
      author: doctor,
      authors: [pseudonymOf(psc.issuers['/spsti-b'] ?? '', 'secretary-b'), doctor],
    });
    ahead = 600_000;
    expect(await call('/probe/dossier', signedIn)).toEqual(refused('delegation.missing'));
  });

  it('to a replacement shows the requests of the absent physician besides their own', async () => {
    const replacement = await token('doctor-b2');
    const { body: me } = await call('/auth/me', bearer(replacement));
    const order = { delegate: me['pseudonym'], from: days(1), to: days(8) };
    expect((await record(await physicianB(), order)).status).toBe(201);
    const own = [me['pseudonym']];
    const authors = async (): Promise<unknown> =>
      (await call('/probe/dossier', bearer(await token('doctor-b2')))).body['authors'];
    expect(await authors()).toEqual(own);
    const signedIn = cookie(await browse('doctor-b2'));
    for (let elapsed = 0; elapsed < 2 * hour; elapsed += hour / 3) ahead = elapsed;
    ahead = 0;
    app.records.delegations = app.records.delegations.map((each) => ({ ...each, from: days(0) }));
    expect((await call('/probe/dossier', signedIn)).body).toMatchObject({
      author: own[0],
      authors: [...own, pseudonymOf(psc.issuer, pscSubject('99900000020'))],
    });
  });

  it('is recorded and ended by physicians of the service only, each time in the journal', async () => {
    const order = { account: 'iprp-b', to: days(1) };
    const secretary = bearer(await token('secretary-b', '/spsti-b'), 'spsti-b');
    expect(await record(secretary, order)).toEqual(refused('role.not-allowed'));
    const { body } = await record(await physicianB(), order);
    const path = `/v1/delegations/${String(body['id'])}`;
    const end = (headers: Record<string, string>): Promise<Answer> =>
      call(path, headers, { method: 'DELETE' });
    expect(await end(bearer(await token('doctor-a')))).toEqual(refused('not-found'));
    expect(await end(bearer(await token('auditor-b', '/spsti-b'), 'spsti-b'))).toEqual(
      refused('role.not-allowed'),
    );
    expect((await end(bearer(await token('doctor-b2')))).status).toBe(200);
    expect(await end(await physicianB())).toEqual(refused('state.conflict'));
    const actor = (rpps: string): string => `person:${pseudonymOf(psc.issuer, pscSubject(rpps))}`;
    expect(app.records.entries).toMatchObject([
      { kind: 'delegation.recorded', actor: actor('99900000020'), details: { delegation: body['id'] } },
      { kind: 'delegation.ended', actor: actor('99900000038'), details: { delegation: body['id'] } },
    ]);
  });

  it('of one service is nothing in another', async () => {
    const delegate = pseudonymOf(psc.issuers['/spsti-b'] ?? '', 'secretary-b');
    await record(bearer(await token('doctor-a')), { delegate, to: days(1) });
    expect(app.records.delegations).toHaveLength(1);
    const secretary = bearer(await token('secretary-b', '/spsti-b'), 'spsti-b');
    expect(await call('/probe/dossier', secretary)).toEqual(refused('delegation.missing'));
  });

  it('is refused without a name, without an end, backwards, for ever, in the past, or to oneself', async () => {
    const doctor = await physicianB();
    const self = pseudonymOf(psc.issuer, pscSubject('99900000020'));
    const account = 'iprp-b';
    for (const [body, pointer] of [
      [{ to: days(1) }, '/delegate'],
      [{ delegate: self, to: days(1) }, '/delegate'],
      [{ delegate: 'not a reference', to: days(1) }, '/delegate'],
      [{ delegate: 'a'.repeat(64), account, to: days(1) }, '/delegate'],
      [{ account }, '/to'],
      [{ account, to: 'demain' }, '/to'],
      [{ account, to: '2027-01-01' }, '/to'],
      [{ account, from: days(2), to: days(1) }, '/to'],
      [{ account, to: days(400) }, '/to'],
      [{ account, from: days(-1), to: days(1) }, '/from'],
      [{ account, to: days(1), physicianRpps: '99900000012' }, '/physicianRpps'],
    ] as const) {
      const { status, body: problem } = await record(doctor, body);
      expect({
        body,
        status,
        pointers: (problem['errors'] as { pointer: string }[]).map((e) => e.pointer),
      }).toEqual({ body, status: 422, pointers: expect.arrayContaining([pointer]) });
    }
    expect(app.records.delegations).toEqual([]);
  });

  it('is seen by the delegate, by the physicians and the auditor of the service, and by nobody else', async () => {
    await record(await physicianB(), { account: 'iprp-b', to: days(1) });
    const seen = async (headers: Record<string, string>): Promise<unknown> => {
      const { body } = await call('/v1/delegations', headers);
      return JSON.parse(String(body['text'])).length;
    };
    const staff = async (name: string): Promise<Record<string, string>> =>
      bearer(await token(name, '/spsti-b'), 'spsti-b');
    expect(await seen(await staff('iprp-b'))).toBe(1);
    expect(await seen(await staff('auditor-b'))).toBe(1);
    expect(await seen(bearer(await token('doctor-b2')))).toBe(1);
    expect(await seen(await staff('secretary-b'))).toBe(0);
    expect(await seen(bearer(await token('doctor-a')))).toBe(0);
  });
});

describe('a route for persons', () => {
  it('refuses roles that it does not name, and is never open by oversight', async () => {
    const auditor = bearer(await token('auditor-b', '/spsti-b'), 'spsti-b');
    expect(await call('/probe/dossier', auditor)).toEqual(refused('role.not-allowed'));
    expect(await call('/probe/forgotten', auditor)).toEqual(refused('internal'));
  });

  it('leaves no identity in the logs, refusals with their causes included', () => {
    const logs = app.logs.join('\n');
    expect(app.logs.length).toBeGreaterThan(100);
    for (const trait of [
      /FICTIF/,
      /Basile/,
      /INVENTÉ/,
      /GABARIT/,
      /PERSONNE/,
      /999000000\d\d/,
      /password of/,
    ]) {
      expect(logs).not.toMatch(trait);
    }
  });
});
