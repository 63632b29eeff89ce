/** CloudEvents 1.0, HTTP binding: the three modes become the same attributes and the same bytes. */
import {
  BrokerError,
  bareMediaType,
  type ChannelName,
  type EventAttributes,
  measureJson,
  parseJson,
  type SubjectDoubt,
} from '#core';

declare global {
  interface JSON {
    /** ES2026, in Node 24: a number that is written as this text */
    rawJSON(text: string): object;
  }
}

export const STRUCTURED = 'application/cloudevents+json';
export const BATCH = 'application/cloudevents-batch+json';
const MAX_BATCH = 1_000;

export interface ReceivedEvent {
  event: EventAttributes;
  data: Uint8Array;
  /** extension `relaissignature`: the sender's own detached JWS */
  signature?: string;
  /** channel that it came by, when that is not Relais' own HTTPS */
  by?: ChannelName;
  /** what carried it names somebody else than was asked about */
  doubt?: SubjectDoubt;
}

/** every value of every header, under its lower-case name */
export type HeadersDistinct = NodeJS.Dict<string[]>;

const NAMES = [
  'id',
  'source',
  'type',
  'time',
  'recipient',
  'correlationid',
  'expirytime',
  'traceparent',
  'lastvisit',
  'subjectref',
] as const;

/** Binary mode: attributes are `ce-` headers, data is the body as it came. */
export function binaryEvent(headers: HeadersDistinct, body: Uint8Array): ReceivedEvent {
  const attribute = (name: string) => {
    const value = onlyOne(headers, `ce-${name}`);
    return value === undefined ? undefined : percentDecode(value);
  };
  return received(attribute, onlyOne(headers, 'content-type'), body);
}

/** A header given twice has no meaning of ours: which of the two would count? */
export function onlyOne(headers: HeadersDistinct, name: string): string | undefined {
  const values = headers[name];
  if (values !== undefined && values.length > 1)
    throw new BrokerError('event.malformed', { detail: 'En-tête répété.' });
  return values?.[0];
}

/** Structured mode. JSON data is taken in its compact form, so that the mode does not change the digest. */
export function structuredEvent(body: Uint8Array): ReceivedEvent {
  return fromJson(asEvent(() => parseEvents(body)));
}

export interface BatchedEvent {
  /** the id that even a malformed event may have, so that its sender can tell which it was */
  senderId: string | null;
  read(): ReceivedEvent;
}

/** @throws BrokerError `batch.too-large`, none accepted */
export function batchOfEvents(body: Uint8Array): BatchedEvent[] {
  // counted before they are parsed: a million empty events are cheap to send
  if (isArray(body) && measureJson(body).elements > MAX_BATCH) {
    throw new BrokerError('batch.too-large', { detail: `Un lot compte au plus ${MAX_BATCH} événements.` });
  }
  const events = asEvent(() => parseEvents(body));
  if (!Array.isArray(events))
    throw new BrokerError('event.malformed', { detail: 'Un lot est un tableau JSON.' });
  return events.map((event: unknown) => ({ senderId: idOf(event), read: () => fromJson(event) }));
}

function isArray(body: Uint8Array): boolean {
  const first = body.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  return first === 0x5b;
}

function idOf(event: unknown): string | null {
  const id = typeof event === 'object' && event !== null ? (event as { id?: unknown }).id : undefined;
  return typeof id === 'string' && id.length <= 255 ? id : null;
}

function fromJson(json: unknown): ReceivedEvent {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new BrokerError('event.malformed');
  const members = json as Record<string, unknown>;
  const attribute = (name: string) => {
    const value = Object.hasOwn(members, name) ? members[name] : undefined;
    return value === undefined || value === null ? undefined : typeof value === 'string' ? value : '';
  };
  const mediaType = attribute('datacontenttype') ?? 'application/json';
  return received(attribute, mediaType, dataOf(members, mediaType));
}

function dataOf(members: Record<string, unknown>, mediaType: string): Uint8Array {
  const { data, data_base64: base64 } = members;
  if (typeof base64 === 'string' && data === undefined) {
    const bytes = Buffer.from(base64, 'base64');
    // Buffer ignores what is not base64: what does not come back is not what was sent
    if (bytes.toString('base64').replace(/=+$/, '') !== base64.replace(/=+$/, ''))
      throw new BrokerError('event.malformed');
    return bytes;
  }
  if (base64 !== undefined || data === undefined)
    throw new BrokerError('event.malformed', { detail: 'data ou data_base64, l’un des deux.' });
  const isJson = /[/+]json$/.test(bareMediaType(mediaType));
  return Buffer.from(typeof data === 'string' && !isJson ? data : JSON.stringify(data));
}

function received(
  attribute: (name: string) => string | undefined,
  mediaType: string | undefined,
  data: Uint8Array,
): ReceivedEvent {
  if (attribute('specversion') !== '1.0') {
    throw new BrokerError('event.malformed', { detail: 'Attribut specversion absent ou différent de 1.0.' });
  }
  const event: Partial<EventAttributes> = { datacontenttype: mediaType ?? '' };
  for (const name of NAMES) {
    const value = attribute(name);
    if (value !== undefined) event[name] = value;
  }
  const signature = attribute('relaissignature');
  if (signature !== undefined && !/^[\w-]{1,4096}\.\.[\w-]{1,4096}$/.test(signature)) {
    throw new BrokerError('event.malformed', { detail: 'relaissignature n’est pas un JWS détaché.' });
  }
  return { event: event as EventAttributes, data, ...(signature === undefined ? {} : { signature }) };
}

/**
 * Numbers keep the digits they came with: data is written again as JSON, and 9007199254740993 must not leave
 * as 9007199254740992, nor 1e400 as null.
 */
function parseEvents(body: Uint8Array): unknown {
  return parseJson(body, (_name, value, { source }) =>
    typeof value === 'number' && source !== undefined && source !== String(value)
      ? JSON.rawJSON(source)
      : value,
  );
}

/** What is not JSON is a malformed event, not a wrong content. */
function asEvent(parse: () => unknown): unknown {
  try {
    return parse();
  } catch (error) {
    if (error instanceof BrokerError && error.code === 'event.too-deep') throw error;
    throw new BrokerError('event.malformed', { detail: 'Le corps n’est pas du JSON en UTF-8.' });
  }
}

/** CloudEvents HTTP binding §3.1.3.2 */
function percentDecode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new BrokerError('event.malformed', { detail: 'En-tête ce- mal encodé.' });
  }
}
