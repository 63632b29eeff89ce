import type { ObjectContract } from '../contract.ts';
import { BrokerError } from '../errors.ts';
import type { EventAttributes } from '../event.ts';

/** Not after its expiry; not older than the memory of idempotency keys, which could no longer tell a repeat. */
export function checkLifetime(event: EventAttributes, now: Date, keyMemoryDays: number): void {
  if (event.expirytime !== undefined && Date.parse(event.expirytime) <= now.getTime()) {
    throw new BrokerError('message.expired', { detail: 'La date expirytime est dépassée.' });
  }
  if (event.time !== undefined && Date.parse(event.time) < now.getTime() - keyMemoryDays * 86_400_000) {
    throw new BrokerError('message.too-old', {
      detail: `L’événement date de plus de ${keyMemoryDays} jours.`,
    });
  }
}

/** Attributes that the contract asks of the event. */
export function checkAttributes(event: EventAttributes, contract: ObjectContract): void {
  const missing = contract.requires.filter((name) => event[name] === undefined);
  if (missing.length > 0) {
    throw new BrokerError('event.malformed', {
      detail: `Attributs exigés par le contrat et absents : ${missing.join(', ')}.`,
    });
  }
}
