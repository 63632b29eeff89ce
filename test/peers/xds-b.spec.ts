/** A captured ITI-41 judged by programs that we did not write: Python's MIME parser, xmllint, xmlsec1. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aDmpWire, type DmpWire } from '../builders/dmp-wire.ts';
import { judgedBy, run } from './programs.ts';

/** RFC 2387 by the standard library of another language: [content type, id, SHA-256] of each part, its bytes in files. */
const TAKE_APART = `
import email, email.policy, hashlib, json, sys
raw, folder = open(sys.argv[1], 'rb').read(), sys.argv[2]
message = email.message_from_bytes(raw, policy=email.policy.HTTP)
assert message.get_content_type() == 'multipart/related' and not message.defects, message.defects
parts = []
for n, part in enumerate(message.get_payload()):
    assert not part.defects, part.defects
    content = part.get_payload(decode=True)
    open(f'{folder}/part-{n}', 'wb').write(content)
    parts.append([part.get_content_type(), part['Content-ID'], hashlib.sha256(content).hexdigest()])
print(json.dumps({'start': message.get_param('start'), 'type': message.get_param('type'), 'startInfo': message.get_param('start-info'), 'parts': parts}))
`;

judgedBy(['python3', 'xmllint', 'xmlsec1'], 'a deposit into the DMP as others read it', () => {
  let wire: DmpWire;
  let folder: string;
  let told: { start: string; type: string; startInfo: string; parts: [string, string, string][] };
  const part = (n: number) => join(folder, `part-${n}`);

  beforeAll(async () => {
    wire = await aDmpWire();
    folder = mkdtempSync(join(tmpdir(), 'relais-iti41-'));
    await wire.deposit();
    const { contentType, body } = wire.dmp.calls.at(-1) ?? { contentType: '', body: Buffer.alloc(0) };
    const file = join(folder, 'call');
    writeFileSync(file, Buffer.concat([Buffer.from(`Content-Type: ${contentType}\r\n\r\n`), body]));
    writeFileSync(join(folder, 'take-apart.py'), TAKE_APART);
    told = JSON.parse(
      run('/usr/bin/python3', [join(folder, 'take-apart.py'), file, folder]).toString(),
    ) as typeof told;
  });
  afterAll(async () => {
    await wire.close();
    rmSync(folder, { recursive: true });
  });

  it('is a multipart whose root is the envelope, each document byte for byte', () => {
    expect(told).toMatchObject({ type: 'application/xop+xml', startInfo: 'application/soap+xml' });
    const [root, ...documents] = told.parts;
    expect(root?.slice(0, 2)).toEqual(['application/xop+xml', told.start]);
    const [kept] = wire.dmp.kept;
    const digest = createHash('sha256')
      .update(readFileSync(kept?.files[0] ?? ''))
      .digest('hex');
    expect(documents.map(([type]) => type)).toEqual(['application/octet-stream', 'application/octet-stream']);
    expect(documents[0]?.[2]).toBe(digest);
  });

  it('is well-formed XML in each of its parts', () => {
    for (const n of [0, 1, 2]) run('xmllint', ['--noout', '--nonet', part(n)]);
    const count = (xpath: string) =>
      run('xmllint', ['--xpath', xpath, part(0)])
        .toString()
        .trim();
    expect(count(`count(//*[local-name()='Include'])`)).toBe('2');
    expect(count(`count(//*[local-name()='ExtrinsicObject'])`)).toBe('2');
    expect(count(`string(//*[local-name()='Attribute'][@Name='VIHF_Version'])`)).toBe('4.0');
  });

  const verify = (file: string, ...ids: string[]) => {
    const key = join(folder, 'seal.pem');
    writeFileSync(key, wire.pair(wire.paths.insi.mandate('spsti-a').seal).certificate);
    return () => run('xmlsec1', ['--verify', '--pubkey-cert-pem', key, ...ids, file]).toString();
  };
  const OF_ASSERTION = ['--id-attr:ID', 'urn:oasis:names:tc:SAML:2.0:assertion:Assertion'];
  const OF_LOT = [
    ['http://www.w3.org/2000/09/xmldsig#:Manifest'],
    ['http://www.w3.org/2000/09/xmldsig#:SignatureProperties'],
    ['http://uri.etsi.org/01903/v1.1.1#:SignedProperties'],
  ].flatMap(([name = '']) => ['--id-attr:Id', name]);

  it('has an assertion that xmlsec1 verifies with the seal, and no longer once it was changed', () => {
    expect(verify(part(0), ...OF_ASSERTION)).not.toThrow();
    const changed = join(folder, 'changed-envelope.xml');
    writeFileSync(changed, readFileSync(part(0), 'utf8').replace('INDIRECTE', 'DIRECTE'));
    expect(verify(changed, ...OF_ASSERTION)).toThrow();
  });

  it('has a signature of the lot that xmlsec1 verifies, and no longer once its manifest was changed', () => {
    // what the manifest names is in the lot, not at its urn: each digest is compared below
    expect(verify(part(2), '--ignore-manifests', ...OF_LOT)).not.toThrow();
    const changed = join(folder, 'changed-lot.xml');
    writeFileSync(changed, readFileSync(part(2), 'utf8').replace('AA==', 'AQ=='));
    expect(verify(changed, '--ignore-manifests', ...OF_LOT)).toThrow();
  });

  it('has a manifest of the digest of each document', () => {
    const digests = run('xmllint', [
      '--xpath',
      `//*[local-name()='Manifest']/*/*[local-name()='DigestValue']/text()`,
      part(2),
    ])
      .toString()
      .trim()
      .split('\n');
    expect(digests).toEqual(['AA==', Buffer.from(told.parts[1]?.[2] ?? '', 'hex').toString('base64')]);
  });
});
