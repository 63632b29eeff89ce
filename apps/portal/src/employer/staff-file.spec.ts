import { describe, expect, it } from 'vitest';
import { readCsv } from './csv.ts';
import { columnOf, NO_FILE, readStaffFile } from './staff-file.ts';

const bytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer as ArrayBuffer;
/** As Excel writes it when it is not asked. */
const latin = (text: string): ArrayBuffer =>
  Uint8Array.from([...text].map((letter) => letter.charCodeAt(0))).buffer;

describe('a file of a spreadsheet', () => {
  it.each([';', ',', '\t'])('is read with %j between its cells', (separator) => {
    const text = ['nature', 'nom', 'fin'].join(separator);
    expect(readCsv(bytes(`${text}\r\n${['sortie', 'ADRUN', ''].join(separator)}\r\n`))).toEqual([
      ['nature', 'nom', 'fin'],
      ['sortie', 'ADRUN', ''],
    ]);
  });

  it('may hold separators, quotes and new lines between quotes, a mark before all, and empty rows, which count', () => {
    expect(readCsv(bytes('\uFEFF\n;\na;b\n\n"x;y";"il dit ""non""\nlà"\n;\n'))).toEqual([
      ['a', 'b'],
      [],
      ['x;y', 'il dit "non"\nlà'],
    ]);
  });

  it('is read in UTF-8 or in the letters of Windows', () => {
    expect(readCsv(bytes('prénoms\nZOÉ'))).toEqual([['prénoms'], ['ZOÉ']]);
    expect(readCsv(latin('prénoms\nZOÉ'))).toEqual([['prénoms'], ['ZOÉ']]);
  });

  it('empty has no row', () => {
    expect(readCsv(bytes(''))).toEqual([]);
    expect(readCsv(bytes('\n \n'))).toEqual([]);
  });
});

describe('a declaration in a file', () => {
  const read = (...rows: string[]) => readStaffFile(bytes(rows.join('\n')));

  it('is lines as the API takes them, columns in any order, accents and capitals or not', () => {
    const { lines, problem } = read(
      'Nature;Prénoms;NOM;Naissance;Sexe;Début;Poste;PCS;Contrat',
      'Entrée;ANTHONY LOUIS;CORSE;02/03/1980;H;1/12/2026;Magasinier;653a;cdi',
    );
    expect(problem).toBeUndefined();
    expect(lines).toEqual([
      {
        kind: 'ENTREE',
        worker: { birthName: 'CORSE', firstNames: ['ANTHONY', 'LOUIS'], birthDate: '1980-03-02', sex: 'M' },
        from: '2026-12-01',
        jobTitle: 'Magasinier',
        pcsCode: '653a',
        pcsVersion: 'PCS-ESE-2017',
        contractType: 'CDI',
      },
    ]);
  });

  it('leaves out what a line does not say, and hands on what it does not understand', () => {
    const { lines } = read(
      'nature;nom;poste;pcs;risques;exposes;motif;consultation',
      'risque;;Opérateur;673c;cmr, employeur;14;Travail isolé;08/10/2026',
      'mariage;ADRUN',
    );
    expect(lines).toEqual([
      {
        kind: 'RISQUE',
        jobTitle: 'Opérateur',
        pcsCode: '673c',
        pcsVersion: 'PCS-ESE-2017',
        sirTriggers: ['CMR', 'EMPLOYEUR'],
        exposedCount: 14,
        reason: 'Travail isolé',
        consultedOn: '2026-10-08',
      },
      { kind: 'mariage', worker: { birthName: 'ADRUN' } },
    ]);
  });

  it('that has no columns, a column too many or no line says so', () => {
    expect(read('')).toEqual({ ...NO_FILE, problem: expect.stringContaining('nature') });
    expect(read('nature;telephone', 'sortie;06')).toEqual({
      ...NO_FILE,
      problem: 'Colonne inconnue : telephone.',
    });
    expect(read('nature;nom')).toEqual({ ...NO_FILE, problem: expect.stringContaining('aucune ligne') });
    expect(read('nature;constructor', 'sortie;x').problem).toBe('Colonne inconnue : constructor.');
  });

  it('keeps the number that each line has in the file, empty ones counted', () => {
    const { lines, numbers } = read('nature;nom', ';', 'sortie;ADRUN', '', '', 'sortie;CORSE', ';');
    expect(lines).toHaveLength(2);
    expect(numbers).toEqual([2, 5]);
  });

  it('may go on with columns of nothing, as Excel writes them; what stands in one is not dropped in silence', () => {
    const { lines, problem } = read('nature;nom;;', 'sortie;ADRUN;;', 'sortie;CORSE');
    expect(problem).toBeUndefined();
    expect(lines).toEqual([
      { kind: 'SORTIE', worker: { birthName: 'ADRUN' } },
      { kind: 'SORTIE', worker: { birthName: 'CORSE' } },
    ]);
    for (const beside of ['sortie;CORSE;06;', 'sortie;CORSE;;;06'])
      expect(read('nature;nom;;', 'sortie;ADRUN;;', beside)).toEqual({
        ...NO_FILE,
        problem: 'Ligne 2 : quelque chose est écrit dans une colonne sans titre.',
      });
  });

  it('has 2,000 lines at most, and says how many there are', () => {
    const of = (lines: number) => read('nature', ...Array.from({ length: lines }, () => 'sortie'));
    expect(of(2_000).lines).toHaveLength(2_000);
    expect(of(2_001)).toEqual({ ...NO_FILE, problem: expect.stringMatching(/2\s001 lignes/) });
  });

  it('tells what is wrong by the name of the column', () => {
    expect(['/worker/sex', '/worker', '/pcsVersion', '/to', ''].map(columnOf)).toEqual([
      'sexe',
      'nom',
      'pcs',
      'fin',
      'ligne',
    ]);
  });
});
