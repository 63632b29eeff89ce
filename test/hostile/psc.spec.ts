/**
 * Attacks on what stands between Relais and an issuer of identities, each refused with its code: discovery that leads
 * elsewhere, keys that are swapped, tokens of others. Those on an id_token are in scenarios/persons-issuers.spec.ts (code
 * flow) and scenarios/psc-ciba.spec.ts (CIBA); those on Relais' own JWE and JWS beside libs/protection.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Partner } from '#core';
import { type CertificateBinding, pscIssuer } from '../../apps/broker/src/persons/issuer-settings.ts';
import type { ClientCertificate } from '../../apps/broker/src/persons/person-of-request.ts';
import { occupationalPhysician, pscClaims } from '../../apps/simulators/src/psc/index.ts';
import { type ForgedIssuer, type Lies, startForgedIssuer } from '../scenarios/forged-issuer.ts';
import { type PersonsApp, startPersonsApp } from '../scenarios/persons-app.ts';

const SERVICE = { siret: '99900000000026', name: 'SPSTI B' };
const PARTNER: Partner = {
  id: 'spsti-b',
  kind: 'spsti',
  name: 'spsti-b',
  siret: SERVICE.siret,
  client: { issuer: '', subject: '' },
  flows: [],
  transport: 'mailbox',
  keys: {},
};

let forged: ForgedIssuer;
let app: PersonsApp;
let inside: Server;
let insideUrl: string;
let reached = 0;
let certificate: ClientCertificate | undefined;
const apps: PersonsApp[] = [];
let said = '';

/** A people port whose Pro Santé Connect is the forged issuer, asked anew. */
async function anApp(settings: { certificateBinding?: CertificateBinding } = {}): Promise<PersonsApp> {
  const made = await startPersonsApp({
    partners: [PARTNER],
    now: () => new Date(),
    certificate: () => certificate,
    issuers: async () => [
      {
        ...pscIssuer({
          issuer: forged.issuer,
          clientId: 'relais',
          clientSecret: 'fictional secret',
          ...settings,
        }),
        discovery: `${forged.issuer}/.well-known/openid-configuration`,
      },
    ],
  });
  apps.push(made);
  return made;
}

