/** What we sign and believe: exclusive canonicalisation, SHA-256, RSA or P-256. SHA-1 only where a convention still opens it. */
import { type KeyObject, sign, verify } from 'node:crypto';
import {
  ExclusiveCanonicalization,
  type NamespacePrefix,
  type SignatureAlgorithm,
  type SignedXml,
} from 'xml-crypto';
import { XmlRefusal } from '../xml/xml-refusal.ts';

export const EXC_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
export const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
export const SHA1 = 'http://www.w3.org/2000/09/xmldsig#sha1';
export const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
export const RSA_SHA1 = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1';
export const ECDSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256';

/** xml-crypto has no ECDSA. The value is r‖s (XML-DSig 6.4.3), not the DER of OpenSSL. */
class EcdsaSha256 {
  getSignature(signedInfo: string, privateKey: KeyObject): string {
    return sign('sha256', Buffer.from(signedInfo), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString(
      'base64',
    );
  }

  verifySignature(material: string, key: KeyObject, signatureValue: string): boolean {
    const value = Buffer.from(signatureValue, 'base64');
    return verify('sha256', Buffer.from(material), { key, dsaEncoding: 'ieee-p1363' }, value);
  }

  getAlgorithmName(): string {
    return ECDSA_SHA256;
  }
}

/** Leaves nothing in xml-crypto's tables but what is allowed: HMAC, SHA-1, XPath and comments are unknown to it. */
export function restrict(signed: SignedXml, { sha1 = false } = {}): void {
  signed.SignatureAlgorithms = {
    ...only(signed.SignatureAlgorithms, sha1 ? [RSA_SHA256, RSA_SHA1] : [RSA_SHA256]),
    [ECDSA_SHA256]: EcdsaSha256 as unknown as new () => SignatureAlgorithm,
  };
  signed.HashAlgorithms = only(signed.HashAlgorithms, sha1 ? [SHA256, SHA1] : [SHA256]);
  signed.CanonicalizationAlgorithms = only(signed.CanonicalizationAlgorithms, [EXC_C14N, ENVELOPED]);
}

/**
 * Gives the SignedInfo of this signature the prefixes that are bound around it: xml-crypto takes those around the
 * first one of the document, which is another's when an assertion in the message bears its own.
 */
export function canonicaliseFrom(signed: SignedXml, ancestorNamespaces: NamespacePrefix[]): void {
  signed.CanonicalizationAlgorithms[EXC_C14N] = class extends ExclusiveCanonicalization {
    override process(...[node, options]: Parameters<ExclusiveCanonicalization['process']>): string {
      const { localName } = node as unknown as { localName: string };
      return super.process(node, localName === 'SignedInfo' ? { ...options, ancestorNamespaces } : options);
    }
  };
}

function only<T>(table: Record<string, T>, names: readonly string[]): Record<string, T> {
  const kept: Record<string, T> = Object.create(null);
  for (const name of names) {
    const algorithm = table[name];
    if (algorithm !== undefined) kept[name] = algorithm;
  }
  return kept;
}

/** The algorithm that goes with a key. @throws XmlRefusal `signer` for a weak or a foreign kind of key */
export function algorithmFor(key: KeyObject): string {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= 2048) return RSA_SHA256;
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return ECDSA_SHA256;
  throw new XmlRefusal('signer');
}
