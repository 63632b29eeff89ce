import { attention, type Check, erreur } from './check.ts';

const DAY_MS = 86_400_000;

/** Nothing above 60 days; then it is time to order, then to replace, then an outage is near. */
export function expiryCheck(subject: string, until: Date, now: Date): Check | undefined {
  const days = Math.floor((until.getTime() - now.getTime()) / DAY_MS);
  if (until < now) return erreur(subject, `expiré le ${dayOf(until)}`, 'remplacez-le');
  const says = `expire le ${dayOf(until)}, dans ${days} jours`;
  if (days <= 7) return erreur(subject, says, 'remplacez-le sans attendre');
  if (days <= 30) return attention(subject, says, 'remplacez-le ce mois-ci');
  return days <= 60 ? attention(subject, says, 'commandez son successeur') : undefined;
}

export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
