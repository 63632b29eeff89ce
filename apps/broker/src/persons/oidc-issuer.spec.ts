import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pscIssuer } from './issuer-settings.ts';
import { Issuers } from './issuers.ts';
import { OidcIssuer } from './oidc-issuer.ts';

let server: Server;
let origin: string;
let metadata: Record<string, unknown>;
let answer: { status: number; headers?: Record<string, string>; body: unknown };
let discoveries = 0;
let now = 0;
const clock = { now: () => new Date(now) };

beforeAll(async () => {
  server = createServer((request, response) => {
    const discovery = request.url === '/.well-known/wallet-openid-configuration';
    if (discovery) discoveries += 1;
    const { status, headers, body } = discovery ? { status: 200, headers: {}, body: metadata } : answer;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});
beforeEach(() => {
  now = 0;
  answer = { status: 404, body: {} };
  metadata = {
    issuer: origin,
    authorization_endpoint: `${origin}/auth`,
    token_endpoint: `${origin}/token`,
    userinfo_endpoint: `${origin}/userinfo`,
    introspection_endpoint: `${origin}/introspect`,
    end_session_endpoint: `${origin}/logout`,
    jwks_uri: `${origin}/jwks`,
  };
});

const settings = (browserOrigins: string[] = []) =>
  pscIssuer({ issuer: origin, clientId: 'relais', clientSecret: 's', browserOrigins });
const url = (issuer: OidcIssuer): Promise<string> =>
  issuer.authorizationUrl({ state: 's', nonce: 'n', verifier: 'v', redirectUri: 'http://localhost/back' });

describe('an OpenID issuer', () => {
  it.each([
    'authorization_endpoint',
    'token_endpoint',
    'userinfo_endpoint',
    'introspection_endpoint',
    'end_session_endpoint',
    'jwks_uri',
  ])('whose document sends %s to another host, or nowhere, is not used', async (name) => {
    for (const elsewhere of [
      'https://evil.example/x',
      origin.replace('localhost', '127.0.0.1'),
      'x',
      7,
      undefined,
    ]) {
      metadata[name] = elsewhere;
      await expect(url(new OidcIssuer(settings(), clock))).rejects.toMatchObject({
        code: 'configuration.invalid',
      });
    }
  });

  it('may have its pages, and nothing else, at the other origins of its settings', async () => {
    metadata['authorization_endpoint'] = 'https://wallet.example/auth';
    expect(await url(new OidcIssuer(settings(['https://wallet.example']), clock))).toMatch(
      'https://wallet.example/auth?',
    );
    metadata['token_endpoint'] = 'https://wallet.example/token';
    await expect(url(new OidcIssuer(settings(['https://wallet.example']), clock))).rejects.toMatchObject({
      code: 'configuration.invalid',
    });
  });

  it('that gives another name in its document is not used', async () => {
    metadata['issuer'] = `${origin}/other`;
    await expect(url(new OidcIssuer(settings(), clock))).rejects.toMatchObject({
      code: 'configuration.invalid',
    });
  });

  it('is discovered once an hour, and again at once after a failure', async () => {
    const issuer = new OidcIssuer(settings(), clock);
    const good = metadata;
    metadata = {};
    await expect(url(issuer)).rejects.toThrow();
    metadata = good;
    discoveries = 0;
    await Promise.all([url(issuer), url(issuer), url(issuer)]);
    now = 3_599_999;
    await url(issuer);
    expect(discoveries).toBe(1);
    now = 3_600_000;
    await url(issuer);
    expect(discoveries).toBe(2);
  });

  it('that does not know Relais any more is our configuration’s fault, not the person’s', async () => {
    answer = {
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="x"' },
      body: { error: 'invalid_client' },
    };
    await expect(new OidcIssuer(settings(), clock).introspect('t')).rejects.toMatchObject({
      code: 'configuration.invalid',
    });
    answer = { status: 401, body: { error: 'invalid_client' } };
    await expect(new OidcIssuer(settings(), clock).introspect('t')).rejects.toMatchObject({
      code: 'configuration.invalid',
    });
  });

  it('that refuses the token refuses the person', async () => {
    answer = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' }, body: {} };
    await expect(new OidcIssuer(settings(), clock).whoIs('t', 'sub')).rejects.toMatchObject({
      code: 'person.unauthenticated',
    });
  });

  it('that is ill or away is to be tried again', async () => {
    answer = { status: 502, body: {} };
    await expect(new OidcIssuer(settings(), clock).introspect('t')).rejects.toMatchObject({
      code: 'transport.unreachable',
      next: 'retry',
    });
    const away = pscIssuer({ issuer: 'http://localhost:1', clientId: 'relais', clientSecret: 's' });
    await expect(url(new OidcIssuer(away, clock))).rejects.toMatchObject({ code: 'transport.unreachable' });
  });

  it('without TLS is for this machine only', () => {
    for (const issuer of ['http://issuer.example', 'http://localhost.evil.example', 'http://10.0.0.1']) {
      const remote = pscIssuer({ issuer, clientId: 'relais', clientSecret: 's' });
      expect(() => new OidcIssuer(remote, clock)).toThrow('configuration.invalid');
    }
  });
});

it('two issuers of the same name or id are refused at start', () => {
  const one = settings();
  expect(() => new Issuers([one, { ...one, id: 'spsti-b' }], clock)).toThrow('configuration.invalid');
  expect(() => new Issuers([one, { ...one, issuer: 'https://other.example' }], clock)).toThrow(
    'configuration.invalid',
  );
});
