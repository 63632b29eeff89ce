/**
 * Registers of a service: which lines of the journal tell of an access to what is its own, and of a purge. A line of a
 * register says where to look, the journal says what happened: they are written in one commit, and go together.
 */
import type { Traits } from './identity.ts';
import type { RecordedEntry } from './journal.ts';
import type { PartnerId } from './partner.ts';
import { type Write, write } from './writes.ts';

export type RegisterName = 'access' | 'purge';

export interface RegisterLine {
  /** whose register */
  partner: PartnerId;
  register: RegisterName;
  /** id of the journal's entry, and its instant */
  entry: string;
  at: string;
  /** pseudonym of the worker for that service; absent where nobody could say who it was about */
  worker?: string;
}

/** Of whom a service speaks, without a name: the same worker is somebody else for every service. */
export interface WorkerPseudonyms {
  /** lowercase hex HMAC-SHA-256; undefined for traits that cannot be anybody's */
  of(partner: PartnerId, traits: Traits): string | undefined;
}

/** An access to what is a worker's, in the register of a service. */
export function accessOf({ id, at }: RecordedEntry, partner: PartnerId, worker: string | undefined): Write {
  const line = { partner, register: 'access', entry: id, at } as const;
  return write('register.line', { line: worker === undefined ? line : { ...line, worker } });
}

/** Something of a service is gone. */
export function purgeOf({ id, at }: RecordedEntry, partner: PartnerId): Write {
  return write('register.line', { line: { partner, register: 'purge', entry: id, at } });
}
