/** What reading a message of this profile needs beyond the hostile reader that the XML channels share. */
import { XmlElement } from 'libxml2-wasm';
import { elements, readXml, textOf, unreadable } from '../soap/read-xml.ts';

export { children, elements, only, optional, textOf } from '../soap/read-xml.ts';

export function readText<T>(xml: string, read: (root: XmlElement) => T): T {
  return readXml(Buffer.from(xml), read);
}

export function is(element: XmlElement, namespace: string, name: string): boolean {
  return element.name === name && element.namespaceUri === namespace;
}

/** The one child element that there is. */
export function soleChild(parent: XmlElement): XmlElement {
  const [first, second] = elements(parent);
  if (first === undefined || second !== undefined) throw unreadable();
  return first;
}

export function attribute(element: XmlElement, name: string): string {
  const value = element.attr(name)?.value ?? '';
  if (value === '' || value.length > 500) throw unreadable();
  return value;
}

/** Text that must be there, within bounds. */
export function value(element: XmlElement): string {
  const text = textOf(element);
  if (text === '' || text.length > 500) throw unreadable();
  return text;
}

/** An xs:dateTime with its zone, as UTC text. */
export function instantOf(text: string): string {
  const hasZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text);
  const ms = hasZone ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw unreadable();
  return new Date(ms).toISOString();
}

/** The text of an envelope, looked at as bytes first. @throws BrokerError `transport.bad-answer`, `xml.doctype` */
export function soapText(bytes: Uint8Array): string {
  return readXml(bytes, () => Buffer.from(bytes).toString('utf8'));
}
