import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { BrokerError } from '#core';
import type { CertificateFault, TrustStore } from './trust-store.ts';

export interface RecipientKey {
  /** x5t#S256 of the certificate */
  kid: string;
  key: KeyObject;
}

/** Finds to whom to encrypt; certificates are parsed once and judged every time. */
export class RecipientKeys {
  private readonly parsed = new LRUCache<string, X509Certificate>({ max: 500 });

  constructor(private readonly trust: TrustStore) {}

  /**
   * The first certificate of the list (PEM, newest first) that may be encrypted to at that instant.
   * @throws BrokerError `recipient.key-invalid`
   */
  choose(certificates: readonly string[], at: Date): RecipientKey {
    const faults: (CertificateFault | 'unreadable')[] = [];
    for (const pem of certificates) {
      const certificate = this.read(pem);
      const fault =
        certificate === undefined ? 'unreadable' : this.trust.fault(certificate, 'encryption', at);
      if (certificate === undefined || fault !== undefined) {
        faults.push(fault ?? 'unreadable');
        continue;
      }
      if (certificate.publicKey.asymmetricKeyType !== 'rsa') faults.push('weak');
      else return { kid: thumbprint(certificate), key: certificate.publicKey };
    }
    throw new BrokerError('recipient.key-invalid', {
      detail: faults.length === 0 ? 'aucun certificat' : `certificats refusés : ${faults.join(', ')}`,
    });
  }

  /** kids of all that may be encrypted to at that instant */
  inForce(certificates: readonly string[], at: Date): string[] {
    return certificates.flatMap((pem) => {
      const certificate = this.read(pem);
      const usable =
        certificate !== undefined && this.trust.fault(certificate, 'encryption', at) === undefined;
      return usable ? [thumbprint(certificate)] : [];
    });
  }

  private read(pem: string): X509Certificate | undefined {
    const known = this.parsed.get(pem);
    if (known !== undefined) return known;
    try {
      const certificate = new X509Certificate(pem);
      this.parsed.set(pem, certificate);
      return certificate;
    } catch {
      return undefined;
    }
  }
}

/** RFC 7515 §4.1.8 */
export function thumbprint(certificate: X509Certificate): string {
  return createHash('sha256').update(certificate.raw).digest('base64url');
}
