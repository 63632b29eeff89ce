/** Archives that somebody hostile or careless sends: each is refused before harm, under the code told here. */
import { createHash, randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import type { BrokerError } from '#core';
import { createClinicalDocuments, createRenderer, writeCda, writeSummary } from '#documents';
import { CDA_WHOLE } from '../../libs/documents/fixtures/cda.ts';
import { BARE_DMST } from '../../libs/documents/fixtures/dmst.ts';
import { ORDER } from '../../libs/documents/fixtures/order.ts';
import { XDM_REFUSALS } from '../../libs/documents/src/xdm/refusal.ts';

const clinical = createClinicalDocuments({ inspect: async () => [] });
const SUBSET = 'IHE_XDM/SUBSET01/';
const METADATA = `${SUBSET}METADATA.XML`;
const DOCUMENT = `${SUBSET}DOC0001.XML`;

const { xml: METADATA_TEXT } = clinical.submission(ORDER);
const CDA = ORDER.documents[0] ?? new Uint8Array();
const CDA_TEXT = new TextDecoder().decode(CDA);

interface File {
  path: string;
  bytes: Uint8Array | string;
  mode?: number;
}

const GOOD: readonly File[] = [
  { path: 'INDEX.HTM', bytes: '<html/>' },
  { path: METADATA, bytes: METADATA_TEXT },
  { path: DOCUMENT, bytes: CDA },
];

async function zip(files: readonly File[]): Promise<Uint8Array> {
  const archive = new ZipFile();
  for (const { path, bytes, mode } of files)
    archive.addBuffer(Buffer.from(bytes as string), path, { ...(mode === undefined ? {} : { mode }) });
  archive.end();
  return new Uint8Array(await buffer(archive.outputStream));
}

/** The good archive with one file changed, or added. */
function withFile(path: string, bytes: Uint8Array | string, mode?: number): readonly File[] {
  return [
    ...GOOD.filter((file) => file.path !== path),
    { path, bytes, ...(mode === undefined ? {} : { mode }) },
  ];
}

/** A document, and metadata that tell its true size and digest: only what is tested is wrong. */
function withDocument(cda: string, metadata = METADATA_TEXT): readonly File[] {
  const bytes = Buffer.from(cda);
  const told = metadata
    .replace(createHash('sha1').update(CDA).digest('hex'), createHash('sha1').update(bytes).digest('hex'))
    .replace(`<rim:Value>${CDA.length}<`, `<rim:Value>${bytes.length}<`);
  return [
    { path: METADATA, bytes: told },
    { path: DOCUMENT, bytes },
  ];
}

/** Names of the same length in place of another, both in the directory and before the data. */
function renamed(
  archive: Uint8Array,
  from: string,
  to: string,
  where: 'everywhere' | 'directory' = 'everywhere',
) {
  expect(to.length).toBe(from.length);
  const bytes = Buffer.from(archive);
  const places: number[] = [];
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) places.push(at);
  expect(places.length).toBeGreaterThanOrEqual(2);
  for (const at of where === 'everywhere' ? places : places.slice(-1)) bytes.write(to, at);
  return new Uint8Array(bytes);
}

async function refusalOf(archive: Uint8Array): Promise<string> {
  const error = await clinical.openXdm(archive).then(
    () => undefined,
    (thrown: BrokerError) => thrown,
  );
  expect(error).toMatchObject({ name: 'BrokerError', code: 'xdm.invalid', next: 'reject' });
  return error?.findings.map(({ code }) => code).join() ?? '';
}

