import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { type AccessToken, type Configuration, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { logoutPage, messagePage, PAGE_HEADERS } from './pages.ts';
import type { Realm } from './realm.ts';
import { realmStore } from './realm-store.ts';

/** The OpenID provider of one realm, with PSC's paths (facts §4.1), scopes, acr and claims. */
export function realmProvider(realm: Realm, issuer: string): Provider {
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
      openid: ['sub'],
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
    },
    features: {
      devInteractions: { enabled: false },
      introspection: {
        enabled: true,
        allowedPolicy: (_ctx, client) => client.clientAuthMethod !== 'none',
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
    },
    clients: realm.clients.map((client) => ({
      client_id: client.id,
      ...(client.secret === undefined ? {} : { client_secret: client.secret }),
      token_endpoint_auth_method: client.secret === undefined ? 'none' : 'client_secret_basic',
      redirect_uris: [...client.redirectUris],
      post_logout_redirect_uris: [...(client.postLogoutRedirectUris ?? [])],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    })),
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    findAccount: (_ctx, sub) => {
      const account = accounts.get(sub);
      return account && { accountId: sub, claims: () => ({ sub, ...account.claims }) };
    },
    extraTokenClaims: (ctx, token) => {
      const { accountId } = token as AccessToken;
      const source = ctx.oidc.entities.AuthorizationCode ?? ctx.oidc.entities.RefreshToken;
      return {
        typ: 'Bearer',
        azp: token.clientId,
        ...(source?.acr === undefined ? {} : { acr: source.acr }),
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
  return new Provider(issuer, configuration);
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
