/** An OpenID issuer that lies where a test asks it to: what a real provider never does, and Relais must refuse. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export interface Lies {
  metadata?: Record<string, unknown>;
  claims?: JWTPayload;
  header?: { alg: string; kid?: string };
  /** instead of a signed id_token */
  idToken?: (claims: JWTPayload) => string | Promise<string>;
  userinfo?: Record<string, unknown>;
  introspection?: Record<string, unknown>;
  /** every endpoint answers this status */
  status?: number;
  /** keys that it publishes instead */
  jwks?: Record<string, unknown>;
  /** that path sends elsewhere */
  redirect?: { path: string; to: string };
  /** that path answers without end */
  endless?: string;
}

export interface ForgedIssuer {
  issuer: string;
  /** set by each test before it signs in */
  lies: Lies;
  /** the nonce of the login under way, which the issuer reads from the authorisation request */
  nonce: string;
  /** everybody has it: a key for the confusion of RS256 with HS256 */
  publicJwk: Record<string, unknown>;
  /** how often each path was asked */
  asked: Record<string, number>;
  close(): Promise<void>;
}

/** @param userinfo claims of the one person it knows, sub `forged` */
export async function startForgedIssuer(userinfo: Record<string, unknown>): Promise<ForgedIssuer> {
  const known = await published('known', 'RS256');
  const unpinned = await published('unpinned', 'RS512');
  const publicJwk = known.jwk;
  const forged: ForgedIssuer = {
    issuer: '',
    lies: {},
    nonce: '',
    publicJwk,
    asked: {},
    close: async () => undefined,
  };

  const answers: Record<string, () => Promise<unknown>> = {
    '/.well-known/openid-configuration': async () => ({
      issuer: forged.issuer,
      authorization_endpoint: `${forged.issuer}/auth`,
      token_endpoint: `${forged.issuer}/token`,
      userinfo_endpoint: `${forged.issuer}/userinfo`,
      introspection_endpoint: `${forged.issuer}/introspect`,
      end_session_endpoint: `${forged.issuer}/logout`,
      jwks_uri: `${forged.issuer}/jwks`,
      // as the discovery document of PSC does
      id_token_signing_alg_values_supported: ['RS256', 'RS512', 'HS256', 'none'],
      ...forged.lies.metadata,
    }),
    '/jwks': async () => forged.lies.jwks ?? { keys: [known.jwk, unpinned.jwk] },
    '/token': async () => {
      const key = forged.lies.header?.alg === unpinned.jwk.alg ? unpinned : known;
      const now = Math.floor(Date.now() / 1000);
      const claims: JWTPayload = {
        iss: forged.issuer,
        sub: 'forged',
        aud: 'relais',
        iat: now,
        exp: now + 300,
        nonce: forged.nonce,
        acr: 'eidas1',
        ...forged.lies.claims,
      };
      const idToken =
        (await forged.lies.idToken?.(claims)) ??
        (await new SignJWT(claims)
          .setProtectedHeader({ alg: key.jwk.alg, kid: key.jwk.kid, ...forged.lies.header })
          .sign(key.privateKey));
      return { access_token: 'forged-token', token_type: 'Bearer', expires_in: 120, id_token: idToken };
    },
    '/userinfo': async () => ({ sub: 'forged', ...userinfo, ...forged.lies.userinfo }),
    '/introspect': async () => ({
      active: true,
      sub: 'forged',
      azp: 'relais',
      acr: 'eidas1',
      typ: 'Bearer',
      exp: Math.floor(Date.now() / 1000) + 120,
      ...forged.lies.introspection,
    }),
  };

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://forged');
    forged.asked[pathname] = (forged.asked[pathname] ?? 0) + 1;
    const { redirect, endless } = forged.lies;
    if (redirect?.path === pathname) {
      response.writeHead(307, { location: redirect.to }).end();
      return;
    }
    if (endless === pathname) {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (!response.destroyed && response.write(' '.repeat(65_536)));
      };
      response.on('drain', more);
      more();
      return;
    }
    const answer = answers[pathname];
    const status = answer === undefined ? 404 : (forged.lies.status ?? 200);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer === undefined ? {} : await answer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  forged.issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  forged.close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return forged;
}

async function published(kid: string, alg: string) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}
