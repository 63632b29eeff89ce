/** S/MIME: `openssl cms` opens and verifies what we seal, and we open what it seals. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMailSealing } from '#protection';
import { aSigner, type Signer } from '../builders/signers.ts';
import { judgedBy, run } from './programs.ts';

const sealing = createMailSealing({ threads: 1 });
const folder = mkdtempSync(join(tmpdir(), 'relais-smime-'));
const MIME = [
  'Content-Type: multipart/mixed; boundary=limite',
  '',
  '--limite',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: 8bit',
  '',
  'Dossier déposé à l’essai.',
  '',
  '--limite',
  'Content-Type: application/zip',
  'Content-Transfer-Encoding: base64',
  '',
  'UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==',
  '--limite--',
  '',
].join('\r\n');

let signer: Signer;
let elliptic: Signer;
let recipient: Signer;
let second: Signer;

beforeAll(async () => {
  signer = await aSigner('sceau');
  elliptic = await aSigner('sceau-p256', 'p-256');
  recipient = await aSigner('destinataire');
  second = await aSigner('attaquant');
});
afterAll(async () => {
  await sealing.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

const cms = (args: readonly string[], input: Uint8Array | string): Buffer =>
  run('openssl', ['cms', '-binary', ...args], input);

function openedByOpenssl(sealed: Uint8Array, by: Signer): Buffer {
  const pair = ['-recip', file('recip.pem', by.certificate), '-inkey', file('recip.key', by.key)];
  return cms(['-decrypt', ...pair], sealed);
}

function verifiedByOpenssl(signed: Uint8Array, by: Signer): Buffer {
  const anchor = file('anchor.pem', by.certificate);
  return cms(['-verify', '-CAfile', anchor, '-purpose', 'any', '-partial_chain'], signed);
}

function signedByOpenssl(how: readonly string[] = [], by: Signer = signer, mime = MIME): Buffer {
  const pair = ['-signer', file('signer.pem', by.certificate), '-inkey', file('signer.key', by.key)];
  return cms(['-sign', ...pair, '-md', 'sha256', '-crlfeol', ...how], mime);
}

const OAEP_SHA256 = ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256'];

function sealedByOpenssl(
  signed: Uint8Array,
  cipher: string,
  options: readonly string[] = OAEP_SHA256,
): Buffer {
  const recip = [
    '-recip',
    file('to.pem', recipient.certificate),
    ...options.flatMap((one) => ['-keyopt', one]),
  ];
  return cms(['-encrypt', `-${cipher}`, ...recip], signed);
}

const opened = (mime: Uint8Array) => sealing.open(mime, recipient);
const REFUSED = { code: 'mail.envelope-invalid', message: 'mail.envelope-invalid' };

judgedBy(['openssl'], 'sealed mail before openssl cms', () => {
  for (const cipher of ['aes-256-cbc', 'aes-256-gcm'] as const) {
    it(`opens and verifies what we sealed with ${cipher}, for each recipient`, async () => {
      for (const by of [signer, elliptic]) {
        const recipients = [recipient.certificate, second.certificate];
        const sealed = await sealing.seal(Buffer.from(MIME), { signer: by, recipients, cipher });
        const type = cipher === 'aes-256-gcm' ? 'authEnveloped-data' : 'enveloped-data';
        expect(Buffer.from(sealed).toString('latin1')).toContain(`smime-type=${type}`);
        expect(Buffer.from(sealed).toString('latin1')).not.toContain('limite');
        for (const reader of [recipient, second]) {
          const inside = openedByOpenssl(sealed, reader);
          expect(verifiedByOpenssl(inside, by).toString()).toBe(MIME);
          expect(Buffer.from((await sealing.open(sealed, reader)).mime).toString()).toBe(MIME);
        }
      }
    });

    it(`seals what we open with ${cipher}, its signature inside or beside the text`, async () => {
      for (const how of [['-nodetach'], []]) {
        const { mime, signer: claimed } = await opened(sealedByOpenssl(signedByOpenssl(how), cipher));
        expect(Buffer.from(mime).toString()).toBe(MIME);
        expect(claimed.trim()).toBe(signer.certificate.trim());
      }
      const byElliptic = signedByOpenssl([], elliptic);
      expect((await opened(sealedByOpenssl(byElliptic, cipher))).signer.trim()).toBe(
        elliptic.certificate.trim(),
      );
    });

    it(`an envelope of ${cipher} without a signature inside is refused`, async () => {
      await expect(opened(sealedByOpenssl(Buffer.from(MIME), cipher))).rejects.toMatchObject(REFUSED);
    });

    it(`PKCS#1 v1.5 key transport and SHA-1 in OAEP are refused with ${cipher}`, async () => {
      const signed = signedByOpenssl(['-nodetach']);
      for (const options of [[], ['rsa_padding_mode:pkcs1'], ['rsa_padding_mode:oaep']])
        await expect(opened(sealedByOpenssl(signed, cipher, options))).rejects.toMatchObject(REFUSED);
    });
  }

  it('a signature without attributes, by two, or with SHA-1 is refused', async () => {
    const other = [
      '-signer',
      file('other.pem', elliptic.certificate),
      '-inkey',
      file('other.key', elliptic.key),
    ];
    for (const how of [['-noattr'], other, ['-nocerts'], ['-md', 'sha1']])
      for (const where of [['-nodetach'], []]) {
        const signed = signedByOpenssl([...where, ...how]);
        await expect(opened(sealedByOpenssl(signed, 'aes-256-cbc')), how[0]).rejects.toMatchObject(REFUSED);
      }
  });

  it('a certificate that cannot be sealed for is refused before anything is made', async () => {
    for (const certificate of [elliptic.certificate, 'no certificate'])
      await expect(
        sealing.seal(Buffer.from(MIME), { signer, recipients: [certificate], cipher: 'aes-256-cbc' }),
      ).rejects.toMatchObject({ code: 'recipient.key-invalid' });
  });

  it('other ciphers are refused', async () => {
    const signed = signedByOpenssl(['-nodetach']);
    for (const cipher of ['des3', 'aes-128-cbc', 'aes-192-cbc', 'aes-128-gcm', 'camellia256'])
      await expect(opened(sealedByOpenssl(signed, cipher))).rejects.toMatchObject(REFUSED);
  });
});

describe('hostile sealed mail', () => {
  it('is refused: a text changed, cut, of another, or no CMS at all', async () => {
    const order = { signer, recipients: [recipient.certificate], cipher: 'aes-256-cbc' as const };
    const sealed = Buffer.from(await sealing.seal(Buffer.from(MIME), order));
    const [head = '', body = ''] = sealed.toString('latin1').split('\r\n\r\n');
    const der = Buffer.from(body, 'base64');
    const entity = (bytes: Uint8Array) =>
      Buffer.from(`${head}\r\n\r\n${Buffer.from(bytes).toString('base64')}`);
    expect(Buffer.from((await opened(entity(der))).mime).toString()).toBe(MIME);
    for (const at of [0.5, 0.7, 0.9, 0.999]) {
      const changed = Buffer.from(der);
      const index = Math.floor(der.length * at);
      changed[index] = (changed[index] ?? 0) ^ 1;
      await expect(opened(entity(changed)), String(at)).rejects.toMatchObject(REFUSED);
    }
    for (const bytes of [
      der.subarray(0, -1),
      Buffer.concat([der, Buffer.of(0)]),
      Buffer.alloc(0),
      Buffer.alloc(999),
    ])
      await expect(opened(entity(bytes))).rejects.toMatchObject(REFUSED);
    for (const mime of ['', 'no mail', MIME, head])
      await expect(opened(Buffer.from(mime))).rejects.toMatchObject(REFUSED);
    await expect(sealing.open(sealed, second)).rejects.toMatchObject(REFUSED);
  });
});
