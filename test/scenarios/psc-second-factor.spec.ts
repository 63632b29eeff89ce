/** A one-time code behind a password: enough for a service's staff until 2025-12-31, refused since, unless approved. */
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Partner } from '#core';
import { type Registration, staffIssuers } from '../../apps/broker/src/persons/issuer-settings.ts';
import {
  type Account,
  Browser,
  obtainToken,
  type PscSimulator,
  type Realm,
  signIn,
  staffClaims,
  startPscSimulator,
} from '../../apps/simulators/src/psc/index.ts';
import { type PersonsApp, startPersonsApp } from './persons-app.ts';

/** Paris is an hour ahead of UTC on that night */
const LAST_MOMENT = Date.parse('2025-12-31T22:50:00Z');
const NEXT_YEAR = Date.parse('2025-12-31T23:00:01Z');
const SECRET = 'fictional secret';
const SOFTWARE = { id: 'software', redirectUri: 'http://localhost:2/back' };
/** A service whose issuer has an approval, and one without. */
const SERVICES = ['spsti-a', 'spsti-b'] as const;
const APPROVED = 'spsti-a';

const totp = new Secret({ size: 20 }).base32;
const codeNow = (): string => new TOTP({ secret: totp }).generate();
const auditor = (name: string, more: Partial<Account> = {}): Account => ({
  name,
  password: 'password',
  sub: name,
  claims: staffClaims({ givenName: 'Alix', familyName: 'ÉPREUVE', role: 'auditor' }),
  ...more,
});
const ACCOUNTS = [auditor('by-code', { totp }), auditor('by-level-alone')];

let psc: PscSimulator;
let app: PersonsApp;
let now = NEXT_YEAR;

beforeAll(async () => {
  const partners: Partner[] = SERVICES.map((id) => ({
    id,
    kind: 'spsti',
    name: id,
    client: { issuer: '', subject: '' },
    flows: [],
    transport: 'mailbox',
    keys: {},
  }));
  app = await startPersonsApp({
    partners,
    now: () => new Date(now),
    issuers: async (origin, directory) => {
      const realm = (id: string): Realm => ({
        path: `/${id}`,
        title: id,
        scope: 'relais',
        acr: 'eidas1',
        accounts: ACCOUNTS,
        clients: [
          { id: 'relais', secret: SECRET, redirectUris: [`${origin}/auth/callback/${id}`] },
          { id: SOFTWARE.id, redirectUris: [SOFTWARE.redirectUri] },
        ],
      });
      psc = await startPscSimulator({ port: 0, realms: SERVICES.map(realm) });
      for (const [at, partner] of partners.entries()) {
        const issuer = psc.issuers[`/${partner.id}`] ?? '';
        const approved = partner.id === APPROVED ? { approved: 'HOM-2025-001' } : {};
        partners[at] = { ...partner, staffIssuer: { issuer, acr: 'eidas1', ...approved } };
      }
      const registration: Registration = {
        clientId: 'relais',
        clientSecret: SECRET,
        softwareClients: [SOFTWARE.id],
      };
      return staffIssuers(directory, { 'spsti-a': registration, 'spsti-b': registration });
    },
  });
});
afterAll(async () => {
  await app.close();
  await psc.close();
});
beforeEach(() => {
  now = NEXT_YEAR;
});

async function browse(account: string, service: string, otp?: string): Promise<Record<string, unknown>> {
  const page = await signIn(new Browser(), `${app.origin}/auth/login?with=${service}&returnTo=/auth/me`, {
    account,
    password: 'password',
    ...(otp === undefined ? {} : { otp }),
  });
  return /^\{/.test(page.text) ? (JSON.parse(page.text) as Record<string, unknown>) : { page: page.status };
}

async function bearer(
  account: string,
  service: string,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const { accessToken } = await obtainToken({
    issuer: psc.issuers[`/${service}`] ?? '',
    client: SOFTWARE,
    scope: 'openid relais',
    account,
    password: 'password',
    otp: codeNow(),
  });
  const headers = { authorization: `Bearer ${accessToken}`, 'relais-issuer': service };
  const answer = await fetch(`${app.origin}/probe/anybody`, { headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('staff with a password and a one-time code', () => {
  it('came in until the last day of 2025, in Paris', async () => {
    now = LAST_MOMENT;
    expect(await browse('by-code', 'spsti-b', codeNow())).toMatchObject({
      role: 'auditor',
      partner: 'spsti-b',
    });
    expect((await bearer('by-code', 'spsti-b')).status).toBe(200);
  });

  it('are refused since, with a code of its own, by browser as by token', async () => {
    expect(await browse('by-code', 'spsti-b', codeNow())).toMatchObject({ code: 'person.means-too-weak' });
    expect(await bearer('by-code', 'spsti-b')).toMatchObject({
      status: 401,
      body: { code: 'person.means-too-weak' },
    });
  });

  it('come in where the issuer’s means are approved', async () => {
    expect(await browse('by-code', APPROVED, codeNow())).toMatchObject({
      role: 'auditor',
      partner: APPROVED,
    });
    expect((await bearer('by-code', APPROVED)).status).toBe(200);
  });

  it('must have the right code in the first place', async () => {
    now = LAST_MOMENT;
    const wrong = String((Number(codeNow()) + 1) % 1_000_000).padStart(6, '0');
    for (const code of ['', '12', wrong])
      expect(await browse('by-code', 'spsti-b', code)).toEqual({ page: 401 });
  });

  it('are judged by the level of the agreement when the issuer states no means', async () => {
    expect(await browse('by-level-alone', 'spsti-b')).toMatchObject({ role: 'auditor' });
  });
});
