import { BrokerError } from '../errors.ts';
import type { EventAttributes } from '../event.ts';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** No control character: attributes end up in logs, headers and files. */
const PRINTABLE = /^[\x21-\x7e]+$/;
const MEDIA_TYPE = /^[\x20-\x7e]+$/;
/** W3C trace context, any version: two ids and no room for words */
const TRACE_PARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** CloudEvents 1.0 §3.1 and our extensions: present, short, well formed. */
export function checkEvent(event: EventAttributes): void {
  const bad = (attribute: string): never => {
    throw new BrokerError('event.malformed', { detail: `Attribut ${attribute} absent ou mal formé.` });
  };
  if (!isPrintable(event.id, 255)) bad('id');
  if (!fits(event.source, 255)) bad('source');
  if (!fits(event.type, 255)) bad('type');
  if (!fits(event.datacontenttype, 255) || !MEDIA_TYPE.test(event.datacontenttype)) bad('datacontenttype');
  if (event.recipient !== undefined && !fits(event.recipient, 4096)) bad('recipient');
  if (event.time !== undefined && !isInstant(event.time)) bad('time');
  if (event.expirytime !== undefined && !isInstant(event.expirytime)) bad('expirytime');
  if (event.correlationid !== undefined && !isPrintable(event.correlationid, 128)) bad('correlationid');
  if (event.subjectref !== undefined && !isPrintable(event.subjectref, 128)) bad('subjectref');
  if (event.traceparent !== undefined && !TRACE_PARENT.test(event.traceparent)) bad('traceparent');
  if (event.lastvisit !== undefined && !isDate(event.lastvisit)) bad('lastvisit');
}

function fits(text: unknown, max: number): text is string {
  return typeof text === 'string' && text.length > 0 && text.length <= max;
}

function isPrintable(text: unknown, max: number): boolean {
  return fits(text, max) && PRINTABLE.test(text);
}

function isInstant(text: unknown): boolean {
  return fits(text, 40) && INSTANT.test(text) && !Number.isNaN(Date.parse(text));
}

/** A real calendar day: 2026-02-30 is not one. */
export function isDate(text: unknown): boolean {
  if (!fits(text, 10) || !DATE.test(text)) return false;
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}
