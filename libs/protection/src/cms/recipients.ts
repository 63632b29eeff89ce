/** For whom an envelope is: RSA-OAEP with SHA-256 for digest and mask. PKCS#1 v1.5 key transport is never tried. */
import { createHash, X509Certificate } from 'node:crypto';
import {
  AlgorithmIdentifier,
  Certificate,
  IssuerAndSerialNumber,
  KeyTransRecipientInfo,
  type RecipientInfo,
  RSAESOAEPParams,
} from 'pkijs';
import { CmsRefusal } from './cms-refusal.ts';
import { MGF1, RSAES_OAEP, SHA256 } from './oids.ts';

/** The index of the recipient that this certificate is. @throws CmsRefusal */
export function recipientIndex(recipients: readonly RecipientInfo[], pem: string): number {
  const certificate = Certificate.fromBER(new X509Certificate(pem).raw);
  const index = recipients.findIndex(
    ({ value }) => value instanceof KeyTransRecipientInfo && isFor(value, certificate),
  );
  const recipient = recipients[index]?.value;
  if (!(recipient instanceof KeyTransRecipientInfo)) throw new CmsRefusal();
  assertOaep(recipient.keyEncryptionAlgorithm);
  return index;
}

function isFor({ rid }: KeyTransRecipientInfo, certificate: Certificate): boolean {
  if (rid instanceof IssuerAndSerialNumber)
    return rid.issuer.isEqual(certificate.issuer) && rid.serialNumber.isEqual(certificate.serialNumber);
  // method 1 of RFC 5280 4.2.1.2, a name and not a protection
  const bits = certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView;
  const keyId = createHash('sha1').update(bits).digest();
  return Buffer.from((rid as { valueBlock: { valueHexView: Uint8Array } }).valueBlock.valueHexView).equals(
    keyId,
  );
}

function assertOaep({ algorithmId, algorithmParams }: AlgorithmIdentifier): void {
  if (algorithmId !== RSAES_OAEP || algorithmParams === undefined) throw new CmsRefusal();
  const { hashAlgorithm, maskGenAlgorithm } = new RSAESOAEPParams({ schema: algorithmParams });
  const mask = new AlgorithmIdentifier({ schema: maskGenAlgorithm.algorithmParams });
  const good = hashAlgorithm.algorithmId === SHA256 && maskGenAlgorithm.algorithmId === MGF1;
  if (!good || mask.algorithmId !== SHA256) throw new CmsRefusal();
}
