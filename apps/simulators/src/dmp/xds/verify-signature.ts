/** A signature as its reader judges it: strong algorithms, the certificate that it names judged, only what was signed read. */
import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import { KeyUsageFlags, KeyUsagesExtension, X509Certificate as Parsed } from '@peculiar/x509';
import { SignedXml } from 'xml-crypto';
import { all, withXml } from './xml.ts';

export interface Signed {
  certificate: X509Certificate;
  /** canonical text of each reference, in their order */
  references: readonly string[];
  /** URIs, in the same order */
  uris: readonly string[];
}

const ALLOWED = [
  'http://www.w3.org/2001/10/xml-exc-c14n#',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
];

/**
 * @param path of the only signature that is looked at
 * @param anchors PEM of who may certify a seal
 * @returns undefined when it is missing, weak, false, or by nobody who may seal
 */
export function verifySignature(xml: string, path: string, anchors: string, now: Date): Signed | undefined {
  const found = withXml(xml, (root) => {
    const [signature, other] = all(root, path);
    if (signature === undefined || other !== undefined) return undefined;
    const algorithms = all(signature, './/ds:SignedInfo//*[@Algorithm]').map(
      (one) => one.attr('Algorithm')?.value,
    );
    const certificates = all(signature, 'ds:KeyInfo/ds:X509Data/ds:X509Certificate').map(
      ({ content }) => content,
    );
    const uris = all(signature, 'ds:SignedInfo/ds:Reference').map((one) => one.attr('URI')?.value ?? '');
    return { text: signature.toString({ format: false }), algorithms, certificates, uris };
  });
  if (found === undefined || found.algorithms.some((one) => !ALLOWED.includes(one ?? ''))) return undefined;
  const certificate = certificateOf(found.certificates[0]);
  if (certificate === undefined || !maySeal(certificate, anchors, now)) return undefined;
  const verifier = new SignedXml({ publicCert: certificate.toString(), getCertFromKeyInfo: () => null });
  try {
    verifier.loadSignature(found.text);
    if (!verifier.checkSignature(xml)) return undefined;
  } catch {
    return undefined;
  }
  return { certificate, references: verifier.getSignedReferences(), uris: found.uris };
}

function certificateOf(base64: string | undefined): X509Certificate | undefined {
  try {
    return base64 === undefined ? undefined : new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}

/** Issued by the authority, in force, and made for seals: nonRepudiation. */
function maySeal(certificate: X509Certificate, anchors: string, now: Date): boolean {
  const authorities = (anchors.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (pem) => new X509Certificate(pem),
  );
  const known = authorities.some((ca) => certificate.checkIssued(ca) && certificate.verify(ca.publicKey));
  const inForce = certificate.validFromDate <= now && now <= certificate.validToDate;
  const usages = new Parsed(certificate.raw).getExtension(KeyUsagesExtension)?.usages ?? 0;
  return known && inForce && (usages & KeyUsageFlags.nonRepudiation) !== 0;
}

/** OU: national id of the structure that a certificate was given to. */
export function structureOf(subject: string): string {
  return /^OU=(.+)$/m.exec(subject)?.[1] ?? '';
}