describe('an archive that is as it should be', () => {
  it('opens', async () => {
    const { documents } = await clinical.openXdm(await zip(GOOD));
    expect(documents).toHaveLength(1);
  });

  it('opens with the small liberties that others take in their metadata', async () => {
    const metadata = METADATA_TEXT.replaceAll('&amp;ISO^NH', '&amp;^INS-NIR^^20200101')
      .replaceAll('value="275126322074974', 'value=" 275126322074974')
      .replace('name="sourcePatientInfo"', 'name="SourcePatientInfo"')
      .replace(
        /(<rim:Slot name="hash">.*?<rim:Value>)([0-9a-f]+)/,
        (_, before, hash) => before + hash.toUpperCase(),
      );
    const { patient } = await clinical.openXdm(await zip(withFile(METADATA, metadata)));
    expect(patient).toMatchObject({ ins: CDA_WHOLE.patient.ins, birthName: 'ADRUN' });
  });

  it('opens with names in lower case, other digits, and a PDF twin beside the document', async () => {
    const metadata = METADATA_TEXT.replace('DOC0001.XML', 'doc00001.xml');
    const { documents } = await clinical.openXdm(
      await zip([
        { path: 'index.htm', bytes: '<html/>' },
        { path: 'ihe_xdm/subset01/metadata.xml', bytes: metadata },
        { path: 'ihe_xdm/subset01/doc00001.xml', bytes: CDA },
        { path: 'ihe_xdm/subset01/doc00001.pdf', bytes: '%PDF-1.4' },
      ]),
    );
    expect(documents.map(({ cda }) => cda.patient.birthName)).toEqual(['ADRUN']);
  });
});

it('opens an archive whose paths have the separator of Windows', async () => {
  const slashes = await zip(GOOD);
  const archive = renamed(
    renamed(slashes, METADATA, METADATA.replaceAll('/', '\\')),
    DOCUMENT,
    DOCUMENT.replaceAll('/', '\\'),
  );
  const { documents } = await clinical.openXdm(archive);
  expect(documents).toHaveLength(1);
});

