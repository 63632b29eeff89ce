/** TLS towards an operator of the trust space: IGC Santé and nobody else, revocation looked at, old suites refused. */
import { X509Certificate } from 'node:crypto';
import { type ConnectionOptions, checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { Clock } from '#core';

/** Authorities of IGC Santé: what `TrustStore` of libs/protection answers. */
export interface IgcTrust {
  /** PEM bundle */
  authorities: string;
  /** why that server's certificate may not be believed: chain, dates, revocation, purpose, a TEST authority in production */
  fault(certificate: X509Certificate, at: Date): string | undefined;
}

/** Facts §7.3: ECDHE with AES-GCM or ChaCha20, nothing else. */
export const CIPHERS = [
  ...['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'],
  ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ...['ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
].join(':');

export interface IgcTlsOrder {
  trust: IgcTrust;
  clock: Clock;
  /** name that the certificate must bear */
  host: string;
  /** ORG AUTH_CLI pair of an applicative mailbox, PEM */
  certificate?: string;
  key?: string;
}

export interface IgcTls {
  options: ConnectionOptions;
  /** why the certificate shown was refused, once it was */
  fault(): string | undefined;
}

export function igcTls({ trust, clock, host, certificate, key }: IgcTlsOrder): IgcTls {
  let fault: string | undefined;
  return {
    fault: () => fault,
    options: {
      ca: trust.authorities,
      minVersion: 'TLSv1.2',
      ciphers: CIPHERS,
      ecdhCurve: 'X25519:P-256:P-384:P-521',
      rejectUnauthorized: true,
      servername: host,
      ...(certificate === undefined || key === undefined ? {} : { cert: certificate, key }),
      // asked once the chain holds: the name, then what a chain alone does not tell
      checkServerIdentity: (_, shown: PeerCertificate) => {
        const wrongName = checkServerIdentity(host, shown);
        if (wrongName !== undefined) {
          fault = 'name';
          return wrongName;
        }
        fault = trust.fault(new X509Certificate(shown.raw), clock.now());
        return fault === undefined ? undefined : certificateRefused(fault);
      },
    },
  };
}

/** Not a BrokerError: mail libraries write their own code over that of an error which they pass on. */
function certificateRefused(fault: string): Error {
  return Object.assign(new Error(`not of the trust space: ${fault}`), { code: 'CERT_REFUSED' });
}
