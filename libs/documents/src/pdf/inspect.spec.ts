import { deflateSync } from 'node:zlib';
import { PDFName, PDFString, PDFDocument as PdfLib } from '@cantoo/pdf-lib';
import fc from 'fast-check';
import PDFDocument from 'pdfkit';
import { describe, expect, it } from 'vitest';
import { WHOLE } from '../../fixtures/summary.ts';
import { inspectPdf } from './inspect.ts';
import { renderPdf } from './render.ts';

const PAGES = '<</Type/Pages/Kids[3 0 R]/Count 1>>';
const PAGE = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>';

/** a PDF written by hand: objects 1 (catalog), 2 (pages), 3 (page), then `more` from 4 on */
function pdf(
  parts: { catalog?: string; page?: string; more?: readonly string[]; trailer?: string } = {},
): string {
  const { catalog = '', page = '', more = [], trailer = '' } = parts;
  const bodies = [
    `<</Type/Catalog/Pages 2 0 R ${catalog}>>`,
    PAGES,
    PAGE.replace('>>', `${page}>>`),
    ...more,
  ];
  let text = '%PDF-1.7\n';
  const offsets = bodies.map((body, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const start = text.length;
  text += `xref\n0 ${offsets.length + 1}\n0000000000 65535 f \n`;
  for (const at of offsets) text += `${String(at).padStart(10, '0')} 00000 n \n`;
  return `${text}trailer\n<</Size ${offsets.length + 1}/Root 1 0 R ${trailer}>>\nstartxref\n${start}\n%%EOF\n`;
}

const stream = (dict: string, data: string): string =>
  `<<${dict}/Length ${data.length}>>\nstream\n${data}\nendstream`;

function objectStream(
  objects: readonly string[],
  firstNumber: number,
  extra = '/Filter/FlateDecode',
): string {
  let offset = 0;
  const head = objects.map((body, index) => {
    const at = offset;
    offset += body.length + 1;
    return `${firstNumber + index} ${at}`;
  });
  const first = `${head.join(' ')} `;
  const data = deflateSync(Buffer.from(first + objects.join(' '), 'latin1')).toString('latin1');
  return stream(`/Type/ObjStm/N ${objects.length}/First ${first.length}${extra}`, data);
}

async function codesOf(file: string | Uint8Array): Promise<string[]> {
  const bytes = typeof file === 'string' ? Buffer.from(file, 'latin1') : file;
  const findings = await inspectPdf(bytes);
  for (const finding of findings) {
    expect(finding.pointer).toBe('');
    expect(finding.detail).toMatch(/^Le /);
  }
  return findings.map(({ code }) => code);
}

describe('a PDF that may pass', () => {
  it('is a plain one, with a link to follow by a click and a page to open at', async () => {
    const link =
      '<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://example.org/JavaScript/Launch)>>>>';
    expect(await codesOf(pdf())).toEqual([]);
    expect(await codesOf(pdf({ page: '/Annots[4 0 R]', more: [link] }))).toEqual([]);
    expect(await codesOf(pdf({ catalog: '/OpenAction[3 0 R/Fit]' }))).toEqual([]);
    expect(await codesOf(pdf({ catalog: '/OpenAction 4 0 R', more: ['<</S/GoTo/D[3 0 R/Fit]>>'] }))).toEqual(
      [],
    );
    expect(
      await codesOf(pdf({ catalog: '/AA<<>>', page: '/Resources<</ExtGState<</G<</BM/Screen>>>>>>' })),
    ).toEqual([]);
  });

  it('is one whose objects lie in a compressed stream', async () => {
    const document = await PdfLib.create();
    document.addPage().drawText('Compte rendu');
    expect(await codesOf(await document.save({ useObjectStreams: true }))).toEqual([]);
  });

  it('is our own PDF/A-1, and not our PDF/A-3, which carries a file', async () => {
    expect(await codesOf(await renderPdf(WHOLE, 'pdfa-1b'))).toEqual([]);
    expect(await codesOf(await renderPdf(WHOLE, 'pdfa-3b'))).toEqual(['pdf.embedded-file']);
  });
});

const annotation = (rest: string): string =>
  pdf({ page: '/Annots[4 0 R]', more: [`<</Type/Annot/Rect[0 0 9 9]${rest}>>`] });
const click = (action: string): string => annotation(`/Subtype/Link/A<<${action}>>`);

const ACTIVE: Record<string, [file: string, codes: readonly string[]]> = {
  'a script in the name tree': [
    pdf({
      catalog: '/Names<</JavaScript<</Names[(a) 4 0 R]>>>>',
      more: ['<</S/JavaScript/JS(app.alert\\(1\\))>>'],
    }),
    ['pdf.javascript'],
  ],
  'a script at a click': [click('/S/JavaScript/JS 5 0 R'), ['pdf.javascript']],
  'a script after a harmless action': [
    click('/S/GoTo/D[3 0 R/Fit]/Next[<</S/JavaScript/JS(x)>>]'),
    ['pdf.javascript'],
  ],
  'a script at opening': [
    pdf({ catalog: '/OpenAction<</S/JavaScript/JS(x)>>' }),
    ['pdf.javascript', 'pdf.open-action'],
  ],
  'a web page at opening': [
    pdf({ catalog: '/OpenAction<</S/URI/URI(https://example.org)>>' }),
    ['pdf.open-action'],
  ],
  'a chain at opening': [
    pdf({ catalog: '/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next<</S/Named/N/Print>>>>' }),
    ['pdf.open-action'],
  ],
  'a program': [click('/S/Launch/F(calc.exe)'), ['pdf.launch']],
  'an action on an event of a page': [
    pdf({ page: '/AA<</O<</S/Named/N/Print>>>>' }),
    ['pdf.additional-actions'],
  ],
  'actions behind a reference': [
    pdf({ catalog: '/AA 4 0 R', more: ['<</WC<</S/URI>>>>'] }),
    ['pdf.additional-actions'],
  ],
  'a form that is sent': [click('/S/SubmitForm/F(https://example.org)'), ['pdf.submit-form']],
  'data from a file': [click('/S/ImportData/F(a.fdf)'), ['pdf.import-data']],
  'another document': [click('/S/GoToR/F(other.pdf)/D[0/Fit]'), ['pdf.external-reference']],
  'an embedded document': [click('/S/GoToE/D[0/Fit]'), ['pdf.external-reference']],
  'a stream kept in another file': [
    pdf({ more: [stream('/F(//host/share/x)', '')] }),
    ['pdf.external-reference'],
  ],
  'a file at a URL': [pdf({ more: ['<</FS/URL/F(https://example.org/x)>>'] }), ['pdf.external-reference']],
  'a page of another file': [
    pdf({ more: [stream('/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Ref<</F(x.pdf)/Page 0>>', '')] }),
    ['pdf.external-reference'],
  ],
  'an attached file': [
    pdf({
      catalog: '/Names<</EmbeddedFiles<</Names[(a) 4 0 R]>>>>',
      more: ['<</Type/Filespec/F(a)/EF<</F 5 0 R>>>>', stream('/Type/EmbeddedFile', 'x')],
    }),
    ['pdf.embedded-file'],
  ],
  'a file in an annotation': [annotation('/Subtype/FileAttachment/FS 9 0 R'), ['pdf.embedded-file']],
  'a portfolio': [pdf({ catalog: '/Collection<</View/D>>' }), ['pdf.embedded-file']],
  'a film': [annotation('/Subtype/Screen'), ['pdf.rich-media']],
  'a rendition': [click('/S/Rendition/OP 0'), ['pdf.rich-media']],
  'rich media': [annotation('/Subtype/RichMedia/RichMediaContent<<>>'), ['pdf.rich-media']],
  'a three-dimensional object': [annotation('/Subtype/3D'), ['pdf.rich-media']],
  'a sound': [annotation('/Subtype/Sound'), ['pdf.rich-media']],
  'a kind behind a reference': [
    pdf({ page: '/Annots[<</Type/Annot/Subtype 4 0 R>>]', more: ['/RichMedia'] }),
    ['pdf.rich-media'],
  ],
  'a dynamic form': [pdf({ catalog: '/AcroForm<</Fields[]/XFA[(form) 4 0 R]>>' }), ['pdf.xfa']],
  PostScript: [pdf({ more: [stream('/Type/XObject/Subtype/PS', 'quit')] }), ['pdf.postscript']],
  encryption: [
    pdf({ trailer: '/Encrypt 4 0 R/ID[<00><00>]', more: ['<</Filter/Standard/V 1/R 2/P -4/O(x)/U(x)>>'] }),
    ['pdf.encrypted'],
  ],
};

describe('active content is refused by its code', () => {
  it.each(Object.entries(ACTIVE))('%s', async (_, [file, codes]) => {
    expect(await codesOf(file)).toEqual(codes);
  });

  it('several at once, each told once', async () => {
    const twice = '<</S/JavaScript/JS(x)/Next<</S/JavaScript/JS(y)/Next<</S/Launch/F(z)>>>>>>';
    expect(await codesOf(pdf({ more: [twice, twice] }))).toEqual(['pdf.javascript', 'pdf.launch']);
  });

  it('a file that a password closes', async () => {
    const document = new PDFDocument({ userPassword: 'secret', font: '' });
    const chunks: Buffer[] = [];
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    const end = new Promise((resolve) => document.on('end', resolve));
    document.end();
    await end;
    expect(await codesOf(Buffer.concat(chunks))).toEqual(['pdf.encrypted']);
  });
});

describe('nothing hides', () => {
  it('behind escapes in a name, whichever letters are escaped', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          ['JavaScript', 'pdf.javascript'],
          ['Launch', 'pdf.launch'],
          ['SubmitForm', 'pdf.submit-form'],
          ['GoToR', 'pdf.external-reference'],
        ),
        fc.array(fc.constantFrom('plain', 'lower', 'upper'), { minLength: 10, maxLength: 10 }),
        async ([name, code], how) => {
          const written = [...(name ?? '')].map((letter, index) => {
            const hex = letter.charCodeAt(0).toString(16);
            if (how[index] === 'plain') return letter;
            return `#${how[index] === 'upper' ? hex.toUpperCase() : hex}`;
          });
          expect(await codesOf(click(`/#53/${written.join('')}`))).toEqual([code]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('in a compressed object stream', async () => {
    const document = await PdfLib.create();
    document.addPage();
    document.context.register(
      document.context.obj({ S: PDFName.of('JavaScript'), JS: PDFString.of('app.alert(1)') }),
    );
    const file = await document.save({ useObjectStreams: true });
    expect(Buffer.from(file).includes('JavaScript')).toBe(false);
    expect(await codesOf(file)).toEqual(['pdf.javascript']);
  });

  it('in a version of an object that an update replaced, or in the update', async () => {
    const update = (body: string): string =>
      `4 0 obj\n${body}\nendobj\ntrailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n`;
    const bad = '<</S/Launch/F(x)>>';
    const good = '<</S/GoTo/D[3 0 R/Fit]>>';
    expect(await codesOf(pdf({ more: [bad] }) + update(good))).toEqual(['pdf.launch']);
    expect(await codesOf(pdf({ more: [good] }) + update(bad))).toEqual(['pdf.launch']);
    expect(await codesOf(pdf({ more: [good] }) + update(good))).toEqual([]);
    const opening = '<</S/URI/URI(https://example.org)>>';
    const opened = { catalog: '/OpenAction 4 0 R' };
    expect(await codesOf(pdf({ ...opened, more: [opening] }) + update(good))).toEqual(['pdf.open-action']);
  });

  it('behind a key written twice, plain or compressed', async () => {
    const twice = '<</S/Launch/S/GoTo/F(x)>>';
    expect(await codesOf(pdf({ more: [twice] }))).toEqual(['pdf.launch']);
    expect(await codesOf(pdf({ more: ['<</S %\n /#4caunch/S/GoTo>>'] }))).toEqual(['pdf.launch']);
    expect(await codesOf(pdf({ more: [objectStream([twice], 9)] }))).toEqual(['pdf.launch']);
  });

  it('between comments, which cost no more than they are long', async () => {
    const comment = '%/S'.repeat(300_000);
    const begin = performance.now();
    expect(await codesOf(pdf({ more: [`<</A ${comment}\n/B>>`] }))).toEqual([]);
    expect(await codesOf(pdf({ more: [`<</S${comment}\n%\n/Launch/S/GoTo>>`] }))).toEqual(['pdf.launch']);
    expect(performance.now() - begin).toBeLessThan(20_000);
  });

  it('as an object inside a comment, a string or a stream, where only a crossed table leads', async () => {
    const hidden = '9 0 obj <</Type/Catalog/Pages 2 0 R/URI(x)>> endobj';
    expect(await codesOf(pdf().replace('xref', `% ${hidden}\nxref`))).toEqual(['pdf.hidden-object']);
    expect(await codesOf(pdf({ more: [`<</Title(${hidden})>>`] }))).toEqual(['pdf.hidden-object']);
    expect(await codesOf(pdf({ more: [stream('', hidden)] }))).toEqual(['pdf.hidden-object']);
  });

  it('in an object stream that does not say its name', async () => {
    const data = objectStream(['<</S/GoTo>>'], 9);
    expect(await codesOf(pdf({ more: [data.replace('/Type/ObjStm', '')] }))).toEqual(['pdf.hidden-object']);
    expect(await codesOf(pdf({ more: [data.replace('/Type/ObjStm', '/Type 5 0 R'), '/ObjStm'] }))).toEqual([
      'pdf.hidden-object',
    ]);
  });

  it('behind a filter or a predictor that we do not undo', async () => {
    const plain = ['<</A/B>>'];
    expect(await codesOf(pdf({ more: [objectStream(plain, 9)] }))).toEqual([]);
    for (const filter of [
      '/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 4>>',
      '/Filter[/FlateDecode/FlateDecode]',
      '/Filter/Fl',
      '/Filter/LZWDecode',
    ])
      expect(await codesOf(pdf({ more: [objectStream(plain, 9, filter)] }))).toEqual(['pdf.unreadable']);
  });
});

describe('a file that cannot be judged is refused', () => {
  it.each([
    ['nothing', ''],
    ['an image', '\x89PNG\r\n\x1a\n'],
    ['a page of HTML', '<html>%PDF</html>'],
    ['a header far from the beginning', `${'x'.repeat(2_000)}${pdf()}`],
    ['a file cut in the middle', pdf().slice(0, 200)],
    ['a file cut at its end', pdf().slice(0, -20)],
    ['no catalog', '%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n'],
    ['a broken object', pdf({ more: ['<</A'] })],
    ['nesting without end', pdf({ more: ['['.repeat(200_000)] })],
  ])('%s', async (_, file) => {
    expect(await codesOf(file)).toContain('pdf.unreadable');
  });

  it('comments nested beyond measure between an action and its type', async () => {
    const comments = '%\n'.repeat(8_000_000);
    expect(await codesOf(pdf({ more: [`<</S${comments}/Launch>>`] }))).toContain('pdf.unreadable');
  });

  it('an object stream that inflates without measure', async () => {
    const bomb = deflateSync(Buffer.alloc(200 << 20)).toString('latin1');
    const file = pdf({ more: [stream('/Type/ObjStm/N 1/First 4/Filter/FlateDecode', bomb)] });
    expect(file.length).toBeLessThan(1 << 20);
    expect(await codesOf(file)).toContain('pdf.too-complex');
  });

  it('any bytes get an answer, and a wounded PDF never an exception', async () => {
    const good = Buffer.from(pdf({ page: '/Annots[4 0 R]', more: ['<</Subtype/Link>>'] }), 'latin1');
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, byte) => {
        const wounded = Buffer.from(good);
        wounded[at] = byte;
        expect(Array.isArray(await inspectPdf(wounded))).toBe(true);
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const file = Buffer.concat([Buffer.from('%PDF-1.7\n'), bytes, Buffer.from('\n%%EOF')]);
        expect((await codesOf(file)).length).toBeGreaterThan(0);
      }),
    );
  });
});
