/** XML that others wrote, as hostile input: bounded, no DOCTYPE, no entity, in an encoding that hides nothing. */
import { isUtf8 } from 'node:buffer';
import { ParseOption, XmlCData, XmlDocument, XmlElement, XmlText, XmlTreeNode } from 'libxml2-wasm';
import { BrokerError } from '#core';

/** Largest XML that is parsed, bytes: a mail of 25 MB, once its base64 is off and its archive inflated. */
export const XML_MAX_BYTES = 32 << 20;

/**
 * Elements and attributes cost a hundred times their bytes: of each, what a summary of several megabytes has. The rest
 * of a big document is the base64 of one PDF.
 */
const MAX_MARKUP = 200_000;

/** HUGE: the text of an N1 body may pass 10 MB; without a DTD it lifts no limit on entities */
const OPTIONS = {
  encoding: 'utf-8',
  option:
    ParseOption.XML_PARSE_HUGE |
    ParseOption.XML_PARSE_NO_XXE |
    ParseOption.XML_PARSE_NONET |
    ParseOption.XML_PARSE_NO_SYS_CATALOG,
} as const;

/** Encodings that write markup as ASCII does, so that a DOCTYPE cannot hide. */
const ENCODINGS: Readonly<Record<string, string>> = {
  'UTF-8': 'utf-8',
  'US-ASCII': 'utf-8',
  ASCII: 'utf-8',
  'ISO-8859-1': 'windows-1252',
  'ISO-8859-15': 'iso-8859-15',
  'WINDOWS-1252': 'windows-1252',
};

const DECLARATION = /^<\?xml\s[^>]*?\?>/;
const LESS = 0x3c;
const EQUALS = 0x3d;
const BANG = 0x21;

/**
 * Parses, looks, and frees the memory whatever happens.
 * @throws BrokerError `xml.doctype`, `body.too-large`, `content.invalid`
 */
export function readXml<T>(bytes: Uint8Array, look: (root: XmlElement) => T): T {
  const document = parse(utf8Of(bytes));
  try {
    if (document.dtd !== null) throw new BrokerError('xml.doctype');
    return look(document.root);
  } finally {
    document.dispose();
  }
}

function utf8Of(bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength > XML_MAX_BYTES) throw new BrokerError('body.too-large');
  refuseMarkup(bytes);
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const declared = /^(?:ï»¿)?<\?xml[^>]*?\sencoding\s*=\s*["']([^"']+)["']/.exec(head)?.[1] ?? 'UTF-8';
  const encoding = ENCODINGS[declared.toUpperCase()];
  if (encoding === undefined || bytes.includes(0)) throw unreadable();
  if (encoding !== 'utf-8')
    return new TextEncoder().encode(new TextDecoder(encoding).decode(bytes).replace(DECLARATION, ''));
  if (!isUtf8(bytes)) throw unreadable();
  return bytes;
}

/** Every encoding that is read writes these signs in one and the same byte. */
function refuseMarkup(bytes: Uint8Array): void {
  let [tags, attributes] = [0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === EQUALS) attributes += 1;
    if (bytes[at] !== LESS) continue;
    tags += 1;
    if (bytes[at + 1] === BANG && /^<!(DOCTYPE|ENTITY)/i.test(latin1(bytes, at)))
      throw new BrokerError('xml.doctype');
  }
  if (tags > MAX_MARKUP || attributes > MAX_MARKUP) throw new BrokerError('body.too-large');
}

function latin1(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 9));
}

function parse(utf8: Uint8Array): XmlDocument {
  try {
    return XmlDocument.fromBuffer(utf8, OPTIONS);
  } catch {
    // the parser's own words may quote the content: they go nowhere
    throw unreadable();
  }
}

function unreadable(): BrokerError {
  return new BrokerError('content.invalid', { detail: 'Le document n’est pas un XML lisible.' });
}

/** Element children, listed once an element: a wrapper for each node is made at every walk. */
const LISTED = new WeakMap<XmlElement, XmlElement[]>();

function elementsIn(parent: XmlElement): XmlElement[] {
  const listed = LISTED.get(parent);
  if (listed !== undefined) return listed;
  const found: XmlElement[] = [];
  for (let node = parent.firstChild; node !== null; node = node.next) {
    // libxml2-wasm knows no neighbour of an instruction: what stands behind it would go unread
    if (!(node instanceof XmlTreeNode)) throw unreadable();
    if (node instanceof XmlElement) found.push(node);
  }
  LISTED.set(parent, found);
  return found;
}

/** Element children of that name, in that namespace. */
export function childrenOf(parent: XmlElement, name: string, namespace = parent.namespaceUri): XmlElement[] {
  return elementsIn(parent).filter((one) => one.name === name && one.namespaceUri === namespace);
}

/** All elements at the end of a way of names, in the parent's namespace. */
export function allAt(parent: XmlElement, ...way: string[]): XmlElement[] {
  return way.reduce<XmlElement[]>((found, name) => found.flatMap((one) => childrenOf(one, name)), [parent]);
}

/** The first element there, or none. */
export function firstAt(parent: XmlElement, ...way: string[]): XmlElement | undefined {
  return allAt(parent, ...way)[0];
}

/**
 * The one element there: two would let each reader choose its own.
 * @throws BrokerError `content.invalid` when there are several
 */
export function onlyAt(parent: XmlElement, ...way: string[]): XmlElement | undefined {
  const found = allAt(parent, ...way);
  if (found.length > 1)
    throw new BrokerError('content.invalid', { detail: `L’élément ${way.at(-1)} est donné plusieurs fois.` });
  return found[0];
}

/**
 * Text without the spaces around it; undefined when there is none.
 * @throws BrokerError `content.invalid` where a comment or an instruction cuts it: some readers take the first half
 */
export function textIn(element: XmlElement | undefined): string | undefined {
  if (element === undefined) return undefined;
  for (let node = element.firstChild; node !== null; node = node.next)
    if (!(node instanceof XmlText || node instanceof XmlCData || node instanceof XmlElement))
      throw new BrokerError('content.invalid', {
        detail: 'Une valeur du document est coupée par un commentaire.',
      });
  const text = element.content.trim();
  return text === '' ? undefined : text;
}

export function attributeOf(element: XmlElement | undefined, name: string): string | undefined {
  const value = element?.attr(name)?.value.trim();
  return value === undefined || value === '' ? undefined : value;
}
