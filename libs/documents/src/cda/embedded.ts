/** Files inside a document: the body of an N1, images and PDFs that an N3 carries. */
import { XmlElement } from 'libxml2-wasm';
import { BrokerError } from '#core';
import { attributeOf, readXml } from '../xml/read-xml.ts';

export interface EmbeddedFile {
  /** in lower case, without parameters */
  mediaType: string;
  bytes: Uint8Array;
}

/** Everything in base64, wherever it stands. @throws BrokerError `content.invalid` */
export function embeddedFiles(cda: Uint8Array): EmbeddedFile[] {
  return readXml(cda, (root) =>
    root
      .find('//*[@representation="B64"]')
      .flatMap((node) => (node instanceof XmlElement ? [embeddedFile(node)] : [])),
  );
}

/** An element of HL7's type ED. */
export function embeddedFile(element: XmlElement): EmbeddedFile {
  // HL7: text is plain unless it says otherwise
  const mediaType = (attributeOf(element, 'mediaType') ?? 'text/plain')
    .toLowerCase()
    .replace(/;.*$/s, '')
    .trim();
  if (attributeOf(element, 'representation') !== 'B64')
    return { mediaType, bytes: new TextEncoder().encode(element.content) };
  const encoded = element.content.replace(/\s+/g, '');
  if (encoded.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded))
    throw new BrokerError('content.invalid', { detail: 'Un fichier joint au document n’est pas en base64.' });
  return { mediaType, bytes: new Uint8Array(Buffer.from(encoded, 'base64')) };
}

/** Readers take a file for a PDF by its beginning, whatever it is called. */
export function isPdf({ mediaType, bytes }: EmbeddedFile): boolean {
  return mediaType === 'application/pdf' || Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-');
}
