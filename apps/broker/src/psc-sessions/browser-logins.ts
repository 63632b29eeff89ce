import { LRUCache } from 'lru-cache';
import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import { BrokerError, type Clock } from '#core';
import type { Issuers } from '../persons/issuers.ts';
import type { IssuedTokens, LoginSecrets } from '../persons/oidc-issuer.ts';
import type { SignedIn } from '../persons/persons-of.ts';
import { PSC_SESSION_LIMITS } from './session-registry.ts';

/** ms to answer the question of the page, and to follow a logout address */
const TICKET_MS = 300_000;
/** more than all partners may have waiting together is pushed out, oldest first */
const KEPT = 10_000;

interface Login extends LoginSecrets {
  session: string;
  until: number;
}

export interface Confirming {
  session: string;
  who: SignedIn;
  tokens: IssuedTokens;
  until: number;
}

/**
 * The browser's part of a session by code flow: to Pro Santé Connect and back to the people port, then one question.
 * Without the question, a link sent to a doctor who is signed in would open a session for whoever sent it.
 */
export class BrowserLogins {
  readonly #logins = new LRUCache<string, Login>({ max: KEPT });
  readonly #confirming = new LRUCache<string, Confirming>({ max: KEPT });
  readonly #logouts = new LRUCache<string, { idToken: string; until: number }>({ max: KEPT });

  /** @param origin of the people port as browsers see it */
  constructor(
    private readonly issuers: Issuers,
    private readonly clock: Clock,
    private readonly origin: () => string,
  ) {}

  /** @returns where the software sends the person's browser */
  async begin(session: string): Promise<string> {
    const login: Login = {
      session,
      until: this.#now() + PSC_SESSION_LIMITS.code,
      state: randomState(),
      nonce: randomNonce(),
      verifier: randomPKCECodeVerifier(),
      redirectUri: `${this.origin()}/auth/psc-sessions/callback`,
    };
    const url = await this.issuers.byIdOrRefuse('psc').authorizationUrl(login);
    this.#logins.set(login.state, login);
    return url;
  }

  /** The session of that state, and how to redeem: separate, so that a refusal is told to the software that waits. */
  came(query: string): { session: string; redeem(): Promise<{ who: SignedIn; tokens: IssuedTokens }> } {
    const login = take(this.#logins, new URLSearchParams(query).get('state') ?? '', this.#now());
    const callback = new URL(login.redirectUri);
    callback.search = query;
    return {
      session: login.session,
      redeem: () => this.issuers.byIdOrRefuse('psc').redeem(callback, login),
    };
  }

  /** @returns a ticket, for the answer of the person who is looking at the page */
  ask(session: string, signedIn: { who: SignedIn; tokens: IssuedTokens }): string {
    const ticket = randomState();
    this.#confirming.set(ticket, { session, ...signedIn, until: this.#now() + TICKET_MS });
    return ticket;
  }

  /** @throws BrokerError `person.unauthenticated`: used, too old, or invented */
  answered(ticket: string): Confirming {
    return take(this.#confirming, ticket, this.#now());
  }

  /** Of Relais' own, good once: the id_token goes to the browser that follows it, never to the software. */
  logoutUrl(idToken: string): string {
    const ticket = randomState();
    this.#logouts.set(ticket, { idToken, until: this.#now() + TICKET_MS });
    return `${this.origin()}/auth/psc-sessions/logout?ticket=${ticket}`;
  }

  async leave(ticket: string): Promise<string> {
    const { idToken } = take(this.#logouts, ticket, this.#now());
    return this.issuers.byIdOrRefuse('psc').endSessionUrl(idToken, `${this.origin()}/`, randomState());
  }

  #now(): number {
    return this.clock.now().getTime();
  }
}

function take<T extends { until: number }>(kept: LRUCache<string, T>, key: string, now: number): T {
  const found = kept.get(key);
  kept.delete(key);
  if (found === undefined || found.until <= now) {
    throw new BrokerError('person.unauthenticated', { detail: 'Cette connexion n’est plus valable.' });
  }
  return found;
}
