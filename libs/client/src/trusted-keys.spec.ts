import { generateKeyPairSync } from 'node:crypto';
import { CompactSign, exportJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { TrustedKeys } from './trusted-keys.ts';

async function signer(kid: string, use = 'sig') {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, use, alg: 'ES256' },
    sign: (claims: object, header: object = {}) =>
      new CompactSign(Buffer.from(JSON.stringify(claims)))
        .setProtectedHeader({ alg: 'ES256', kid, typ: 'relais-receipt+jwt', ...header })
        .sign(privateKey),
  };
}

describe('Relais’ public keys', () => {
  it('are asked for once, and again when a signature names a key not known', async () => {
    const [old, fresh] = [await signer('1'), await signer('2')];
    let asked = 0;
    let published = [old.jwk];
    const keys = new TrustedKeys(async () => {
      asked += 1;
      return { keys: published };
    });
    const jws = await old.sign({ id: 1 });
    await Promise.all([keys.verify(jws, 'receipt'), keys.verify(jws, 'receipt')]);
    expect(asked).toBe(1);
    published = [fresh.jwk, old.jwk];
    expect(await keys.verify(await fresh.sign({ id: 2 }), 'receipt')).toEqual({ id: 2 });
    expect(await keys.verify(jws, 'receipt')).toEqual({ id: 1 });
    expect(asked).toBe(2);
  });

  it('are asked for at most once a second, however many forgeries come', async () => {
    const [known, forger] = [await signer('1'), await signer('2')];
    let asked = 0;
    const keys = new TrustedKeys(async () => {
      asked += 1;
      return { keys: [known.jwk] };
    });
    const forgery = await forger.sign({});
    const verdicts = await Promise.allSettled(
      Array.from({ length: 50 }, () => keys.verify(forgery, 'receipt')),
    );
    expect(verdicts.every(({ status }) => status === 'rejected')).toBe(true);
    expect(asked).toBeLessThanOrEqual(2);
  });

  it('sign for one use only, and never when published for encryption', async () => {
    const [key, other] = [await signer('1'), await signer('2', 'enc')];
    const keys = TrustedKeys.pinned({ keys: [key.jwk, other.jwk] });
    await expect(keys.verify(await key.sign({}), 'seal')).rejects.toThrow('another use');
    await expect(keys.verify(await other.sign({}), 'receipt')).rejects.toThrow('signature');
    await expect(keys.verify(await key.sign({}, { jwk: key.jwk }), 'receipt')).rejects.toThrow('another use');
    await expect(keys.verify(await key.sign({}, { kid: undefined }), 'receipt')).rejects.toThrow('signature');
  });
});
