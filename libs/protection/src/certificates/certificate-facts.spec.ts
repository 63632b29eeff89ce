import 'reflect-metadata';
import { webcrypto, X509Certificate } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { describe, expect, it } from 'vitest';
import { certificateFacts } from './certificate-facts.ts';

async function factsOf(extensions: Extension[], curve = 'P-256', hash = 'SHA-256') {
  const algorithm = { name: 'ECDSA', namedCurve: curve, hash };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await X509CertificateGenerator.createSelfSigned({
    keys,
    extensions,
    signingAlgorithm: algorithm,
  });
  return certificateFacts(new X509Certificate(made.toString('pem')));
}
const usage = (flags: number) => new KeyUsagesExtension(flags, true);
const extended = (...uses: string[]) => new ExtendedKeyUsageExtension(uses);
const { digitalSignature, keyEncipherment } = KeyUsageFlags;

describe('what a certificate may serve', () => {
  it.each([
    ['nothing said', [], []],
    ['TLS without signature', [extended(ExtendedKeyUsage.clientAuth), usage(keyEncipherment)], []],
    ['TLS client', [extended(ExtendedKeyUsage.clientAuth), usage(digitalSignature)], ['client']],
    [
      'both ends of TLS, never encryption',
      [
        extended(ExtendedKeyUsage.clientAuth, ExtendedKeyUsage.serverAuth),
        usage(digitalSignature | keyEncipherment),
      ],
      ['client', 'server'],
    ],
    ['mail encryption', [extended(ExtendedKeyUsage.emailProtection), usage(keyEncipherment)], ['encryption']],
    ['an authority', [usage(keyEncipherment), new BasicConstraintsExtension(true)], []],
    [
      'extensions that cannot be read',
      [new Extension('2.5.29.37', false, Buffer.from('x')), usage(keyEncipherment)],
      [],
    ],
  ])('is read from its extensions: %s', async (_, extensions, purposes) => {
    expect((await factsOf(extensions)).purposes).toEqual(purposes);
  });

  it('is nothing strong with an old hash or a critical extension that nobody here reads', async () => {
    expect((await factsOf([usage(keyEncipherment)])).strong).toBe(true);
    expect((await factsOf([usage(keyEncipherment)], 'P-384', 'SHA-384')).strong).toBe(true);
    expect((await factsOf([usage(keyEncipherment)], 'P-256', 'SHA-1')).strong).toBe(false);
    const unknown = new Extension('1.2.250.1.71.1.2.9', true, Buffer.of(5, 0));
    expect((await factsOf([usage(keyEncipherment), unknown])).strong).toBe(false);
  });
});
