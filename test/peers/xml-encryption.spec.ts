/** XML-Enc: Apache Santuario opens ours and we open its; xmlsec1 likewise with the SHA-1 exception. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createXmlCipher, createXmlSignatures } from '#protection';
import { ASSERTION_ID, anEnvelope, envelopeOrder, envelopeRule } from '../builders/signed-xml.ts';
import { aSigner, type Signer } from '../builders/signers.ts';
import { judgedBy, run } from './programs.ts';

const BODY = ['Envelope', 'Body'];
const CONTENT = '<m:Depot xmlns:m="urn:relais:essai"><m:Numero>12</m:Numero></m:Depot>';
const cipher = createXmlCipher({ threads: 1 });
const signatures = createXmlSignatures({ threads: 1 });
const folder = mkdtempSync(join(tmpdir(), 'relais-xmlenc-'));
let recipient: Signer;
let signer: Signer;

beforeAll(async () => {
  recipient = await aSigner('destinataire');
  signer = await aSigner('sceau');
});
afterAll(async () => {
  await Promise.all([cipher.close(), signatures.close()]);
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

function santuario(command: 'encrypt' | 'decrypt', pem: string, xml: string): string {
  const jars = ['xmlsec', 'commons-logging', 'commons-codec', 'slf4j-api'].map(
    (jar) => `/usr/share/java/${jar}.jar`,
  );
  const source = join(import.meta.dirname, 'java/XmlEncryption.java');
  return run('java', ['-cp', jars.join(':'), source, command, file('santuario.pem', pem)], xml).toString();
}

judgedBy(['santuario'], 'XML-Enc before Apache Santuario', () => {
  it('opens what we encrypted with SHA-256 in OAEP and in MGF1', async () => {
    const sealed = await cipher.encrypt(anEnvelope(), { at: BODY, certificate: recipient.certificate });
    expect(sealed).not.toContain('Numero');
    // the bytes themselves: a SHA-256 digest with an unnamed mask would mean MGF1 with SHA-1
    expect(sealed).toContain('Algorithm="http://www.w3.org/2009/xmlenc11#rsa-oaep"');
    expect(sealed).toContain('Algorithm="http://www.w3.org/2009/xmlenc11#mgf1sha256"');
    expect(sealed).toContain('DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"');
    expect(sealed).toContain('Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"');
    expect(santuario('decrypt', recipient.key, sealed)).toContain(CONTENT);
  });

  it('encrypts what we open, to the letter', async () => {
    const sealed = santuario('encrypt', recipient.certificate, anEnvelope());
    expect(sealed).not.toContain('Numero');
    const opened = await cipher.decrypt(sealed, { at: BODY, keys: [recipient.key] });
    expect(opened).toContain(`<s:Body wsu:Id="Body-1">${CONTENT}</s:Body>`);
  });

  it('gives back a signed message whose signature is still good', async () => {
    const signed = await signatures.sign(anEnvelope(), envelopeOrder(signer));
    const sealed = await cipher.encrypt(signed, { at: BODY, certificate: recipient.certificate });
    const opened = santuario('decrypt', recipient.key, sealed);
    expect((await signatures.verify(opened, envelopeRule(signer))).signed).toHaveLength(3);
    expect(opened).toContain(ASSERTION_ID);
  });
});

judgedBy(['xmlsec1'], 'XML-Enc before xmlsec1, with the SHA-1 exception', () => {
  const oaepSha1 = { at: BODY, keys: [] as string[], oaepSha1: true };

  it('opens what we encrypted', async () => {
    const order = { at: BODY, certificate: recipient.certificate, oaep: 'sha-1' as const };
    const sealed = await cipher.encrypt(anEnvelope(), order);
    expect(sealed).not.toContain('Numero');
    const opened = run('xmlsec1', [
      '--decrypt',
      '--privkey-pem',
      file('key.pem', recipient.key),
      file('sealed.xml', sealed),
    ]);
    expect(opened.toString()).toContain(CONTENT);
  });

  it('encrypts what we open, and only where the exception is', async () => {
    const template = `<EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#" Type="http://www.w3.org/2001/04/xmlenc#Content"><EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><EncryptedKey xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"/><CipherData><CipherValue/></CipherData></EncryptedKey></KeyInfo><CipherData><CipherValue/></CipherData></EncryptedData>`;
    const sealed = run('xmlsec1', [
      ...['--encrypt', '--pubkey-cert-pem', file('recipient.pem', recipient.certificate)],
      ...['--session-key', 'aes-256', '--xml-data', file('plain.xml', anEnvelope())],
      ...['--node-xpath', "//*[local-name()='Body']", file('template.xml', template)],
    ]).toString();
    expect(sealed).not.toContain('Numero');
    const order = { ...oaepSha1, keys: [recipient.key] };
    expect(await cipher.decrypt(sealed, order)).toContain(CONTENT);
    await expect(cipher.decrypt(sealed, { ...order, oaepSha1: false })).rejects.toMatchObject({
      code: 'xml.encryption-invalid',
    });
  });
});
