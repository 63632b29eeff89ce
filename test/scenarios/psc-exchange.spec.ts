/** RFC 8693: a token of Pro Santé Connect against a token of Relais, bound to the certificate on every call. */
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import {
  allowInsecureRequests,
  Configuration,
  customFetch,
  genericGrantRequest,
  TlsClientAuth,
} from 'openid-client';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clock } from '#core';
import { CLOCK } from '../../apps/broker/src/tokens.ts';
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import { binary, compact } from '../builders/intake.ts';
import { journal, rows } from '../builders/portability.ts';
import { secondCertificate } from '../builders/psc.ts';
import { type Answer, aRelais, ask, type TestRelais } from '../builders/relais.ts';

const TYPES = 'urn:ietf:params:oauth:token-type:';
const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
const MINUTE = 60_000;

let relais: TestRelais;
beforeAll(async () => {
  relais = await aRelais({ RELAIS_API_TOKEN_MINUTES: '30' });
});
afterAll(() => relais.close());

const fresh = (account: DemoAccount = 'doctor-b') => relais.people.tokenOf(account);
const form = async (changes: Record<string, string | undefined> = {}): Promise<URLSearchParams> => {
  const parameters: Record<string, string | undefined> = {
    grant_type: GRANT,
    client_id: 'spsti-b',
    subject_token: 'subject_token' in changes ? '' : await fresh(),
    subject_token_type: `${TYPES}access_token`,
    scope: 'relais',
    ...changes,
  };
  return new URLSearchParams(
    Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
};
const exchange = (body: URLSearchParams, as = 'spsti-b'): Promise<Answer> =>
  relais.as(as)('/oauth2/token', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: body.toString(),
  });
const partners = (as: string, token: unknown) =>
  relais.as(as)('/v1/partners', { headers: { authorization: `Bearer ${String(token)}` } });
const refused = (status: number, error: string, code: string) =>
  expect.objectContaining({ status, json: expect.objectContaining({ error, code }) });
const unauthenticated = expect.objectContaining({
  status: 401,
  json: expect.objectContaining({ code: 'person.unauthenticated' }),
});

