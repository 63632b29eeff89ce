/**
 * A Signature as XML-DSig 4 draws it, and nothing else: xml-crypto looks for its parts by name among descendants, so
 * a second SignedInfo, a comment inside a value or a stray element could show it one thing and us another.
 */

import { CDATA, ELEMENT, elements, nodes, TEXT, type XmlElement } from '../xml/dom.ts';
import { DSIG } from '../xml/places.ts';
import { XmlRefusal } from '../xml/xml-refusal.ts';
import { ECDSA_SHA256, ENVELOPED, EXC_C14N, RSA_SHA1, RSA_SHA256, SHA1, SHA256 } from './algorithms.ts';

export interface SignatureShape {
  algorithm: string;
  references: readonly { id: string; enveloped: boolean }[];
  /** SHA-1 somewhere in it */
  sha1: boolean;
  keyInfo: XmlElement | undefined;
}

/** More than any profile of ours signs (assertion, body, timestamp, token, manifest, signed properties). */
const MOST_REFERENCES = 16;

export function shapeOf(signature: XmlElement, { sha1 }: { sha1: boolean }): SignatureShape {
  const [signedInfo, value, ...rest] = elements(signature);
  const keyInfo = rest[0]?.localName === 'KeyInfo' ? rest.shift() : undefined;
  named([signedInfo], 'SignedInfo');
  named([value], 'SignatureValue');
  named([keyInfo ?? signature], keyInfo === undefined ? 'Signature' : 'KeyInfo');
  named(rest, 'Object');
  leaf(value as XmlElement);
  const [canonicalization, method, ...references] = elements(signedInfo as XmlElement);
  named([canonicalization], 'CanonicalizationMethod');
  named([method], 'SignatureMethod');
  named(references, 'Reference');
  onlyElements(signedInfo as XmlElement);
  if (references.length === 0 || references.length > MOST_REFERENCES) throw new XmlRefusal('reference');
  algorithmOf(canonicalization as XmlElement, [EXC_C14N]);
  plainTransform(canonicalization as XmlElement, true);
  const allowed = sha1 ? [RSA_SHA256, ECDSA_SHA256, RSA_SHA1] : [RSA_SHA256, ECDSA_SHA256];
  const algorithm = algorithmOf(method as XmlElement, allowed);
  // HMACOutputLength and its kin have no place here
  if (elements(method as XmlElement).length > 0) throw new XmlRefusal('algorithm');
  const read = references.map((reference) => referenceOf(reference, sha1));
  const ids = new Set(read.map(({ id }) => id));
  if (ids.size !== read.length) throw new XmlRefusal('reference');
  return {
    algorithm,
    references: read,
    sha1: algorithm === RSA_SHA1 || read.some(({ digest }) => digest === SHA1),
    keyInfo,
  };
}

function referenceOf(reference: XmlElement, sha1: boolean) {
  const [transforms, method, value, ...more] = elements(reference);
  named([transforms], 'Transforms');
  named([method], 'DigestMethod');
  named([value], 'DigestValue');
  if (more.length > 0) throw new XmlRefusal('signature-shape');
  leaf(value as XmlElement);
  onlyElements(reference);
  const list = elements(transforms as XmlElement);
  named(list, 'Transform');
  const names = list.map((one) => one.getAttribute('Algorithm'));
  const enveloped = names[0] === ENVELOPED;
  const expected = enveloped ? [ENVELOPED, EXC_C14N] : [EXC_C14N];
  if (names.length !== expected.length || names.some((name, i) => name !== expected[i]))
    throw new XmlRefusal('transform');
  list.forEach((one, i) => {
    plainTransform(one, i === list.length - 1);
  });
  const uri = /^#([A-Za-z0-9_][\w.-]*)$/.exec(reference.getAttribute('URI'));
  // a whole document, another document or an XPointer is never what a profile of ours signs
  if (uri?.[1] === undefined) throw new XmlRefusal('reference');
  return {
    id: uri[1],
    enveloped,
    digest: algorithmOf(method as XmlElement, sha1 ? [SHA256, SHA1] : [SHA256]),
  };
}

/** Only the last one may hold something, and that an InclusiveNamespaces. */
function plainTransform(transform: XmlElement, last: boolean): void {
  const inside = elements(transform);
  if (inside.length === 0) return;
  const [list, other] = inside;
  const good = last && list?.localName === 'InclusiveNamespaces' && list.namespaceURI === EXC_C14N;
  if (!good || other !== undefined) throw new XmlRefusal('transform');
}

function named(list: readonly (XmlElement | undefined)[], name: string): void {
  for (const element of list)
    if (element?.localName !== name || element.namespaceURI !== DSIG) throw new XmlRefusal('signature-shape');
}

function algorithmOf(element: XmlElement, allowed: readonly string[]): string {
  const name = element.getAttribute('Algorithm');
  if (!allowed.includes(name)) throw new XmlRefusal('algorithm');
  return name;
}

/** One text and nothing else: no comment to split it, no element to hide in it. */
function leaf(element: XmlElement): void {
  const [text, other] = [...nodes(element)];
  if (text?.nodeType !== TEXT || other !== undefined) throw new XmlRefusal('signature-shape');
}

/** Elements and white space all the way down, but for the leaves. */
function onlyElements(element: XmlElement): void {
  for (const node of nodes(element)) {
    if (node.nodeType === ELEMENT) continue;
    const space = node.nodeType === TEXT && (node.nodeValue ?? '').trim() === '';
    if (!space || node.nodeType === CDATA) throw new XmlRefusal('signature-shape');
  }
}
