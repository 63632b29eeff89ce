import { LRUCache } from 'lru-cache';
import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import { BrokerError, type Clock, type Directory } from '#core';
import type { Issuers } from './issuers.ts';
import type { LoginSecrets } from './oidc-issuer.ts';
import { choosePerson, personsOf } from './persons-of.ts';
import type { Session, Sessions } from './sessions.ts';

const LOGIN_LIFE_MS = 600_000;
const LOGINS = 10_000;
/** what randomState() draws; anything else that a cookie brings is not kept */
const MARK = /^[A-Za-z0-9_-]{43}$/;

interface Login extends LoginSecrets {
  issuerId: string;
  /** the browser that began */
  browser: string;
  /** on our own origin */
  returnTo: string;
  until: number;
}

/** Signing in by authorisation code and PKCE, and out again. */
export class SignIn {
  private readonly logins = new LRUCache<string, Login>({ max: LOGINS });

  /** @param origin of the people port as browsers see it, known once it listens */
  constructor(
    private readonly issuers: Issuers,
    private readonly sessions: Sessions,
    private readonly directory: Directory,
    private readonly clock: Clock,
    private readonly origin: () => string,
  ) {}

  /**
   * @param request.with id of the issuer
   * @param request.browser mark that the browser already carries
   * @returns where to send the browser, and the mark that it must bring back
   */
  async begin(request: {
    with: string;
    returnTo?: string;
    browser?: string;
  }): Promise<{ url: string; browser: string }> {
    const issuer = this.issuers.byIdOrRefuse(request.with);
    const login: Login = {
      issuerId: request.with,
      browser: request.browser !== undefined && MARK.test(request.browser) ? request.browser : randomState(),
      returnTo: this.safePlace(request.returnTo),
      until: this.clock.now().getTime() + LOGIN_LIFE_MS,
      state: randomState(),
      nonce: randomNonce(),
      verifier: randomPKCECodeVerifier(),
      // one per issuer: the answer of one cannot be passed off as another's
      redirectUri: `${this.origin()}/auth/callback/${request.with}`,
    };
    const url = await issuer.authorizationUrl(login);
    this.logins.set(login.state, login);
    return { url, browser: login.browser };
  }

  /**
   * @param request.query of the callback, as received
   * @param request.previous id of the session that this browser had: it ends here
   * @throws BrokerError `person.unauthenticated` | `role.not-allowed`
   */
  async finish(request: {
    issuerId: string;
    query: string;
    browser: string | undefined;
    previous: string | undefined;
  }): Promise<{ sessionId: string; returnTo: string }> {
    const state = new URLSearchParams(request.query).get('state') ?? '';
    const login = this.logins.get(state);
    this.logins.delete(state);
    if (
      login === undefined ||
      login.until <= this.clock.now().getTime() ||
      login.browser !== request.browser ||
      login.issuerId !== request.issuerId
    ) {
      throw new BrokerError('person.unauthenticated', { detail: 'Cette connexion n’est plus valable.' });
    }
    const callback = new URL(login.redirectUri);
    callback.search = request.query;
    const { who, tokens } = await this.issuers.byIdOrRefuse(login.issuerId).redeem(callback, login);
    const persons = personsOf(who, this.directory);
    if (request.previous !== undefined) this.sessions.close(request.previous);
    const sessionId = this.sessions.open({
      persons,
      ...(persons.length === 1 ? { person: choosePerson(persons) } : {}),
      issuerId: login.issuerId,
      idToken: tokens.id,
    });
    return { sessionId, returnTo: login.returnTo };
  }

  /** Where the browser goes to end its session at the issuer too. */
  async issuerLogout(session: Session): Promise<string> {
    if (session.idToken === undefined) return `${this.origin()}/`;
    return this.issuers
      .byIdOrRefuse(session.issuerId)
      .endSessionUrl(session.idToken, `${this.origin()}/`, randomState());
  }

  /** A full URL of our own origin: a path that a browser could read as another host stays a path. */
  private safePlace(returnTo: string | undefined): string {
    const home = `${this.origin()}/`;
    if (returnTo === undefined || !returnTo.startsWith('/') || !URL.canParse(returnTo, home)) return home;
    const place = new URL(returnTo, home);
    return place.origin === this.origin() ? place.href : home;
  }
}
