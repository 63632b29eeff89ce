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
import { badAnswer } from './bad-answer.ts';

const OPTIONS = { option: ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE };

/**
 * Parses an answer, gives its root to `read` and frees the document.
 *
 * A DOCTYPE or an entity declaration is refused before the parser sees it: libxml2 alone would expand small entities.
 *
 * @throws BrokerError `transport.bad-answer` (hold), with cause `xml.doctype` for a DOCTYPE
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
    throw badAnswer('the answer is not UTF-8');
  }
  if (text.includes('\0')) throw badAnswer('the answer is not UTF-8');
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw badAnswer(new BrokerError('xml.doctype'));
  return text;
}

function parse(text: string): XmlDocument {
  try {
    return XmlDocument.fromString(text, OPTIONS);
  } catch (error) {
    // the parser's own words may quote the answer: they go nowhere
    if (error instanceof XmlParseError) throw badAnswer('the answer is not well-formed XML');
    throw error;
  }
}

export function children(parent: XmlElement, namespace: string, name: string): XmlElement[] {
  const found: XmlElement[] = [];
  for (let node = parent.firstChild; node !== null; node = node.next) {
    // libxml2-wasm knows no neighbour of an instruction: what stands behind it would go unread
    if (!(node instanceof XmlTreeNode)) throw badAnswer('a processing instruction');
    if (node instanceof XmlElement && node.name === name && node.namespaceUri === namespace) found.push(node);
  }
  return found;
}

/** At most one child of that name: two would let each reader choose its own. */
export function optional(parent: XmlElement, namespace: string, name: string): XmlElement | undefined {
  const found = children(parent, namespace, name);
  if (found.length > 1) throw badAnswer(`several ${name}`);
  return found[0];
}

export function only(parent: XmlElement, namespace: string, name: string): XmlElement {
  const found = optional(parent, namespace, name);
  if (found === undefined) throw badAnswer(`no ${name}`);
  return found;
}

/** Text of a leaf. A comment or an element inside it could split the value: refused. */
export function text(element: XmlElement): string {
  let value = '';
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (!(node instanceof XmlText || node instanceof XmlCData))
      throw badAnswer('a value holds more than text');
    value += node.content;
  }
  return value;
}
