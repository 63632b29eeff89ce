import { randomInt } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import {
  BrokerError,
  type Clock,
  type Directory,
  type Ids,
  type JournalEntry,
  type Partner,
  type Person,
  recordEntry,
  type UnitOfWork,
  write,
} from '#core';
import type { Issuers } from '../persons/issuers.ts';
import { type CibaChannel, ring } from '../persons/oidc-ciba.ts';
import type { IssuedTokens } from '../persons/oidc-issuer.ts';
import type { ClientCertificate } from '../persons/person-of-request.ts';
import { choosePerson, personsOf, type SignedIn } from '../persons/persons-of.ts';
import type { BrowserLogins } from './browser-logins.ts';
import { newHandle } from './handle.ts';
import { LiveTokens } from './live-tokens.ts';
import { belongsTo, type PscSession } from './psc-session.ts';
import { PSC_SESSION_LIMITS, SessionRegistry } from './session-registry.ts';
import { type SessionView, viewOf } from './session-view.ts';

export type SessionOrder = { flow: 'code' } | { flow: 'ciba'; rpps: string; channel?: CibaChannel };

export interface SessionPorts {
  issuers: Issuers;
  directory: Directory;
  clock: Clock;
  ids: Ids;
  unitOfWork: Pick<UnitOfWork, 'commit'>;
  logins: BrowserLogins;
  /** a wait that ended by a fault of ours or of the issuer */
  onFailure(error: unknown): void;
}

/**
 * Sessions of Pro Santé Connect that Relais keeps for partners' thick clients: client secret and tokens stay here, the
 * software gets a handle that only its own certificate can use. In the memory of this process.
 */
export class PscSessions {
  readonly #registry: SessionRegistry;
  /** a phone that was refused, left to ring or rung off so often in an hour is left in peace, whoever asks */
  readonly #unwanted = new RateLimiterMemory({ points: 5, duration: 3600 });

