/** Attacks on signed XML (each named after its row of the table of attacks), every one refused with its code. */
import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { XmlVerifyRule } from '#core';
import { createXmlCipher, createXmlSignatures, type XmlRefusalReason } from '#protection';
import {
  ASSERTION_ID,
  anAssertion,
  anEnvelope,
  assertionOrder,
  assertionRule,
  envelopeOrder,
  envelopeRule,
  SECURITY,
} from '../builders/signed-xml.ts';
import { aSigner, type Signer } from '../builders/signers.ts';

const signatures = createXmlSignatures({ threads: 1 });
const cipher = createXmlCipher({ threads: 1 });
let organisation: Signer;
let attacker: Signer;
let assertion: string;
let envelope: string;

beforeAll(async () => {
  organisation = await aSigner('sceau');
  attacker = await aSigner('attaquant');
  assertion = await signatures.sign(anAssertion(), assertionOrder(organisation));
  envelope = await signatures.sign(anEnvelope(), envelopeOrder(organisation));
});
afterAll(() => Promise.all([signatures.close(), cipher.close()]));

async function refused(
  xml: string,
  reason: XmlRefusalReason,
  rule: XmlVerifyRule = assertionRule(organisation),
) {
  const code = reason === 'doctype' ? 'xml.doctype' : 'xml.signature-invalid';
  await expect(signatures.verify(xml, rule)).rejects.toMatchObject({ code, cause: { reason } });
}

/** Replaces once, and fails when there is nothing to replace: an attack that changes nothing proves nothing. */
function changed(xml: string, from: string | RegExp, to: string): string {
  const result = xml.replace(from, () => to);
  expect(result).not.toBe(xml);
  return result;
}

function part(xml: string, pattern: RegExp): string {
  const found = pattern.exec(xml)?.[0];
  expect(found).toBeDefined();
  return found as string;
}

it('the documents that the attacks start from are good', async () => {
  expect((await signatures.verify(assertion, assertionRule(organisation))).signed[0]).toContain(
    '899700000001',
  );
  expect((await signatures.verify(envelope, envelopeRule(organisation))).signed).toHaveLength(3);
});

describe('several SignedInfo', () => {
  it('a second one before or after the true one', async () => {
    const signedInfo = part(assertion, /<ds:SignedInfo>.*<\/ds:SignedInfo>/s);
    const forged = changed(signedInfo, /<ds:DigestValue>[^<]*/, '<ds:DigestValue>AAAA');
    await refused(changed(assertion, signedInfo, forged + signedInfo), 'signature-shape');
    await refused(changed(assertion, signedInfo, signedInfo + forged), 'signature-shape');
  });

  it('a second one hidden deeper, in an Object', async () => {
    const signedInfo = part(assertion, /<ds:SignedInfo>.*<\/ds:SignedInfo>/s);
    const hidden = changed(
      assertion,
      '<ds:SignatureValue>',
      `<ds:Object>${signedInfo}</ds:Object><ds:SignatureValue>`,
    );
    await refused(hidden, 'signature-shape');
  });

  it('several Signature where one is looked for', async () => {
    const signature = part(assertion, /<ds:Signature .*<\/ds:Signature>/s);
    await refused(changed(assertion, signature, signature + signature), 'signature-shape');
  });
});

describe('comment inside DigestValue', () => {
  it('before, inside and after the value', async () => {
    const digest = /<ds:DigestValue>([^<]+)<\/ds:DigestValue>/.exec(assertion)?.[1] ?? '';
    for (const value of [
      `<!--AAAA-->${digest}`,
      `${digest.slice(0, 9)}<!---->${digest.slice(9)}`,
      `${digest}<!--x-->`,
    ])
      await refused(changed(assertion, digest, value), 'signature-shape');
  });

  it('inside SignatureValue and inside SignedInfo', async () => {
    await refused(
      changed(assertion, '<ds:SignatureValue>', '<ds:SignatureValue><!--x-->'),
      'signature-shape',
    );
    await refused(changed(assertion, '<ds:SignedInfo>', '<ds:SignedInfo><!--x-->'), 'signature-shape');
  });
});

