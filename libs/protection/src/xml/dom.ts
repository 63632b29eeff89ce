/**
 * The tree of a signed document. It is made by xml-crypto's own copy of xmldom, so that what is looked at here and
 * what xml-crypto verifies can never be two readings. The few members used are typed here: xmldom's own types would
 * bring every global of a browser into the whole program.
 */
import { createRequire } from 'node:module';
import { ParseOption, XmlDocument } from 'libxml2-wasm';
import { XmlRefusal } from './xml-refusal.ts';

export const ELEMENT = 1;
export const TEXT = 3;
export const CDATA = 4;

export interface XmlNode {
  nodeType: number;
  ownerDocument: XmlTree | null;
  nodeValue: string | null;
  textContent: string | null;
  parentNode: XmlNode | null;
  firstChild: XmlNode | null;
  nextSibling: XmlNode | null;
  insertBefore(node: XmlNode, before: XmlNode | null): void;
  removeChild(node: XmlNode): void;
  /** as text, with the namespaces that it needs */
  toString(): string;
}

export interface XmlTree extends XmlNode {
  documentElement: XmlElement | null;
  importNode<T extends XmlNode>(node: T, deep: boolean): T;
}

export interface XmlAttribute {
  name: string;
  localName: string;
  prefix: string | null;
  namespaceURI: string | null;
  value: string;
}

export interface XmlElement extends XmlNode {
  localName: string;
  prefix: string | null;
  namespaceURI: string | null;
  attributes: ArrayLike<XmlAttribute>;
  getAttribute(name: string): string;
  setAttribute(name: string, value: string): void;
}

interface Xmldom {
  DOMParser: new (options: {
    errorHandler: (level: string, message: string) => void;
  }) => { parseFromString(xml: string, type: string): XmlTree };
}

const require = createRequire(import.meta.url);
const { DOMParser } = createRequire(require.resolve('xml-crypto'))('@xmldom/xmldom') as Xmldom;

/** Deeper than any message of ours; a recursion over the tree must not end the thread. */
const DEEPEST = 200;

/** @throws XmlRefusal `doctype`, `malformed` for all that xmldom would only warn about or repair */
export function parseStrictly(xml: string): XmlElement {
  // also inside comments and CDATA: no message of ours needs the word there
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) throw new XmlRefusal('doctype');
  if (xml.includes('\0')) throw new XmlRefusal('malformed');
  assertWellFormed(xml);
  const complaints: string[] = [];
  let root: XmlElement | null;
  try {
    root = new DOMParser({ errorHandler: (level) => complaints.push(level) }).parseFromString(
      xml,
      'text/xml',
    ).documentElement;
  } catch {
    throw new XmlRefusal('malformed');
  }
  if (root === null || complaints.length > 0) throw new XmlRefusal('malformed');
  walk(root, 0);
  return root;
}

/**
 * libxml2 first: xmldom lets a second root, an unknown entity or a control character pass in silence, and its time
 * grows with the square of the depth.
 */
function assertWellFormed(xml: string): void {
  try {
    XmlDocument.fromString(xml, {
      option: ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE,
    }).dispose();
  } catch {
    throw new XmlRefusal('malformed');
  }
}

function walk(element: XmlElement, depth: number): void {
  if (depth > DEEPEST) throw new XmlRefusal('malformed');
  assertBound(element);
  for (const attribute of Array.from(element.attributes)) assertBound(attribute);
  for (const child of elements(element)) walk(child, depth + 1);
}

/** xmldom lets a prefix pass that nothing declares: each reader would then guess its namespace. */
function assertBound({ prefix, namespaceURI }: Pick<XmlElement, 'prefix' | 'namespaceURI'>): void {
  if (prefix !== null && prefix !== '' && prefix !== 'xml' && !namespaceURI)
    throw new XmlRefusal('malformed');
}

export function* nodes(parent: XmlNode): Generator<XmlNode> {
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) yield node;
}

export function elements(parent: XmlNode): XmlElement[] {
  return [...nodes(parent)].filter(isElement);
}

export function isElement(node: XmlNode): node is XmlElement {
  return node.nodeType === ELEMENT;
}

/** Itself first, then all below it, in the order of the document. */
export function* descendants(element: XmlElement): Generator<XmlElement> {
  const ahead = [element];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    yield next;
    ahead.push(...elements(next).reverse());
  }
}

export function contains(ancestor: XmlNode, node: XmlNode): boolean {
  for (let at: XmlNode | null = node; at !== null; at = at.parentNode) if (at === ancestor) return true;
  return false;
}

/** A carriage return that stood as a character reference must not come back as a line feed. */
export function serialised(node: XmlNode): string {
  return node.toString().replaceAll('\r', '&#xD;');
}
