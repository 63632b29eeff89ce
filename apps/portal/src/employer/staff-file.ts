/** A declaration as a spreadsheet: one line a fact, columns by their French names in any order. What it says is judged by the broker. */
import { dateOf } from '../ui/dates.ts';
import { readCsv } from './csv.ts';

/** Column of the file, and what goes in it. */
export const COLUMNS = {
  nature: 'entrée, sortie, poste, risque ou arrêt',
  nom: 'nom de naissance',
  prenoms: 'prénoms de naissance, séparés par un espace',
  naissance: 'JJ/MM/AAAA',
  sexe: 'F ou M',
  debut: 'JJ/MM/AAAA : entrée, changement de poste, début d’arrêt',
  fin: 'JJ/MM/AAAA : sortie, fin d’arrêt',
  poste: 'intitulé',
  pcs: 'code PCS-ESE 2017',
  contrat: 'CDI, CDD, INT, APP ou SAI',
  risques:
    'pour un risque : AMIANTE, PLOMB, CMR, BIO34, RAYONNEMENTS, HYPERBARE, ECHAFAUDAGE, APTITUDE, EMPLOYEUR',
  exposes: 'pour un risque : nombre de personnes',
  motif: 'pour un poste que vous ajoutez : pourquoi',
  consultation: 'pour un poste que vous ajoutez : JJ/MM/AAAA de l’avis du CSE',
} as const;

type Column = keyof typeof COLUMNS;
type Cells = Partial<Record<Column, string>>;

const KINDS: Readonly<Record<string, string>> = {
  entree: 'ENTREE',
  sortie: 'SORTIE',
  poste: 'POSTE',
  risque: 'RISQUE',
  arret: 'AT',
  at: 'AT',
};
export const KIND_WORDS: Readonly<Record<string, string>> = {
  ENTREE: 'entrée',
  SORTIE: 'sortie',
  POSTE: 'poste',
  RISQUE: 'risque',
  AT: 'arrêt',
};
/** Column that a place of a line was read from. */
const COLUMN_OF: readonly (readonly [string, Column])[] = [
  ['/kind', 'nature'],
  ['/worker/birthName', 'nom'],
  ['/worker/firstNames', 'prenoms'],
  ['/worker/birthDate', 'naissance'],
  ['/worker/sex', 'sexe'],
  ['/worker', 'nom'],
  ['/from', 'debut'],
  ['/to', 'fin'],
  ['/jobTitle', 'poste'],
  ['/pcs', 'pcs'],
  ['/contractType', 'contrat'],
  ['/sirTriggers', 'risques'],
  ['/exposedCount', 'exposes'],
  ['/reason', 'motif'],
  ['/consultedOn', 'consultation'],
];
const SEXES: Readonly<Record<string, string>> = { f: 'F', m: 'M', h: 'M' };

/** of one declaration, by its contract */
const MOST_LINES = 2_000;

export interface StaffFile {
  /** as the API takes them */
  lines: Record<string, unknown>[];
  /** of each line, its number in the file: 1 below the heads, empty ones counted */
  numbers: number[];
  /** why nothing can be read of it, French */
  problem?: string;
}

export const NO_FILE: StaffFile = { lines: [], numbers: [] };

export function readStaffFile(bytes: ArrayBuffer): StaffFile {
  const [heads = [], ...under] = readCsv(bytes);
  const columns = heads.map(plain);
  const rows = under.map((cells, n) => ({ cells, number: n + 1 })).filter(({ cells }) => cells.length > 0);
  const problem = whyUnread(heads, columns, rows);
  if (problem !== undefined) return { ...NO_FILE, problem };
  return {
    lines: rows.map(({ cells }) =>
      lineOf(Object.fromEntries(columns.map((column, n) => [column, cells[n]?.trim() ?? ''])) as Cells),
    ),
    numbers: rows.map(({ number }) => number),
  };
}

interface Row {
  cells: string[];
  number: number;
}

/** Why nothing is read of it. Excel goes on with separators behind the last head: columns of nothing. */
function whyUnread(heads: string[], columns: string[], rows: Row[]): string | undefined {
  if (!columns.includes('nature'))
    return 'La première ligne doit nommer les colonnes ; il manque « nature ».';
  const unknown = heads.filter((_, n) => columns[n] !== '' && !Object.hasOwn(COLUMNS, columns[n] ?? ''));
  if (unknown.length > 0) return `Colonne inconnue : ${unknown.join(', ')}.`;
  if (rows.length === 0) return 'Le fichier n’a aucune ligne sous ses titres.';
  if (rows.length > MOST_LINES)
    return `Ce fichier a ${rows.length.toLocaleString('fr-FR')} lignes, et une déclaration 2 000 au plus : faites-en plusieurs fichiers.`;
  const beside = rows.find(({ cells }) => cells.some((cell, n) => cell.trim() !== '' && !columns[n]));
  if (beside !== undefined)
    return `Ligne ${beside.number} : quelque chose est écrit dans une colonne sans titre.`;
  return undefined;
}

/** Where in the file somebody finds what is wrong there. */
export function columnOf(pointer: string): string {
  return COLUMN_OF.find(([at]) => pointer.startsWith(at))?.[1] ?? 'ligne';
}

/** Empty cells are left out: what is missing is then told as missing. */
function lineOf(cells: Cells): Record<string, unknown> {
  const { nature = '', pcs = '', exposes = '', risques = '' } = cells;
  const worker = filled({
    birthName: cells.nom,
    firstNames: wordsOf(cells.prenoms),
    birthDate: dateOf(cells.naissance ?? ''),
    sex: SEXES[plain(cells.sexe ?? '')] ?? cells.sexe,
  });
  return filled({
    kind: KINDS[plain(nature)] ?? nature,
    worker: Object.keys(worker).length === 0 ? undefined : worker,
    from: dateOf(cells.debut ?? ''),
    to: dateOf(cells.fin ?? ''),
    jobTitle: cells.poste,
    pcsCode: pcs,
    pcsVersion: pcs === '' ? undefined : 'PCS-ESE-2017',
    contractType: cells.contrat?.toUpperCase(),
    sirTriggers: wordsOf(risques.toUpperCase()),
    exposedCount: exposes === '' ? undefined : Number(exposes),
    reason: cells.motif,
    consultedOn: dateOf(cells.consultation ?? ''),
  });
}

function filled(members: Record<string, unknown>): Record<string, unknown> {
  const isEmpty = (value: unknown) =>
    value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(members).filter(([, value]) => !isEmpty(value)));
}

const wordsOf = (text = ''): string[] => text.split(/[\s,]+/).filter((word) => word !== '');

/** « Prénoms » and « prenoms » are one column. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase();
}
