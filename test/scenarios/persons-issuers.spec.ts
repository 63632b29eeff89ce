import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pseudonymOf } from '../../apps/broker/src/persons/persons-of.ts';
import type { Lies } from './forged-issuer.ts';
import { type Answer, bearer, PersonsWorld, STRANGER } from './persons-world.ts';

const world = new PersonsWorld();
const refused = (code: string): unknown =>
  expect.objectContaining({ body: expect.objectContaining({ code }) });

beforeAll(() => world.start());
afterAll(() => world.stop());
beforeEach(() => world.reset());

describe('the answer of an issuer', () => {
  interface Begun {
    url: URL;
    cookie: string;
    state: string;
  }
  /** First half of a sign-in at the forged issuer; the second is called by hand. */
  async function begin(): Promise<Begun> {
    const response = await fetch(`${world.app.origin}/auth/login?with=spsti-a`, { redirect: 'manual' });
    const url = new URL(response.headers.get('location') ?? '');
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    return { url, cookie, state: url.searchParams.get('state') ?? '' };
  }
  /** The issuer answers with the nonce of that login, so that nothing but `change` is wrong. */
  async function finish(login: Begun, change: Partial<Begun> & { issuer?: string } = {}): Promise<Answer> {
    const { url, cookie, state, issuer = 'spsti-a' } = { ...login, ...change };
    world.forged.nonce = url.searchParams.get('nonce') ?? '';
    return world.call(`/auth/callback/${issuer}?code=c&state=${state}`, { cookie });
  }
  const answer = async (): Promise<Answer> => finish(await begin());

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
    const refusal = refused('person.unauthenticated');
    expect(await finish(await begin(), { state: 'w'.repeat(43) })).toEqual(refusal);
    expect(await finish(await begin(), { cookie: (await begin()).cookie })).toEqual(refusal);
    expect(await finish(await begin(), { cookie: '' })).toEqual(refusal);
    expect(await finish(await begin(), { issuer: 'psc' })).toEqual(refusal);
    const twice = await begin();
    expect((await finish(twice)).status).toBe(303);
    expect(await finish(twice)).toEqual(refusal);
    const late = await begin();
    world.ahead = 600_000;
    expect(await finish(late)).toEqual(refusal);
  });

  const seconds = Math.floor(Date.now() / 1000);
  const b64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  it.each<[string, () => Lies]>([
    ['a wrong nonce', () => ({ claims: { nonce: 'wrong' } })],
    ['no nonce', () => ({ claims: { nonce: undefined } })],
    ['no acr', () => ({ claims: { acr: undefined } })],
    ['another acr', () => ({ claims: { acr: 'eidas0' } })],
    ['the name of another issuer', () => ({ claims: { iss: world.psc.issuer } })],
    ['another audience', () => ({ claims: { aud: 'another-application' } })],
    ['another authorised party', () => ({ claims: { azp: 'another-application' } })],
    ['an expired id_token', () => ({ claims: { iat: seconds - 900, exp: seconds - 600 } })],
    ['a key that the issuer does not publish', () => ({ header: { alg: 'RS256', kid: 'unknown' } })],
    ['an algorithm that is not pinned, by a key that it publishes', () => ({ header: { alg: 'RS512' } })],
    ['alg none', () => ({ idToken: (claims) => `${b64({ alg: 'none' })}.${b64(claims)}.` })],
    [
      'the public key used as a secret (HS256)',
      () => ({
        idToken: (claims) =>
          new SignJWT(claims)
            .setProtectedHeader({ alg: 'HS256', kid: 'known' })
            .sign(Buffer.from(JSON.stringify(world.forged.publicJwk))),
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
    world.forged.lies = lies();
    expect(await answer()).toEqual(refused('person.unauthenticated'));
  });

  it('gives no role that its agreement does not: neither physician nor operator', async () => {
    for (const role of ['physician', 'nurse', 'operator', ['auditor'], undefined]) {
      world.forged.lies = { userinfo: { relais_role: role } };
      expect(await answer()).toEqual(refused('role.not-allowed'));
    }
    const { answer: fake } = await world.browse('fake-doctor', 'spsti-b');
    expect(fake).toEqual(refused('role.not-allowed'));
  });

  it('is waited for, not believed, when the issuer is ill', async () => {
    const login = await begin();
    world.forged.lies = { status: 503 };
    expect(await finish(login)).toEqual(refused('transport.unreachable'));
  });

  it('that nobody configured is refused', async () => {
    expect(await world.call('/auth/login?with=nobody', {})).toEqual(refused('person.unauthenticated'));
  });
});

describe('a bearer', () => {
  it('is known by introspection, whatever client of the network carries the token', async () => {
    expect((await world.call('/probe/anybody', await world.bearerOf('doctor-b'))).body).toMatchObject({
      role: 'physician',
      partner: 'spsti-b',
      rpps: '99900000020',
    });
    const operator = await world.token('operator', 'operator');
    expect((await world.call('/probe/anybody', bearer(operator, 'operator'))).body).toEqual({
      pseudonym: pseudonymOf(world.issuer('operator'), 'operator'),
      name: 'Oscar MAQUETTE',
      role: 'operator',
    });
    for (const role of ['vigilance', 'auditor']) {
      const staff = await world.token(`${role}-b`, 'spsti-b');
      expect((await world.call('/probe/anybody', bearer(staff, 'spsti-b'))).body).toMatchObject({
        role,
        partner: 'spsti-b',
      });
    }
  });

  it('is refused with the token of another application, of another issuer, or without level', async () => {
    const refusal = refused('person.unauthenticated');
    expect(
      await world.call('/probe/anybody', bearer(await world.token('doctor-b', 'psc', STRANGER))),
    ).toEqual(refusal);
    expect(await world.call('/probe/anybody', bearer(await world.token('doctor-b'), 'operator'))).toEqual(
      refusal,
    );
    expect(await world.call('/probe/anybody', bearer(await world.token('operator', 'operator')))).toEqual(
      refusal,
    );
    expect(await world.call('/probe/anybody', await world.bearerOf('doctor-without-level'))).toEqual(refusal);
    expect(await world.call('/probe/anybody', bearer('nonsense'))).toEqual(refusal);
    expect(await world.call('/probe/anybody', { authorization: 'Basic eDp5' })).toEqual(refusal);
    expect(await world.call('/probe/anybody', {})).toEqual(refusal);
  });

  it('is refused once the token has expired, cached or not', async () => {
    const value = await world.token('doctor-b');
    expect((await world.call('/probe/anybody', bearer(value))).status).toBe(200);
    world.ahead = 121_000;
    expect(await world.call('/probe/anybody', bearer(value))).toEqual(refused('person.unauthenticated'));
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
    ['bound to a world.certificate that the caller has not', { cnf: { 'x5t#S256': 'another' } }],
  ])('is refused with a token %s', async (name, introspection) => {
    expect((await world.call('/probe/anybody', bearer(`good.${name.length}`, 'spsti-a'))).status).toBe(200);
    world.forged.lies = { introspection };
    const value = createHash('sha256').update(name).digest('hex');
    expect(await world.call('/probe/anybody', bearer(value, 'spsti-a'))).toEqual(
      refused('person.unauthenticated'),
    );
  });

  it('with a bound token needs that certificate at every call', async () => {
    world.forged.lies = { introspection: { cnf: { 'x5t#S256': 'mine' } } };
    world.certificate = { partner: 'spsti-a', thumbprint: 'mine' };
    expect((await world.call('/probe/anybody', bearer('bound', 'spsti-a'))).status).toBe(200);
    world.certificate = { partner: 'spsti-a', thumbprint: 'stolen' };
    expect(await world.call('/probe/anybody', bearer('bound', 'spsti-a'))).toEqual(
      refused('person.unauthenticated'),
    );
  });

  it('on the partners port works for the partner of the certificate, and a cookie is nothing there', async () => {
    const signedIn = await world.cookieOf('doctor-b');
    const both = await world.token('doctor-a-and-b');
    world.certificate = { partner: 'spsti-b', thumbprint: 't' };
    expect((await world.call('/probe/anybody', bearer(both))).body).toMatchObject({ partner: 'spsti-b' });
    expect(await world.call('/probe/anybody', await world.bearerOf('doctor-a'))).toEqual(
      refused('role.not-allowed'),
    );
    expect(await world.call('/probe/anybody', signedIn)).toEqual(refused('person.unauthenticated'));
  });
});

it('leaves no identity in the logs, causes of refusals included', () => {
  expect(world.app.logs.length).toBeGreaterThan(50);
  expect(world.traitsInLogs()).toEqual([]);
});
