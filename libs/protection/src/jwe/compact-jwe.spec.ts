import {
  constants,
  createCipheriv,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { publicJwk } from '../public-jwk.ts';
import { decryptCompact, encryptCompact } from './compact-jwe.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 3072 });
const { kid } = publicJwk(publicKey);
const keyOf = (wanted: string): KeyObject | undefined => (wanted === kid ? privateKey : undefined);
const content = Buffer.from('{"fictif":true}');

/** A rightly encrypted JWE with a header and a key wrapping of our choice. */
function forge(
  header: object,
  options: { padding?: number; hash?: string; cek?: Buffer; text?: Buffer } = {},
) {
  const protected64 = Buffer.from(JSON.stringify(header)).toString('base64url');
  const cek = options.cek ?? randomBytes(32);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', cek.length === 32 ? cek : randomBytes(32), iv);
  cipher.setAAD(Buffer.from(protected64));
  const ciphertext = Buffer.concat([cipher.update(options.text ?? content), cipher.final()]);
  const wrapped = publicEncrypt(
    {
      key: publicKey,
      padding: options.padding ?? constants.RSA_PKCS1_OAEP_PADDING,
      ...(options.padding === undefined && { oaepHash: options.hash ?? 'sha256' }),
    },
    cek,
  );
  return [
    protected64,
    ...[wrapped, iv, ciphertext, cipher.getAuthTag()].map((b) => b.toString('base64url')),
  ].join('.');
}
const plain = { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid };

describe('compact JWE', () => {
  it('is opened by jose, with what we put in its header', async () => {
    const jwe = encryptCompact([content, Buffer.from('\n'), Buffer.alloc(0)], { kid, part: 1 }, publicKey);
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, privateKey);
    expect(Buffer.from(plaintext).toString()).toBe('{"fictif":true}\n');
    expect(protectedHeader).toEqual({ ...plain, part: 1 });
  });

  it('opens what jose seals, whatever the size', async () => {
    for (const size of [0, 1, 500_000]) {
      const bytes = randomBytes(size);
      const jwe = await new CompactEncrypt(bytes)
        .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid })
        .encrypt(publicKey);
      expect(decryptCompact(jwe, keyOf)).toMatchObject({ plaintext: bytes });
    }
  });

  it('never uses a key or a nonce twice', () => {
    const segments = Array.from({ length: 50 }, () =>
      encryptCompact([content], { kid }, publicKey).toString().split('.'),
    );
    expect(new Set(segments.map(([, key]) => key)).size).toBe(50);
    expect(new Set(segments.map(([, , iv]) => iv)).size).toBe(50);
  });

  it('refuses any change of one character', () => {
    const jwe = encryptCompact([content], { kid }, publicKey);
    fc.assert(
      fc.property(fc.nat(jwe.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Buffer.from(jwe);
        bytes[at] = (bytes[at] as number) ^ flip;
        expect(decryptCompact(bytes.toString('latin1'), keyOf)).toBeTypeOf('string');
      }),
      { numRuns: 300 },
    );
  });

  it('says apart only that the key is not ours', () => {
    expect(decryptCompact(encryptCompact([content], { kid: 'other' }, publicKey).toString(), keyOf)).toBe(
      'wrong-kid',
    );
    expect(decryptCompact(forge({ alg: 'RSA-OAEP-256', enc: 'A256GCM' }), keyOf)).toBe('wrong-kid');
    expect(decryptCompact(encryptCompact([content], { kid }, stranger.publicKey).toString(), keyOf)).toBe(
      'invalid',
    );
  });

  it.each([
    ['compressed content', { ...plain, zip: 'DEF' }, { text: deflateRawSync(Buffer.alloc(1 << 20)) }],
    ['a critical extension', { ...plain, crit: ['exp'], exp: 1 }, {}],
    ['an embedded key', { ...plain, jwk: publicJwk(publicKey) }, {}],
    ['a remote key', { ...plain, jku: 'https://example.invalid/' }, {}],
    ['a certificate', { ...plain, x5c: ['AAAA'] }, {}],
    ['a remote certificate', { ...plain, x5u: 'https://example.invalid/' }, {}],
    ['OAEP over SHA-1', { ...plain, alg: 'RSA-OAEP' }, { hash: 'sha1' }],
    ['OAEP over SHA-1 under a false name', plain, { hash: 'sha1' }],
    ['PKCS#1 v1.5 key transport', { ...plain, alg: 'RSA1_5' }, { padding: constants.RSA_PKCS1_PADDING }],
    ['PKCS#1 v1.5 under a false name', plain, { padding: constants.RSA_PKCS1_PADDING }],
    ['another content algorithm', { ...plain, enc: 'A128CBC-HS256' }, {}],
    ['direct encryption', { ...plain, alg: 'dir' }, {}],
    ['a content key of another length', plain, { cek: randomBytes(16) }],
  ])('refuses %s', (_, header, options) => {
    expect(decryptCompact(forge(plain), keyOf)).toMatchObject({ plaintext: content });
    expect(decryptCompact(forge(header, options), keyOf)).toBe('invalid');
  });

  it('refuses a short tag and another number of segments', () => {
    const segments = forge(plain).split('.');
    const tag = Buffer.from(segments[4] ?? '', 'base64url');
    for (const bad of [
      [...segments.slice(0, 4), tag.subarray(0, 4).toString('base64url')],
      segments.slice(0, 4),
      [...segments, 'AAAA'],
      [''],
    ])
      expect(decryptCompact(bad.join('.'), keyOf)).toBe('invalid');
  });
});
