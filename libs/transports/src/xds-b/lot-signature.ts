/**
 * XAdES over a submission set (IHE document digital signature): a manifest of what the lot holds, and who signed it
 * when. It travels as one more document of the lot. The digest is SHA-256: the only public code of the field still had
 * SHA-1, and what the DMP asks today is not public (docs/adr, DMP). The same order gives the same bytes, so that a
 * repeat is the same document.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { XmlElement } from 'libxml2-wasm';
import type { SealMandate, Submission, XmlSignatures } from '#core';
import { readXml } from '../soap/read-xml.ts';
import { writeXml, type XmlTree } from '../soap/write-xml.ts';
import { distinguishedName } from './distinguished-name.ts';
import { DSIG } from './namespaces.ts';

/** Namespace of the signed properties: that of IHE's first supplement, or of ETSI's later text. */
export const XADES = {
  'xades-1.1.1': 'http://uri.etsi.org/01903/v1.1.1#',
  'xades-1.3.2': 'http://uri.etsi.org/01903/v1.3.2#',
} as const;
export type LotSignatureForm = keyof typeof XADES;

export interface LotSignatureOrder {
  lot: Pick<Submission, 'uniqueId' | 'documents'>;
  seal: Pick<SealMandate, 'certificate' | 'key'>;
  /** instant of the lot, not of the try */
  at: string;
  form: LotSignatureForm;
}

const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
/** ASTM E1762: source signature */
const PURPOSE = '1.2.840.10065.1.12.1.14';
const HOLDER = 'Lot';

export async function signLot(
  { lot, seal, at, form }: LotSignatureOrder,
  signatures: Pick<XmlSignatures, 'sign'>,
): Promise<Uint8Array> {
  const xades = XADES[form];
  const signed = await signatures.sign(`<${HOLDER}/>`, {
    ...seal,
    inside: [HOLDER],
    signatureId: 'LotSignature',
    ids: [
      { id: 'IHEManifest', type: `${DSIG}Manifest` },
      { id: 'SignedProperties', type: `${xades}SignedProperties` },
      { id: 'Purpose', type: `${DSIG}SignatureProperties` },
    ],
    objects: [
      writeXml(manifest(lot), { ds: DSIG }),
      writeXml(properties(seal.certificate, at), { xad: xades, ds: DSIG }),
      writeXml(purpose(), { ds: DSIG }),
    ],
  });
  // the Signature itself is the document; nothing of it leans on what holds it
  return readXml(Buffer.from(signed), (root) => {
    const signature = root.firstChild;
    if (!(signature instanceof XmlElement)) throw new TypeError('no signature');
    return Buffer.from(signature.toString({ format: false }));
  });
}

/** The lot first, by its id: it has no bytes of its own, hence the digest that says nothing. */
function manifest({ uniqueId, documents }: LotSignatureOrder['lot']): XmlTree {
  return [
    'ds:Manifest',
    [
      reference(uniqueId, 'AA=='),
      ...documents.map((one) =>
        reference(one.uniqueId, createHash('sha256').update(one.bytes).digest('base64')),
      ),
    ],
    { Id: 'IHEManifest' },
  ];
}

function reference(uniqueId: string, digest: string): XmlTree {
  return [
    'ds:Reference',
    [
      ['ds:DigestMethod', [], { Algorithm: SHA256 }],
      ['ds:DigestValue', digest],
    ],
    { URI: `urn:oid:${uniqueId}` },
  ];
}

function properties(certificate: string, at: string): XmlTree {
  const { raw, issuer, serialNumber } = new X509Certificate(certificate);
  return [
    'xad:QualifyingProperties',
    [
      [
        'xad:SignedProperties',
        [
          [
            'xad:SignedSignatureProperties',
            [
              ['xad:SigningTime', at],
              [
                'xad:SigningCertificate',
                [
                  [
                    'xad:Cert',
                    [
                      [
                        'xad:CertDigest',
                        [
                          ['ds:DigestMethod', [], { Algorithm: SHA256 }],
                          ['ds:DigestValue', createHash('sha256').update(raw).digest('base64')],
                        ],
                      ],
                      [
                        'xad:IssuerSerial',
                        [
                          ['ds:X509IssuerName', distinguishedName(issuer)],
                          ['ds:X509SerialNumber', BigInt(`0x${serialNumber}`).toString()],
                        ],
                      ],
                    ],
                  ],
                ],
              ],
              ['xad:SignaturePolicyIdentifier', [['xad:SignaturePolicyImplied', []]]],
            ],
          ],
        ],
        { Id: 'SignedProperties' },
      ],
    ],
    { Target: '#LotSignature' },
  ];
}

function purpose(): XmlTree {
  return [
    'ds:SignatureProperties',
    [['ds:SignatureProperty', PURPOSE, { Target: '#LotSignature' }]],
    { Id: 'Purpose' },
  ];
}
