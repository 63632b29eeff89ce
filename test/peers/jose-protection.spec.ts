/** What is sealed, to whom, and what Relais opens: judged by jose, on certificates of the test PKI. */
import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactEncrypt, compactDecrypt, compactVerify, createLocalJWKSet, importJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SealRequest } from '#core';
import { EncryptionKeys, JweProtection, SigningKeys, TrustStore } from '#protection';
import { Authority } from '../../apps/cli/src/pki/authority.ts';
import type { pkiPaths } from '../../apps/cli/src/pki/pki-paths.ts';
import { aPki, lendKeyFolder } from '../builders/rsa-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'relais-protection-'));
const text = (path: string) => readFileSync(path, 'utf8');
const content = Buffer.from('{"fictif":true}');
const claims = {
  messageId: '01990000-0000-7000-8000-000000000001',
  flow: 'dmst-portability',
  type: 'fr.relais-st.dmst-portability.response.v1',
  sender: 'spsti-a',
  recipient: 'spsti-b',
  datacontenttype: 'application/json',
  digest: `sha-256:${createHash('sha256').update(content).digest('hex')}`,
};
let paths: ReturnType<typeof pkiPaths>;
let signing: SigningKeys;
let own: EncryptionKeys;
let now = new Date();

beforeAll(async () => {
  paths = await aPki(join(folder, 'pki'), { partners: ['spsti-b'] });
  signing = new SigningKeys(join(folder, 'signing'));
  lendKeyFolder(join(folder, 'encryption'), 'relais');
  own = new EncryptionKeys(join(folder, 'encryption'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function protection(production = false): Promise<JweProtection> {
  const trust = await TrustStore.of({
    anchors: text(paths.ca.crt),
    crls: [text(paths.ca.crl)],
    production,
  });
  return new JweProtection(signing, own, trust, { now: () => now });
}

const request = (certificates: readonly string[], more: Partial<SealRequest> = {}): SealRequest => ({
  ...{ claims, certificates, content, audience: 'enc', part: 1, total: 1 },
  ...more,
});
const enc = () => text(paths.partner('spsti-b').enc.crt);
const encH = () => text(paths.partner('spsti-b').encH.crt);
const invalid = (detail: RegExp) =>
  expect.objectContaining({ code: 'recipient.key-invalid', detail: expect.stringMatching(detail) });

describe('sealing', () => {
  it('makes what jose opens: signed claims, one line feed, the raw content', async () => {
    const sealed = (await protection()).seal(request([enc()], { part: 2, total: 3 }));
    const key = createPrivateKey(text(paths.partner('spsti-b').enc.key));
    const { plaintext, protectedHeader } = await compactDecrypt(sealed.jwe, key);
    expect(protectedHeader).toEqual({
      ...{ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: sealed.kid },
      ...{ messageId: claims.messageId, part: 2, total: 3 },
    });
    const bytes = Buffer.from(plaintext);
    const inner = bytes.subarray(0, bytes.indexOf('\n'));
    expect(bytes.subarray(inner.length + 1)).toEqual(content);
    const verified = await compactVerify(inner, createLocalJWKSet({ keys: signing.jwks() as never }));
    expect(JSON.parse(Buffer.from(verified.payload).toString())).toEqual({ ...claims, part: 2, total: 3 });
    expect(sealed).toMatchObject({ n: 2, audience: 'enc', size: sealed.jwe.length });
    expect(sealed.digest).toBe(`sha-256:${createHash('sha256').update(sealed.jwe).digest('hex')}`);
  });

  it('takes the newest certificate that may be used, and passes over those that may not', async () => {
    const box = await protection();
    const kidOf = (...certificates: string[]) => box.seal(request(certificates)).kid;
    expect(kidOf(enc(), encH())).not.toBe(kidOf(encH(), enc()));
    for (const bad of [text(paths.partner('spsti-b').client.crt), text(paths.bad('expired').crt), 'nonsense'])
      expect(kidOf(bad, enc())).toBe(kidOf(enc()));
  });

  it('refuses when none may be used, and says why', async () => {
    const box = await protection();
    const { client, server } = paths.partner('spsti-b');
    expect(() => box.seal(request([]))).toThrow(invalid(/aucun/));
    expect(() => box.seal(request([text(client.crt), text(server.crt)]))).toThrow(
      invalid(/wrong-purpose, wrong-purpose/),
    );
    const stranger = await Authority.create([{ CN: ['TEST AC RELAIS'] }], pem(), now);
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const foreign = await stranger.issue({
      subject: [{ CN: ['spsti-b'] }],
      profile: 'encryption',
      publicKey,
    });
    expect(() => box.seal(request([foreign, 'nonsense']))).toThrow(invalid(/foreign, unreadable/));
  });

  it('judges the certificate at each sealing, not once', async () => {
    const box = await protection();
    const today = now;
    box.seal(request([enc()]));
    now = new Date(today.getTime() + 40 * 24 * 3_600_000);
    expect(() => box.seal(request([enc()]))).toThrow(invalid(/revocation-unknown/));
    now = new Date(today.getTime() + 4 * 365 * 24 * 3_600_000);
    expect(() => box.seal(request([enc()]))).toThrow(invalid(/expired/));
    now = today;
    expect(box.seal(request([enc()])).n).toBe(1);
  });

  it('seals to no TEST certificate in production', async () => {
    const production = await protection(true);
    expect(() => production.seal(request([enc()]))).toThrow(invalid(/test-anchor/));
  });

  it('refuses claims that are not of that content, and a part outside its total', async () => {
    const box = await protection();
    const other = { claims: { ...claims, digest: `sha-256:${'0'.repeat(64)}` } };
    const internal = expect.objectContaining({ code: 'internal' });
    expect(() => box.seal(request([enc()], other))).toThrow(internal);
    for (const [part, total] of [
      [0, 1],
      [2, 1],
      [1.5, 2],
    ] as const)
      expect(() => box.seal(request([enc()], { part, total }))).toThrow(internal);
  });
});

describe('opening what is made for Relais', () => {
  it('opens what jose makes for the published key, before and after a rotation', async () => {
    const box = await protection();
    const [jwk] = own.jwks();
    const key = await importJWK(jwk as never, 'RSA-OAEP-256');
    const header = { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: jwk?.kid ?? '' };
    const jwe = await new CompactEncrypt(content).setProtectedHeader(header).encrypt(key);
    expect(Buffer.from(box.openOwn(jwe))).toEqual(content);
    own.rotate();
    expect(Buffer.from(box.openOwn(jwe))).toEqual(content);
  });

  it('says apart only a key that is not ours', async () => {
    const box = await protection();
    const forPartner = Buffer.from(box.seal(request([enc()])).jwe).toString();
    const codeOf = (jwe: string) => {
      try {
        return `opened ${box.openOwn(jwe).length}`;
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(codeOf(forPartner)).toBe('jwe.wrong-kid');
    for (const bad of ['', 'a.b.c.d.e', forPartner.replace('.', '..'), '{}', `${forPartner}.`])
      expect(codeOf(bad)).toBe('jwe.invalid');
  });
});

function pem(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}
