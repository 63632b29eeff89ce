/** Making of one signature, in a thread. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import type { XmlSignOrder } from '#core';
import { contains, elements, parseStrictly, type XmlElement } from '../xml/dom.ts';
import { elementAt, idsOf, xpathOf } from '../xml/places.ts';
import { XmlRefusal } from '../xml/xml-refusal.ts';
import { algorithmFor, ENVELOPED, EXC_C14N, restrict, SHA256 } from './algorithms.ts';

/** @throws XmlRefusal when the order does not fit the document: our own fault */
export function signXml(xml: string, order: XmlSignOrder): string {
  const root = parseStrictly(xml);
  const parent = elementAt(root, order.inside);
  const certificate = new X509Certificate(order.certificate);
  const privateKey = createPrivateKey(order.key);
  if (!certificate.checkPrivateKey(privateKey)) throw new XmlRefusal('signer');
  const { keyInfo } = order;
  const signer = new SignedXml({
    privateKey,
    publicCert: certificate.toString(),
    canonicalizationAlgorithm: EXC_C14N,
    signatureAlgorithm: algorithmFor(privateKey),
    ...(keyInfo !== undefined && { getKeyInfoContent: () => keyInfo }),
    objects: (order.objects ?? []).map((content) => ({ content })),
  });
  restrict(signer);
  for (const one of order.ids) {
    const { id, type } = typeof one === 'string' ? { id: one } : one;
    const holder = bearerOf(root, id);
    const enveloped = holder !== undefined && contains(holder, parent);
    signer.addReference({
      xpath: `//*[@*[${ID_NAMES} and .='${id}']]`,
      transforms: enveloped ? [ENVELOPED, EXC_C14N] : [EXC_C14N],
      digestAlgorithm: SHA256,
      ...(type !== undefined && { type }),
    });
  }
  signer.computeSignature(xml, {
    prefix: 'ds',
    location: locationOf(parent, order),
    ...(order.signatureId !== undefined && { attrs: { Id: order.signatureId } }),
  });
  return signer.getSignedXml();
}

const ID_NAMES = "(local-name()='ID' or local-name()='Id' or local-name()='id')";

/** Undefined for what an Object of the signature itself will bear. */
function bearerOf(root: XmlElement, id: string): XmlElement | undefined {
  if (!/^[A-Za-z0-9_][\w.-]*$/.test(id)) throw new XmlRefusal('reference');
  const found: XmlElement[] = [];
  const look = (element: XmlElement): void => {
    if (idsOf(element).includes(id)) found.push(element);
    elements(element).forEach(look);
  };
  look(root);
  if (found.length > 1) throw new XmlRefusal('duplicate-id');
  return found[0];
}

function locationOf(
  parent: XmlElement,
  { inside, after }: XmlSignOrder,
): { reference: string; action: 'append' | 'prepend' | 'after' } {
  if (after === undefined) return { reference: xpathOf(inside), action: 'append' };
  if (after === '') return { reference: xpathOf(inside), action: 'prepend' };
  const siblings = elements(parent).filter(({ localName }) => localName === after);
  if (siblings.length !== 1) throw new XmlRefusal('place');
  return { reference: xpathOf([...inside, after]), action: 'after' };
}
