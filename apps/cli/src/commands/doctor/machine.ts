import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { X509Crl } from '@peculiar/x509';
import { attention, type Check, erreur, failed, ok } from './check.ts';
import type { Examined } from './examined.ts';

const TOLERANCE_MS = 5_000;
const GIB = 2 ** 30;

/** The clock may not be behind what this machine has seen already: its certificate, the list, the journal. */
export function clockCheck({ configuration, now, store }: Examined): Check {
  const { certificate, revocations } = configuration.tls;
  const latest = Math.max(
    instantOf(certificate, (text) => new X509Certificate(text).validFromDate),
    instantOf(revocations, (text) => new X509Crl(text).thisUpdate),
    Date.parse(store?.lastEntryAt ?? '1970-01-01'),
  );
  if (latest <= now.getTime() + TOLERANCE_MS) return ok('horloge', now.toISOString());
  const says = `${now.toISOString()}, avant ce qui est déjà écrit ici (${new Date(latest).toISOString()})`;
  return erreur('horloge', says, 'remettez-la à l’heure (NTP)');
}

export function diskCheck({ configuration }: Examined): Check {
  try {
    const { bavail, bsize } = statfsSync(configuration.home);
    const free = bavail * bsize;
    const says = `${(free / GIB).toFixed(1)} Gio libres`;
    if (free < GIB / 4) return erreur('disque', says, 'faites de la place, tout sera bientôt refusé');
    return free < 2 * GIB ? attention('disque', says, 'prévoyez de la place') : ok('disque', says);
  } catch (error) {
    return failed('disque', error, 'vérifiez le dossier');
  }
}

/** 0 when absent or unreadable, which another check says. */
function instantOf(file: string, read: (text: string) => Date): number {
  if (!existsSync(file)) return 0;
  try {
    return read(readFileSync(file, 'utf8')).getTime();
  } catch {
    return 0;
  }
}
