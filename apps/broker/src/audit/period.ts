import { BrokerError } from '#core';
import type { AccessFilter, Period } from './registers.ts';

/** Before anything was. */
const ALWAYS = '2000-01-01T00:00:00.000Z';
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** A reading of the register is journalled before it is shown, and is in what it shows. */
const SOON_MS = 60_000;

/** From the beginning and until now where nothing is said. @throws BrokerError `event.malformed` */
export function periodOf(from: string | undefined, to: string | undefined, now: Date): Period {
  const period = {
    from: from === undefined ? ALWAYS : instantOf(from, 'from'),
    to: to === undefined ? new Date(now.getTime() + SOON_MS).toISOString() : instantOf(to, 'to'),
  };
  if (period.from > period.to) throw malformed('from');
  return period;
}

/** The same, and the pseudonym of one worker. @throws BrokerError `event.malformed` */
export function accessFilter(period: Period, worker: string | undefined): AccessFilter {
  if (worker === undefined) return period;
  if (!/^[0-9a-f]{64}$/.test(worker)) throw malformed('worker');
  return { ...period, worker };
}

function instantOf(text: string, name: string): string {
  const at = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw malformed(name);
  return new Date(at).toISOString();
}

function malformed(name: string): BrokerError {
  return new BrokerError('event.malformed', { detail: `Paramètre ${name} illisible ou hors bornes.` });
}