describe("attacker's certificate in KeyInfo", () => {
  it('a document re-signed by another, who shows a certificate of its own', async () => {
    const forged = await signatures.sign(anAssertion({ nameId: '899700000666' }), assertionOrder(attacker));
    expect(await signatures.verify(forged, assertionRule(attacker))).toBeDefined();
    await refused(forged, 'signature-value');
  });

  it("a document re-signed by another, who shows the organisation's certificate", async () => {
    const bare = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '');
    const forged = await signatures.sign(anAssertion({ nameId: '899700000666' }), assertionOrder(attacker));
    const posing = changed(forged, bare(attacker.certificate), bare(organisation.certificate));
    expect((await signatures.claimedSigner(posing, ['Assertion'])).trim()).toBe(
      organisation.certificate.trim(),
    );
    await refused(posing, 'signature-value');
  });

  it('no certificate at all is no claim', async () => {
    const silent = changed(assertion, /<ds:KeyInfo>.*<\/ds:KeyInfo>/s, '');
    await expect(signatures.claimedSigner(silent, ['Assertion'])).rejects.toMatchObject({
      code: 'xml.signature-invalid',
      cause: { reason: 'signer' },
    });
    expect(await signatures.verify(silent, assertionRule(organisation))).toBeDefined();
  });
});

describe('several root elements', () => {
  it('a second root before or after the signed one', async () => {
    const evil = anAssertion({ id: '_evil', nameId: '899700000666' });
    await refused(evil + assertion, 'malformed');
    await refused(assertion + evil, 'malformed');
    await refused(`${assertion}text`, 'malformed');
  });
});

describe('signature wrapping, moved assertion, duplicate IDs', () => {
  const evil = () => anAssertion({ id: '_evil', nameId: '899700000666' });
  const inEnvelope = (content: string) =>
    `<s:Envelope xmlns:s="urn:e"><s:Header>${content}</s:Header></s:Envelope>`;
  const rule = (): XmlVerifyRule => ({
    ...assertionRule(organisation),
    inside: ['Envelope', 'Header', 'Assertion'],
    signed: [['Envelope', 'Header', 'Assertion']],
  });

  it('the signed assertion beside a forged one', async () => {
    await refused(inEnvelope(evil() + assertion), 'place', rule());
    await refused(inEnvelope(assertion + evil()), 'place', rule());
  });

  it('the signed assertion inside a forged one', async () => {
    const around = changed(evil(), '</saml:Issuer>', `</saml:Issuer>${assertion}`);
    await refused(inEnvelope(around), 'signature-missing', rule());
  });

  it('the signature moved into a forged assertion that keeps the true one in an Object of the signature', async () => {
    const signature = part(assertion, /<ds:Signature .*<\/ds:Signature>/s);
    const original = assertion.replace(signature, '');
    const holding = changed(
      signature,
      '</ds:Signature>',
      `<ds:Object>${original}</ds:Object></ds:Signature>`,
    );
    const forged = changed(evil(), '</saml:Issuer>', `</saml:Issuer>${holding}`);
    await refused(inEnvelope(forged), 'transform', rule());
  });

  it('a forged assertion with the same ID', async () => {
    const twin = anAssertion({ nameId: '899700000666' });
    const wrapped = `<s:Envelope xmlns:s="urn:e"><s:Header>${assertion}</s:Header><s:Body>${twin}</s:Body></s:Envelope>`;
    await refused(wrapped, 'duplicate-id', rule());
    for (const name of ['id', 'Id', 'xml:id', 'iD'])
      await refused(inEnvelope(`${assertion}<other ${name}="${ASSERTION_ID}"/>`), 'duplicate-id', rule());
  });

  it('the signed body moved into the header, a forged one in its place', async () => {
    const body = part(envelope, /<s:Body.*<\/s:Body>/s);
    const forged = body.replace('wsu:Id="Body-1"', 'wsu:Id="Body-2"').replace('>12<', '>13<');
    const moved = changed(envelope, body, forged).replace(
      '</s:Header>',
      `<w:Wrapper xmlns:w="urn:w">${body}</w:Wrapper></s:Header>`,
    );
    await refused(moved, 'unsigned', envelopeRule(organisation));
  });

  it('one signed part inside another, which would be canonicalised again each time', async () => {
    const reference = part(envelope, /<ds:Reference URI="#TS-1">.*?<\/ds:Reference>/s);
    const around = reference.replace('#TS-1', '#Depot-1');
    const nested = changed(
      changed(envelope, reference, reference + around),
      '<m:Depot ',
      '<m:Depot Id="Depot-1" ',
    );
    await refused(nested, 'reference', envelopeRule(organisation));
  });

  it('a signed body under a second one', async () => {
    const twice = changed(envelope, '</s:Envelope>', '<s:Body/></s:Envelope>');
    await refused(twice, 'place', envelopeRule(organisation));
  });

  it('a part that must be signed and is not', async () => {
    const unsigned = changed(envelope, /<ds:Reference URI="#TS-1">.*?<\/ds:Reference>/s, '');
    await refused(unsigned, 'unsigned', envelopeRule(organisation));
  });

  it('the whole document, another document, or an XPointer as what is signed', async () => {
    for (const uri of [
      '',
      'https://relais.example/assertion.xml',
      `#xpointer(id('${ASSERTION_ID}'))`,
      '#xpointer(/)',
    ])
      await refused(changed(assertion, `URI="#${ASSERTION_ID}"`, `URI="${uri}"`), 'reference');
  });
});

