/**
 * Structured data inside a PDF/A-3 (ISO 19005-3 §6.8): an associated file of the whole document.
 * pdfkit's own `file` writes the MD5 of Params as 32 hexadecimal digits where ISO 32000 (7.11.4) wants its 16 bytes.
 */
import { createHash } from 'node:crypto';
import type { DocumentModel } from '#core';

type Attachment = NonNullable<DocumentModel['attachment']>;

/** a String object is how pdfkit tells a text from a name */
const text = (value: string): object => Object(value);

export function attach(doc: PDFKit.PDFDocument, attachment: Attachment, modified: Date): void {
  const { content } = attachment;
  const file = doc.ref({
    Type: 'EmbeddedFile',
    Subtype: attachment.mediaType.replace(
      /[^\w.+-]/g,
      (c) => `#${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
    ),
    Params: {
      Size: content.byteLength,
      ModDate: modified,
      CheckSum: new Uint8Array(createHash('md5').update(content).digest()),
    },
  });
  file.end(Buffer.from(content));
  const specification = doc.ref({
    Type: 'Filespec',
    F: text(attachment.name),
    UF: text(attachment.name),
    Desc: text(attachment.description),
    AFRelationship: 'Data',
    EF: { F: file, UF: file },
  });
  specification.end(undefined);
  doc.addNamedEmbeddedFile(attachment.name, specification);
  const { _root: catalog } = doc as unknown as { _root: { data: Record<string, unknown> } };
  catalog.data['AF'] = [specification];
}
