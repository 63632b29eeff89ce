/** What an SPSTI entrusts to Relais: every national credential is its own, with dates. */
import { BrokerError } from '../errors.ts';

export interface Mandated {
  /** instants: from inclusive, to exclusive */
  from: string;
  to: string;
}

/** Seal certificate (ORG_SIGN): signs assertions and submission sets. */
export interface SealMandate extends Mandated {
  certificate: string;
  key: string;
  /** what it may sign */
  scope: readonly ('dmp' | 'interops')[];
}

/** @throws BrokerError `mandate.missing` (stop): none, or outside its dates */
export function inForce<M extends Mandated>(mandate: M | undefined, now: Date): M {
  const at = now.getTime();
  // written so that a date that is none refuses too
  if (mandate !== undefined && Date.parse(mandate.from) <= at && at < Date.parse(mandate.to)) return mandate;
  throw new BrokerError('mandate.missing', { next: 'stop' });
}