describe('parser differential', () => {
  it('what one parser repairs and another refuses is refused', async () => {
    const value = '<saml:NameID>899700000001</saml:NameID>';
    const repairs = [
      changed(assertion, value, '<saml:NameID>899700000001'),
      changed(assertion, 'Version="2.0"', 'Version=2.0'),
      changed(assertion, 'Version="2.0"', 'Version="2.0" Version="1.1"'),
      changed(assertion, value, '<saml:NameID>899700000001&unknown;</saml:NameID>'),
      changed(assertion, value, '<saml:NameID>a & b</saml:NameID>'),
      changed(assertion, value, '<unbound:NameID>899700000001</unbound:NameID>'),
      changed(assertion, value, '<saml:NameID>899700000001</saml:NameID >]]>'),
      changed(assertion, value, '<saml:NameID>8997\u000000000001</saml:NameID>'),
      changed(assertion, value, '<saml:NameID>8997\u000800000001</saml:NameID>'),
      changed(assertion, value, '<saml:NameID a="<">899700000001</saml:NameID>'),
      assertion.slice(0, -5),
      '',
      'not XML',
    ];
    for (const xml of repairs) await refused(xml, 'malformed');
  });
});

describe('value loaded from unsigned document', () => {
  it('only the text that was signed comes back, never what stands around it', async () => {
    const around = `<s:Envelope xmlns:s="urn:e"><s:Header><s:NameID>899700000666</s:NameID>${assertion}</s:Header></s:Envelope>`;
    const { signed } = await signatures.verify(around, {
      ...assertionRule(organisation),
      inside: ['Envelope', 'Header', 'Assertion'],
      signed: [['Envelope', 'Header', 'Assertion']],
    });
    expect(signed.join('')).toContain('899700000001');
    expect(signed.join('')).not.toContain('899700000666');
  });

  it('what is added inside the signature is not in the text that was signed', async () => {
    const added = changed(
      assertion,
      '</ds:Signature>',
      '<ds:Object><NameID>899700000666</NameID></ds:Object></ds:Signature>',
    );
    const { signed } = await signatures.verify(added, assertionRule(organisation));
    expect(signed.join('')).not.toContain('899700000666');
  });
});

