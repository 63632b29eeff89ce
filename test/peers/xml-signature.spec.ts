/** XML signatures: xmlsec1 verifies ours, and ours are the verdicts on xmlsec1's. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createXmlSignatures } from '#protection';
import {
  ASSERTION_ID,
  anAssertion,
  anEnvelope,
  assertionOrder,
  assertionRule,
  envelopeOrder,
  envelopeRule,
  ID_ATTRIBUTES,
  SECURITY,
} from '../builders/signed-xml.ts';
import { aSigner, type Signer } from '../builders/signers.ts';
import { judgedBy, run } from './programs.ts';

const signatures = createXmlSignatures({ threads: 1 });
const folder = mkdtempSync(join(tmpdir(), 'relais-xmlsec-'));
let rsa: Signer;
let elliptic: Signer;

beforeAll(async () => {
  rsa = await aSigner('sceau');
  elliptic = await aSigner('sceau-p256', 'p-256');
});
afterAll(async () => {
  await signatures.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

/** @returns what xmlsec1 says of the signature that stands at this XPath */
function judge(xml: string, by: Signer, xpath: string): string {
  const key = file('public.pem', by.publicKey);
  const args = ['--verify', '--pubkey-pem', key, ...ID_ATTRIBUTES, '--node-xpath', xpath];
  return run('xmlsec1', [...args, file('signed.xml', xml)]).toString();
}

const OWN = `/*/*[local-name()='Signature']`;
const OF_MESSAGE = `/*/*/*[local-name()='Security']/*[local-name()='Signature']`;

/** A Signature to be filled by xmlsec1. */
function template(
  id: string,
  options: { method?: string; digest?: string; enveloped?: boolean } = {},
): string {
  const {
    method = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    digest = 'http://www.w3.org/2001/04/xmlenc#sha256',
    enveloped = true,
  } = options;
  const first = enveloped
    ? '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'
    : '';
  return `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><ds:SignatureMethod Algorithm="${method}"/><ds:Reference URI="#${id}"><ds:Transforms>${first}<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms><ds:DigestMethod Algorithm="${digest}"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature>`;
}

function signedByXmlsec(by: Signer, options: Parameters<typeof template>[1] = {}): string {
  const unsigned = anAssertion().replace(
    '</saml:Issuer>',
    `</saml:Issuer>${template(ASSERTION_ID, options)}`,
  );
  const pair = `${file('key.pem', by.key)},${file('cert.pem', by.certificate)}`;
  return run('xmlsec1', [
    '--sign',
    '--privkey-pem',
    pair,
    ...ID_ATTRIBUTES,
    file('unsigned.xml', unsigned),
  ]).toString();
}

const SHA1 = {
  method: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
  digest: 'http://www.w3.org/2000/09/xmldsig#sha1',
};

