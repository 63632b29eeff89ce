import { createHash } from 'node:crypto';
import {
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFRawStream,
  PDFString,
} from '@cantoo/pdf-lib';
import { describe, expect, it } from 'vitest';
import type { DocumentModel, PdfProfile } from '#core';
import { DOUBTFUL, WHOLE, ZOE } from '../../fixtures/summary.ts';
import { datamatrix } from './datamatrix.ts';
import { renderPdf } from './render.ts';

async function read(model: DocumentModel, profile: PdfProfile) {
  const bytes = await renderPdf(model, profile);
  const document = await PDFDocument.load(bytes, { updateMetadata: false, throwOnInvalidObject: true });
  const objects = document.context.enumerateIndirectObjects().map(([, object]) => object);
  const dicts = objects.map((object) => (object instanceof PDFRawStream ? object.dict : object));
  return {
    bytes,
    document,
    dicts: dicts.filter((dict): dict is PDFDict => dict instanceof PDFDict),
    xmp: Buffer.from(streamOf(document.catalog, 'Metadata').contents).toString('utf8'),
  };
}

function streamOf(dict: PDFDict, key: string): PDFRawStream {
  const stream = dict.lookup(PDFName.of(key));
  if (!(stream instanceof PDFRawStream)) throw new TypeError(`no stream at ${key}`);
  return stream;
}

const has = (dict: PDFDict, key: string, value: string): boolean =>
  dict.get(PDFName.of(key)) === PDFName.of(value);

