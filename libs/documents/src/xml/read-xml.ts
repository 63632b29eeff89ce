/** XML that others wrote, as hostile input: bounded, no DOCTYPE, no entity, in an encoding that hides nothing. */
import { ParseOption, XmlDocument, XmlElement } from 'libxml2-wasm';
import { BrokerError } from '#core';

/** Largest XML that is parsed, bytes: a mail of 25 MB, once its base64 is off. */
export const XML_MAX_BYTES = 32 << 20;

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

const DECLARATION = /^\uFEFF?<\?xml\s[^>]*?\?>/;

/**
 * Parses, looks, and frees the memory whatever happens.
 * @throws BrokerError `xml.doctype`, `body.too-large`, `content.invalid`
 */
export function readXml<T>(bytes: Uint8Array, look: (root: XmlElement) => T): T {
  const document = parse(textOf(bytes));
  try {
    if (document.dtd !== null) throw new BrokerError('xml.doctype');
    return look(document.root);
  } finally {
    document.dispose();
  }
}

function textOf(bytes: Uint8Array): string {
  if (bytes.byteLength > XML_MAX_BYTES) throw new BrokerError('body.too-large');
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const declared = /^(?:ï»¿)?<\?xml[^>]*?\sencoding\s*=\s*["']([^"']+)["']/.exec(head)?.[1] ?? 'UTF-8';
  const encoding = ENCODINGS[declared.toUpperCase()];
  if (encoding === undefined) throw unreadable();
  const text = decode(bytes, encoding).replace(DECLARATION, '');
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new BrokerError('xml.doctype');
  return text;
}

function decode(bytes: Uint8Array, encoding: string): string {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // told below
  }
  throw unreadable();
}

function parse(text: string): XmlDocument {
  try {
    return XmlDocument.fromString(text, OPTIONS);
  } catch {
    // the parser's own words may quote the content: they go nowhere
    throw unreadable();
  }
}

function unreadable(): BrokerError {
  return new BrokerError('content.invalid', { detail: 'Le document n’est pas un XML lisible.' });
}

/** Element children of that name, in that namespace. */
export function childrenOf(parent: XmlElement, name: string, namespace = parent.namespaceUri): XmlElement[] {
  const found: XmlElement[] = [];
  for (let node = parent.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement && node.name === name && node.namespaceUri === namespace) found.push(node);
  }
  return found;
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

/** Text without the spaces around it; undefined when there is none. */
export function textIn(element: XmlElement | undefined): string | undefined {
  const text = element?.content.trim();
  return text === undefined || text === '' ? undefined : text;
}

export function attributeOf(element: XmlElement | undefined, name: string): string | undefined {
  const value = element?.attr(name)?.value.trim();
  return value === undefined || value === '' ? undefined : value;
}
