import type { ObjectContract } from '../contract.ts';
import { BrokerError } from '../errors.ts';
import type { Incoming } from '../event.ts';
import type { Partner } from '../partner.ts';
import type { Directory } from '../ports.ts';

/** Every recipient exists and may receive that object; sorted, without repeats. */
export function checkRecipients(
  { event, partner }: Omit<Incoming, 'data'>,
  contract: ObjectContract,
  directory: Directory,
): Partner[] {
  const { fixed, kinds, max } = contract.recipients;
  const named = event.recipient?.split(' ').filter((id) => id !== '') ?? [];
  const ids = [...new Set(named.length === 0 && fixed !== undefined ? [fixed] : named)].sort();
  const recipients = ids.map((id) => directory.partner(id));
  const allKnown = recipients.every(
    (recipient): recipient is Partner =>
      recipient !== undefined && kinds.includes(recipient.kind) && recipient.id !== partner.id,
  );
  if (ids.length === 0 || ids.length > max || !allKnown || (fixed !== undefined && ids[0] !== fixed)) {
    throw new BrokerError('recipient.unknown', {
      detail: 'Destinataire absent, inconnu, ou qui ne reçoit pas cet objet (voir GET /v1/partners).',
    });
  }
  return recipients;
}
