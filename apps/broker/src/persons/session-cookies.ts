import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BrokerError } from '#core';
import type { Session, Sessions } from './sessions.ts';

const SAFE_METHODS = ['GET', 'HEAD'];

/**
 * The two cookies of the people port: the session, and the mark of a browser that is signing in. HttpOnly,
 * SameSite=Lax (the issuer sends back by a link), Secure and `__Host-` as soon as there is TLS.
 *
 * A request that changes something must come from our own pages: SameSite alone leaves sibling sites, so the
 * browser's `Sec-Fetch-Site`, or else `Origin`, has to say so. A script without either uses a bearer.
 */
export class SessionCookies {
  /** @param origin of the people port as browsers see it, known once it listens */
  constructor(
    private readonly sessions: Sessions,
    private readonly origin: () => string,
  ) {}

  /** @throws BrokerError `person.unauthenticated`: no session, or a change asked from elsewhere */
  session(request: FastifyRequest): Session {
    const session = this.sessions.get(this.sessionId(request) ?? '');
    if (session === undefined) throw new BrokerError('person.unauthenticated');
    if (!SAFE_METHODS.includes(request.method) && !this.sameOrigin(request)) {
      throw new BrokerError('person.unauthenticated', { detail: 'Demande venue d’un autre site.' });
    }
    return session;
  }

  sessionId(request: FastifyRequest): string | undefined {
    return request.cookies[this.name('session')];
  }

  browser(request: FastifyRequest): string | undefined {
    return request.cookies[this.name('login')];
  }

  setSession(reply: FastifyReply, id: string): void {
    reply.setCookie(this.name('session'), id, this.options());
  }

  setBrowser(reply: FastifyReply, id: string): void {
    reply.setCookie(this.name('login'), id, { ...this.options(), maxAge: 600 });
  }

  clear(reply: FastifyReply, which: 'session' | 'login'): void {
    reply.clearCookie(this.name(which), this.options());
  }

  private sameOrigin(request: FastifyRequest): boolean {
    const site = request.headers['sec-fetch-site'];
    return site === undefined ? request.headers.origin === this.origin() : site === 'same-origin';
  }

  private name(which: 'session' | 'login'): string {
    return `${this.secure() ? '__Host-' : ''}relais-${which}`;
  }

  private secure(): boolean {
    return this.origin().startsWith('https:');
  }

  private options(): { httpOnly: true; sameSite: 'lax'; secure: boolean; path: '/' } {
    return { httpOnly: true, sameSite: 'lax', secure: this.secure(), path: '/' };
  }
}
