import 'reflect-metadata';
import type { X509Certificate } from 'node:crypto';
import { X509Certificate as DecodedCertificate, X509Crl } from '@peculiar/x509';

/** A CRL whose signature was checked. */
export interface RevocationList {
  /** SHA-256 fingerprint of the authority that signed it */
  issuer: string;
  thisUpdate: Date;
  nextUpdate: Date;
  has(certificate: X509Certificate): boolean;
}

/** @returns undefined when none of the authorities signed it, or when it is of a kind not read here (delta, partial, indirect) */
export async function readRevocationList(
  pem: string,
  authorities: readonly X509Certificate[],
): Promise<RevocationList | undefined> {
  const crl = new X509Crl(pem);
  const { nextUpdate } = crl;
  const unread = [crl, ...crl.entries].some(({ extensions }) => extensions.some(({ critical }) => critical));
  if (nextUpdate === undefined || unread) return undefined;
  for (const authority of authorities) {
    const { subject, publicKey } = new DecodedCertificate(authority.raw);
    if (subject !== crl.issuer || !(await crl.verify({ publicKey }))) continue;
    const serials = new Set(crl.entries.map(({ serialNumber }) => normal(serialNumber)));
    return {
      issuer: authority.fingerprint256,
      thisUpdate: crl.thisUpdate,
      nextUpdate,
      has: ({ serialNumber }) => serials.has(normal(serialNumber)),
    };
  }
  return undefined;
}

const normal = (serial: string) => serial.toUpperCase().replace(/^0+/, '');
