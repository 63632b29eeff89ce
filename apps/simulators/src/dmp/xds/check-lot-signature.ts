/** The signature of a lot: by the same seal, over a manifest of the set and of each of its documents. */
import { createHash } from 'node:crypto';
import { verifySignature } from './verify-signature.ts';
import { all, attribute, textAt, withXml } from './xml.ts';

export interface SignedLot {
  setId: string;
  documents: readonly { uniqueId: string; bytes: Buffer }[];
}

const XADES = ['http://uri.etsi.org/01903/v1.1.1#', 'http://uri.etsi.org/01903/v1.3.2#'];
const WANTED = ['#IHEManifest', '#SignedProperties'];

/** @returns undefined, or what is wrong */
export function checkLotSignature(
  signature: string,
  { setId, documents }: SignedLot,
  seal: { anchors: string; fingerprint: string; now: Date },
): string | undefined {
  const signed = verifySignature(signature, '/ds:Signature', seal.anchors, seal.now);
  if (signed === undefined) return 'signature of the lot';
  if (signed.certificate.fingerprint256 !== seal.fingerprint) return 'another signer';
  const at = WANTED.map((uri) => signed.uris.indexOf(uri));
  if (at.includes(-1)) return 'what is signed';
  const [manifest, properties] = at.map((place) => signed.references[place] ?? '');
  const listed = withXml(manifest ?? '', (root) =>
    all(root, '/ds:Manifest/ds:Reference').map((one) => [
      attribute(one, 'URI'),
      textAt(one, 'ds:DigestValue'),
    ]),
  );
  const expected = [
    [`urn:oid:${setId}`, 'AA=='],
    ...documents.map(({ uniqueId, bytes }) => [
      `urn:oid:${uniqueId}`,
      createHash('sha256').update(bytes).digest('base64'),
    ]),
  ];
  if (JSON.stringify(listed) !== JSON.stringify(expected)) return 'manifest';
  const isWhole = XADES.some((xad) =>
    withXml(properties ?? '', (root) => {
      const place = '/xad:SignedProperties/xad:SignedSignatureProperties';
      const digest = all(root, `${place}/xad:SigningCertificate//ds:DigestValue`, { xad })[0]?.content;
      const time = all(root, `${place}/xad:SigningTime`, { xad })[0]?.content ?? '';
      const own = createHash('sha256').update(signed.certificate.raw).digest('base64');
      return digest === own && !Number.isNaN(Date.parse(time));
    }),
  );
  return isWhole ? undefined : 'signed properties';
}
