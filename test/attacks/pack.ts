/** Packs a text the way an output may carry one. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import PDFDocument from 'pdfkit';
import { run } from '../peers/programs.ts';

export function zipOf(content: Uint8Array, { password }: { password?: string } = {}): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'relais-zip-'));
  try {
    writeFileSync(join(folder, 'content'), content);
    run('zip', [
      '-qj',
      ...(password === undefined ? [] : ['-P', password]),
      join(folder, 'one.zip'),
      join(folder, 'content'),
    ]);
    return readFileSync(join(folder, 'one.zip'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Compressed streams: neither the page nor the attachment stands in its bytes. */
export async function pdfOf({ page = '', attached }: { page?: string; attached?: Buffer }): Promise<Buffer> {
  const pdf = new PDFDocument();
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => pdf.on('end', resolve));
  pdf.text(page);
  if (attached !== undefined) pdf.file(attached, { name: 'data.bin' });
  pdf.end();
  await ended;
  return Buffer.concat(chunks);
}

/** Ways to pack a text, in each of which it can no longer be read as it is. */
export const PACKED: readonly (readonly [way: string, pack: (text: string) => Promise<Buffer> | Buffer])[] = [
  ['the page of a PDF', (text) => pdfOf({ page: text })],
  ['the attachment of a PDF', (text) => pdfOf({ attached: Buffer.from(text) })],
  ['a zip', (text) => zipOf(Buffer.from(text))],
  ['gzip', (text) => gzipSync(text)],
  ['a PDF in a zip', async (text) => zipOf(await pdfOf({ page: text }))],
];