  constructor(private readonly ports: SessionPorts) {
    this.#registry = new SessionRegistry(ports.clock, (session, pseudonym, why) =>
      this.#journal('psc-session.ended', session, pseudonym, { why }),
    );
  }

  /** @throws BrokerError `rate.exceeded` | `state.conflict` | `gate.feature-off` | `person.unauthenticated`, `transport` codes */
  async begin(owner: ClientCertificate, order: SessionOrder): Promise<SessionView> {
    const session: PscSession = {
      id: this.ports.ids.next(),
      flow: order.flow,
      partner: owner.partner,
      thumbprint: owner.thumbprint,
      code: String(randomInt(100)).padStart(2, '0'),
      state: 'pending',
      until: this.#now() + PSC_SESSION_LIMITS.code,
      ...(order.flow === 'ciba' ? { rpps: order.rpps } : {}),
    };
    if (order.flow === 'ciba') await this.#leaveInPeace(order.rpps);
    await this.#registry.add(session);
    try {
      if (order.flow === 'ciba') await this.#ring(session, order);
      else return { ...viewOf(session), authorizationUrl: await this.ports.logins.begin(session.id) };
      return viewOf(session);
    } catch (error) {
      await this.#registry.remove(session, 'provider');
      throw error;
    }
  }

  /** The handle is in the first answer that says `open`, and nowhere afterwards. @throws BrokerError `not-found` */
  async look(owner: ClientCertificate, id: string): Promise<SessionView> {
    const session = await this.#registry.owned(id, owner);
    if (session.open === undefined || session.open.handle !== undefined) return viewOf(session);
    const handle = newHandle();
    this.#registry.give(session, handle);
    return { ...viewOf(session), handle };
  }

  /**
   * Ends the session here; with `provider` at Pro Santé Connect too, as far as it can be told.
   *
   * @throws BrokerError `not-found`
   */
  async close(
    owner: ClientCertificate,
    id: string,
    options: { provider: boolean },
  ): Promise<{ psc: 'kept' | 'revoked' | 'not-revoked'; logoutUrl?: string }> {
    const session = await this.#registry.owned(id, owner);
    const { open, flow, rpps, state } = session;
    // withdrawn and asked again, it would ring all the same
    if (rpps !== undefined && state === 'pending') await this.#unwanted.penalty(rpps);
    await this.#registry.remove(session, 'logout');
    if (!options.provider || open === undefined) return { psc: 'kept' };
    const logoutUrl = flow === 'code' ? this.ports.logins.logoutUrl(open.tokens.idToken) : undefined;
    return {
      psc: (await open.tokens.revoke()) ? 'revoked' : 'not-revoked',
      ...(logoutUrl === undefined ? {} : { logoutUrl }),
    };
  }

  /** Who a handle speaks for; counts as use. @throws BrokerError `person.unauthenticated`, `transport.unreachable` */
  async persons(handle: string, certificate: ClientCertificate | undefined): Promise<readonly Person[]> {
    return [(await this.#held(handle, certificate)).open.person];
  }

  /** @throws BrokerError `person.unauthenticated` | `not-found`: the handle is of another session | `content.invalid` */
  async openMailbox(
    handle: string,
    certificate: ClientCertificate | undefined,
    order: { id: string; address: string },
  ): Promise<SessionView> {
    const { session, open } = await this.#held(handle, certificate);
    if (session.id !== order.id) throw new BrokerError('not-found');
    const mailbox = mailboxOf(this.ports.directory.partner(session.partner), this.ports.clock.now());
    if (mailbox === undefined || mailbox !== order.address.toLowerCase()) {
      throw new BrokerError('content.invalid', {
        findings: [
          {
            pointer: '/address',
            code: 'mailbox.not-mandated',
            detail: 'Aucun mandat en cours sur cette boîte, ou elle s’ouvre par certificat.',
          },
        ],
      });
    }
    open.mailbox = mailbox;
    await this.#journal('psc-session.mailbox', session, open.person.pseudonym, {});
    return viewOf(session);
  }

  /** Relais' own use, not the person's: it keeps no session from falling idle. */
  async tokenFor(address: string): Promise<string | undefined> {
    for (const session of await this.#registry.withMailbox(address.toLowerCase())) {
      const partner = this.ports.directory.partner(session.partner);
      if (mailboxOf(partner, this.ports.clock.now()) !== session.open?.mailbox) continue;
      const token = await this.#accessOf(session);
      if (token !== undefined) return token;
    }
    return undefined;
  }

  /**
   * Somebody signed in, by browser and confirmed or by phone.
   *
   * @throws BrokerError `role.not-allowed`: not somebody of that partner, `state.conflict`: nobody waits any more
   */
  async opened(id: string, signedIn: { who: SignedIn; tokens: IssuedTokens }): Promise<void> {
    const session = this.#waiting(id);
    const { who, tokens } = signedIn;
    const person = this.mayOpen(id, who);
    await this.#journal('psc-session.opened', session, person.pseudonym, { flow: session.flow });
    const at = this.#now();
    const issuer = this.ports.issuers.byIdOrRefuse(who.issuer.id);
    const live = new LiveTokens(issuer, this.ports.clock, who.sub, tokens);
    this.#waiting(id).open = { person, tokens: live, openedAt: at, seenAt: at };
    session.state = 'open';
  }

  /** @throws BrokerError `role.not-allowed` | `person.unauthenticated`: not the person who was asked | `state.conflict` */
  mayOpen(id: string, who: SignedIn): Person {
    const session = this.#waiting(id);
    const person = choosePerson(personsOf(who, this.ports.directory), session.partner);
    if (session.rpps !== undefined && person.rpps !== session.rpps) {
      throw new BrokerError('person.unauthenticated', { detail: 'Une autre personne a répondu.' });
    }
    return person;
  }

  refused(id: string, reason: BrokerError): void {
    const session = this.#registry.byId(id);
    if (session?.state !== 'pending') return;
    session.state = 'refused';
    session.reason = reason.code;
    session.until = this.#now() + PSC_SESSION_LIMITS.remembered;
  }

  /** Name of the partner whose software waits, and what it shows. @throws BrokerError `state.conflict` */
  asking(id: string): { partner: string; code: string } {
    const { partner, code } = this.#waiting(id);
    return { partner: this.ports.directory.partner(partner)?.name ?? partner, code };
  }

  async stop(): Promise<void> {
    await this.#registry.endAll();
  }

  async #ring(session: PscSession, order: { rpps: string; channel?: CibaChannel }): Promise<void> {
    const issuer = this.ports.issuers.byIdOrRefuse('psc');
    const ringing = await ring(issuer, {
      loginHint: issuer.settings.cibaHint === 'rpps' ? order.rpps : `8${order.rpps}`,
      bindingMessage: session.code,
      ...(order.channel === undefined ? {} : { channel: order.channel }),
    });
    session.until = this.#now() + ringing.expiresIn * 1000;
    session.stop = new AbortController();
    void this.#heard(session, ringing.answer(session.stop.signal));
  }

  /** Nobody waits for this: whatever happens becomes the state of the session. */
  async #heard(session: PscSession, answer: ReturnType<Awaited<ReturnType<typeof ring>>['answer']>) {
    try {
      const answered = await answer;
      if (answered.outcome !== 'granted' && session.state === 'pending' && session.rpps !== undefined)
        await this.#unwanted.penalty(session.rpps);
      if (answered.outcome === 'granted') await this.opened(session.id, answered);
      else if (answered.outcome === 'refused')
        this.refused(session.id, new BrokerError('person.unauthenticated'));
      else if (session.state === 'pending') await this.#registry.end(session, 'idle');
    } catch (error) {
      const known = error instanceof BrokerError && error.next === 'reject';
      this.refused(session.id, known ? error : new BrokerError('person.unauthenticated'));
      if (!known) this.ports.onFailure(error);
    }
  }

  /** @throws BrokerError `rate.exceeded` */
  async #leaveInPeace(rpps: string): Promise<void> {
    const so = await this.#unwanted.get(rpps);
    if (so !== null && so.remainingPoints <= 0) {
      throw new BrokerError('rate.exceeded', { retryAfter: Math.ceil(so.msBeforeNext / 1000) });
    }
  }

  #waiting(id: string): PscSession {
    const session = this.#registry.byId(id);
    if (session?.state !== 'pending' || session.until <= this.#now()) {
      throw new BrokerError('state.conflict', { detail: 'Ce logiciel n’attend plus cette connexion.' });
    }
    return session;
  }

  async #held(handle: string, certificate: ClientCertificate | undefined) {
    const session = await this.#registry.byHandle(handle);
    if (session === undefined || certificate === undefined || !belongsTo(session, certificate)) {
      throw new BrokerError('person.unauthenticated');
    }
    if ((await this.#accessOf(session)) === undefined || session.open === undefined) {
      throw new BrokerError('person.unauthenticated', {
        detail: 'La session Pro Santé Connect est terminée.',
      });
    }
    session.open.seenAt = this.#now();
    return { session, open: session.open };
  }

  /** undefined, and the session over, when Pro Santé Connect says so. */
  async #accessOf(session: PscSession): Promise<string | undefined> {
    try {
      return await session.open?.tokens.access();
    } catch (error) {
      if (!(error instanceof BrokerError) || error.code !== 'person.unauthenticated') throw error;
      await this.#registry.end(session, 'provider');
      return undefined;
    }
  }

  async #journal(kind: string, session: PscSession, pseudonym: string, more: Record<string, string>) {
    const entry: JournalEntry = {
      id: this.ports.ids.next(),
      at: this.ports.clock.now().toISOString(),
      kind,
      actor: `person:${pseudonym}`,
      details: { session: session.id, partner: session.partner, ...more },
    };
    await this.ports.unitOfWork.commit([write('journal.entry', { entry: recordEntry(entry) })]);
  }

  #now(): number {
    return this.ports.clock.now().getTime();
  }
}

/** Address that a person's session may open: mandated now, and without certificate. */
function mailboxOf(partner: Partner | undefined, now: Date): string | undefined {
  const mailbox = partner?.mandate?.mailbox;
  if (mailbox === undefined || mailbox.certificate !== undefined) return undefined;
  const at = now.toISOString();
  return mailbox.from <= at && at < mailbox.to ? mailbox.address.toLowerCase() : undefined;
}
