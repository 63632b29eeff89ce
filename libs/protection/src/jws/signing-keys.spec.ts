import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactVerify, createLocalJWKSet } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EncryptionKeys } from '../jwe/encryption-keys.ts';
import { SigningKeys } from './signing-keys.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'relais-keys-'));
});
afterEach(() => rmSync(home, { recursive: true }));

describe('Relais’ own keys', () => {
  it('are made at the first start, kept at the next, and readable by the owner alone', () => {
    const first = new SigningKeys(join(home, 'signing'));
    expect(new SigningKeys(join(home, 'signing')).kid).toBe(first.kid);
    expect(readdirSync(join(home, 'signing'))).toEqual(['0001.pem']);
    expect(statSync(join(home, 'signing/0001.pem')).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'signing')).mode & 0o777).toBe(0o700);
  });

  it('after a rotation, verify what was signed before and can sign it no more', async () => {
    const keys = new SigningKeys(join(home, 'signing'));
    const old = keys.sign({ id: 1 }, 'relais-receipt+jwt');
    const oldKid = keys.kid;
    keys.rotate();
    const again = new SigningKeys(join(home, 'signing'));
    expect(again.kid).not.toBe(oldKid);
    expect(again.kid).toBe(keys.kid);
    expect(again.jwks().map(({ kid }) => kid)).toEqual([again.kid, oldKid]);
    expect(again.verify(old, 'relais-receipt+jwt')).toEqual({ id: 1 });
    expect(readdirSync(join(home, 'signing')).sort()).toEqual(['0001.pub', '0002.pem']);
    await compactVerify(old, createLocalJWKSet({ keys: again.jwks() as never }));
  });

  it('publish no private member', () => {
    const keys = [
      ...new SigningKeys(join(home, 'signing')).jwks(),
      ...new EncryptionKeys(join(home, 'encryption')).jwks(),
    ];
    expect(keys.map(({ use, alg }) => [use, alg])).toEqual([
      ['sig', 'ES256'],
      ['enc', 'RSA-OAEP-256'],
    ]);
    for (const key of keys)
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(key).not.toHaveProperty(secret);
  });

  it('for encryption, publish the newest only and still open what older ones received', () => {
    const keys = new EncryptionKeys(join(home, 'encryption'));
    const [old] = keys.jwks();
    keys.rotate();
    expect(keys.jwks()).toHaveLength(1);
    expect(keys.jwks()[0]?.kid).not.toBe(old?.kid);
    expect(keys.find(old?.kid ?? '')?.type).toBe('private');
  });
});
