/** SignedData (RFC 5652 5): one signer, signed attributes always, SHA-2 only. */
import { createHash, createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { ObjectIdentifier, OctetString, UTCTime } from 'asn1js';
import {
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from 'pkijs';
import type { OpenedMail } from '#core';
import { CmsRefusal } from './cms-refusal.ts';
import {
  CONTENT_TYPE,
  DATA,
  DIGESTS,
  MESSAGE_DIGEST,
  SIGNATURES,
  SIGNED_DATA,
  SIGNING_TIME,
} from './oids.ts';
import { parsed } from './parsed.ts';

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const ELLIPTIC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** @returns DER of a ContentInfo that holds the content and the signer's certificate */
export async function signCms(
  content: Uint8Array<ArrayBuffer>,
  signer: { certificate: string; key: string },
): Promise<Uint8Array> {
  const certificate = Certificate.fromBER(new X509Certificate(signer.certificate).raw);
  const key = createPrivateKey(signer.key);
  const algorithm = key.asymmetricKeyType === 'ec' ? ELLIPTIC : RSA;
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const imported = await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
  const digest = createHash('sha256').update(content).digest();
  const signed = new SignedData({
    encapContentInfo: new EncapsulatedContentInfo({
      eContentType: DATA,
      eContent: new OctetString({ valueHex: content }),
    }),
    signerInfos: [
      new SignerInfo({
        sid: new IssuerAndSerialNumber({
          issuer: certificate.issuer,
          serialNumber: certificate.serialNumber,
        }),
        signedAttrs: new SignedAndUnsignedAttributes({
          type: 0,
          attributes: [
            new Attribute({ type: CONTENT_TYPE, values: [new ObjectIdentifier({ value: DATA })] }),
            new Attribute({ type: SIGNING_TIME, values: [new UTCTime({ valueDate: new Date() })] }),
            new Attribute({ type: MESSAGE_DIGEST, values: [new OctetString({ valueHex: digest })] }),
          ],
        }),
      }),
    ],
    certificates: [certificate],
  });
  await signed.sign(imported as never, 0, 'SHA-256');
  const info = new ContentInfo({ contentType: SIGNED_DATA, content: signed.toSchema(true) });
  return new Uint8Array(info.toSchema().toBER());
}

/**
 * @param detached what was signed, when the structure does not hold it
 * @throws CmsRefusal
 */
export async function verifyCms(der: Uint8Array, detached?: Uint8Array): Promise<OpenedMail> {
  const info = new ContentInfo({ schema: parsed(der) });
  if (info.contentType !== SIGNED_DATA) throw new CmsRefusal();
  const signed = new SignedData({ schema: info.content });
  const { eContent, eContentType } = signed.encapContentInfo;
  const [signer, other] = signed.signerInfos;
  if (signer === undefined || other !== undefined || eContentType !== DATA) throw new CmsRefusal();
  // a detached signature that also holds a content would leave two texts to choose from
  if ((eContent === undefined) !== (detached !== undefined)) throw new CmsRefusal();
  if (!DIGESTS.includes(signer.digestAlgorithm.algorithmId)) throw new CmsRefusal();
  if (!SIGNATURES.includes(signer.signatureAlgorithm.algorithmId)) throw new CmsRefusal();
  assertAttributes(signer);
  const content = new Uint8Array(detached ?? (eContent as OctetString).getValue());
  const result = await signed.verify({ signer: 0, data: content.slice().buffer, extendedMode: true });
  if (result.signatureVerified !== true || !result.signerCertificate) throw new CmsRefusal();
  const certificate = new X509Certificate(new Uint8Array(result.signerCertificate.toSchema().toBER()));
  assertStrong(certificate);
  return { mime: content, signer: certificate.toString() };
}

/** Each once: without them, or with two of one, the same signature could be read over another text. */
function assertAttributes({ signedAttrs }: SignerInfo): void {
  for (const type of [CONTENT_TYPE, MESSAGE_DIGEST]) {
    const [attribute, other] = (signedAttrs?.attributes ?? []).filter((one) => one.type === type);
    if (attribute?.values.length !== 1 || other !== undefined) throw new CmsRefusal();
    const [value] = attribute.values;
    if (type === CONTENT_TYPE && (value as ObjectIdentifier).getValue?.() !== DATA) throw new CmsRefusal();
  }
}

function assertStrong({ publicKey }: X509Certificate): void {
  const { modulusLength = 0, namedCurve = '' } = publicKey.asymmetricKeyDetails ?? {};
  const rsa = publicKey.asymmetricKeyType === 'rsa' && modulusLength >= 2048;
  const elliptic = ['prime256v1', 'secp384r1', 'secp521r1'].includes(namedCurve);
  if (!rsa && !elliptic) throw new CmsRefusal();
}
