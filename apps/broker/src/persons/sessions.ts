import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock, Person } from '#core';

export const SESSION_LIMITS = {
  /** PSC's own limits (facts §4.4), ms */
  idle: 30 * 60_000,
  absolute: 4 * 3_600_000,
  /** the oldest unused gives way */
  count: 10_000,
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

/** Sessions in memory: they end when the process does, and belong to one process. */
export class Sessions {
  private readonly sessions = new LRUCache<string, { session: Session; openedAt: number; seenAt: number }>({
    max: SESSION_LIMITS.count,
  });

  constructor(private readonly clock: Clock) {}

  /** @returns a new id (256 random bits): no id that a browser brought ever becomes a session */
  open(session: Session): string {
    const id = randomBytes(32).toString('base64url');
    const now = this.clock.now().getTime();
    this.sessions.set(id, { session, openedAt: now, seenAt: now });
    return id;
  }

  /** Counts as use. */
  get(id: string): Session | undefined {
    const found = this.sessions.get(id);
    if (found === undefined) return undefined;
    const now = this.clock.now().getTime();
    if (now - found.seenAt >= SESSION_LIMITS.idle || now - found.openedAt >= SESSION_LIMITS.absolute) {
      this.sessions.delete(id);
      return undefined;
    }
    found.seenAt = now;
    return found.session;
  }

  close(id: string): void {
    this.sessions.delete(id);
  }
}
