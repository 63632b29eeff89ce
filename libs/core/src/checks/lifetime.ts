import { parse, validate, version } from 'uuid';
import type { ObjectContract } from '../contract.ts';
import { BrokerError } from '../errors.ts';
import type { EventAttributes } from '../event.ts';

/**
 * Not after its expiry; not older than the memory of idempotency keys, which could no longer tell a repeat. An event that
 * says nothing of its age, by `time` nor by its id, passes: a repeat that late would be a new message: senders
 * are told to give `time`.
 */
export function checkLifetime(event: EventAttributes, now: Date, keyMemoryDays: number): void {
  if (event.expirytime !== undefined && Date.parse(event.expirytime) <= now.getTime()) {
    throw new BrokerError('message.expired', { detail: 'La date expirytime est dépassée.' });
  }
  const born = event.time === undefined ? instantOfId(event.id) : Date.parse(event.time);
  if (born !== undefined && born < now.getTime() - keyMemoryDays * 86_400_000) {
    throw new BrokerError('message.too-old', {
      detail: `L’événement date de plus de ${keyMemoryDays} jours.`,
    });
  }
}

/** ms since the epoch in the first 48 bits of a UUIDv7 (RFC 9562 §5.7); other ids hold no instant. */
function instantOfId(id: string): number | undefined {
  if (!validate(id) || version(id) !== 7) return undefined;
  return Buffer.from(parse(id)).readUIntBE(0, 6);
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
