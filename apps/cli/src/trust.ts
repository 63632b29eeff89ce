import { readFileSync } from 'node:fs';
import { type CertificateFault, TrustStore } from '#protection';
import type { Configuration } from '../../broker/src/config/environment.ts';

/** Why a certificate may not be used, in French. */
export const FAULT_WORDS: Readonly<Record<CertificateFault, string>> = {
  foreign: 'autorité inconnue de RELAIS_TLS_CA',
  expired: 'hors de ses dates de validité',
  revoked: 'révoqué',
  'wrong-purpose': 'd’un autre usage',
  weak: 'trop faible, ou d’une forme non prise en charge',
  'test-anchor': 'autorité de test, refusée en production',
  'revocation-unknown': 'liste de révocation absente ou périmée',
};

/** The authorities of the broker of that configuration. @throws BrokerError `configuration.invalid`, or the file system's */
export function trustOf({ tls, environment }: Configuration): Promise<TrustStore> {
  return TrustStore.of({
    anchors: readFileSync(tls.authorities, 'utf8'),
    crls: [readFileSync(tls.revocations, 'utf8')],
    production: environment === 'production',
  });
}
