/** Programs that are not ours open what we seal and verify what we sign, with the very commands shown to vendors. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EncryptionKeys, JWS_TYPES, JweProtection, SigningKeys, TrustStore } from '#protection';
import { aPki, lendKeyFolder } from '../builders/rsa-keys.ts';
import { judgedBy, run } from './programs.ts';

const README = readFileSync(join(import.meta.dirname, '../../libs/client/README.md'), 'utf8');
const recipe = (name: string): string => {
  const found = new RegExp(`^\`\`\`\\w+ ${name}\\n(.*?)^\`\`\``, 'ms').exec(README)?.[1];
  if (found === undefined) throw new Error(`README has no recipe ${name}`);
  return found;
};

const folder = mkdtempSync(join(tmpdir(), 'relais-vendor-'));
const file = (name: string) => join(folder, name);
const inFolder = (script: string) => run('sh', ['-ec', `cd '${folder}'\n${script}`]);
const json = (name: string) => JSON.parse(readFileSync(file(name), 'utf8'));

const content = Buffer.from('{"fictif":"dossier d’essai"}\nseconde ligne, sans fin');
const claims = {
  messageId: '01990000-0000-7000-8000-000000000001',
  flow: 'dmst-portability',
  type: 'fr.relais-st.dmst-portability.response.v1',
  sender: 'spsti-a',
  recipient: 'spsti-b',
  datacontenttype: 'application/json',
  digest: `sha-256:${createHash('sha256').update(content).digest('hex')}`,
};
const receipt = { id: claims.messageId, senderId: 'x', status: 'accepted', digest: claims.digest };

beforeAll(async () => {
  const paths = await aPki(join(folder, 'pki'), { partners: ['spsti-b'] });
  const { enc } = paths.partner('spsti-b');
  const trust = await TrustStore.of({
    anchors: readFileSync(paths.ca.crt, 'utf8'),
    crls: [readFileSync(paths.ca.crl, 'utf8')],
    production: false,
  });
  const signing = new SigningKeys(file('signing'));
  lendKeyFolder(file('encryption'), 'relais');
  const own = new EncryptionKeys(file('encryption'));
  const protection = new JweProtection(signing, own, trust, { now: () => new Date() });
  const certificates = [readFileSync(enc.crt, 'utf8')];
  const sealed = protection.seal({ claims, certificates, audience: 'enc', part: 1, total: 1, content });
  const receiptJws = signing.sign(receipt, JWS_TYPES.receipt);
  signing.rotate();
  writeFileSync(file('delivery.jwe'), sealed.jwe);
  writeFileSync(file('receipt.jws'), receiptJws);
  writeFileSync(file('enc.key'), readFileSync(enc.key));
  writeFileSync(file('jwks.json'), JSON.stringify({ keys: [...signing.jwks(), ...own.jwks()] }));
});
afterAll(() => rmSync(folder, { recursive: true }));

judgedBy(['jose', 'jwcrypto'], 'a vendor with the jose command', () => {
  it('opens a sealed delivery, verifies its inner signature and its digest', () => {
    inFolder(recipe('jose'));
    expect(json('claims.json')).toEqual({ ...claims, part: 1, total: 1 });
    expect(readFileSync(file('content'))).toEqual(content);
  });

  it('verifies a receipt signed before the key was rotated, and no forged one', () => {
    inFolder(recipe('receipt'));
    expect(json('receipt.json')).toEqual(receipt);
    const [header, , signature] = readFileSync(file('receipt.jws'), 'utf8').split('.');
    const other = Buffer.from(JSON.stringify({ ...receipt, status: 'refused' })).toString('base64url');
    writeFileSync(file('forged.jws'), [header, other, signature].join('.'));
    expect(() => inFolder(recipe('receipt').replace('receipt.jws', 'forged.jws'))).toThrow();
  });
});

judgedBy(['jwcrypto'], 'a vendor with Python', () => {
  it('opens a sealed delivery, verifies its inner signature, its digest, and a receipt', () => {
    writeFileSync(file('vendor.py'), recipe('python'));
    const said = JSON.parse(inFolder('/usr/bin/python3 vendor.py').toString());
    expect(said).toEqual({ claims: { ...claims, part: 1, total: 1 }, receipt, content: content.toString() });
  });

  it('seals to Relais what Relais opens', () => {
    const sealer = `
import json
from jwcrypto import jwe, jwk
key = [k for k in json.load(open("jwks.json"))["keys"] if k["use"] == "enc"][0]
header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": key["kid"]}
sealed = jwe.JWE("fictif".encode(), json.dumps(header), algs=["RSA-OAEP-256", "A256GCM"])
sealed.add_recipient(jwk.JWK(**key))
print(sealed.serialize(compact=True), end="")`;
    writeFileSync(file('sealer.py'), sealer);
    const jwe = inFolder('/usr/bin/python3 sealer.py').toString();
    const own = new EncryptionKeys(file('encryption'));
    const signing = new SigningKeys(file('signing'));
    const protection = new JweProtection(signing, own, undefined as never, { now: () => new Date() });
    expect(Buffer.from(protection.openOwn(jwe)).toString()).toBe('fictif');
  });
});