describe('XXE, DOCTYPE, entity bomb', () => {
  it('any DOCTYPE or entity declaration, before the document is parsed', async () => {
    const bomb = `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>`;
    for (const head of [
      '<!DOCTYPE a>',
      '<!doctype a>',
      '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
      '<!DOCTYPE a PUBLIC "x" "https://relais.example/x.dtd">',
      bomb,
    ])
      await refused(`<?xml version="1.0"?>${head}${assertion}`, 'doctype');
    await refused(changed(assertion, '</saml:Issuer>', '</saml:Issuer><!ENTITY x "y">'), 'doctype');
    await expect(signatures.claimedSigner(`<!DOCTYPE a>${assertion}`, ['Assertion'])).rejects.toMatchObject({
      code: 'xml.doctype',
    });
  });

  it('a document over its size, before it is parsed', async () => {
    const rule = { ...assertionRule(organisation), maxBytes: Buffer.byteLength(assertion) - 1 };
    await expect(signatures.verify(assertion, rule)).rejects.toMatchObject({ code: 'body.too-large' });
    await expect(signatures.claimedSigner(' '.repeat((256 << 10) + 1), ['a'])).rejects.toMatchObject({
      code: 'body.too-large',
    });
  });

  it('elements nested without end', async () => {
    const depth = 5_000;
    const deep = '<a>'.repeat(depth) + '</a>'.repeat(depth);
    await refused(changed(assertion, '</saml:Issuer>', `</saml:Issuer>${deep}`), 'malformed');
  });
});

describe('comment or processing instruction splitting a text value (NameID)', () => {
  it('a comment that canonicalisation would drop, or an instruction, in a signed value', async () => {
    for (const value of ['899700000001<!-- -->.attaquant', '<!--x-->899700000001', '899700000001<?x y?>']) {
      const split = await signatures.sign(anAssertion(), assertionOrder(organisation));
      await refused(changed(split, '899700000001', value), 'split-value');
    }
  });

  it('a comment signed by the organisation itself leaves one and the same text to every reader', async () => {
    const commented = changed(assertion, '<saml:Subject>', '<saml:Subject><!-- between elements -->');
    const { signed } = await signatures.verify(commented, assertionRule(organisation));
    expect(signed[0]).not.toContain('between elements');
  });
});

describe('DES, 3DES, RC2, MD5, SHA-1', () => {
  it('SHA-1, MD5 and HMAC as signature or digest', async () => {
    const method = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
    for (const name of [
      'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
      'http://www.w3.org/2001/04/xmldsig-more#rsa-md5',
      'http://www.w3.org/2000/09/xmldsig#dsa-sha1',
      'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
      'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
      'toString',
      '__proto__',
      '',
    ])
      await refused(changed(assertion, method, name), 'algorithm');
    for (const name of [
      'http://www.w3.org/2000/09/xmldsig#sha1',
      'http://www.w3.org/2001/04/xmldsig-more#md5',
      'constructor',
    ])
      await refused(changed(assertion, 'http://www.w3.org/2001/04/xmlenc#sha256', name), 'algorithm');
  });

  it('the SHA-1 exception opens neither MD5 nor HMAC, and nothing once it is over', async () => {
    const rule = { ...assertionRule(organisation), sha1Until: new Date(Date.now() + 60_000).toISOString() };
    const method = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
    await refused(
      changed(assertion, method, 'http://www.w3.org/2000/09/xmldsig#hmac-sha1'),
      'algorithm',
      rule,
    );
    await refused(
      changed(assertion, method, 'http://www.w3.org/2001/04/xmldsig-more#rsa-md5'),
      'algorithm',
      rule,
    );
    await refused(changed(assertion, method, 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'), 'algorithm', {
      ...rule,
      sha1Until: 'never',
    });
  });

  it('canonicalisation with comments, or inclusive', async () => {
    const exclusive = 'CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"';
    for (const name of [
      'http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
      'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
    ])
      await refused(changed(assertion, exclusive, `CanonicalizationMethod Algorithm="${name}"`), 'algorithm');
  });

  it('transforms that are not those of the profile: XSLT, XPath, one too many, none', async () => {
    const last = '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>';
    for (const name of [
      'http://www.w3.org/TR/1999/REC-xslt-19991116',
      'http://www.w3.org/TR/1999/REC-xpath-19991116',
      'http://www.w3.org/2002/06/xmldsig-filter2',
      'http://www.w3.org/2000/09/xmldsig#base64',
      'http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
    ]) {
      await refused(changed(assertion, last, `<ds:Transform Algorithm="${name}"/>`), 'transform');
      await refused(changed(assertion, last, `<ds:Transform Algorithm="${name}"/>${last}`), 'transform');
    }
    await refused(changed(assertion, last, last + last), 'transform');
    await refused(changed(assertion, last, ''), 'transform');
  });

  it('an RSA key under 2048 bits, or a signature of another kind than the key', async () => {
    const elliptic = await aSigner('sceau-p256', 'p-256');
    await refused(assertion, 'algorithm', assertionRule(elliptic));
    await refused(assertion, 'signer', { ...assertionRule(organisation), certificate: 'not a certificate' });
  });
});

