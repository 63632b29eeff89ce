/** CloudEvents 1.0: the attributes of a message as Relais shows it, in binary (headers) and structured (JSON) mode. */
import type { IncomingHttpHeaders } from 'node:http';
import { NotGenuine } from './errors.ts';

export interface RelaisEvent {
  /** Relais' message id: what tells a repeat */
  id: string;
  source: string;
  type: string;
  datacontenttype: string;
  /** who sent the content */
  relaissender: string;
  relaisdelivery: string;
  /** 1 for the first; anything above may be a repeat */
  relaisattempt: number;
  /** every other attribute, as received */
  others: Readonly<Record<string, string>>;
}

/** Attributes from HTTP headers: percent-decoded (CloudEvents HTTP binding §3.1.3.2). */
export function eventFromHeaders(headers: IncomingHttpHeaders): RelaisEvent {
  const attributes: Record<string, unknown> = { datacontenttype: headers['content-type'] };
  for (const [name, value] of Object.entries(headers))
    if (name.startsWith('ce-') && typeof value === 'string') attributes[name.slice(3)] = percentDecode(value);
  return readEvent(attributes);
}

/** Attributes from a message of AMQP: its content type, and its application headers (either separator of the binding). */
export function eventFromAmqp(message: {
  contentType?: unknown;
  headers?: Readonly<Record<string, unknown>> | undefined;
}): RelaisEvent {
  const attributes: Record<string, unknown> = { datacontenttype: message.contentType };
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const [, attribute] = /^cloudEvents[_:](.+)$/.exec(name) ?? [];
    if (attribute !== undefined) attributes[attribute] = value;
  }
  return readEvent(attributes);
}

/** One event of a structured batch, with its data bytes. */
export function eventFromJson(json: Record<string, unknown>): { event: RelaisEvent; data: Buffer } {
  const { data, data_base64: base64, ...attributes } = json;
  if (typeof base64 === 'string')
    return { event: readEvent(attributes), data: Buffer.from(base64, 'base64') };
  if (typeof data === 'string') return { event: readEvent(attributes), data: Buffer.from(data) };
  throw new NotGenuine('delivery', 'no data');
}

/** `ce-*` headers of a message to send. */
export function headersOf(attributes: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [[`ce-${name}`, percentEncode(value)]],
    ),
  );
}

function readEvent(attributes: Record<string, unknown>): RelaisEvent {
  const { specversion, relaisattempt, ...rest } = attributes;
  const { id, source, type, datacontenttype, relaissender, relaisdelivery, ...others } = rest;
  const required = { id, source, type, datacontenttype, relaissender, relaisdelivery };
  for (const [name, value] of Object.entries(required))
    if (typeof value !== 'string' || value === '') throw new NotGenuine('delivery', `${name} missing`);
  const attempt = Number(relaisattempt);
  if (specversion !== '1.0' || !Number.isInteger(attempt) || attempt < 1)
    throw new NotGenuine('delivery', 'not an event of Relais');
  const texts = Object.entries(others).map(([name, value]) => [name, String(value)]);
  return {
    ...(required as Record<keyof typeof required, string>),
    relaisattempt: attempt,
    others: Object.fromEntries(texts),
  };
}

function percentEncode(value: string): string {
  return value.replace(/[^!#$&-~]/gu, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}

function percentDecode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new NotGenuine('delivery', 'attribute badly encoded');
  }
}
