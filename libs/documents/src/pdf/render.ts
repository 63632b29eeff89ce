/** DocumentModel → PDF/A bytes. A pure function: no clock, no chance, same model and profile, same bytes. */
import { createHash } from 'node:crypto';
import PDFDocument from 'pdfkit';
import type { DocumentModel, PdfProfile, Section } from '#core';
import type { Area } from './area.ts';
import { attach } from './attachment.ts';
import { audienceStrip, titleStrip } from './banner.ts';
import { Canvas } from './canvas.ts';
import { DocumentTooLong } from './document-too-long.ts';
import { essentialStrips } from './essentials.ts';
import { Flow, gap } from './flow.ts';
import { drawFooters } from './footer.ts';
import { identityStrip, repeatedHeader } from './identity-strip.ts';
import { sectionStrips } from './section.ts';
import { Tag } from './tag.ts';
import { CONTENT_WIDTH, PAGE } from './theme.ts';

const PROFILES = {
  'pdfa-1b': { subset: 'PDF/A-1b', pdfVersion: '1.4' },
  'pdfa-3b': { subset: 'PDF/A-3b', pdfVersion: '1.7' },
} as const;

/** More than 300 full pages hold: refused before any layout, whose memory grows with the words */
const MAX_CHARACTERS = 1_500_000;

/** @throws DocumentTooLong when the model cannot be set on paper without a loss */
export async function renderPdf(model: DocumentModel, profile: PdfProfile): Promise<Uint8Array> {
  const { attachment, ...visible } = model;
  const content = JSON.stringify(visible);
  const embedded = profile === 'pdfa-3b' ? attachment : undefined;
  if (content.length > MAX_CHARACTERS) throw new DocumentTooLong('document.too-long');
  const date = new Date(model.date);
  const doc = new PDFDocument({
    ...PROFILES[profile],
    size: 'A4',
    margin: 0,
    bufferPages: true,
    tagged: true,
    lang: model.language,
    displayTitle: true,
    font: '',
    info: {
      Title: metadataText(model.title),
      Creator: 'Relais',
      Producer: 'Relais (pdfkit)',
      CreationDate: date,
      // pdfkit makes the file identifier of these entries: with the digest it follows the content alone
      ContentDigest: digestOf(content, profile, embedded),
    },
  });
  const bytes = collect(doc);
  const canvas = new Canvas(doc);
  const root = new Tag(canvas, 'Document');
  layOut(model, canvas, root);
  drawFooters(canvas, model);
  if (embedded !== undefined) attach(doc, embedded, date);
  doc.end();
  return bytes;
}

function layOut(model: DocumentModel, canvas: Canvas, root: Tag): void {
  const page = { canvas, tag: root, x: PAGE.left, width: CONTENT_WIDTH };
  const flow = new Flow(canvas, repeatedHeader(model, { ...page, tallest: 0 }));
  const area: Area = { ...page, tallest: flow.pageRoom };
  const on = (tag: Tag): Area => ({ ...area, tag });
  flow.place([identityStrip(model.identity, on(root.child('Sect'))), gap(12)]);
  flow.place([titleStrip(model, area), audienceStrip(model, area), gap(10)]);
  flow.place(essentialStrips(model.essentials, on(root.child('Sect'))));
  const sources: Section = {
    title: 'Sources',
    blocks: [{ kind: 'list', items: model.sources, empty: 'Source non précisée' }],
  };
  for (const section of [...model.sections, sources]) flow.place(sectionStrips(section, area));
}

/** pdfkit writes the title into XMP as it is: what XML would read as markup is said otherwise */
function metadataText(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replaceAll('&', 'et')
    .replaceAll('<', '‹')
    .replaceAll('>', '›');
}

function digestOf(content: string, profile: PdfProfile, attachment: DocumentModel['attachment']): string {
  const hash = createHash('sha256').update(profile).update(content);
  if (attachment !== undefined) hash.update(attachment.content);
  return hash.digest('hex');
}

function collect(doc: PDFKit.PDFDocument): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    doc.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    doc.on('error', reject);
    doc.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
  });
}
