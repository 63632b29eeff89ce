/** Our PDF read back by programs that know nothing of us. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DocumentModel, PdfProfile } from '#core';
import { createRenderer } from '#documents';
import { DOUBTFUL, PART_A, WHOLE, ZOE } from '../../libs/documents/fixtures/summary.ts';
import { preflight } from './preflight.ts';
import { judgedBy, run } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'pdf-'));
const renderer = createRenderer({ threads: 1 });
afterAll(async () => {
  await renderer.close();
  rmSync(folder, { recursive: true });
});

async function fileOf(name: string, model: DocumentModel, profile: PdfProfile): Promise<string> {
  const path = join(folder, `${name}-${profile}.pdf`);
  writeFileSync(path, await renderer.render(model, profile));
  return path;
}

const plain = (text: string): string => text.replace(/\s+/g, ' ');
const textOf = (path: string, ...options: string[]): string =>
  run('pdftotext', [...options, path, '-']).toString('utf8');

/** a record whose every field is as unpleasant as the schema lets it be */
const UNRULY: DocumentModel = {
  ...WHOLE,
  title: 'Synthèse <& ]]> "longue"',
  sections: [
    {
      title: 'Caractères : \u0000\u0007 😀 漢字 ﷽ \u202eevil\u202c \ud800 ffi œ Ǆ',
      blocks: [
        { kind: 'text', text: `${'interminable'.repeat(300)} fin-du-mot\n\n\n\n\r\nligne` },
        { kind: 'list', items: ['', '   ', 'a\tb'], empty: 'rien' },
        { kind: 'facts', rows: [{ label: 'é'.repeat(400), value: '' }] },
        { kind: 'facts', rows: [] },
        {
          kind: 'table',
          columns: [{ title: '' }, { title: 'x'.repeat(90), width: 0 }],
          rows: [[], ['', '', 'trop']],
          empty: '',
        },
        { kind: 'table', columns: [], rows: [[]], empty: '' },
        { kind: 'notice', tone: 'info', text: '' },
      ],
    },
    { title: '', blocks: [] },
  ],
  sources: [],
};

/** 60 pages: rows that say where they begin and end, and cells taller than a page */
const ROWS = Array.from({ length: 1_300 }, (_, n) => [
  `début-${n}`,
  'mots '.repeat(20 + (n % 30)),
  `fin-${n}`,
]);
const TALL = Array.from({ length: 3_000 }, (_, n) => `m${n}`);
const LONG: DocumentModel = {
  ...WHOLE,
  sections: [
    {
      title: 'Longue histoire',
      blocks: [
        {
          kind: 'table',
          columns: [{ title: 'Commence' }, { title: 'Corps', width: 4 }, { title: 'Finit' }],
          rows: ROWS,
          empty: '',
        },
      ],
    },
    {
      title: 'Très longue cellule',
      blocks: [
        {
          kind: 'table',
          columns: [{ title: 'Étroite' }, { title: 'Large', width: 3 }],
          rows: [[TALL.join(' '), 'x']],
          empty: '',
        },
      ],
    },
  ],
};