judgedBy(['xmlsec1'], 'XML signatures before xmlsec1', () => {
  it('an assertion that we signed with RSA is good', async () => {
    const xml = await signatures.sign(anAssertion(), assertionOrder(rsa));
    expect(judge(xml, rsa, OWN)).toBe('');
  });

  it('an assertion that we signed with P-256 is good', async () => {
    const xml = await signatures.sign(anAssertion(), assertionOrder(elliptic));
    expect(judge(xml, elliptic, OWN)).toBe('');
    expect((await signatures.verify(xml, assertionRule(elliptic))).algorithm).toContain('ecdsa-sha256');
  });

  it('a message that we signed over assertion, body and timestamp is good, and so is the assertion in it', async () => {
    const assertion = await signatures.sign(anAssertion(), assertionOrder(rsa));
    const xml = await signatures.sign(anEnvelope(assertion), envelopeOrder(elliptic));
    expect(judge(xml, elliptic, OF_MESSAGE)).toBe('');
    expect(judge(xml, rsa, `//*[local-name()='Assertion']/*[local-name()='Signature']`)).toBe('');
    const verified = await signatures.verify(xml, envelopeRule(elliptic));
    expect(verified.signed.map((text) => /^<([\w:]+)/.exec(text)?.[1])).toEqual([
      's:Body',
      'wsu:Timestamp',
      'saml:Assertion',
    ]);
    const inside = {
      ...assertionRule(rsa),
      inside: [...SECURITY, 'Assertion'],
      signed: [[...SECURITY, 'Assertion']],
    };
    expect((await signatures.verify(xml, inside)).signed[0]).toContain('899700000001');
  });

  it('a signature with objects of its own is good', async () => {
    const manifest = `<ds:Manifest Id="IHEManifest"><ds:Reference URI="urn:oid:1.2.3"><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>AA==</ds:DigestValue></ds:Reference></ds:Manifest>`;
    const properties = `<xad:QualifyingProperties xmlns:xad="http://uri.etsi.org/01903/v1.1.1#" Target="#sig"><xad:SignedProperties Id="SP"><xad:SignedSignatureProperties><xad:SigningTime>2026-06-02T10:00:00Z</xad:SigningTime></xad:SignedSignatureProperties></xad:SignedProperties></xad:QualifyingProperties>`;
    const xml = await signatures.sign('<lot xmlns="urn:relais:essai"/>', {
      ...assertionOrder(rsa),
      inside: ['lot'],
      after: '',
      ids: [
        { id: 'IHEManifest', type: 'http://www.w3.org/2000/09/xmldsig#Manifest' },
        { id: 'SP', type: 'http://uri.etsi.org/01903/v1.1.1#SignedProperties' },
      ],
      objects: [manifest, properties],
      signatureId: 'sig',
    });
    const args = ['--verify', '--pubkey-pem', file('public.pem', rsa.publicKey), '--store-references'];
    const known = [
      '--id-attr:Id',
      'http://www.w3.org/2000/09/xmldsig#:Manifest',
      '--id-attr:Id',
      'http://uri.etsi.org/01903/v1.1.1#:SignedProperties',
    ];
    run('xmlsec1', [...args, ...known, '--ignore-manifests', file('objects.xml', xml)]);
    const rule = { ...assertionRule(rsa), inside: ['lot'], signed: [] };
    expect((await signatures.verify(xml, rule)).signed).toEqual([]);
    const other = xml.replace('10:00:00Z', '11:00:00Z');
    await expect(signatures.verify(other, rule)).rejects.toMatchObject({ cause: { reason: 'digest' } });
  });

  it('what xmlsec1 signed is good, and its text is what was signed', async () => {
    const xml = signedByXmlsec(rsa);
    const verified = await signatures.verify(xml, assertionRule(rsa));
    expect(verified.sha1).toBe(false);
    expect(verified.signed[0]).toContain('<saml:NameID>899700000001</saml:NameID>');
    expect(verified.signed[0]).not.toContain('SignatureValue');
    expect((await signatures.claimedSigner(xml, ['Assertion'])).trim()).toBe(rsa.certificate.trim());
  });

  it('what xmlsec1 signed with prefixes to be kept is good, beside an assertion with a signature of its own', async () => {
    const kept =
      '<ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="s wsu saml"/>';
    const assertion = await signatures.sign(anAssertion(), assertionOrder(elliptic));
    const whole = template('Body-1', { enveloped: false }).replaceAll(
      /(<ds:(?:CanonicalizationMethod|Transform) [^>]*)\/>/g,
      (_, head: string) => {
        const name = /^<(ds:\w+)/.exec(head)?.[1];
        return `${head}>${kept}</${name}>`;
      },
    );
    const unsigned = anEnvelope(assertion).replace('</wsse:Security>', `${whole}</wsse:Security>`);
    const pair = `${file('key.pem', rsa.key)},${file('cert.pem', rsa.certificate)}`;
    const at = ['--node-xpath', OF_MESSAGE];
    const xml = run('xmlsec1', [
      '--sign',
      '--privkey-pem',
      pair,
      ...ID_ATTRIBUTES,
      ...at,
      file('unsigned.xml', unsigned),
    ]);
    const rule = { ...envelopeRule(rsa), signed: [['Envelope', 'Body']] };
    const { signed } = await signatures.verify(xml.toString(), rule);
    expect(signed[0]).toContain('<s:Body xmlns:s=');
  });

  it('what xmlsec1 signed with P-256 is good', async () => {
    const method = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256';
    const xml = signedByXmlsec(elliptic, { method });
    expect((await signatures.verify(xml, assertionRule(elliptic))).algorithm).toBe(method);
  });

  it('what xmlsec1 signed with SHA-1 is good until the date of the exception, and says so', async () => {
    const xml = signedByXmlsec(rsa, SHA1);
    const now = new Date('2026-06-02T10:00:00Z');
    const until = { ...assertionRule(rsa), now, sha1Until: '2026-06-02T10:00:01Z' };
    expect((await signatures.verify(xml, until)).sha1).toBe(true);
    const refused = { code: 'xml.signature-invalid', cause: { reason: 'algorithm' } };
    await expect(
      signatures.verify(xml, { ...until, sha1Until: '2026-06-02T10:00:00Z' }),
    ).rejects.toMatchObject(refused);
    await expect(signatures.verify(xml, { ...assertionRule(rsa), now })).rejects.toMatchObject(refused);
  });

  it('both refuse a document changed by one character', async () => {
    const xml = (await signatures.sign(anAssertion(), assertionOrder(rsa))).replace(
      '899700000001',
      '899700000002',
    );
    expect(() => judge(xml, rsa, OWN)).toThrow();
    await expect(signatures.verify(xml, assertionRule(rsa))).rejects.toMatchObject({
      code: 'xml.signature-invalid',
      cause: { reason: 'digest' },
    });
  });
});
