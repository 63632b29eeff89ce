import { BrokerError, type Clock } from '#core';
import type { ClientCertificate } from '../persons/person-of-request.ts';
import { SESSION_LIMITS } from '../persons/sessions.ts';
import { hashOfHandle } from './handle.ts';
import { belongsTo, type PscSession, type SessionEnd } from './psc-session.ts';

export const PSC_SESSION_LIMITS = {
  /** of one partner, waiting for somebody */
  pending: 200,
  /** of one partner, open */
  open: 2_000,
  /** ms that the person has to sign in with a browser */
  code: 600_000,
  /** ms that the end of a session can still be read */
  remembered: 600_000,
} as const;

/** Sessions in the memory of this process. No partner's sessions push out another's. */
export class SessionRegistry {
  readonly #byId = new Map<string, PscSession>();
  readonly #byHandle = new Map<string, PscSession>();

  /** @param ended told of each session that was open and is over */
  constructor(
    private readonly clock: Clock,
    private readonly ended: (session: PscSession, person: string, why: SessionEnd) => Promise<void>,
  ) {}

  /** @throws BrokerError `rate.exceeded`: that partner has too many, `state.conflict`: that person is being asked */
  async add(session: PscSession): Promise<void> {
    await this.sweep();
    const all = [...this.#byId.values()];
    const own = all.filter(({ partner }) => partner === session.partner);
    const count = (state: PscSession['state']) => own.filter((one) => one.state === state).length;
    if (count('pending') >= PSC_SESSION_LIMITS.pending || count('open') >= PSC_SESSION_LIMITS.open) {
      throw new BrokerError('rate.exceeded', { retryAfter: 60 });
    }
    const { rpps } = session;
    if (rpps !== undefined && all.some((one) => one.state === 'pending' && one.rpps === rpps)) {
      throw new BrokerError('state.conflict', {
        detail: 'Une demande de connexion attend déjà cette personne.',
      });
    }
    this.#byId.set(session.id, session);
  }

  /** @throws BrokerError `not-found`: none, or not asked for with this certificate */
  async owned(id: string, owner: ClientCertificate): Promise<PscSession> {
    const session = await this.#aged(this.#byId.get(id));
    if (session === undefined || !belongsTo(session, owner)) throw new BrokerError('not-found');
    return session;
  }

  byId(id: string): PscSession | undefined {
    return this.#byId.get(id);
  }

  async byHandle(handle: string): Promise<PscSession | undefined> {
    const session = await this.#aged(this.#byHandle.get(hashOfHandle(handle)));
    return session?.open === undefined ? undefined : session;
  }

  /** From now on that handle opens the session. */
  give(session: PscSession, handle: string): void {
    if (session.open === undefined) throw new BrokerError('internal');
    session.open.handle = hashOfHandle(handle);
    this.#byHandle.set(session.open.handle, session);
  }

  /** Open sessions that opened that mailbox, last used first. */
  async withMailbox(address: string): Promise<PscSession[]> {
    await this.sweep();
    return [...this.#byId.values()]
      .filter(({ open }) => open?.mailbox === address)
      .sort((a, b) => (b.open?.seenAt ?? 0) - (a.open?.seenAt ?? 0));
  }

  /** Its tokens are forgotten at once; that it is over can be read for a while. */
  async end(session: PscSession, why: SessionEnd): Promise<void> {
    const { open } = session;
    session.stop?.abort();
    session.state = 'expired';
    session.until = this.clock.now().getTime() + PSC_SESSION_LIMITS.remembered;
    if (open === undefined) return;
    delete session.open;
    if (open.handle !== undefined) this.#byHandle.delete(open.handle);
    await this.ended(session, open.person.pseudonym, why);
  }

  /** Ended by its own software: nothing more to read. */
  async remove(session: PscSession, why: SessionEnd): Promise<void> {
    this.#byId.delete(session.id);
    await this.end(session, why);
  }

  async endAll(): Promise<void> {
    for (const session of this.#byId.values()) {
      if (session.state === 'pending' || session.state === 'open') await this.end(session, 'stopped');
    }
  }

  /** What time did. */
  private async sweep(): Promise<void> {
    for (const session of this.#byId.values()) await this.#aged(session);
  }

  /** What time did to one: its end, or that it is forgotten. */
  async #aged(session: PscSession | undefined): Promise<PscSession | undefined> {
    if (session === undefined) return undefined;
    const now = this.clock.now().getTime();
    const { open, state, until } = session;
    if (open !== undefined) {
      if (now - open.openedAt >= SESSION_LIMITS.absolute) await this.end(session, 'age');
      else if (now - open.seenAt >= SESSION_LIMITS.idle) await this.end(session, 'idle');
    } else if (until <= now) {
      if (state === 'pending') await this.end(session, 'idle');
      else {
        this.#byId.delete(session.id);
        return undefined;
      }
    }
    return session;
  }
}
