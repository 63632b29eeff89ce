import { generateKeyPairSync } from 'node:crypto';
import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { fingerprint, isSshKey, ownKey } from './ssh-key.ts';

const pkcs8 = { privateKeyEncoding: { type: 'pkcs8', format: 'pem' } } as const;
const rsa = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  ...pkcs8,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const elliptic = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  ...pkcs8,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const openSsh = ssh2.utils.generateKeyPairSync('ed25519');

describe('a key for a server', () => {
  it.each([
    ['PKCS#8, RSA', rsa.privateKey, 'ssh-rsa'],
    ['PKCS#8, P-256', elliptic.privateKey, 'ecdsa-sha2-nistp256'],
    ['OpenSSH, Ed25519', openSsh.private, 'ssh-ed25519'],
  ])('is read in the form of %s', (_, pem, type) => {
    expect(isSshKey(pem)).toBe(true);
    expect(ownKey(pem).type).toBe(type);
  });

  it.each([
    ['public', openSsh.public],
    [
      'under a passphrase',
      ssh2.utils.generateKeyPairSync('ed25519', { passphrase: 'x', cipher: 'aes256-cbc', rounds: 16 })
        .private,
    ],
    ['nothing', ''],
  ])('is none when it is %s', (_, pem) => {
    expect(isSshKey(pem)).toBe(false);
    expect(() => ownKey(pem)).toThrow('configuration.invalid');
  });

  it('of RSA signs by SHA-2, and by nothing else', () => {
    const key = ownKey(rsa.privateKey);
    expect(Buffer.isBuffer(key.sign(Buffer.from('x'), 'sha512'))).toBe(true);
    for (const algorithm of ['sha1', undefined])
      expect(key.sign(Buffer.from('x'), algorithm)).toBeInstanceOf(Error);
  });
});

it('a fingerprint is what ssh-keygen shows, without its padding', () => {
  expect(fingerprint(Buffer.from('clé'))).toMatch(/^[A-Za-z0-9+/]{43}$/);
});
