/**
 * Values that every reader reads alike. Canonicalisation drops comments, so a comment inside a NameID leaves the
 * signature good while one reader takes the first piece and another the whole; xml-crypto writes a processing
 * instruction as if it were text.
 */
import { CDATA, ELEMENT, nodes, TEXT, type XmlElement } from '../xml/dom.ts';
import { XmlRefusal } from '../xml/xml-refusal.ts';

/** @throws XmlRefusal `split-value`: a comment beside text, or any processing instruction */
export function assertWholeValues(element: XmlElement): void {
  let text = false;
  let comment = false;
  for (const node of nodes(element)) {
    if (node.nodeType === ELEMENT) assertWholeValues(node as XmlElement);
    else if (node.nodeType === TEXT || node.nodeType === CDATA) text ||= (node.nodeValue ?? '').trim() !== '';
    else if (node.nodeType === COMMENT) comment = true;
    else throw new XmlRefusal('split-value');
  }
  if (text && comment) throw new XmlRefusal('split-value');
}

const COMMENT = 8;
