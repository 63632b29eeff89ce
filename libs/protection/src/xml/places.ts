/** Elements by their way from the root, and by the value of their ID attribute: one and only one each time. */
import type { XmlPlace } from '#core';
import { descendants, elements, type XmlElement } from './dom.ts';
import { XmlRefusal } from './xml-refusal.ts';

export const DSIG = 'http://www.w3.org/2000/09/xmldsig#';

/** @throws XmlRefusal `place` when none or several stand on the way */
export function elementAt(root: XmlElement, place: XmlPlace): XmlElement {
  const [first, ...rest] = place;
  if (root.localName !== first) throw new XmlRefusal('place');
  let element = root;
  for (const name of rest) {
    const [found, other] = elements(element).filter(({ localName }) => localName === name);
    if (found === undefined || other !== undefined) throw new XmlRefusal('place');
    element = found;
  }
  return element;
}

/** @throws XmlRefusal `signature-missing`, `signature-shape` when several stand there */
export function signatureIn(parent: XmlElement): XmlElement {
  const found = elements(parent).filter((one) => one.localName === 'Signature' && one.namespaceURI === DSIG);
  const [signature, other] = found;
  if (signature === undefined) throw new XmlRefusal('signature-missing');
  if (other !== undefined) throw new XmlRefusal('signature-shape');
  return signature;
}

/** Any attribute that some reader may take for an ID: `ID`, `Id`, `id`, `wsu:Id`, `xml:id`. */
export function idsOf(element: XmlElement): string[] {
  return Array.from(element.attributes)
    .filter(({ localName, name }) => (localName ?? name).toLowerCase() === 'id')
    .map(({ value }) => value);
}

/** @throws XmlRefusal `reference` when nothing bears it, `duplicate-id` when two do */
export function elementById(root: XmlElement, id: string): XmlElement {
  const found: XmlElement[] = [];
  for (const element of descendants(root))
    for (const one of idsOf(element)) if (one === id) found.push(element);
  const [element, other] = found;
  if (element === undefined) throw new XmlRefusal('reference');
  if (other !== undefined) throw new XmlRefusal('duplicate-id');
  return element;
}

/** For xml-crypto, which finds its way by XPath. */
export function xpathOf(place: XmlPlace): string {
  return place.map((name) => `/*[local-name()='${name}']`).join('');
}
