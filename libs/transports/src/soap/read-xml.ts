/** XML that the other side wrote: hostile until proved otherwise. */
import {
  ParseOption,
  XmlCData,
  XmlDocument,
  XmlElement,
  XmlParseError,
  XmlText,
  XmlTreeNode,
} from 'libxml2-wasm';
import { BrokerError } from '#core';

const OPTIONS = { option: ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE };

/**
 * Parses bytes, gives the root to `read` and frees the document. What `read` returns must hold no node of it.
 *
 * @throws BrokerError `xml.doctype` for a DOCTYPE or an entity declaration, refused before any parser sees it;
 * `transport.bad-answer` (stop) for what is not well-formed UTF-8 XML
 */
export function readXml<T>(bytes: Uint8Array, read: (root: XmlElement) => T): T {
  const document = parse(decode(bytes));
  try {
    return read(document.root);
  } finally {
    document.dispose();
  }
}

/** Only UTF-8: another encoding could hide a DOCTYPE from the check below. */
function decode(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable();
  }
  if (text.includes('\0')) throw unreadable();
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new BrokerError('xml.doctype', { next: 'stop' });
  return text;
}

function parse(text: string): XmlDocument {
  try {
    return XmlDocument.fromString(text, OPTIONS);
  } catch (error) {
    // the parser's own words may quote content: they go nowhere
    if (error instanceof XmlParseError) throw unreadable();
    throw error;
  }
}

/** What came is not what was asked for; a repeat would bring the same. */
export function unreadable(): BrokerError {
  return new BrokerError('transport.bad-answer', { next: 'stop' });
}

export function children(parent: XmlElement, namespace: string, name: string): XmlElement[] {
  return elements(parent).filter((one) => one.name === name && one.namespaceUri === namespace);
}

/** All element children. @throws BrokerError `transport.bad-answer` for a processing instruction */
export function elements(parent: XmlElement): XmlElement[] {
  const found: XmlElement[] = [];
  for (let node = parent.firstChild; node !== null; node = node.next) {
    // libxml2-wasm knows no neighbour of an instruction: what stands behind it would go unread
    if (!(node instanceof XmlTreeNode)) throw unreadable();
    if (node instanceof XmlElement) found.push(node);
  }
  return found;
}

/** At most one child of that name: two would let each reader choose its own. @throws BrokerError `transport.bad-answer` */
export function optional(parent: XmlElement, namespace: string, name: string): XmlElement | undefined {
  const found = children(parent, namespace, name);
  if (found.length > 1) throw unreadable();
  return found[0];
}

/** @throws BrokerError `transport.bad-answer` when none or several stand there */
export function only(parent: XmlElement, namespace: string, name: string): XmlElement {
  const found = optional(parent, namespace, name);
  if (found === undefined) throw unreadable();
  return found;
}

/** Text of a leaf. A comment or an element inside it could split the value: refused. */
export function textOf(element: XmlElement): string {
  let value = '';
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (!(node instanceof XmlText || node instanceof XmlCData)) throw unreadable();
    value += node.content;
  }
  return value.trim();
}