describe('an exchange', () => {
  it('gives a third-party OAuth client a token that opens /v1 as the person', async () => {
    const pair = relais.demo.paths.partner('spsti-b').client;
    const dispatcher = new Agent({
      connect: {
        cert: readFileSync(pair.crt, 'utf8'),
        key: readFileSync(pair.key, 'utf8'),
        ca: readFileSync(relais.demo.paths.ca.crt, 'utf8'),
      },
    });
    const configuration = new Configuration(
      { issuer: relais.partnersUrl, token_endpoint: `${relais.partnersUrl}/oauth2/token` },
      'spsti-b',
      undefined,
      TlsClientAuth(),
    );
    allowInsecureRequests(configuration);
    configuration[customFetch] = (url, options) =>
      undiciFetch(url, { ...(options as object), dispatcher }) as unknown as Promise<Response>;
    const parameters = {
      subject_token: await fresh(),
      subject_token_type: `${TYPES}access_token`,
      scope: 'relais',
    };
    const tokens = await genericGrantRequest(configuration, GRANT, parameters);
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 1800, scope: 'relais' });
    const { json } = await relais.as('spsti-b')('/v1/messages', {
      headers: { ...binary(), authorization: `Bearer ${tokens.access_token}` },
      body: compact,
    });
    const [row] = rows(relais, 'SELECT person FROM message WHERE id = ?', String(json['id']));
    const entry = journal(relais).find(({ kind }) => kind === 'psc-token.exchanged');
    expect(entry).toMatchObject({
      actor: `person:${String(row?.['person'])}`,
      details: { partner: 'spsti-b' },
    });
    // and is told in its own words why not
    await expect(genericGrantRequest(configuration, GRANT, parameters)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await dispatcher.close();
  });

  it('is bound: another certificate, another partner or the people port make nothing of the token', async () => {
    const { status, json, headers } = await exchange(await form());
    expect({ status, cache: headers['cache-control'] }).toEqual({ status: 200, cache: 'no-store' });
    const token = json['access_token'];
    expect((await partners('spsti-b', token)).status).toBe(200);
    const second = await secondCertificate(relais, 'spsti-b');
    for (const other of [second, 'spsti-a']) expect(await partners(other, token)).toEqual(unauthenticated);
    const authorization = `Bearer ${String(token)}`;
    expect(await ask(`${relais.peopleUrl}/v1/partners`, { headers: { authorization } })).toEqual(
      unauthenticated,
    );
  });

  it('gives a token that lives as long as the setting says', async () => {
    const { json } = await exchange(await form());
    relais.advance(30 * MINUTE - 5_000);
    expect((await partners('spsti-b', json['access_token'])).status).toBe(200);
    relais.advance(5_000);
    expect(await partners('spsti-b', json['access_token'])).toEqual(unauthenticated);
  });

  it('takes a token once, also when two ask at the same time', async () => {
    const same = await form();
    const answers = await Promise.all([exchange(same), exchange(same), exchange(same)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    expect(await exchange(same)).toEqual(refused(400, 'invalid_grant', 'person.unauthenticated'));
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['without scope', { scope: undefined }, 'invalid_scope'],
    ['for more than it opens', { scope: 'relais openid' }, 'invalid_scope'],
    ['of another grant', { grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    ['without client', { client_id: undefined }, 'invalid_request'],
    ['of a refresh token', { subject_token_type: `${TYPES}refresh_token` }, 'invalid_request'],
    ['for an id_token', { requested_token_type: `${TYPES}id_token` }, 'invalid_request'],
    ['from another issuer', { subject_issuer: 'google' }, 'invalid_request'],
    ['for another audience', { audience: 'https://elsewhere.example' }, 'invalid_target'],
    ['for a resource', { resource: 'https://elsewhere.example' }, 'invalid_target'],
    ['with a type of actor and no actor', { actor_token_type: `${TYPES}jwt` }, 'invalid_request'],
  ])('%s is refused', async (_, changes, error) => {
    expect(await exchange(await form(changes))).toEqual(refused(400, error, 'content.invalid'));
  });

  it('with a parameter twice, or as JSON, is refused', async () => {
    const twice = await form();
    twice.append('scope', 'relais');
    expect(await exchange(twice)).toEqual(refused(400, 'invalid_request', 'content.invalid'));
    const headers = { 'content-type': 'application/json' };
    expect(await relais.as('spsti-b')('/oauth2/token', { headers, body: '{}' })).toEqual(
      refused(400, 'invalid_request', 'content.invalid'),
    );
  });

  it('is refused to a client id that is not the certificate’s, and to a person of another service', async () => {
    expect(await exchange(await form({ client_id: 'spsti-a' }))).toEqual(
      refused(401, 'invalid_client', 'client.unauthenticated'),
    );
    expect(await exchange(await form({ subject_token: await fresh('doctor-a') }))).toEqual(
      refused(400, 'invalid_grant', 'role.not-allowed'),
    );
    expect(await exchange(await form({ subject_token: 'nonsense' }))).toEqual(
      refused(400, 'invalid_grant', 'person.unauthenticated'),
    );
  });

  it('chains nothing: a token of Relais is no token of Pro Santé Connect', async () => {
    const { json } = await exchange(await form());
    expect(await exchange(await form({ subject_token: String(json['access_token']) }))).toEqual(
      refused(400, 'invalid_grant', 'person.unauthenticated'),
    );
  });
});

describe('what the software says of itself', () => {
  const key = (as = 'spsti-b') =>
    createPrivateKey(readFileSync(relais.demo.paths.partner(as).client.key, 'utf8'));
  const said = {
    lps_nom: 'Logiciel d’essai',
    lps_id: 'LPS-1',
    lps_version: '1.2',
    situation_exercice: '10C',
  };
  const signed = (header: JWTHeaderParameters = { alg: 'ES256' }, claims: JWTPayload = {}, as = 'spsti-b') =>
    new SignJWT({ ...said, iat: Math.floor(relaisNow() / 1000), ...claims })
      .setProtectedHeader(header)
      .sign(key(as));
  const relaisNow = () => relais.broker.app.get<Clock>(CLOCK).now().getTime();
  const withActor = async (actor_token: string) =>
    exchange(await form({ actor_token, actor_token_type: `${TYPES}jwt` }));

  it('is in the journal, when the key of the certificate signed it', async () => {
    expect((await withActor(await signed())).status).toBe(200);
    expect(journal(relais).findLast(({ kind }) => kind === 'psc-token.exchanged')).toMatchObject({
      details: {
        partner: 'spsti-b',
        lps_nom: said.lps_nom,
        lps_id: said.lps_id,
        lps_version: said.lps_version,
      },
    });
  });

  const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  it.each<[string, () => string | Promise<string>]>([
    ['another partner’s key', () => signed({ alg: 'ES256' }, {}, 'spsti-a')],
    ['alg none', () => `${b64({ alg: 'none' })}.${b64(said)}.`],
    [
      'its public key as a secret',
      async () => {
        const secret = readFileSync(relais.demo.paths.partner('spsti-b').client.crt);
        return new SignJWT(said).setProtectedHeader({ alg: 'HS256' }).setIssuedAt().sign(secret);
      },
    ],
    [
      'an extension that is not known',
      () => {
        const now = Math.floor(relaisNow() / 1000);
        const input = `${b64({ alg: 'ES256', crit: ['urn:unknown'], 'urn:unknown': true })}.${b64({ ...said, iat: now })}`;
        const signature = sign('sha256', Buffer.from(input), { key: key(), dsaEncoding: 'ieee-p1363' });
        return `${input}.${signature.toString('base64url')}`;
      },
    ],
    ['an old date', () => signed({ alg: 'ES256' }, { iat: Math.floor(Date.now() / 1000) - 7_200 })],
    ['no date', () => new SignJWT(said).setProtectedHeader({ alg: 'ES256' }).sign(key())],
  ])('is refused with %s', async (_, actor) => {
    expect(await withActor(await actor())).toEqual(refused(400, 'invalid_grant', 'person.unauthenticated'));
  });
});

it('no token is in the log, the database or the journal', async () => {
  const subject = await fresh();
  const { json } = await exchange(await form({ subject_token: subject }));
  const kept = [
    relais.logged(),
    JSON.stringify(journal(relais)),
    ...rows(relais, `SELECT name FROM sqlite_master WHERE type = 'table'`).flatMap(({ name }) =>
      rows(relais, `SELECT * FROM "${String(name)}"`).flatMap((row) => Object.values(row).map(String)),
    ),
  ].join('\n');
  expect(kept).toContain('psc-token.exchanged');
  for (const secret of [subject, String(json['access_token'])]) {
    expect(secret.length).toBeGreaterThan(40);
    expect(kept).not.toContain(secret);
  }
});
