/** The message by which Relais reminds whoever still has to answer. The same shape in every flow; it names nobody. */
import type { Content, Divided, HookContext, ObjectContract } from '../contract.ts';
import type { Audience, PartnerKind } from '../partner.ts';
import { frenchDate } from './french-date.ts';

/** Relais speaks for itself: no partner may send it. Its schema is named `reminder`. */
export function reminderObject(
  title: string,
  to: readonly PartnerKind[],
  audience: Audience = 'enc',
): ObjectContract {
  return {
    title,
    major: 1,
    senders: [],
    recipients: { kinds: to, max: 1 },
    mediaTypes: ['application/json'],
    schema: 'reminder',
    maxBytes: 4_096,
    priority: 'interactive',
    identity: 'none',
    gates: [],
    transform: { at: 'none', removes: [] },
    transformLabel: 'aucune',
    requires: [],
    lifeHours: 720,
    replayDays: 30,
    retention: { sealedUntil: 'received', sealedDays: 30 },
    audience,
  };
}

const instant = { type: 'string', maxLength: 24, format: 'date-time' };

/** What the keeper writes: which exchange, who asked, since when, until when. */
export const REMINDER_SCHEMA: object = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Rappel : une demande attend votre réponse',
  type: 'object',
  additionalProperties: false,
  required: ['exchange', 'requester', 'openedAt', 'deadline'],
  properties: {
    exchange: {
      type: 'string',
      maxLength: 36,
      pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$',
    },
    requester: { type: 'string', maxLength: 64, pattern: '^[a-z0-9-]+$' },
    openedAt: instant,
    deadline: instant,
  },
};

/** The same for software, and in words for a mail: it answers the mail of the request, which says whom it is about. */
export function divideReminder({ mediaType, bytes, json }: Content, _context: HookContext): Divided {
  const { openedAt, deadline } = json as { openedAt: string; deadline: string };
  const text = `Rappel : la demande qui vous a été adressée le ${frenchDate(openedAt)} attend votre réponse avant le ${frenchDate(deadline)}.`;
  return {
    parts: [
      { audience: 'enc', mediaType, bytes },
      { audience: 'enc', mediaType: 'text/plain', only: ['mssante'], bytes: Buffer.from(text) },
    ],
    removed: 0,
  };
}
