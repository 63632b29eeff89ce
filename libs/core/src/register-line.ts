/** What a register holds, and what is asked of one. */
import type { Traits } from './identity.ts';
import type { RecordedEntry } from './journal.ts';
import type { PartnerId } from './partner.ts';

export type RegisterName = 'access' | 'purge' | 'reading';

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

export interface RegisterLook {
  partner: PartnerId;
  register: RegisterName;
  /** instants: from inclusive, to exclusive */
  from: string;
  to: string;
  worker?: string;
  limit: number;
  /** older than that entry */
  afterId?: string;
}

export type RegisteredEntry = RecordedEntry & { worker?: string };
