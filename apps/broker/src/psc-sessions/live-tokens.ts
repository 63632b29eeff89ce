import { refreshTokenGrant, tokenRevocation } from 'openid-client';
import { BrokerError, type Clock } from '#core';
import type { IssuedTokens, OidcIssuer } from '../persons/oidc-issuer.ts';

/** An access token with less left is renewed before it is given, ms. */
const MARGIN_MS = 30_000;
/** when the issuer does not say: the shorter of the two figures known (facts §4.4), seconds */
const USUAL_LIFE = 120;

/**
 * The tokens of one session: in the memory of this process, in fields that no log, error or JSON can show. Renewed
 * without the person as long as Pro Santé Connect agrees.
 */
export class LiveTokens {
  readonly #issuer: OidcIssuer;
  readonly #clock: Clock;
  readonly #sub: string;
  #tokens: IssuedTokens;
  /** ms since the epoch */
  #until: number;
  #renewing: Promise<void> | undefined;

  constructor(issuer: OidcIssuer, clock: Clock, sub: string, tokens: IssuedTokens) {
    this.#issuer = issuer;
    this.#clock = clock;
    this.#sub = sub;
    this.#tokens = tokens;
    this.#until = this.#endOf(tokens);
  }

  /** For the issuer's own logout page. */
  get idToken(): string {
    return this.#tokens.id;
  }

  /**
   * An access token good for a while yet.
   *
   * @throws BrokerError `person.unauthenticated` when the session at the issuer is over, `transport.unreachable`
   */
  async access(): Promise<string> {
    const left = this.#until - this.#clock.now().getTime();
    if (left < MARGIN_MS) {
      const { refresh } = this.#tokens;
      if (refresh !== undefined) await this.#renewed(refresh, left);
      else if (left <= 0) throw new BrokerError('person.unauthenticated');
    }
    return this.#tokens.access;
  }

  /** @returns false when the issuer cannot be told: it offers no revocation, or does not answer */
  async revoke(): Promise<boolean> {
    try {
      return await this.#issuer.attempt(async (configuration) => {
        if (configuration.serverMetadata().revocation_endpoint === undefined) return false;
        const { refresh, access } = this.#tokens;
        if (refresh !== undefined)
          await tokenRevocation(configuration, refresh, { token_type_hint: 'refresh_token' });
        await tokenRevocation(configuration, access, { token_type_hint: 'access_token' });
        return true;
      });
    } catch (error) {
      if (error instanceof BrokerError) return false;
      throw error;
    }
  }

  /** Once for all who wait. An issuer that is away is forgiven as long as the token is good. */
  async #renewed(refresh: string, left: number): Promise<void> {
    this.#renewing ??= this.#renew(refresh).finally(() => {
      this.#renewing = undefined;
    });
    try {
      await this.#renewing;
    } catch (error) {
      if (left <= 0 || !(error instanceof BrokerError) || error.next !== 'retry') throw error;
    }
  }

  async #renew(refresh: string): Promise<void> {
    await this.#issuer.attempt(async (configuration) => {
      const granted = await refreshTokenGrant(configuration, refresh);
      const claims = granted.claims();
      const { acr, clientId } = this.#issuer.settings;
      // an issuer need not repeat it all; what it repeats must still be the same person, level and client
      if (
        claims !== undefined &&
        (claims.sub !== this.#sub ||
          (claims['acr'] !== undefined && claims['acr'] !== acr) ||
          (claims.azp !== undefined && claims.azp !== clientId))
      ) {
        throw new BrokerError('person.unauthenticated');
      }
      this.#tokens = {
        access: granted.access_token,
        id: granted.id_token ?? this.#tokens.id,
        refresh: granted.refresh_token ?? refresh,
        ...(granted.expires_in === undefined ? {} : { expiresIn: granted.expires_in }),
      };
      this.#until = this.#endOf(this.#tokens);
    });
  }

  #endOf({ expiresIn = USUAL_LIFE }: IssuedTokens): number {
    return this.#clock.now().getTime() + expiresIn * 1000;
  }
}
