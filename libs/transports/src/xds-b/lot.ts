/** One submission set made of what a delivery carries: the same delivery gives the same lot, byte for byte. */
import type { ClinicalDocuments, DmpChannel, ReadCda, SealMandate, Submission, XmlSignatures } from '#core';
import { CDA_CODES } from '#core/cda-codes';
import { type LotSignatureForm, signLot } from './lot-signature.ts';

export interface LotOrder {
  /** of the delivery: ids of the lot are made from it */
  id: string;
  /** instant of the delivery, not of the try */
  at: string;
  /** UUID or OID of this installation */
  sourceId: string;
  cda: Uint8Array;
  channel: Pick<DmpChannel, 'sector' | 'lotSignature'>;
  seal: Pick<SealMandate, 'certificate' | 'key'>;
}

export interface Lot {
  submission: Submission;
  header: ReadCda;
}

/** ASTM: the type that the DMP gives to the signature of a lot */
const SIGNATURE_TYPE = { code: 'E1762', codeSystem: 'ASTM', displayName: 'Full Document' };
const SIGNATURE_CLASS = {
  code: 'urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1',
  codeSystem: 'URN',
  displayName: 'Digital Signature',
};
const SIGNATURE_FORMAT = {
  code: 'http://www.w3.org/2000/09/xmldsig#',
  codeSystem: 'URN',
  displayName: 'Default Signature Style',
};
const FORM: LotSignatureForm = 'xades-1.1.1';

/** @throws BrokerError `content.invalid` when the document does not say what its entry must */
export async function lotOf(
  { id, at, sourceId, cda, channel, seal }: LotOrder,
  documents: Pick<ClinicalDocuments, 'readCda' | 'submission'>,
  signatures: Pick<XmlSignatures, 'sign'>,
): Promise<Lot> {
  const header = documents.readCda(cda);
  const facility = Object.values(CDA_CODES.sectors).find(({ code }) => code === channel.sector);
  const order = {
    documents: [cda],
    id,
    sourceId,
    at,
    contentType: CDA_CODES.activities.ambulatory,
    ...(facility === undefined ? {} : { facility }),
  };
  const bare = documents.submission(order);
  const form = channel.lotSignature ?? FORM;
  const signature = await signLot({ lot: bare, seal, at, form }, signatures);
  const submission = documents.submission({
    ...order,
    attached: [
      {
        id: `${bare.uniqueId}.1`,
        mimeType: 'text/xml',
        title: 'Signature du lot',
        bytes: signature,
        formatCode: SIGNATURE_FORMAT,
        type: SIGNATURE_TYPE,
        class: SIGNATURE_CLASS,
      },
    ],
  });
  return { submission, header };
}