describe('an archive is refused', () => {
  const seen = new Set<string>();
  const other = (from: string | RegExp, to: string) => {
    const changed = METADATA_TEXT.replace(from, to);
    expect(changed).not.toBe(METADATA_TEXT);
    return changed;
  };
  const cda = (from: string | RegExp, to: string) => {
    const changed = CDA_TEXT.replace(from, to);
    expect(changed).not.toBe(CDA_TEXT);
    return changed;
  };
  const INS = '275126322074974';

  it.each<[what: string, code: string, make: () => Promise<Uint8Array>]>([
    ['that is no zip', 'xdm.not-a-zip', async () => Buffer.from('PK\u0003\u0004 and no more')],
    ['that is cut', 'xdm.not-a-zip', async () => (await zip(GOOD)).subarray(0, 900)],
    [
      'that climbs out of its folder',
      'xdm.path',
      async () => renamed(await zip(withFile('ab/cd/EVIL.TXT', 'x')), 'ab/cd/EVIL.TXT', '../../EVIL.TXT'),
    ],
    [
      'with an absolute path',
      'xdm.path',
      async () => renamed(await zip(withFile('_etc/EVIL', 'x')), '_etc/EVIL', '/etc/EVIL'),
    ],
    [
      'with a backslash',
      'xdm.path',
      async () => renamed(await zip(withFile('ab_EVIL', 'x')), 'ab_EVIL', '..\\EVIL'),
    ],
    ['with a drive', 'xdm.path', async () => renamed(await zip(withFile('C_EVIL', 'x')), 'C_EVIL', 'C:EVIL')],
    ['with a symbolic link', 'xdm.link', () => zip(withFile('LINK', '/etc/passwd', 0o120777))],
    ['with another archive in it', 'xdm.nested', () => zip(withFile('MORE.ZIP', 'x'))],
    [
      'whose document is another archive',
      'xdm.nested',
      async () => zip(withFile(DOCUMENT, await zip([{ path: 'A', bytes: 'a' }]))),
    ],
    [
      'with one name twice',
      'xdm.duplicate',
      () => zip([...GOOD, { path: DOCUMENT.toLowerCase(), bytes: 'x' }]),
    ],
    [
      'with a file of two names',
      'xdm.ambiguous',
      async () => renamed(await zip(withFile('GOOD.TXT', 'x')), 'GOOD.TXT', 'EVIL.TXT', 'directory'),
    ],
    [
      'of too many files',
      'xdm.too-many-files',
      () => zip([...GOOD, ...Array.from({ length: 200 }, (_, at) => ({ path: `F${at}`, bytes: '' }))]),
    ],
    [
      'that announces one document a thousand times',
      'xdm.too-many-files',
      () =>
        zip([
          ...withFile(METADATA, other(/<rim:ExtrinsicObject.*<\/rim:ExtrinsicObject>/, '$&'.repeat(1000))),
          // not to be refused for its ratio
          { path: 'NOISE', bytes: randomBytes(200_000) },
        ]),
    ],
    [
      'that announces one document twice',
      'xdm.duplicate',
      () => zip(withFile(METADATA, other(/<rim:ExtrinsicObject.*<\/rim:ExtrinsicObject>/, '$&$&'))),
    ],
    ['that inflates to too much', 'xdm.too-large', () => zip(withFile('BOMB', Buffer.alloc(65 << 20)))],
    ['that inflates too well', 'xdm.ratio', () => zip(withFile('BOMB', Buffer.alloc(20 << 20)))],
    ['that lies on the size of a file', 'xdm.checksum', async () => patched(await zip(GOOD), 24, -10)],
    ['whose files overlap', 'xdm.overlap', async () => patched(await zip(GOOD), 20, 100_000)],
    ['that is encrypted', 'xdm.encrypted', async () => patched(await zip(GOOD), 8, 1)],
    ['without METADATA.XML', 'xdm.no-metadata', () => zip(GOOD.filter(({ path }) => path !== METADATA))],
    [
      'with METADATA.XML out of its place',
      'xdm.no-metadata',
      () =>
        zip([
          ...GOOD.filter(({ path }) => path !== METADATA),
          { path: 'METADATA.XML', bytes: METADATA_TEXT },
        ]),
    ],
    [
      'of two lots',
      'xdm.several-lots',
      () => zip([...GOOD, { path: 'IHE_XDM/SUBSET02/METADATA.XML', bytes: METADATA_TEXT }]),
    ],
    [
      'with a DTD in METADATA.XML',
      'xdm.doctype',
      () =>
        zip(
          withFile(METADATA, other('<lcm:', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><lcm:')),
        ),
    ],
    [
      'with entities that grow',
      'xdm.doctype',
      () =>
        zip(withFile(METADATA, other('<lcm:', '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><lcm:'))),
    ],
    ['with METADATA.XML that is no XML', 'xdm.metadata', () => zip(withFile(METADATA, 'not XML'))],
    ['with METADATA.XML that says something else', 'xdm.metadata', () => zip(withFile(METADATA, '<a/>'))],
    ['without its document', 'xdm.no-document', () => zip(GOOD.filter(({ path }) => path !== DOCUMENT))],
    [
      'whose document is said to be elsewhere',
      'xdm.path',
      () => zip(withFile(METADATA, other('DOC0001.XML', '../../DOC0001.XML'))),
    ],
    ['whose document has another size', 'xdm.size', () => zip(withFile(DOCUMENT, `${CDA_TEXT} `))],
    [
      'whose document has another digest',
      'xdm.hash',
      () => zip(withFile(DOCUMENT, CDA_TEXT.replace('ADRUN', 'ADRUM'))),
    ],
    [
      'whose digest is not told',
      'xdm.metadata',
      () => zip(withFile(METADATA, other(/<rim:Slot name="hash">.*?<\/rim:Slot>/, ''))),
    ],
    ['of two patients', 'xdm.several-patients', () => zip(withFile(METADATA, other(INS, '164125902100182')))],
    [
      'whose patient is not that of the document',
      'xdm.patient',
      () => zip(withDocument(cda(INS, '164125902100182'))),
    ],
    [
      'whose patient has another name under the same matricule',
      'xdm.patient',
      () => zip(withDocument(cda('>ADRUN<', '>MARTIN<'))),
    ],
    [
      'whose patient was born on another day',
      'xdm.patient',
      () => zip(withDocument(cda('<birthTime value="19751231"', '<birthTime value="19751230"'))),
    ],
    [
      'whose document has another id',
      'xdm.id',
      () => zip(withDocument(cda(/<id root="5D0A/, '<id root="5D0B'))),
    ],
    [
      'whose document has a DOCTYPE',
      'xdm.doctype',
      () => zip(withDocument(cda('<ClinicalDocument', '<!DOCTYPE x><ClinicalDocument'))),
    ],
    [
      'whose document names two people',
      'xdm.cda',
      () => zip(withDocument(cda(/<recordTarget>.*<\/recordTarget>/, '$&$&'))),
    ],
    [
      'whose document holds a web page',
      'xdm.body',
      () => zip(withDocument(cda('mediaType="application/pdf"', 'mediaType="text/html"'))),
    ],
    ['without any CDA', 'xdm.no-cda', () => zip(withDocument('<a/>'))],
  ])('%s: %s', { timeout: 120_000 }, async (_, code, make) => {
    expect(await refusalOf(await make())).toBe(code);
    seen.add(code);
  });

  it('under each code of the list, once at least', () => {
    expect([...seen].toSorted()).toEqual(Object.keys(XDM_REFUSALS).toSorted());
  });
});

describe('a PDF with JavaScript inside a document', () => {
  const renderer = createRenderer({ threads: 1 });
  afterAll(() => renderer.close());

  const SCRIPT = Buffer.from(
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj\n' +
      '2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF',
  );
  const N1 = new TextDecoder().decode(writeCda(CDA_WHOLE, SCRIPT));
  const ATTACHED =
    '<entry><observationMedia classCode="OBS" moodCode="EVN">' +
    `<value mediaType="text/plain" representation="B64">${SCRIPT.toString('base64')}</value></observationMedia></entry>`;

  it.each([
    ['the body', N1],
    ['a body said to be text', N1.replace('"application/pdf"', '"text/plain"')],
    [
      'a structured document',
      new TextDecoder()
        .decode(writeSummary(CDA_WHOLE, BARE_DMST))
        .replace(/<\/text>(?=<\/section>)/, `</text>${ATTACHED}`),
    ],
  ])('in %s is found by the inspection of PDFs, and the archive refused', async (_, text) => {
    expect(text).toMatch(/representation="B64"/);
    const inspecting = createClinicalDocuments({ inspect: (pdf) => renderer.inspect(pdf) });
    const archive = await clinical.packXdm({ ...ORDER, documents: [new TextEncoder().encode(text)] });
    const error: BrokerError = await inspecting.openXdm(archive).then(
      () => expect.fail('it was opened'),
      (thrown) => thrown,
    );
    expect(error.code).toBe('content.active');
    expect(error.findings.map(({ code }) => code)).toContain('pdf.javascript');
  });
});

describe('any archive', () => {
  it('is opened or refused: no crash, no hang, whatever byte is changed', { timeout: 300_000 }, async () => {
    const archive = await clinical.packXdm(ORDER);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(archive.length - 1),
        fc.uint8Array({ minLength: 1, maxLength: 12 }),
        async (at, noise) => {
          const changed = new Uint8Array(archive);
          changed.set(noise.subarray(0, changed.length - at), at);
          await clinical.openXdm(changed).catch((error: BrokerError) => {
            expect(error).toMatchObject({ code: 'xdm.invalid' });
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is opened or refused whatever its METADATA.XML says, under a digest that is right', {
    timeout: 300_000,
  }, async () => {
    const scraps = fc.oneof(
      fc.constantFrom(
        '',
        '<',
        '"',
        '&amp;',
        '^',
        '&lt;',
        '..',
        '/',
        '<rim:Slot/>',
        'urn:uuid:',
        '\u0000',
        'é',
      ),
      fc.string({ maxLength: 12 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(METADATA_TEXT.length - 1), fc.nat(60), scraps, async (at, cut, scrap) => {
        const text = METADATA_TEXT.slice(0, at) + scrap + METADATA_TEXT.slice(at + cut);
        await clinical.openXdm(await zip(withFile(METADATA, text))).catch((error: BrokerError) => {
          expect(error).toMatchObject({ code: 'xdm.invalid' });
        });
      }),
      { numRuns: 300 },
    );
  });
});

/** Adds to a field of the directory's entry of METADATA.XML: 8 flags, 20 size deflated, 24 size inflated. */
function patched(archive: Uint8Array, field: number, by: number): Uint8Array {
  const bytes = Buffer.from(archive);
  const directory = bytes.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  const at = bytes.indexOf(METADATA, directory) - 46 + field;
  bytes.writeUInt32LE(bytes.readUInt32LE(at) + by, at);
  return new Uint8Array(bytes);
}
