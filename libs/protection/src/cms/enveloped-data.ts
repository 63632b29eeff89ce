/** EnvelopedData with AES-256-CBC (RFC 5652 6), by pkijs. CBC proves nothing by itself: what is inside must be signed. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { Certificate, ContentInfo, EnvelopedData } from 'pkijs';
import { CmsRefusal } from './cms-refusal.ts';
import { AES256_CBC, DATA, ENVELOPED_DATA } from './oids.ts';
import { recipientIndex } from './recipients.ts';

/** @returns DER of a ContentInfo */
export async function envelopCms(
  content: Uint8Array<ArrayBuffer>,
  recipients: readonly string[],
): Promise<Uint8Array> {
  const enveloped = new EnvelopedData();
  for (const pem of recipients) {
    const certificate = Certificate.fromBER(new X509Certificate(pem).raw);
    enveloped.addRecipientByCertificate(certificate, { oaepHashAlgorithm: 'SHA-256' });
  }
  await enveloped.encrypt({ name: 'AES-CBC', length: 256 } as never, content.slice().buffer);
  const info = new ContentInfo({ contentType: ENVELOPED_DATA, content: enveloped.toSchema() });
  return new Uint8Array(info.toSchema().toBER());
}

/** @throws CmsRefusal, or what the cryptography throws */
export async function openEnvelope(
  info: ContentInfo,
  { certificate, key }: { certificate: string; key: string },
): Promise<Uint8Array> {
  const enveloped = new EnvelopedData({ schema: info.content });
  const { contentType, contentEncryptionAlgorithm } = enveloped.encryptedContentInfo;
  if (contentType !== DATA || contentEncryptionAlgorithm.algorithmId !== AES256_CBC) throw new CmsRefusal();
  const index = recipientIndex(enveloped.recipientInfos, certificate);
  const pkcs8 = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' });
  return new Uint8Array(
    await enveloped.decrypt(index, { recipientPrivateKey: Uint8Array.from(pkcs8).buffer }),
  );
}
