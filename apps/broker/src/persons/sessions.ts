import { randomBytes } from 'node:crypto';
import { type Clock, isStaff, type Person } from '#core';
import { SessionPool } from './session-pool.ts';

export const SESSION_LIMITS = {
  /** PSC's own limits (facts §4.4), ms */
  idle: 30 * 60_000,
  absolute: 4 * 3_600_000,
  /** in each pool: the oldest unused gives way */
  count: 10_000,
  /** of one person: the oldest gives way */
  perPerson: 10,
} as const;

/** One browser signed in. */
export interface Session {
  /** one per service where the person may act */
  persons: readonly Person[];
  /** the one chosen, at once when there is only one */
  person?: Person;
  issuerId: string;
  /** for the issuer's logout only; access tokens are not kept, and a card has none */
  idToken?: string;
}

interface Kept {
  session: Session;
  /** pseudonym */
  who: string;
  /** ms */
  openedAt: number;
  seenAt: number;
}

/**
 * Sessions in memory: they end when the process does, and belong to one process. Doors for workers and employers are
 * open to everybody: however many sign in there, and however often one does, no professional's session gives way.
 */
export class Sessions {
  private readonly staff = new SessionPool<Kept>(SESSION_LIMITS);
  private readonly ownSpace = new SessionPool<Kept>(SESSION_LIMITS);

  constructor(private readonly clock: Clock) {}

  /** @returns a new id (256 random bits): no id that a browser brought ever becomes a session */
  open(session: Session): string {
    const id = randomBytes(32).toString('base64url');
    const now = this.clock.now().getTime();
    const pool = session.persons.every(isStaff) ? this.staff : this.ownSpace;
    const who = session.persons[0]?.pseudonym ?? '';
    pool.add(id, { session, who, openedAt: now, seenAt: now });
    return id;
  }

  /** Counts as use. */
  get(id: string): Session | undefined {
    const found = this.staff.get(id) ?? this.ownSpace.get(id);
    if (found === undefined) return undefined;
    const now = this.clock.now().getTime();
    if (now - found.seenAt >= SESSION_LIMITS.idle || now - found.openedAt >= SESSION_LIMITS.absolute) {
      this.close(id);
      return undefined;
    }
    found.seenAt = now;
    return found.session;
  }

  close(id: string): void {
    this.staff.delete(id);
    this.ownSpace.delete(id);
  }
}
