/** Verification of one signature, in a thread: xml-crypto does the cryptography, the checks around it are ours. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import { findAncestorNs, SignedXml } from 'xml-crypto';
import type { VerifiedXml, XmlVerifyRule } from '#core';
import { contains, elements, isElement, parseStrictly, type XmlElement, type XmlNode } from '../xml/dom.ts';
import { elementAt, elementById, signatureIn } from '../xml/places.ts';
import { XmlRefusal } from '../xml/xml-refusal.ts';
import { algorithmFor, canonicaliseFrom, ECDSA_SHA256, restrict } from './algorithms.ts';
import { type SignatureShape, shapeOf } from './signature-shape.ts';
import { assertWholeValues } from './whole-values.ts';

/** @throws XmlRefusal */
export function verifyXml(xml: string, rule: XmlVerifyRule): VerifiedXml {
  const root = parseStrictly(xml);
  const signature = signatureIn(elementAt(root, rule.inside));
  const sha1 = rule.sha1Until !== undefined && rule.now.getTime() < Date.parse(rule.sha1Until);
  const shape = shapeOf(signature, { sha1 });
  const targets = shape.references.map(({ id, enveloped }) => targetOf(root, signature, id, enveloped));
  assertApart(targets, signature);
  const order = rule.signed.map((place) => {
    const index = targets.indexOf(elementAt(root, place));
    if (index < 0) throw new XmlRefusal('unsigned');
    return index;
  });
  for (const target of targets) assertWholeValues(target);
  const canonical = check(xml, signature, publicKeyOf(rule.certificate, shape), sha1);
  if (canonical.length !== targets.length) throw new XmlRefusal('reference');
  return {
    signed: order.map((index) => canonical[index] as string),
    algorithm: shape.algorithm,
    sha1: shape.sha1,
  };
}

/** What a reference points at; it is enveloped when, and only when, it holds the signature. */
function targetOf(root: XmlElement, signature: XmlElement, id: string, enveloped: boolean): XmlElement {
  const target = elementById(root, id);
  if (contains(target, signature) !== enveloped) throw new XmlRefusal('transform');
  return target;
}

/** None inside another but what the signature holds: sixteen times the whole document would be sixteen times its cost. */
function assertApart(targets: readonly XmlElement[], signature: XmlElement): void {
  for (const outer of targets)
    for (const inner of targets)
      if (inner !== outer && contains(outer, inner) && !contains(signature, inner))
        throw new XmlRefusal('reference');
}

/** The key of the certificate that the caller judged, and a signature of its kind. */
function publicKeyOf(certificate: string, { algorithm }: SignatureShape): KeyObject {
  let key: KeyObject;
  try {
    key = new X509Certificate(certificate).publicKey;
  } catch {
    throw new XmlRefusal('signer');
  }
  const elliptic = algorithmFor(key) === ECDSA_SHA256;
  if (elliptic !== (algorithm === ECDSA_SHA256)) throw new XmlRefusal('algorithm');
  return key;
}

function check(xml: string, signature: XmlElement, publicCert: KeyObject, sha1: boolean): string[] {
  // a key that the document brings along is never looked at
  const verifier = new SignedXml({ publicCert, getCertFromKeyInfo: () => null });
  restrict(verifier, { sha1 });
  const [signedInfo] = elements(signature);
  canonicaliseFrom(
    verifier,
    findAncestorNs(signature.ownerDocument as never, pathOf(signedInfo as XmlElement)),
  );
  let whole: boolean;
  try {
    verifier.loadSignature(signature as never);
    whole = verifier.checkSignature(xml);
  } catch (error) {
    const value = error instanceof Error && error.message.includes('signature value');
    throw new XmlRefusal(value ? 'signature-value' : 'digest');
  }
  if (!whole) throw new XmlRefusal('digest');
  return verifier.getSignedReferences();
}

/** XPath of one element and no other, by its rank among elements at each step. */
function pathOf(element: XmlElement): string {
  const steps: string[] = [];
  for (
    let at: XmlNode | null = element;
    at !== null && isElement(at) && at.parentNode !== null;
    at = at.parentNode
  )
    steps.unshift(`/*[${elements(at.parentNode).indexOf(at) + 1}]`);
  return steps.join('');
}