judgedBy(['pdftotext'], 'poppler reads the text', () => {
  let whole: string;
  let partA: string;
  beforeAll(async () => {
    whole = await fileOf('whole', WHOLE, 'pdfa-3b');
    partA = await fileOf('a', PART_A, 'pdfa-3b');
  });

  it('finds every word of the model, accents and ligatures right', () => {
    const text = plain(textOf(whole));
    for (const words of wordsOf(WHOLE)) for (const word of words.split(/\s+/)) expect(text).toContain(word);
    expect(text).toContain('LEFÈVRE-CŒUR');
  });

  it('reads in the order of the record', () => {
    const text = plain(textOf(whole));
    const inOrder = [
      'ADRUN',
      WHOLE.title,
      'DOSSIER COMPLET',
      ...WHOLE.sections.map(({ title }) => title),
      'Sources',
    ];
    const places = inOrder.map((words) => text.indexOf(words));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('finds the essentials and the identity on page one', () => {
    const page = plain(textOf(whole, '-l', '1'));
    for (const words of [
      'ADRUN',
      'ZOE',
      '31/12/1975',
      'Féminin',
      '63220',
      '2 75 12 63 220 749 74',
      'NIR',
      'Qualifiée',
      'INS à scanner',
    ])
      expect(page).toContain(words);
    for (const words of [
      'SIR — suivi individuel renforcé',
      '14/11/2026',
      'Poussières de bois (CMR)',
      'charges de plus de 10 kg',
      'Attention : allergie',
    ])
      expect(page).toContain(words);
  });

  it('finds identity, reference and page x of y on every page', () => {
    const pages = textOf(whole)
      .split('\f')
      .filter((page) => page !== '');
    expect(pages.length).toBeGreaterThan(1);
    for (const [index, page] of pages.entries()) {
      expect(page).toContain('ADRUN');
      expect(page).toContain(`Page ${index + 1} sur ${pages.length}`);
      expect(page).toContain('019ce0f2-5d1c-7a3e-9b4e-6a8f1c2d3e4f');
      expect(plain(page)).toContain('Dossier complet');
    }
  });

  it('finds nothing of part H in part A, which says what it is', () => {
    const text = plain(textOf(partA));
    expect(text).toContain('PARTIE A SEULEMENT');
    expect(text).toContain('IPRP');
    for (const words of ['allergie', 'Vaccin', 'Apte', 'restriction', 'Audiométrie', 'DOSSIER COMPLET'])
      expect(text).not.toContain(words);
  });

  it('says what is empty, and why there is no INS', async () => {
    expect(textOf(whole)).toContain('Aucune correspondance transmise');
    const text = plain(textOf(await fileOf('doubtful', DOUBTFUL, 'pdfa-1b')));
    expect(text).toContain('INS non qualifiée : identité à vérifier');
    expect(text).toContain('Provisoire · douteuse · homonyme');
    for (const words of ['2 75 12', '2751263220749', 'INS à scanner']) expect(text).not.toContain(words);
  });

  it('reads the tags: headings, lists, and a table with its header cells', () => {
    const tree = run('pdfinfo', ['-struct-text', whole]).toString('utf8');
    for (const tag of ['Document', 'H1', 'H2', 'LBody', 'THead', 'TH', 'TBody', 'TD', 'Figure', 'Caption'])
      expect(tree).toMatch(new RegExp(`^ *${tag}\\b`, 'm'));
    expect(tree).not.toContain('Page 1 sur');
    expect(plain(tree)).toContain('"Prochaine visite"'.toLocaleUpperCase('fr'));
  });

  it('finds all fonts embedded as subsets', () => {
    const fonts = run('pdffonts', [whole]).toString('utf8').trim().split('\n').slice(2);
    expect(fonts).toHaveLength(2);
    for (const font of fonts) expect(font).toMatch(/^[A-Z]{6}\+DejaVuSansCondensed.* yes yes yes /);
  });

  it('reads sixty pages: no row cut, the header row on each, nothing lost of a cell taller than a page', async () => {
    const begun = performance.now();
    const path = await fileOf('long', LONG, 'pdfa-1b');
    expect(performance.now() - begun).toBeLessThan(30_000);
    const text = textOf(path, '-layout');
    const pages = text.split('\f').filter((page) => page !== '');
    expect(pages.length).toBeGreaterThan(60);
    expect(pages.length).toBeLessThan(150);
    for (const n of ROWS.keys()) {
      const [page, ...others] = pages.filter((page) => new RegExp(`début-${n}\\b`).test(page));
      expect(others).toEqual([]);
      expect(page).toMatch(new RegExp(`fin-${n}\\b`));
      expect(page).toContain('Commence');
    }
    const seen = new Set(text.split(/\s+/));
    expect(TALL.filter((word) => !seen.has(word))).toEqual([]);
    expect(statSync(path).size).toBeLessThan(4 << 20);
  }, 90_000);

  it('keeps every letter of a word longer than a line', async () => {
    const text = textOf(await fileOf('unruly', UNRULY, 'pdfa-1b')).replace(/\s+/g, '');
    expect(text).toContain(`${'interminable'.repeat(100)}`);
    expect(text).toContain('fin-du-mot');
    expect(text).toContain('\ufffd');
  });
});

judgedBy(['qpdf'], 'qpdf checks the file', () => {
  it.each([
    ['whole', WHOLE],
    ['a', PART_A],
    ['doubtful', DOUBTFUL],
    ['unruly', UNRULY],
  ] as const)('%s, in both profiles', async (name, model) => {
    for (const profile of ['pdfa-1b', 'pdfa-3b'] as const) {
      const said = run('qpdf', ['--check', await fileOf(name, model, profile)]).toString('utf8');
      expect(said).toContain('No syntax or stream encoding errors found');
    }
  });

  it('lists the attachment of PDF/A-3 and gives it back byte for byte', async () => {
    const path = await fileOf('whole', WHOLE, 'pdfa-3b');
    expect(run('qpdf', ['--show-attachment=dmst-exchange.json', path])).toEqual(
      Buffer.from(WHOLE.attachment?.content ?? ''),
    );
    const said = run('qpdf', ['--list-attachments', '--verbose', path]).toString('utf8');
    expect(said).toContain('mime type: application/json');
    expect(said).toContain('modification date: D:20260312100411Z');
  });
});

judgedBy(['dmtxread', 'pdftotext'], 'dmtxread scans the page', () => {
  it('reads the INS datamatrix back, to the letter', async () => {
    const path = await fileOf('whole', WHOLE, 'pdfa-3b');
    for (const dots of ['150', '300']) {
      run('pdftoppm', ['-r', dots, '-l', '1', '-png', path, join(folder, `scan-${dots}`)]);
      const [picture] = run('find', [folder, '-name', `scan-${dots}-*.png`])
        .toString()
        .trim()
        .split('\n');
      const read = run('dmtxread', ['--stop-after=1', '--milliseconds=20000', picture ?? '']).toString(
        'utf8',
      );
      expect(read).toBe(ZOE.insDatamatrix);
    }
  }, 120_000);
});

judgedBy(['preflight'], 'Apache PDFBox Preflight validates PDF/A-1b', () => {
  it('finds whole, part A, doubtful, unruly and long documents valid', async () => {
    const files = [];
    for (const [name, model] of Object.entries({
      whole: WHOLE,
      a: PART_A,
      doubtful: DOUBTFUL,
      unruly: UNRULY,
      long: LONG,
    }))
      files.push(await fileOf(name, model, 'pdfa-1b'));
    expect(preflight(folder, files)).toBe('VALID\n'.repeat(files.length));
  }, 120_000);
});

function wordsOf(model: DocumentModel): string[] {
  const sections = [...model.essentials.map((section) => ({ ...section, title: '' })), ...model.sections];
  return [
    ...sections.flatMap(({ title, blocks }) => [
      title,
      ...blocks.flatMap((block): readonly string[] => {
        switch (block.kind) {
          case 'facts':
            return block.rows.flatMap(({ label, value }) => [label, value]);
          case 'table':
            return [...block.columns.map((column) => column.title), ...block.rows.flat()];
          case 'list':
            return block.items;
          default:
            return [block.text];
        }
      }),
    ]),
    ...model.sources,
    model.readers,
  ];
}
