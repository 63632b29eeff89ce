/** Who a signature says it is by. Nothing is verified here: the certificate is a claim. */
import { X509Certificate } from 'node:crypto';
import type { XmlPlace } from '#core';
import { descendants, nodes, parseStrictly, TEXT, type XmlElement } from '../xml/dom.ts';
import { DSIG, elementAt, elementById, signatureIn } from '../xml/places.ts';
import { XmlRefusal } from '../xml/xml-refusal.ts';

const X509_TOKEN = '#X509v3';

/** @returns PEM. @throws XmlRefusal `signer` when no certificate, or none that can be read, is named */
export function claimedSignerOf(xml: string, place: XmlPlace): string {
  const root = parseStrictly(xml);
  const signature = signatureIn(elementAt(root, place));
  const inside = [...descendants(signature)];
  const keyInfo = inside.find((one) => one.localName === 'KeyInfo' && one.namespaceURI === DSIG);
  if (keyInfo === undefined || keyInfo.parentNode !== signature) throw new XmlRefusal('signer');
  const embedded = [...descendants(keyInfo)].filter(({ localName }) => localName === 'X509Certificate');
  const certificates = (embedded.length > 0 ? embedded : [tokenOf(root, keyInfo)]).map(certificateIn);
  // a chain in no promised order: the signer's is the one that signed none of the others
  const leaf = certificates.find((one) => !certificates.some((other) => other !== one && issued(one, other)));
  if (leaf === undefined) throw new XmlRefusal('signer');
  return leaf.toString();
}

/** WS-Security X.509 token profile: KeyInfo points at a BinarySecurityToken. */
function tokenOf(root: XmlElement, keyInfo: XmlElement): XmlElement {
  const reference = [...descendants(keyInfo)].find(
    ({ localName, namespaceURI }) => localName === 'Reference' && namespaceURI !== DSIG,
  );
  const uri = reference?.getAttribute('URI') ?? '';
  if (!uri.startsWith('#')) throw new XmlRefusal('signer');
  const token = elementById(root, uri.slice(1));
  const type = token.getAttribute('ValueType');
  if (token.localName !== 'BinarySecurityToken' || !type.endsWith(X509_TOKEN)) throw new XmlRefusal('signer');
  return token;
}

function certificateIn(element: XmlElement): X509Certificate {
  const [text, other] = [...nodes(element)];
  if (text?.nodeType !== TEXT || other !== undefined) throw new XmlRefusal('signer');
  try {
    return new X509Certificate(Buffer.from(text.nodeValue ?? '', 'base64'));
  } catch {
    throw new XmlRefusal('signer');
  }
}

function issued(issuer: X509Certificate, subject: X509Certificate): boolean {
  return subject.checkIssued(issuer);
}
