import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DEMO_ACCOUNTS,
  demoAccounts,
  obtainToken,
  type PscSimulator,
  type Realm,
  startPscSimulator,
} from './index.ts';

const client = {
  id: 'relais',
  secret: 'sesame: 100 %/+',
  redirectUri: 'http://localhost:1/auth/callback/psc',
};
const software = { id: 'software-b', redirectUri: 'http://localhost:2/back' };
const accounts = demoAccounts((account) => `password of ${account}`, {
  a: { siret: '99900000000018', name: 'SPSTI A' },
  b: { siret: '99900000000026', name: 'SPSTI B' },
});
const clients: Realm['clients'] = [
  { id: client.id, secret: client.secret, redirectUris: [client.redirectUri] },
  { id: software.id, redirectUris: [software.redirectUri] },
];
let psc: PscSimulator;

beforeAll(async () => {
  psc = await startPscSimulator({
    port: 0,
    realms: [
      {
        path: '',
        title: 'Pro Santé Connect',
        scope: 'scope_all',
        acr: 'eidas1',
        accounts: accounts.psc,
        clients,
      },
      {
        path: '/spsti-b',
        title: 'SPSTI B',
        scope: 'relais',
        acr: 'eidas1',
        accounts: accounts.spstiB,
        clients,
      },
    ],
  });
});
afterAll(() => psc.close());

const staff = (): string => psc.issuers['/spsti-b'] as string;

async function introspect(issuer: string, token: string): Promise<Record<string, unknown>> {
  const basic = Buffer.from(`${client.id}:${encodeURIComponent(client.secret)}`).toString('base64');
  const response = await fetch(`${issuer}/protocol/openid-connect/token/introspect`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ token }),
  });
  return (await response.json()) as Record<string, unknown>;
}

const tokenOf = (account: string, options: { client?: typeof software; issuer?: string } = {}) =>
  obtainToken({
    issuer: options.issuer ?? psc.issuer,
    client: options.client ?? client,
    scope: options.issuer === undefined ? 'openid scope_all' : 'openid relais',
    account,
    password: `password of ${account}`,
  });

describe('the PSC simulator', () => {
  it('has every account of the demo once', () => {
    const names = Object.values(accounts).flatMap((list) => list.map(({ name }) => name));
    expect(names.sort()).toEqual([...DEMO_ACCOUNTS].sort());
  });

  it('answers discovery at the path of PSC as at the standard one, in each realm', async () => {
    for (const issuer of [psc.issuer, staff()]) {
      const [own, standard] = await Promise.all(
        ['wallet-openid-configuration', 'openid-configuration'].map(
          async (name) =>
            (await (await fetch(`${issuer}/.well-known/${name}`)).json()) as Record<string, string>,
        ),
      );
      expect(own).toEqual(standard);
      expect(own?.['issuer']).toBe(issuer);
      for (const [name, value] of Object.entries(own ?? {})) {
        if (name.endsWith('_endpoint') || name === 'jwks_uri') expect(value).toMatch(`${issuer}/`);
      }
    }
  });

  it('gives a token by code and PKCE whose introspection names person, client and level', async () => {
    const { accessToken, expiresIn, refreshToken } = await tokenOf('doctor-b');
    expect(expiresIn).toBe(120);
    expect(refreshToken).toBeDefined();
    expect(await introspect(psc.issuer, accessToken)).toMatchObject({
      active: true,
      azp: 'relais',
      acr: 'eidas1',
      typ: 'Bearer',
      iss: psc.issuer,
      SubjectNameID: '899900000020',
    });
  });

  it('refreshes a token without losing person or level', async () => {
    const { refreshToken = '' } = await tokenOf('doctor-b', { client: software });
    const response = await fetch(`${psc.issuer}/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: software.id,
      }),
    });
    const { access_token: fresh } = (await response.json()) as { access_token: string };
    expect(await introspect(psc.issuer, fresh)).toMatchObject({
      active: true,
      azp: software.id,
      acr: 'eidas1',
      SubjectNameID: '899900000020',
    });
  });

  it('gives the claims of PSC in userinfo', async () => {
    const { accessToken } = await tokenOf('doctor-a', { client: software });
    const response = await fetch(`${psc.issuer}/protocol/openid-connect/userinfo`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(await response.json()).toMatchObject({
      SubjectNameID: '899900000012',
      Secteur_Activite: 'SA66^1.2.250.1.71.4.2.4',
      SubjectRefPro: {
        exercices: [
          {
            codeProfession: '10',
            codeSavoirFaire: 'SM25',
            activities: [{ numeroSiretSite: '99900000000018', codeSecteurDactivite: 'SA66' }],
          },
        ],
      },
    });
  });

  it('knows nothing of the tokens of the realm beside it', async () => {
    const { accessToken } = await tokenOf('secretary-b', { issuer: staff() });
    expect(await introspect(staff(), accessToken)).toMatchObject({ active: true, relais_role: 'secretary' });
    expect(await introspect(psc.issuer, accessToken)).toEqual({ active: false });
  });

  it('refuses a wrong password, an account of another realm, and a public client that introspects', async () => {
    await expect(
      obtainToken({ issuer: psc.issuer, client, scope: 'openid', account: 'doctor-a', password: 'x' }),
    ).rejects.toThrow('no code: page 401');
    await expect(tokenOf('secretary-b')).rejects.toThrow('no code: page 401');
    const { accessToken } = await tokenOf('doctor-b', { client: software });
    const response = await fetch(`${psc.issuer}/protocol/openid-connect/token/introspect`, {
      method: 'POST',
      body: new URLSearchParams({ token: accessToken, client_id: software.id }),
    });
    expect(await response.json()).toEqual({ active: false });
  });

  it('shows a French login page without script', async () => {
    const url = new URL(`${psc.issuer}/auth`);
    url.search = new URLSearchParams({
      client_id: client.id,
      redirect_uri: client.redirectUri,
      response_type: 'code',
      scope: 'openid scope_all',
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
    }).toString();
    const first = await fetch(url, { redirect: 'manual' });
    const cookie = first.headers.getSetCookie().map((line) => line.split(';')[0]);
    const page = await fetch(new URL(first.headers.get('location') ?? '', psc.issuer), {
      headers: { cookie: cookie.join('; ') },
    });
    const html = await page.text();
    expect(html).toContain('<html lang="fr">');
    expect(html).toContain('<label for="password">Mot de passe</label>');
    expect(html).not.toContain('<script');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});
