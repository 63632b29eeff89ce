/**
 * Registers of a service: which lines of the journal tell of an access to what is its own, of a purge, and of who read these
 * registers. A line of a register says where to look and whom it is about, the journal says what happened: they are written
 * in one commit, and go together. The pseudonym of a worker is in the line alone: auditors of every service read the journal.
 */
import type { RecordedEntry } from './journal.ts';
import type { PartnerId } from './partner.ts';
import type { RegisterName } from './register-line.ts';
import { type Write, write } from './writes.ts';

/** An access to what is a worker's, in the register of a service. */
export function accessOf(entry: RecordedEntry, partner: PartnerId, worker: string | undefined): Write {
  return lineOf('access', entry, partner, worker);
}

/** Somebody of the service read one of its registers, about one worker or about all. */
export function readingOf(entry: RecordedEntry, partner: PartnerId, worker: string | undefined): Write {
  return lineOf('reading', entry, partner, worker);
}

/** Something of a service is gone. */
export function purgeOf(entry: RecordedEntry, partner: PartnerId): Write {
  return lineOf('purge', entry, partner, undefined);
}

function lineOf(
  register: RegisterName,
  { id, at }: RecordedEntry,
  partner: PartnerId,
  worker: string | undefined,
): Write {
  const line = { partner, register, entry: id, at };
  return write('register.line', { line: worker === undefined ? line : { ...line, worker } });
}
