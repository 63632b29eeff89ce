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

/** Attributes that the contract asks of the event, and what they may say. */
export function checkAttributes(event: EventAttributes, contract: ObjectContract, now: Date): void {
  const missing = contract.requires.filter((name) => event[name] === undefined);
  if (missing.length > 0) {
    throw new BrokerError('event.malformed', {
      detail: `Attributs exigés par le contrat et absents : ${missing.join(', ')}.`,
    });
  }
  // dossiers are ranked by it; a day of margin for those who live ahead of UTC
  const latest = new Date(now.getTime() + 86_400_000).toISOString().slice(0, 10);
  if (event.lastvisit !== undefined && event.lastvisit > latest) {
    throw new BrokerError('content.invalid', {
      findings: [{ pointer: '', code: 'event.lastvisit-future', detail: 'lastvisit est dans le futur.' }],
    });
  }
}
