import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { CompactSign, calculateJwkThumbprint, compactVerify, exportJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { publicJwk } from '../public-jwk.ts';
import { signCompact, verifyCompact } from './compact-jws.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const kid = publicJwk(publicKey).kid;
const keyOf = (wanted: string): KeyObject | undefined => (wanted === kid ? publicKey : undefined);
const claims = { id: '0199', status: 'accepted', é: 'à' };
const typ = 'relais-receipt+jwt';
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** A rightly signed JWS whose header is not the one we write. */
const signedWith = (header: object) => {
  const signed = `${encode(header)}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
};

describe('compact JWS', () => {
  it('is verified by jose, under the thumbprint that jose computes', async () => {
    const { payload, protectedHeader } = await compactVerify(
      signCompact(claims, { kid, typ }, privateKey),
      publicKey,
    );
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(claims);
    expect(protectedHeader).toEqual({ alg: 'ES256', kid, typ });
    expect(kid).toBe(await calculateJwkThumbprint(await exportJWK(publicKey)));
  });

  it('verifies what jose signs', async () => {
    const jws = await new CompactSign(Buffer.from(JSON.stringify(claims)))
      .setProtectedHeader({ alg: 'ES256', kid, typ })
      .sign(privateKey);
    expect(verifyCompact(jws, typ, keyOf)).toEqual(claims);
  });

  it('refuses any change of one character', () => {
    const jws = signCompact(claims, { kid, typ }, privateKey);
    fc.assert(
      fc.property(fc.nat(jws.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Buffer.from(jws, 'latin1');
        bytes[at] = (bytes[at] as number) ^ flip;
        expect(verifyCompact(bytes.toString('latin1'), typ, keyOf)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a signature made for another use', () => {
    const seal = signCompact(claims, { kid, typ: 'relais-seal+jwt' }, privateKey);
    expect(verifyCompact(seal, typ, keyOf)).toBeUndefined();
    expect(verifyCompact(seal, 'relais-seal+jwt', keyOf)).toEqual(claims);
  });

  it.each([
    ['alg none', { alg: 'none', kid, typ }],
    ['another algorithm', { alg: 'ES384', kid, typ }],
    ['an unknown key', { alg: 'ES256', kid: 'other', typ }],
    ['no key named', { alg: 'ES256', typ }],
    ['an embedded key', { alg: 'ES256', kid, typ, jwk: publicJwk(publicKey) }],
    ['a remote key', { alg: 'ES256', kid, typ, jku: 'https://example.invalid/' }],
    ['a certificate', { alg: 'ES256', kid, typ, x5c: ['AAAA'] }],
    ['a critical extension', { alg: 'ES256', kid, typ, crit: ['b64'], b64: false }],
  ])('refuses %s even when rightly signed', (_, header) => {
    expect(verifyCompact(signedWith(header), typ, keyOf)).toBeUndefined();
  });

  it('refuses the public key used as an HMAC secret, no signature at all, and other shapes', () => {
    const signed = `${encode({ alg: 'HS256', kid, typ })}.${encode(claims)}`;
    const secret = publicKey.export({ type: 'spki', format: 'pem' });
    const mac = createHmac('sha256', secret).update(signed).digest('base64url');
    const good = signCompact(claims, { kid, typ }, privateKey);
    for (const jws of [
      `${signed}.${mac}`,
      `${encode({ alg: 'none', kid, typ })}.${encode(claims)}.`,
      good.slice(0, good.lastIndexOf('.') + 1),
      `${good}.x`,
      `${good}=`,
      ` ${good}`,
      '',
    ])
      expect(verifyCompact(jws, typ, keyOf)).toBeUndefined();
    expect(verifyCompact(good, typ, keyOf)).toEqual(claims);
  });
});
