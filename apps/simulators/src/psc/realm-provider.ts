import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import {
  type AccessToken,
  type Configuration,
  errors,
  type KoaContextWithOIDC,
  Provider,
} from 'oidc-provider';
import { forged, type Misbehaviour } from './misbehaviour.ts';
import { logoutPage, messagePage, PAGE_HEADERS } from './pages.ts';
import type { Phone } from './phone.ts';
import type { Realm } from './realm.ts';
import { realmStore } from './realm-store.ts';

const CIBA = 'urn:openid:params:grant-type:ciba';

/** What a test asks a realm to do wrong, from now on. */
export interface Conduct {
  fault?: Misbehaviour;
  /** answers nothing but 503 */
  away?: boolean;
  /** next polls that are told to slow down */
  slowDowns: number;
  /** instants of the polls so far, ms since the epoch */
  polls: number[];
}

/** The OpenID provider of one realm, with PSC's paths (facts §4.1), scopes, acr and claims. */
export function realmProvider(realm: Realm, issuer: string, phone: Phone, conduct: Conduct): Provider {
  const accounts = new Map(realm.accounts.map((account) => [account.sub, account]));
  const key = {
    ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
    kid: randomUUID(),
    use: 'sig',
    alg: 'RS256',
  };
  const openid = '/protocol/openid-connect';
  const configuration: Configuration = {
    adapter: realmStore(),
    acrValues: [realm.acr],
    scopes: ['openid', realm.scope],
    claims: {
      openid: ['sub', 'amr'],
      [realm.scope]: [...new Set(realm.accounts.flatMap((account) => Object.keys(account.claims)))],
    },
    jwks: { keys: [key] } as NonNullable<Configuration['jwks']>,
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      names: cookieNames(realm.path),
    },
    pkce: { required: () => true },
    responseTypes: ['code'],
    routes: {
      authorization: '/auth',
      token: `${openid}/token`,
      introspection: `${openid}/token/introspect`,
      userinfo: `${openid}/userinfo`,
      end_session: `${openid}/logout`,
      jwks: `${openid}/certs`,
      backchannel_authentication: `${openid}/ext/ciba/auth`,
      revocation: `${openid}/revoke`,
    },
    extraParams: ['channel'],
    features: {
      devInteractions: { enabled: false },
      introspection: {
        enabled: true,
        allowedPolicy: (_ctx, client) => client.clientAuthMethod !== 'none',
      },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      ciba: {
        enabled: realm.clients.some(({ ciba }) => ciba),
        deliveryModes: ['poll'],
        processLoginHint: async (_ctx, hint) =>
          realm.accounts.find(({ claims }) => claims['SubjectNameID'] === hint)?.sub,
        verifyUserCode: async () => undefined,
        validateRequestContext: async () => undefined,
        validateBindingMessage: async (_ctx, message) => {
          if (!/^[0-9]{2}$/.test(message ?? '')) throw new errors.InvalidBindingMessage('two digits');
        },
        triggerAuthenticationDevice: async (ctx, request) => {
          const { params } = request as unknown as { params: Record<string, string> };
          const sub = (request as unknown as { accountId: string }).accountId;
          const interval = realm.ciba?.interval;
          // the provider leaves it to the default of the standard
          if (interval !== undefined) ctx.body = { ...(ctx.body as object), interval };
          phone.ring({
            id: (ctx.body as { auth_req_id: string }).auth_req_id,
            loginHint: params['login_hint'] ?? '',
            bindingMessage: params['binding_message'] ?? '',
            channel: params['channel'] ?? '',
            account: accounts.get(sub)?.name ?? '',
            until: Date.now() + (realm.ciba?.expires ?? 120) * 1000,
            clientId: ctx.oidc.client?.clientId ?? '',
            sub,
          });
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => show(ctx, logoutPage(realm.title, form)),
        postLogoutSuccessSource: (ctx) => show(ctx, messagePage(realm.title, 'Votre session est fermée.')),
      },
    },
    interactions: { url: (_ctx, interaction) => `${realm.path}/interaction/${interaction.uid}` },
    ttl: {
      AccessToken: realm.accessTokenSeconds ?? 120,
      RefreshToken: 30 * 60,
      Session: 4 * 3600,
      Grant: 4 * 3600,
      Interaction: 600,
      IdToken: 300,
      BackchannelAuthenticationRequest: realm.ciba?.expires ?? 120,
    },
    clients: realm.clients.map((client) => ({
      client_id: client.id,
      ...(client.secret === undefined ? {} : { client_secret: client.secret }),
      token_endpoint_auth_method: client.secret === undefined ? 'none' : 'client_secret_basic',
      redirect_uris: [...client.redirectUris],
      post_logout_redirect_uris: [...(client.postLogoutRedirectUris ?? [])],
      grant_types: ['authorization_code', 'refresh_token', ...(client.ciba === true ? [CIBA] : [])],
      ...(client.ciba === true ? { backchannel_token_delivery_mode: 'poll' as const } : {}),
      response_types: ['code'],
    })),
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    findAccount: (_ctx, sub) => {
      const account = accounts.get(sub);
      return account && { accountId: sub, claims: () => ({ sub, ...account.claims }) };
    },
    extraTokenClaims: (ctx, token) => {
      const { accountId } = token as AccessToken;
      const { entities } = ctx.oidc;
      const source =
        entities.AuthorizationCode ?? entities.RefreshToken ?? entities.BackchannelAuthenticationRequest;
      return {
        typ: 'Bearer',
        azp: token.clientId,
        ...(source?.acr === undefined ? {} : { acr: source.acr }),
        ...(source?.amr === undefined ? {} : { amr: source.amr }),
        ...(accountId === undefined ? {} : accounts.get(accountId)?.claims),
      };
    },
    // clients are the network's own: nobody is asked to consent
    loadExistingGrant: async (ctx) => {
      const { client, session, provider } = ctx.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const known = session.grantIdFor(client.clientId);
      const grant =
        (known === undefined ? undefined : await provider.Grant.find(known)) ??
        new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope(`openid ${realm.scope}`);
      await grant.save();
      return grant;
    },
    renderError: (ctx, out) => show(ctx, messagePage(realm.title, `Demande refusée : ${out.error}.`)),
  };
  const provider = new Provider(issuer, configuration);
  provider.use(async (ctx, next) => {
    await next();
    const { body, oidc } = ctx as KoaContextWithOIDC & { body: Record<string, unknown> };
    if (oidc?.route !== 'token') return;
    if (oidc.params?.['grant_type'] === CIBA) conduct.polls.push(Date.now());
    if (body['error'] === 'authorization_pending' && conduct.slowDowns > 0) {
      conduct.slowDowns -= 1;
      ctx.body = { error: 'slow_down' };
    }
    if (conduct.fault !== undefined && typeof body['id_token'] === 'string') {
      ctx.body = { ...body, id_token: forged(body['id_token'], conduct.fault, key) };
    }
  });
  phone.attach(provider);
  return provider;
}

/** Cookies ignore ports and realms share a host: each realm has its own names. */
function cookieNames(path: string): { session: string; interaction: string; resume: string } {
  const prefix = `psc${path.replaceAll('/', '-')}`;
  return { session: `${prefix}-session`, interaction: `${prefix}-interaction`, resume: `${prefix}-resume` };
}

function show(ctx: KoaContextWithOIDC, html: string): void {
  ctx.set({ ...PAGE_HEADERS });
  ctx.body = html;
}
