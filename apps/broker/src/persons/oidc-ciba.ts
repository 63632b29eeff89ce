import { setTimeout as sleep } from 'node:timers/promises';
import {
  initiateBackchannelAuthentication,
  pollBackchannelAuthenticationGrant,
  ResponseBodyError,
} from 'openid-client';
import { BrokerError } from '#core';
import type { IssuedTokens, OidcIssuer } from './oidc-issuer.ts';
import type { SignedIn } from './persons-of.ts';

/** The means that the person is asked to use: card in its reader, or phone. */
export const CIBA_CHANNELS = ['CARD', 'MOBILE'] as const;
export type CibaChannel = (typeof CIBA_CHANNELS)[number];

export interface CibaOrder {
  loginHint: string;
  /** two digits, shown by both */
  bindingMessage: string;
  channel?: CibaChannel;
}

export type CibaAnswer =
  | { outcome: 'granted'; who: SignedIn; tokens: IssuedTokens }
  | { outcome: 'refused' | 'expired' };

export interface Ringing {
  /** seconds that the person has */
  expiresIn: number;
  /**
   * Polls as the issuer says (`interval`, `slow_down`) until there is an answer or `signal` ends it; an issuer that is
   * away for a moment is asked again.
   *
   * @throws BrokerError `person.unauthenticated` for an answer that does not hold
   */
  answer(signal: AbortSignal): Promise<CibaAnswer>;
}

/** After an issuer that could not be reached, ms. */
const AWAY_MS = 1_000;
/** whatever the issuer says, nobody is waited for longer */
const LONGEST_SECONDS = 600;

/** OpenID CIBA in poll mode. @throws BrokerError `gate.feature-off` when the issuer has none, `person.unauthenticated` */
export async function ring(issuer: OidcIssuer, order: CibaOrder): Promise<Ringing> {
  const { scope, acr } = issuer.settings;
  const asked = await issuer.attempt(async (configuration) => {
    if (configuration.serverMetadata().backchannel_authentication_endpoint === undefined) {
      throw new BrokerError('gate.feature-off', { detail: 'CIBA n’est pas ouvert chez le fournisseur.' });
    }
    return initiateBackchannelAuthentication(configuration, {
      scope,
      acr_values: acr,
      login_hint: order.loginHint,
      binding_message: order.bindingMessage,
      ...(order.channel === undefined ? {} : { channel: order.channel }),
    });
  });

  const expiresIn = Math.min(asked.expires_in, LONGEST_SECONDS);

  const once = (signal: AbortSignal): Promise<CibaAnswer> =>
    issuer.attempt(async (configuration) => {
      try {
        const granted = await pollBackchannelAuthenticationGrant(configuration, asked, undefined, { signal });
        return { outcome: 'granted', ...(await issuer.accept(configuration, granted)) };
      } catch (error) {
        if (error instanceof ResponseBodyError && error.error === 'access_denied')
          return { outcome: 'refused' };
        if (error instanceof ResponseBodyError && error.error === 'expired_token')
          return { outcome: 'expired' };
        throw error;
      }
    });

  return {
    expiresIn,
    answer: async (stop) => {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(expiresIn * 1000)]);
      while (!signal.aborted) {
        try {
          return await once(signal);
        } catch (error) {
          if (signal.aborted) break;
          if (!(error instanceof BrokerError) || error.next !== 'retry') throw error;
          await sleep(AWAY_MS, undefined, { signal }).catch(() => undefined);
        }
      }
      return { outcome: 'expired' };
    },
  };
}
