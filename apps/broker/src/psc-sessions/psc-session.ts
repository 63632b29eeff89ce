import type { ErrorCode, PartnerId, Person } from '#core';
import type { ClientCertificate } from '../persons/person-of-request.ts';
import type { LiveTokens } from './live-tokens.ts';

export const SESSION_FLOWS = ['code', 'ciba'] as const;
export type SessionFlow = (typeof SESSION_FLOWS)[number];
export type SessionState = 'pending' | 'open' | 'refused' | 'expired';
/** why a session that was open is over */
export type SessionEnd = 'logout' | 'provider' | 'idle' | 'age' | 'stopped';

export interface OpenPart {
  person: Person;
  tokens: LiveTokens;
  /** ms since the epoch */
  openedAt: number;
  seenAt: number;
  /** SHA-256 of the handle, once it was shown */
  handle?: string;
  /** mailbox that it lets Relais open */
  mailbox?: string;
}

/** One session that a partner's software asked for. Everything secret of it is in `open.tokens`. */
export interface PscSession {
  id: string;
  flow: SessionFlow;
  partner: PartnerId;
  /** base64url SHA-256 of the certificate that asked: nobody else may see or use it */
  thumbprint: string;
  /** two digits that the software shows, to be compared by the person */
  code: string;
  state: SessionState;
  /** ms since the epoch: of the wait for the person while pending, of the record once it is over */
  until: number;
  /** of a refusal */
  reason?: ErrorCode;
  /** ends the wait for the person */
  stop?: AbortController;
  /** present when open, and only then */
  open?: OpenPart;
  /** CIBA: the person who was asked */
  rpps?: string;
}

export function belongsTo(session: PscSession, { partner, thumbprint }: ClientCertificate): boolean {
  return session.partner === partner && session.thumbprint === thumbprint;
}
