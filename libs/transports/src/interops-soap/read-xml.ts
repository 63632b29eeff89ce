/** Reading XML that a stranger wrote: no DOCTYPE, UTF-8 only, nothing twice, no comment inside a value. */
import { ParseOption, XmlCData, XmlDocument, XmlElement, XmlParseError, XmlText } from 'libxml2-wasm';
import { BrokerError } from '#core';

const OPTIONS = { option: ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE };

/** What is not the XML that was agreed on. Its words name elements of the agreed form only, never a value. */
export class BadXml extends BrokerError {
  constructor(readonly says: string) {
    super('soap.invalid', { detail: says });
  }
}

/** @throws BrokerError `xml.doctype`, BadXml. Only UTF-8: another encoding could hide a DOCTYPE from this look. */
export function xmlText(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BadXml('Le message n’est pas en UTF-8.');
  }
  if (text.includes('\0')) throw new BadXml('Le message n’est pas en UTF-8.');
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new BrokerError('xml.doctype');
  return text;
}

/** Parses, gives the root to `read`, frees the document. @throws like `xmlText` */
export function readXml<T>(given: Uint8Array | string, read: (root: XmlElement) => T): T {
  const document = parse(xmlText(typeof given === 'string' ? Buffer.from(given) : given));
  try {
    return read(document.root);
  } finally {
    document.dispose();
  }
}

function parse(text: string): XmlDocument {
  try {
    return XmlDocument.fromString(text, OPTIONS);
  } catch (error) {
    // the parser's own words may quote what was sent
    if (error instanceof XmlParseError) throw new BadXml('Le message n’est pas du XML bien formé.');
    throw error;
  }
}

export function elements(parent: XmlElement): XmlElement[] {
  const found: XmlElement[] = [];
  for (let node = parent.firstChild; node !== null; node = node.next)
    if (node instanceof XmlElement) found.push(node);
  return found;
}

export function children(parent: XmlElement, namespace: string, name: string): XmlElement[] {
  return elements(parent).filter((one) => is(one, namespace, name));
}

export function is(element: XmlElement, namespace: string, name: string): boolean {
  return element.name === name && element.namespaceUri === namespace;
}

/** At most one child of that name: two would let each reader choose its own. */
export function optional(parent: XmlElement, namespace: string, name: string): XmlElement | undefined {
  const found = children(parent, namespace, name);
  if (found.length > 1) throw new BadXml(`Plusieurs ${name}.`);
  return found[0];
}

export function only(parent: XmlElement, namespace: string, name: string): XmlElement {
  const found = optional(parent, namespace, name);
  if (found === undefined) throw new BadXml(`${name} absent.`);
  return found;
}

/** The one child element that there is. */
export function soleChild(parent: XmlElement): XmlElement {
  const [first, second] = elements(parent);
  if (first === undefined || second !== undefined) throw new BadXml(`Un seul élément attendu dans ${parent.name}.`);
  return first;
}

/** Text of a leaf. A comment, an instruction or an element inside it could split the value. */
export function textOf(element: XmlElement): string {
  let value = '';
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (!(node instanceof XmlText || node instanceof XmlCData))
      throw new BadXml(`${element.name} contient autre chose que du texte.`);
    value += node.content;
  }
  return value;
}

export function attribute(element: XmlElement, name: string): string {
  const value = element.attr(name)?.value;
  if (value === undefined || value === '') throw new BadXml(`Attribut ${name} absent de ${element.name}.`);
  return value;
}

/** An xs:dateTime with its zone, as UTC text. */
export function instantOf(value: string): string {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw new BadXml('Instant illisible.');
  return new Date(ms).toISOString();
}
