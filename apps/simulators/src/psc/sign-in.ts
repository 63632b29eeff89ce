import { createHash, randomBytes } from 'node:crypto';
import { Browser, type Page } from './browser.ts';

export interface Credentials {
  account: string;
  password: string;
  /** one-time code */
  otp?: string;
}

/** Opens a place that leads to the simulator's login page, fills it, and goes where that leads. */
export async function signIn(
  browser: Browser,
  url: string,
  credentials: Credentials,
  stop?: (url: URL) => boolean,
): Promise<Page> {
  const page = await browser.open(url, stop === undefined ? {} : { stop });
  if (!page.text.includes('name="password"')) return page;
  return browser.open(page.url, { form: { ...credentials }, ...(stop === undefined ? {} : { stop }) });
}

export interface Tokens {
  accessToken: string;
  idToken: string;
  refreshToken?: string;
  /** seconds */
  expiresIn: number;
}

/**
 * The real authorisation code flow with PKCE, over HTTP, as a partner's software or a test needs it.
 *
 * @param request.acr `acr_values` to ask for; default eidas1
 * @throws Error naming the OAuth error code, never a secret
 */
export async function obtainToken(
  request: Credentials & {
    issuer: string;
    client: { id: string; secret?: string; redirectUri: string };
    scope: string;
    acr?: string;
  },
): Promise<Tokens> {
  const { client } = request;
  const metadata = (await (await fetch(`${request.issuer}/.well-known/openid-configuration`)).json()) as {
    authorization_endpoint: string;
    token_endpoint: string;
  };
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(32).toString('base64url');
  const url = new URL(metadata.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: client.id,
    redirect_uri: client.redirectUri,
    response_type: 'code',
    scope: request.scope,
    acr_values: request.acr ?? 'eidas1',
    state,
    nonce: randomBytes(32).toString('base64url'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const { account, password, otp } = request;
  const credentials = { account, password, ...(otp === undefined ? {} : { otp }) };
  const back = await signIn(new Browser(), url.href, credentials, ({ href }) =>
    href.startsWith(client.redirectUri),
  );
  const answer = new URL(back.url).searchParams;
  const code = answer.get('code');
  if (code === null || answer.get('state') !== state) {
    throw new Error(`no code: ${answer.get('error') ?? `page ${back.status}`}`);
  }
  return redeem(metadata.token_endpoint, client, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: client.redirectUri,
    code_verifier: verifier,
  });
}

async function redeem(
  endpoint: string,
  client: { id: string; secret?: string },
  grant: Record<string, string>,
): Promise<Tokens> {
  const basic = `${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret ?? '')}`;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers:
      client.secret === undefined ? {} : { authorization: `Basic ${Buffer.from(basic).toString('base64')}` },
    body: new URLSearchParams(client.secret === undefined ? { ...grant, client_id: client.id } : grant),
  });
  const tokens = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(`token endpoint: ${String(tokens['error'])}`);
  return {
    accessToken: String(tokens['access_token']),
    idToken: String(tokens['id_token']),
    ...(typeof tokens['refresh_token'] === 'string' ? { refreshToken: tokens['refresh_token'] } : {}),
    expiresIn: Number(tokens['expires_in']),
  };
}