describe('the rules of PDF/A that a structure shows', () => {
  it.each([
    ['pdfa-1b', '1.4', '1'],
    ['pdfa-3b', '1.7', '3'],
  ] as const)('%s: version, XMP, output intent, language, title, tags', async (profile, version, part) => {
    const { bytes, document, dicts, xmp } = await read(WHOLE, profile);
    expect(Buffer.from(bytes.subarray(0, 8)).toString()).toBe(`%PDF-${version}`);
    expect(xmp).toContain(`<pdfaid:part>${part}</pdfaid:part>`);
    expect(xmp).toContain('<pdfaid:conformance>B</pdfaid:conformance>');
    expect(xmp).toContain(`<rdf:li xml:lang="x-default">${WHOLE.title}</rdf:li>`);
    expect(xmp).toContain('<xmp:CreateDate>2026-03-12T10:04:11Z</xmp:CreateDate>');
    const { catalog } = document;
    const intent = catalog.lookup(PDFName.of('OutputIntents'), PDFArray).lookup(0, PDFDict);
    expect(has(intent, 'S', 'GTS_PDFA1')).toBe(true);
    expect(streamOf(intent, 'DestOutputProfile').contents.length).toBeGreaterThan(500);
    expect(catalog.lookup(PDFName.of('Lang'), PDFString).decodeText()).toBe('fr-FR');
    expect(String(catalog.lookup(PDFName.of('ViewerPreferences'), PDFDict))).toContain(
      '/DisplayDocTitle true',
    );
    expect(String(catalog.lookup(PDFName.of('MarkInfo'), PDFDict))).toContain('/Marked true');
    expect(document.getTitle()).toBe(WHOLE.title);
    expect(document.getCreationDate()?.toISOString()).toBe('2026-03-12T10:04:11.000Z');
    const types = new Set(dicts.map((dict) => String(dict.get(PDFName.of('S')))));
    for (const type of [
      '/Document',
      '/Sect',
      '/H1',
      '/H2',
      '/P',
      '/L',
      '/LI',
      '/Lbl',
      '/LBody',
      '/Table',
      '/TR',
      '/TH',
      '/TD',
      '/Figure',
    ])
      expect(types).toContain(type);
  });

  it.each(['pdfa-1b', 'pdfa-3b'] as const)(
    '%s: fonts embedded, no transparency, no action, no script',
    async (profile) => {
      const { dicts } = await read(WHOLE, profile);
      const descriptors = dicts.filter((dict) => has(dict, 'Type', 'FontDescriptor'));
      expect(descriptors).toHaveLength(2);
      for (const descriptor of descriptors) expect(descriptor.has(PDFName.of('FontFile2'))).toBe(true);
      for (const dict of dicts)
        for (const key of ['SMask', 'ca', 'CA', 'BM', 'Group', 'JS', 'JavaScript', 'AA', 'OpenAction', 'A1'])
          expect(dict.has(PDFName.of(key)), key).toBe(false);
    },
  );

  it('every header cell of a table has its scope, the figure its words and its place', async () => {
    const { dicts } = await read(WHOLE, 'pdfa-3b');
    const headers = dicts.filter((dict) => has(dict, 'S', 'TH'));
    expect(headers).toHaveLength(4 + 5 + 4 + 3 + 4);
    for (const header of headers)
      expect(String(header.lookup(PDFName.of('A'), PDFDict))).toMatch(/\/O \/Table[\s\S]*\/Scope \/Column/);
    const figures = dicts.filter((dict) => has(dict, 'S', 'Figure'));
    expect(figures).toHaveLength(1);
    for (const figure of figures) {
      const words = figure.lookup(PDFName.of('Alt'));
      expect(words instanceof PDFString && words.decodeText()).toContain('INS à scanner');
      expect(figure.lookup(PDFName.of('A'), PDFDict).lookup(PDFName.of('BBox'), PDFArray).size()).toBe(4);
    }
  });

  it('carries the structured data in PDF/A-3 only, as an associated file dated by the message', async () => {
    const three = await read(WHOLE, 'pdfa-3b');
    const file = three.document.catalog.lookup(PDFName.of('AF'), PDFArray).lookup(0, PDFDict);
    expect(has(file, 'AFRelationship', 'Data')).toBe(true);
    const content = streamOf(file.lookup(PDFName.of('EF'), PDFDict), 'F');
    expect(has(content.dict, 'Subtype', 'application/json')).toBe(true);
    const parameters = content.dict.lookup(PDFName.of('Params'), PDFDict);
    expect(parameters.lookup(PDFName.of('ModDate'), PDFString).asString()).toBe('D:20260312100411Z');
    expect(parameters.lookup(PDFName.of('CheckSum'), PDFHexString).asBytes()).toEqual(
      new Uint8Array(
        createHash('md5')
          .update(WHOLE.attachment?.content ?? '')
          .digest(),
      ),
    );
    const one = await read(WHOLE, 'pdfa-1b');
    expect(one.document.catalog.has(PDFName.of('AF'))).toBe(false);
    for (const dict of one.dicts) expect(dict.has(PDFName.of('EF'))).toBe(false);
  });

  it('keeps the metadata well formed whatever the title', async () => {
    const { document, xmp } = await read({ ...WHOLE, title: 'A & <B> \u0000é' }, 'pdfa-1b');
    expect(document.getTitle()).toBe('A et ‹B›  é');
    expect(xmp).toContain('>A et ‹B›  é<');
  });

  it('puts no identity trait in the metadata', async () => {
    const { document, xmp } = await read(WHOLE, 'pdfa-3b');
    const info = String(document.context.lookup(document.context.trailerInfo.Info));
    for (const trait of ['ADRUN', 'ZOE', '1975', '2751263220749']) {
      expect(xmp).not.toContain(trait);
      expect(info).not.toContain(trait);
    }
  });
});

describe('the INS datamatrix', () => {
  const figures = async (identity: DocumentModel['identity']): Promise<number> =>
    (await read({ ...WHOLE, identity }, 'pdfa-1b')).dicts.filter((dict) => has(dict, 'S', 'Figure')).length;

  it('is drawn for a qualified identity with its matricule, and for no other', async () => {
    const { ins: _, ...withoutIns } = ZOE;
    expect(await figures(ZOE)).toBe(1);
    expect(await figures(withoutIns)).toBe(0);
    for (const status of ['PROV', 'RECUP', 'VALI'] as const)
      expect(await figures({ ...ZOE, status })).toBe(0);
    expect(await figures(DOUBTFUL.identity)).toBe(0);
  });

  it('is a square with two white modules around it', () => {
    const { size, runs } = datamatrix(ZOE.insDatamatrix ?? '');
    expect(Math.min(...runs.map(({ x }) => x), ...runs.map(({ y }) => y))).toBe(2);
    expect(Math.max(...runs.map(({ x, length }) => x + length))).toBe(size - 2);
    expect(Math.max(...runs.map(({ y }) => y + 1))).toBe(size - 2);
  });
});
