import type { CdaDocument } from '#core/cda-document';
import { writeXml } from '../xml/write-xml.ts';
import { base64 } from './elements.ts';
import { clinicalDocument } from './header.ts';

/** IHE XDS-SD */
const SCANNED = { root: '1.3.6.1.4.1.19376.1.2.20' };

/**
 * CDA R2 level 1 (N1): the header around one PDF. ANS asks PDF/A-1 of the PDF.
 * @throws BrokerError `content.invalid` when CI-SIS asks for what the document does not say
 */
export function writeCda(document: CdaDocument, pdf: Uint8Array): Uint8Array {
  return writeXml(
    clinicalDocument(document, SCANNED, [
      'nonXMLBody',
      [['text', base64(pdf), { mediaType: 'application/pdf', representation: 'B64' }]],
    ]),
    'urn:hl7-org:v3',
  );
}
