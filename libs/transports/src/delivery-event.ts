/** The CloudEvent by which a partner receives a delivery, pushed or pulled (interface.md §4). */
import { BROKER_SOURCE, contextOf, type Delivery, type Exchange, type Message } from '#core';

export const JOSE = 'application/jose';
export const MANIFEST = 'application/vnd.relais.manifest+jws';

/** Context attributes, all strings; `data` is the compact JWE, or the signed manifest when there are several parts. */
export function deliveryAttributes(
  message: Message,
  delivery: Delivery,
  attempt: number,
  exchange: Exchange | undefined,
): Record<string, string> {
  return {
    specversion: '1.0',
    id: message.id,
    source: BROKER_SOURCE,
    type: message.type,
    // when Relais made it ready: when the sender spoke may tell more than the recipient should know (refusals)
    time: delivery.createdAt,
    datacontenttype: delivery.manifest === undefined ? JOSE : MANIFEST,
    relaissender: message.sender,
    relaisdelivery: delivery.id,
    relaisattempt: String(attempt),
    ...contextOf(message, exchange),
    ...(message.traceparent === undefined ? {} : { traceparent: message.traceparent }),
  };
}

/** Context attributes as HTTP headers of binary mode. */
export function cloudEventHeaders(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [`ce-${name}`, percentEncode(value)]),
  );
}

/**
 * Context attributes as application headers of AMQP: binary mode of the CloudEvents AMQP binding, §3.1.3.1, with the
 * separator that it prefers (JMS clients cannot name the other). The media type is the message's own `content-type`.
 */
export function amqpHeaders({
  datacontenttype: _,
  ...attributes
}: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [`cloudEvents_${name}`, value]),
  );
}

/** CloudEvents HTTP binding §3.1.3.2: what is not printable ASCII, and space, quote and percent, in UTF-8. */
function percentEncode(value: string): string {
  return value.replace(/[^!#$&-~]/gu, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}
