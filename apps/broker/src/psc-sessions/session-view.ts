import type { ErrorCode, Person } from '#core';
import { SESSION_LIMITS } from '../persons/sessions.ts';
import type { PscSession, SessionFlow, SessionState } from './psc-session.ts';

/** What its own software sees of a session: no token, and the handle once only. */
export interface SessionView {
  id: string;
  flow: SessionFlow;
  state: SessionState;
  /** two digits for the software to show, while it waits */
  code?: string;
  /** code flow: what to open in the person's browser */
  authorizationUrl?: string;
  /** latest end: of the wait, then of the session */
  expiresAt?: string;
  reason?: ErrorCode;
  handle?: string;
  person?: Pick<Person, 'pseudonym' | 'name' | 'role' | 'rpps'>;
  mailbox?: string;
}

export function viewOf({ id, flow, state, code, until, reason, open }: PscSession): SessionView {
  return {
    id,
    flow,
    state,
    ...(state === 'pending' ? { code, expiresAt: new Date(until).toISOString() } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(open === undefined
      ? {}
      : {
          expiresAt: new Date(open.openedAt + SESSION_LIMITS.absolute).toISOString(),
          person: {
            pseudonym: open.person.pseudonym,
            name: open.person.name,
            role: open.person.role,
            ...(open.person.rpps === undefined ? {} : { rpps: open.person.rpps }),
          },
          ...(open.mailbox === undefined ? {} : { mailbox: open.mailbox }),
        }),
  };
}
