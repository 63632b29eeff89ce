/** AuthEnvelopedData with AES-256-GCM (RFC 5083, 5084), by the `openssl cms` program: pkijs has no such type. */
import type { Set as Asn1Set, BaseBlock, Constructed, OctetString, Sequence } from 'asn1js';
import { EncryptedContentInfo, RecipientInfo } from 'pkijs';
import { CmsRefusal } from './cms-refusal.ts';
import { AES256_GCM, DATA } from './oids.ts';
import { openssl } from './openssl.ts';
import { recipientIndex } from './recipients.ts';

const OAEP = ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256'];
const TAG_BYTES = 16;

/** @returns DER of a ContentInfo */
export function authEnvelopCms(content: Uint8Array, recipients: readonly string[]): Promise<Uint8Array> {
  const options = OAEP.flatMap((option) => ['-keyopt', option]);
  const each = (path: string) => ['-recip', path, ...options];
  return openssl(
    (paths) => ['cms', '-encrypt', '-binary', '-outform', 'DER', '-aes-256-gcm', ...paths.flatMap(each)],
    content,
    recipients,
  );
}

/** @throws CmsRefusal */
export function openAuthEnvelope(
  der: Uint8Array,
  content: Constructed,
  { certificate, key }: { certificate: string; key: string },
): Promise<Uint8Array> {
  assertGcm(content, certificate);
  return openssl(
    ([recip = '', inkey = '']) => [
      ...['cms', '-decrypt', '-binary', '-inform', 'DER'],
      ...['-recip', recip, '-inkey', inkey],
    ],
    der,
    [certificate, key],
  );
}

/** AuthEnvelopedData ::= version, [0]?, recipientInfos, authEncryptedContentInfo, [1]?, mac, [2]? */
function assertGcm(content: Constructed, certificate: string): void {
  const [inside] = content.idBlock.tagClass === 3 ? content.valueBlock.value : [content];
  const plain = partsOf(inside).filter(({ idBlock }) => idBlock.tagClass === 1);
  const [, recipients, encrypted, mac, more] = plain;
  if (recipients === undefined || encrypted === undefined || mac === undefined || more !== undefined)
    throw new CmsRefusal();
  const infos = partsOf(recipients).map((schema) => new RecipientInfo({ schema }));
  recipientIndex(infos, certificate);
  const info = new EncryptedContentInfo({ schema: encrypted });
  const tag = (mac as OctetString).valueBlock.valueHexView?.byteLength;
  if (info.contentType !== DATA || info.contentEncryptionAlgorithm.algorithmId !== AES256_GCM)
    throw new CmsRefusal();
  // RFC 5084 lets it shrink to 12 bytes; ours has 16, and so has what openssl makes
  if (tag !== TAG_BYTES) throw new CmsRefusal();
}

function partsOf(block: BaseBlock | undefined): BaseBlock[] {
  const value = (block as Sequence | Asn1Set | undefined)?.valueBlock?.value;
  if (!Array.isArray(value)) throw new CmsRefusal();
  return value as unknown as BaseBlock[];
}
