import type { Api } from '../api/schemas.ts';

export type Delivery = Api['SupervisedDelivery'];

export const DELIVERY_STATES: Readonly<Record<Delivery['state'], string>> = {
  queued: 'en file',
  available: 'à retirer',
  sending: 'en cours d’envoi',
  delivered: 'remise',
  retrying: 'nouvel essai prévu',
  refused: 'refusée',
  dead: 'morte',
  expired: 'expirée',
  cancelled: 'arrêtée',
};

/** `180` → « 3 min » */
export function age(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} jours`;
}