beforeAll(async () => {
  const doctor = occupationalPhysician(
    { rpps: '99900000020', givenName: 'Basile', familyName: 'FICTIF' },
    SERVICE,
  );
  forged = await startForgedIssuer(pscClaims(doctor));
  // what an attacker would have Relais call: never asked
  inside = createServer((_, response) => {
    reached += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(inside, 'listening');
  insideUrl = `http://localhost:${(inside.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await forged.close();
  inside.close();
});
beforeEach(async () => {
  app = await anApp();
});
afterEach(async () => {
  vi.useRealTimers();
  for (const one of apps.splice(0)) {
    said += one.logs.join('\n');
    await one.close();
  }
  forged.lies = {};
  forged.asked = {};
  certificate = undefined;
});

/** A sign-in in which nothing is wrong but the lie; its code, or `accepted`. */
async function signIn(lies: Lies = {}, at = app): Promise<string> {
  forged.lies = lies;
  const login = await fetch(`${at.origin}/auth/login?with=psc`, { redirect: 'manual' });
  if (login.status !== 303) return codeOf(login);
  const url = new URL(login.headers.get('location') ?? '');
  forged.nonce = url.searchParams.get('nonce') ?? '';
  const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const back = await fetch(`${at.origin}/auth/callback/psc?code=c&state=${url.searchParams.get('state')}`, {
    redirect: 'manual',
    headers: { cookie },
  });
  return back.status === 303 ? 'accepted' : codeOf(back);
}

/** A call with a token that this introspection answers for. */
async function bearer(introspection: Record<string, unknown>, at = app): Promise<string> {
  forged.lies = { introspection };
  const authorization = `Bearer ${randomBytes(16).toString('hex')}`;
  const answer = await fetch(`${at.origin}/probe/anybody`, { headers: { authorization } });
  return answer.ok ? 'accepted' : codeOf(answer);
}

const codeOf = async (answer: Response): Promise<string> => ((await answer.json()) as { code: string }).code;

it('the sign-in and the token that the attacks start from are good', async () => {
  expect(await signIn()).toBe('accepted');
  expect(await bearer({})).toBe('accepted');
});

describe('SSRF through discovery', () => {
  it.each([
    'token_endpoint',
    'userinfo_endpoint',
    'introspection_endpoint',
    'jwks_uri',
    'backchannel_authentication_endpoint',
    'revocation_endpoint',
    'authorization_endpoint',
    'end_session_endpoint',
  ])('a document that sends %s elsewhere is not used, and nobody is called there', async (name) => {
    for (const place of [
      insideUrl,
      'http://169.254.169.254/latest/meta-data',
      'file:///etc/passwd',
      `${forged.issuer}@evil.example/`,
    ]) {
      expect(await signIn({ metadata: { [name]: place } }), place).toBe('configuration.invalid');
    }
    expect(reached).toBe(0);
  });

  it.each(['/.well-known/openid-configuration', '/token', '/jwks', '/userinfo'])(
    'a redirect of %s is not followed',
    async (path) => {
      const code = await signIn({ redirect: { path, to: insideUrl } });
      expect(code).toBe('person.unauthenticated');
      expect(reached).toBe(0);
    },
  );

  it('an introspection that redirects is not followed either', async () => {
    forged.lies = { redirect: { path: '/introspect', to: insideUrl } };
    const answer = await fetch(`${app.origin}/probe/anybody`, { headers: { authorization: 'Bearer abc' } });
    expect(await codeOf(answer)).toBe('person.unauthenticated');
    expect(reached).toBe(0);
  });
});

describe('an issuer whose answer has no end', () => {
  it.each(['/.well-known/openid-configuration', '/token', '/jwks', '/userinfo'])(
    'at %s is cut at a megabyte',
    async (path) => {
      const before = process.memoryUsage().rss;
      expect(await signIn({ endless: path })).toBe('transport.bad-answer');
      expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
    },
  );
});

describe('JWKS swap', () => {
  const otherKeys = async (kid: string) => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
  };

  it('a token signed by keys that are not those of the issuer', async () => {
    const { privateKey } = await otherKeys('known');
    const idToken = (claims: object) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'known' }).sign(privateKey);
    expect(await signIn({ idToken })).toBe('person.unauthenticated');
  });

  it('a token that brings its own key, or says where to fetch it', async () => {
    const { privateKey, jwk } = await otherKeys('own');
    for (const header of [{ jwk }, { jku: insideUrl }, { x5u: insideUrl }, { kid: 'known', jwk }]) {
      const idToken = (claims: object) =>
        new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', ...header }).sign(privateKey);
      expect(await signIn({ idToken })).toBe('person.unauthenticated');
    }
    expect(reached).toBe(0);
  });

  it('a flood of unknown key ids makes Relais ask for the keys once a minute, no more', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const unknown: Lies = { header: { alg: 'RS256', kid: 'unknown' } };
    expect(await signIn()).toBe('accepted');
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect(await signIn(unknown)).toBe('person.unauthenticated');
    expect(forged.asked['/jwks']).toBe(1);
    vi.setSystemTime(Date.now() + 61_000);
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect(await signIn(unknown)).toBe('person.unauthenticated');
    expect(forged.asked['/jwks']).toBe(2);
    // and an honest change of keys is followed
    const { privateKey, jwk } = await otherKeys('next');
    vi.setSystemTime(Date.now() + 61_000);
    const idToken = (claims: object) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'next' }).sign(privateKey);
    expect(await signIn({ jwks: { keys: [jwk] }, idToken })).toBe('accepted');
  });
});

describe('PSC token of another client (aud/azp), missing acr, certificate ≠ cnf', () => {
  /** a SHA-256, and the two ways of writing it */
  const digest = randomBytes(32);
  const mine = digest.toString('base64url');
  const hex = Buffer.from(digest.toString('hex')).toString('base64');

  it.each([
    ['another client', { azp: 'another-application' }],
    ['no client', { azp: undefined }],
    ['no acr', { acr: undefined }],
    ['another acr', { acr: 'eidas0' }],
    ['another type', { typ: 'Refresh' }],
    ['no longer active', { active: false }],
  ])('a token with %s', async (_, introspection) => {
    expect(await bearer(introspection)).toBe('person.unauthenticated');
  });

  it('a bound token without certificate, with another, or bound to what Relais does not check', async () => {
    expect(await bearer({ cnf: { 'x5t#S256': mine } })).toBe('person.unauthenticated');
    certificate = { partner: 'spsti-b', thumbprint: randomBytes(32).toString('base64url') };
    expect(await bearer({ cnf: { 'x5t#S256': mine } })).toBe('person.unauthenticated');
    certificate = { partner: 'spsti-b', thumbprint: mine };
    expect(await bearer({ cnf: { 'x5t#S256': mine } })).toBe('accepted');
    for (const cnf of [{ jkt: 'x' }, {}, 'x', null, { 'x5t#S256': 7 }])
      expect(await bearer({ cnf })).toBe('person.unauthenticated');
  });

  it('one way of writing the certificate’s digest per issuer, never both', async () => {
    certificate = { partner: 'spsti-b', thumbprint: mine };
    expect(await bearer({ cnf: { 'x5t#S256': hex } })).toBe('person.unauthenticated');
    const other = await anApp({ certificateBinding: 'hex' });
    expect(await bearer({ cnf: { 'x5t#S256': hex } }, other)).toBe('accepted');
    expect(await bearer({ cnf: { 'x5t#S256': mine } }, other)).toBe('person.unauthenticated');
    certificate = { partner: 'spsti-b', thumbprint: randomBytes(32).toString('base64url') };
    expect(await bearer({ cnf: { 'x5t#S256': hex } }, other)).toBe('person.unauthenticated');
  });
});

it('leaves no identity in the logs', () => {
  expect(said.length).toBeGreaterThan(1_000);
  expect(said).not.toMatch(/FICTIF|Basile|99900000020|fictional|forged-token/);
});
