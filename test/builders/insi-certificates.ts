/** A throw-away authority and what it certifies, for the INSi suites: P-256, made in memory, valid around now. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const HOUR = 3_600_000;

export interface Pair {
  certificate: string;
  key: string;
}

export interface TestAuthority {
  /** PEM */
  certificate: string;
  server(): Promise<Pair>;
  /** `dn` such as `CN=INSI-AUTO, OU=10B0000001`; hours from now */
  client(dn: string, hours?: { from: number; to: number }): Promise<Pair>;
}

export async function testAuthority(commonName: string): Promise<TestAuthority> {
  const keys = await generate();
  const name = `CN=${commonName}, O=Relais (essai), C=FR`;
  const root = await X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    notBefore: new Date(Date.now() - 48 * HOUR),
    notAfter: new Date(Date.now() + 48 * HOUR),
    signingAlgorithm: ALGORITHM,
    extensions: [new BasicConstraintsExtension(true, 0, true)],
  });

  async function issue(
    subject: string,
    usage: ExtendedKeyUsage,
    { from, to }: { from: number; to: number },
    names: readonly string[] = [],
  ): Promise<Pair> {
    const own = await generate();
    const certificate: X509Certificate = await X509CertificateGenerator.create({
      subject,
      issuer: root.subject,
      notBefore: new Date(Date.now() + from * HOUR),
      notAfter: new Date(Date.now() + to * HOUR),
      signingKey: keys.privateKey,
      publicKey: own.publicKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new ExtendedKeyUsageExtension([usage]),
        ...(names.length > 0
          ? [new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value })))]
          : []),
      ],
    });
    const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', own.privateKey), 'PRIVATE KEY');
    return { certificate: certificate.toString('pem'), key };
  }

  return {
    certificate: root.toString('pem'),
    server: () => issue('CN=localhost', ExtendedKeyUsage.serverAuth, { from: -24, to: 24 }, ['localhost']),
    client: (dn, hours = { from: -24, to: 24 }) => issue(dn, ExtendedKeyUsage.clientAuth, hours),
  };
}

async function generate(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, [
    'sign',
    'verify',
  ]) as Promise<webcrypto.CryptoKeyPair>;
}
