import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  ClientSecretBasic,
  Configuration,
  calculatePKCECodeChallenge,
  clockTolerance,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  type IntrospectionResponse,
  type ServerMetadata,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
  tokenIntrospection,
} from 'openid-client';
import { BrokerError, type Clock } from '#core';
import { boundedFetch } from './bounded-fetch.ts';
import { issuerFailure } from './issuer-failure.ts';
import type { IssuerSettings } from './issuer-settings.ts';
import { judgeMeans } from './means-of-sign-in.ts';
import type { SignedIn } from './persons-of.ts';

const ALGORITHMS = ['RS256', 'PS256', 'ES256'] as const;
const TIMEOUT_SECONDS = 5;
const CLOCK_TOLERANCE_SECONDS = 10;
const DISCOVERY_LIFE_MS = 3_600_000;

/** What one sign-in keeps on the server between its two halves. */
export interface LoginSecrets {
  state: string;
  nonce: string;
  /** PKCE code verifier */
  verifier: string;
  redirectUri: string;
}

/** What a token endpoint gave: never stored, never logged. */
export interface IssuedTokens {
  access: string;
  refresh?: string;
  id: string;
  /** life of the access token, seconds; absent when the issuer does not say */
  expiresIn?: number;
}

export type Granted = TokenEndpointResponse & TokenEndpointResponseHelpers;

/**
 * One OpenID issuer as Relais uses it. Nothing is believed of the discovery document but where the endpoints
 * are, and these must stand at the issuer's own origin.
 */
export class OidcIssuer {
  private readonly loopback: boolean;
  private discovered: { until: number; configuration: Promise<Configuration> } | undefined;

  /** @throws BrokerError `configuration.invalid` for plain http elsewhere than on this machine */
  constructor(
    readonly settings: IssuerSettings,
    private readonly clock: Clock,
  ) {
    const { protocol, hostname } = new URL(settings.issuer);
    this.loopback = protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
    if (protocol !== 'https:' && !this.loopback) {
      throw new BrokerError('configuration.invalid', { detail: `émetteur sans TLS : ${settings.id}` });
    }
  }

  async authorizationUrl(secrets: LoginSecrets): Promise<string> {
    return this.attempt(async (configuration) => {
      const url = buildAuthorizationUrl(configuration, {
        redirect_uri: secrets.redirectUri,
        scope: this.settings.scope,
        acr_values: this.settings.acr,
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: await calculatePKCECodeChallenge(secrets.verifier),
        code_challenge_method: 'S256',
      });
      return url.href;
    });
  }

  /**
   * Second half: checks state, iss, signature, aud, azp, exp, nonce and acr, then asks who it is.
   *
   * @param callback the place that the browser was sent back to, rebuilt on Relais' own origin
   * @throws BrokerError `person.unauthenticated`, or a `transport` code when the issuer does not answer
   */
  async redeem(callback: URL, secrets: LoginSecrets): Promise<{ who: SignedIn; tokens: IssuedTokens }> {
    return this.attempt(async (configuration) => {
      const granted = await authorizationCodeGrant(configuration, callback, {
        pkceCodeVerifier: secrets.verifier,
        expectedState: secrets.state,
        expectedNonce: secrets.nonce,
        idTokenExpected: true,
      });
      return this.accept(configuration, granted);
    });
  }

  /** Whatever the flow, once the library has checked the id_token's signature, iss, aud and exp: level, client, person. */
  async accept(
    configuration: Configuration,
    granted: Granted,
  ): Promise<{ who: SignedIn; tokens: IssuedTokens }> {
    const claims = granted.claims();
    if (claims === undefined || granted.id_token === undefined) throw unauthenticated();
    if (claims['acr'] !== this.settings.acr) throw unauthenticated('Niveau d’authentification insuffisant.');
    if (claims.azp !== undefined && claims.azp !== this.settings.clientId) throw unauthenticated();
    this.judge(claims['amr']);
    const person = await fetchUserInfo(configuration, granted.access_token, claims.sub);
    return {
      who: {
        issuer: this.settings,
        sub: claims.sub,
        claims: person,
        at: this.instantOf(claims.auth_time ?? claims.iat),
      },
      tokens: {
        access: granted.access_token,
        id: granted.id_token,
        ...(granted.refresh_token === undefined ? {} : { refresh: granted.refresh_token }),
        ...(granted.expires_in === undefined ? {} : { expiresIn: granted.expires_in }),
      },
    };
  }

  /** @param amr as the issuer states it @throws BrokerError `person.means-too-weak` */
  judge(amr: unknown): void {
    const { means } = this.settings;
    if (means !== undefined) judgeMeans(means, amr, this.clock.now());
  }

  introspect(token: string): Promise<IntrospectionResponse> {
    return this.attempt((configuration) => tokenIntrospection(configuration, token));
  }