it('a signature inside the header is found only where it is asked for', async () => {
  await refused(envelope, 'signature-missing', {
    ...envelopeRule(organisation),
    inside: [...SECURITY, 'Assertion'],
  });
  await refused(envelope, 'place', { ...envelopeRule(organisation), inside: ['Envelope', 'Nowhere'] });
});

describe('RSA PKCS#1 v1.5 key transport, CBC without MAC', () => {
  const BODY = ['Envelope', 'Body'];
  const XENC = 'http://www.w3.org/2001/04/xmlenc#';
  const XENC11 = 'http://www.w3.org/2009/xmlenc11#';
  let recipient: Signer;
  let sealed: string;

  beforeAll(async () => {
    recipient = await aSigner('destinataire');
    sealed = await cipher.encrypt(anEnvelope(), { at: BODY, certificate: recipient.certificate });
  });

  /** One error, with nothing beside it that would tell one cause from another. */
  async function closed(xml: string, order: { keys?: readonly string[]; oaepSha1?: boolean } = {}) {
    const error: unknown = await cipher
      .decrypt(xml, { at: BODY, keys: [recipient.key], ...order })
      .catch((refusal: unknown) => refusal);
    expect(error).toMatchObject({
      code: 'xml.encryption-invalid',
      message: 'xml.encryption-invalid',
      next: 'reject',
    });
    expect(error).toMatchObject({ detail: undefined, findings: [] });
    expect(error).not.toHaveProperty('cause');
  }

  it('the message that the attacks start from opens, with the second key too', async () => {
    const order = { at: BODY, keys: [attacker.key, recipient.key] };
    expect(await cipher.decrypt(sealed, order)).toContain('<m:Numero>12</m:Numero>');
  });

  it('RSA PKCS#1 v1.5, CBC, 3DES, AES-128, key wrapping without a key', async () => {
    for (const name of ['rsa-1_5', 'kw-aes256', 'rsa-oaep-mgf1p'])
      await closed(changed(sealed, `${XENC11}rsa-oaep`, XENC + name));
    for (const name of [
      `${XENC}aes256-cbc`,
      `${XENC}aes128-cbc`,
      `${XENC}tripledes-cbc`,
      `${XENC11}aes128-gcm`,
      'toString',
    ])
      await closed(changed(sealed, `${XENC11}aes256-gcm`, name), { oaepSha1: true });
  });

  it('another digest, another mask, none, or a label', async () => {
    const mask = /<MGF [^>]*>/;
    const digest = /<DigestMethod [^>]*>/;
    await closed(changed(sealed, mask, ''));
    await closed(changed(sealed, digest, ''));
    await closed(changed(sealed, `${XENC11}mgf1sha256`, `${XENC11}mgf1sha1`));
    await closed(changed(sealed, `${XENC}sha256`, 'http://www.w3.org/2000/09/xmldsig#sha1'));
    await closed(changed(sealed, mask, `<e:OAEPparams>AAAA</e:OAEPparams>${part(sealed, mask)}`));
  });

  it('the SHA-1 exception opens SHA-1 in OAEP and nothing else', async () => {
    const order = { at: BODY, certificate: recipient.certificate, oaep: 'sha-1' as const };
    const older = await cipher.encrypt(anEnvelope(), order);
    await closed(older);
    const exception = { at: BODY, keys: [recipient.key], oaepSha1: true };
    expect(await cipher.decrypt(older, exception)).toContain('<m:Numero>12</m:Numero>');
    await closed(changed(older, `${XENC}rsa-oaep-mgf1p`, `${XENC}rsa-1_5`), { oaepSha1: true });
  });

  it('a changed text, a changed key, a tag cut short, and the key of another', async () => {
    const values = [...sealed.matchAll(/<\w+:CipherValue>([^<]+)</g)].map((found) => found[1] ?? '');
    expect(values).toHaveLength(2);
    for (const value of values) {
      const other = value.startsWith('A') ? 'B' : 'A';
      await closed(changed(sealed, value, other + value.slice(1)));
      await closed(changed(sealed, value, value.slice(0, -8)));
      for (const short of ['', 'AAAA', 'AAAAAAAAAAAAAAAAAAAAAA==', 'é'])
        await closed(changed(sealed, value, short));
      await closed(changed(sealed, value, `${value.slice(0, 8)}<!---->${value.slice(8)}`));
    }
    await closed(sealed, { keys: [attacker.key] });
    await closed(sealed, { keys: [] });
  });

  it('a second EncryptedData, a second key, a key pointed at elsewhere', async () => {
    const data = part(sealed, /<xenc:EncryptedData.*<\/xenc:EncryptedData>/s);
    const key = part(sealed, /<e:EncryptedKey.*<\/e:EncryptedKey>/s);
    await closed(changed(sealed, data, data + data));
    await closed(changed(sealed, key, key + key));
    for (const uri of ['#nowhere', 'https://relais.example/key', "#x' or '1'='1", ''])
      await closed(changed(sealed, key, `<RetrievalMethod URI="${uri}"/>`));
  });

  it('a text that would close the element that it goes into, or brings a DOCTYPE', async () => {
    const holding = (content: string) =>
      `<s:Envelope xmlns:s="urn:e"><s:Body>${content}</s:Body></s:Envelope>`;
    // encrypted as another document's text, then carried here: only the words inside are hostile
    for (const hostile of [
      '</content><content>',
      '</s:Body><s:Body>',
      '<!DOCTYPE a>',
      '<unbound:a/>',
      '<a>',
    ]) {
      const xml = await sealedRaw(hostile);
      await closed(holding(xml));
    }
    const plain = holding(await sealedRaw('<b xmlns="urn:b">good</b>'));
    expect(await cipher.decrypt(plain, { at: BODY, keys: [recipient.key] })).toContain(
      '<b xmlns="urn:b">good</b>',
    );
  });

  /** EncryptedData of any text at all, as an attacker who has the certificate can make it. */
  async function sealedRaw(text: string): Promise<string> {
    const key = randomBytes(32);
    const iv = randomBytes(12);
    const aes = createCipheriv('aes-256-gcm', key, iv);
    const value = Buffer.concat([iv, aes.update(text, 'utf8'), aes.final(), aes.getAuthTag()]);
    const options = {
      key: recipient.certificate,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha256',
    };
    const [text64, key64] = [value, publicEncrypt(options, key)].map((bytes) => bytes.toString('base64'));
    const values = [...sealed.matchAll(/<\w+:CipherValue>([^<]+)</g)].map((found) => found[1] ?? '');
    const data = part(sealed, /<xenc:EncryptedData.*<\/xenc:EncryptedData>/s);
    return changed(changed(data, values[0] ?? '', key64 ?? ''), values[1] ?? '', text64 ?? '');
  }
});
