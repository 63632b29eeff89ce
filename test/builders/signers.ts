/** Certificates for what signs or opens XML and mail in the tests: RSA keys are lent, P-256 ones made. */
import 'reflect-metadata';
import { createPrivateKey, createPublicKey, generateKeyPairSync, webcrypto } from 'node:crypto';
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509';
import type { Pair } from './insi-certificates.ts';
import { rsaKey } from './rsa-keys.ts';

const HOUR = 3_600_000;
const ALGORITHMS = {
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  'p-256': { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
} as const;

export interface Signer extends Pair {
  /** SubjectPublicKeyInfo, PEM: what a judge is given to verify with */
  publicKey: string;
}

/** A certificate by itself, good for two days. The same name lends the same RSA key. */
export async function aSigner(name: string, kind: 'rsa' | 'p-256' = 'rsa'): Promise<Signer> {
  const algorithm = ALGORITHMS[kind];
  const key = kind === 'rsa' ? rsaKey(`signer.${name}`) : ellipticKey();
  const publicKey = createPublicKey(key);
  const imported = {
    privateKey: await webcrypto.subtle.importKey('pkcs8', der(key), algorithm, true, ['sign']),
    publicKey: await webcrypto.subtle.importKey(
      'spki',
      publicKey.export({ type: 'spki', format: 'der' }),
      algorithm,
      true,
      ['verify'],
    ),
  };
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}, O=Relais (essai), C=FR`,
    keys: imported,
    notBefore: new Date(Date.now() - 24 * HOUR),
    notAfter: new Date(Date.now() + 24 * HOUR),
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(false)],
  });
  return {
    certificate: certificate.toString('pem'),
    key,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
  };
}

function ellipticKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

function der(pem: string): Buffer {
  return createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
}