  /**
   * @param since when the person signed in, seconds since the epoch, as the issuer says
   * @throws BrokerError `person.unauthenticated` when the answer is about somebody else
   */
  whoIs(token: string, sub: string, since?: unknown): Promise<SignedIn> {
    return this.attempt(async (configuration) => ({
      issuer: this.settings,
      sub,
      claims: await fetchUserInfo(configuration, token, sub),
      at: this.instantOf(since),
    }));
  }

  /** Never later than now, whatever the other side's clock. */
  private instantOf(seconds: unknown): Date {
    const now = this.clock.now();
    return typeof seconds === 'number' && seconds * 1000 < now.getTime() ? new Date(seconds * 1000) : now;
  }

  async endSessionUrl(idToken: string, returnTo: string, state: string): Promise<string> {
    return this.attempt(
      async (configuration) =>
        buildEndSessionUrl(configuration, {
          id_token_hint: idToken,
          post_logout_redirect_uri: returnTo,
          state,
        }).href,
    );
  }

  /** Runs with what discovery told; whatever goes wrong is one of our codes. */
  async attempt<T>(use: (configuration: Configuration) => Promise<T>): Promise<T> {
    try {
      return await use(await this.configuration());
    } catch (error) {
      throw issuerFailure(error);
    }
  }

  private configuration(): Promise<Configuration> {
    const now = this.clock.now().getTime();
    if (this.discovered === undefined || this.discovered.until <= now) {
      const configuration = this.discover();
      const discovered = { until: now + DISCOVERY_LIFE_MS, configuration };
      this.discovered = discovered;
      // an issuer that was down is asked again at the next request
      configuration.catch(() => {
        if (this.discovered === discovered) this.discovered = undefined;
      });
    }
    return this.discovered.configuration;
  }

  private async discover(): Promise<Configuration> {
    const { clientId, clientSecret, discovery: document } = this.settings;
    const found = await discovery(new URL(document), clientId, clientSecret, undefined, {
      timeout: TIMEOUT_SECONDS,
      [customFetch]: boundedFetch,
      execute: this.loopback ? [allowInsecureRequests] : [],
    });
    const configuration = new Configuration(
      this.believed(found.serverMetadata()),
      clientId,
      { [clockTolerance]: CLOCK_TOLERANCE_SECONDS },
      ClientSecretBasic(clientSecret),
    );
    configuration.timeout = TIMEOUT_SECONDS;
    configuration[customFetch] = boundedFetch;
    // without it the library leaves an id_token of the code flow unverified
    enableNonRepudiationChecks(configuration);
    if (this.loopback) allowInsecureRequests(configuration);
    return configuration;
  }

  /** The only lines of a discovery document that are used; algorithms are ours, never its own. */
  private believed(metadata: ServerMetadata): ServerMetadata {
    if (metadata.issuer !== this.settings.issuer) throw misconfigured('issuer');
    const own = [new URL(this.settings.issuer).origin];
    const pages = [...own, ...this.settings.browserOrigins];
    return {
      issuer: metadata.issuer,
      id_token_signing_alg_values_supported: [...ALGORITHMS],
      authorization_endpoint: endpoint(metadata, 'authorization_endpoint', pages),
      end_session_endpoint: endpoint(metadata, 'end_session_endpoint', pages),
      token_endpoint: endpoint(metadata, 'token_endpoint', own),
      userinfo_endpoint: endpoint(metadata, 'userinfo_endpoint', own),
      // whoever comes for what is their own comes by a browser: no token of theirs need be carried here
      ...(this.settings.profile === undefined
        ? { introspection_endpoint: endpoint(metadata, 'introspection_endpoint', own) }
        : optional(metadata, 'introspection_endpoint', own)),
      ...optional(metadata, 'backchannel_authentication_endpoint', own),
      ...optional(metadata, 'revocation_endpoint', own),
      jwks_uri: endpoint(metadata, 'jwks_uri', own),
      authorization_response_iss_parameter_supported:
        metadata.authorization_response_iss_parameter_supported === true,
    };
  }
}

function endpoint(metadata: ServerMetadata, name: string, origins: readonly string[]): string {
  const value = metadata[name];
  if (typeof value !== 'string' || !URL.canParse(value) || !origins.includes(new URL(value).origin)) {
    throw misconfigured(name);
  }
  return value;
}

/** What not every issuer has: absent, or at its own place. */
function optional(
  metadata: ServerMetadata,
  name: string,
  origins: readonly string[],
): Record<string, string> {
  return metadata[name] === undefined ? {} : { [name]: endpoint(metadata, name, origins) };
}

function misconfigured(name: string): BrokerError {
  return new BrokerError('configuration.invalid', {
    detail: `document de découverte OpenID : ${name} inattendu`,
  });
}

function unauthenticated(detail?: string): BrokerError {
  return new BrokerError('person.unauthenticated', detail === undefined ? {} : { detail });
}
