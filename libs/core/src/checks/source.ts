import { BrokerError } from '../errors.ts';
import { type Incoming, partnerSource } from '../event.ts';

/** The event's source must be the partner that the certificate names. */
export function checkSource({ event, partner }: Omit<Incoming, 'data'>): void {
  if (event.source !== partnerSource(partner.id)) {
    throw new BrokerError('source.mismatch', {
      detail: 'L’attribut source ne désigne pas le partenaire authentifié par le certificat.',
    });
  }
}
