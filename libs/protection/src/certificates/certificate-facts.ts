import 'reflect-metadata';
import type { X509Certificate } from 'node:crypto';
import {
  BasicConstraintsExtension,
  X509Certificate as DecodedCertificate,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
} from '@peculiar/x509';

/** One certificate, one purpose. */
export type Purpose = 'client' | 'server' | 'encryption' | 'seal';

/** What Node's X509Certificate does not tell. */
export interface CertificateFacts {
  /** purposes it may serve; usually one, none when its extensions say nothing or too much */
  purposes: readonly Purpose[];
  /** intermediate authorities allowed below, undefined = any number */
  pathLength: number | undefined;
  /** RSA ≥ 2048 or P-256/384/521, signed over SHA-256 or better, no critical extension that we do not read */
  strong: boolean;
}

const READ_HERE = new Set(['2.5.29.15', '2.5.29.17', '2.5.29.19', '2.5.29.32', '2.5.29.37']);
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
const HASHES = new Set(['SHA-256', 'SHA-384', 'SHA-512']);

/** A certificate whose extensions cannot be read serves no purpose. */
export function certificateFacts(certificate: X509Certificate): CertificateFacts {
  try {
    return readFacts(certificate);
  } catch {
    return { purposes: [], pathLength: 0, strong: false };
  }
}

function readFacts(certificate: X509Certificate): CertificateFacts {
  const decoded = new DecodedCertificate(certificate.raw);
  const basic = decoded.getExtension(BasicConstraintsExtension);
  const usage = decoded.getExtension(KeyUsagesExtension)?.usages ?? 0;
  const extended = decoded.getExtension(ExtendedKeyUsageExtension)?.usages ?? [];
  const tls = {
    client: extended.includes(ExtendedKeyUsage.clientAuth),
    server: extended.includes(ExtendedKeyUsage.serverAuth),
  };
  const purposes: Purpose[] = [];
  if (!certificate.ca && basic?.ca !== true) {
    if (tls.client && usage & KeyUsageFlags.digitalSignature) purposes.push('client');
    if (tls.server && usage & KeyUsageFlags.digitalSignature) purposes.push('server');
    if (!tls.client && !tls.server && usage & KeyUsageFlags.keyEncipherment) purposes.push('encryption');
    if (!tls.client && !tls.server && usage & (KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation))
      purposes.push('seal');
  }
  return {
    purposes,
    pathLength: basic?.pathLength,
    strong:
      strongKey(certificate) &&
      HASHES.has(decoded.signatureAlgorithm.hash?.name) &&
      decoded.extensions.every(({ critical, type }) => !critical || READ_HERE.has(type)),
  };
}

function strongKey({ publicKey }: X509Certificate): boolean {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  return publicKey.asymmetricKeyType === 'rsa'
    ? (modulusLength ?? 0) >= 2048
    : publicKey.asymmetricKeyType === 'ec' && CURVES.has(namedCurve ?? '');
}
