import { describe, expect, it } from 'vitest';
import { readCsv } from './csv.ts';
import { columnOf, readStaffFile } from './staff-file.ts';

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

  it('may hold separators, quotes and new lines between quotes, a mark before all, and empty rows', () => {
    expect(readCsv(bytes('\uFEFFa;b\n\n"x;y";"il dit ""non""\nlà"\n;\n'))).toEqual([
      ['a', 'b'],
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
    expect(read('')).toEqual({ lines: [], problem: expect.stringContaining('nature') });
    expect(read('nature;telephone', 'sortie;06')).toEqual({
      lines: [],
      problem: 'Colonne inconnue : telephone.',
    });
    expect(read('nature;nom')).toEqual({ lines: [], problem: expect.stringContaining('aucune ligne') });
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
