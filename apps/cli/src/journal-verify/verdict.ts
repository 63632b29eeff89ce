import type { PurgedSeals } from './purges.ts';

/** What is wrong, in French for who reads the report; the key is the code. */
export const FAULTS = {
  'line.malformed': 'ligne illisible ou d’une autre forme que celle d’un export',
  'line.not-canonical': 'texte non canonique (RFC 8785)',
  'export.header': 'première ligne absente ou clés publiques non conformes',
  'export.key-unknown': 'clé publique inconnue du trousseau fourni',
  'export.unfinished': 'l’export ne finit pas par un sceau',
  'entry.out-of-place': 'entrée qui n’est pas à sa place : une entrée manque, est en trop ou a été déplacée',
  'entry.not-canonical': 'entrée dont le texte n’est pas canonique',
  'entry.hash': 'entrée dont le texte ne correspond pas à son empreinte',
  'entry.order': 'entrée qui n’est pas à sa place d’après son identifiant',
  'seal.out-of-place': 'sceau qui n’est pas à sa place : un sceau manque, est en trop ou a été déplacé',
  'seal.signature': 'sceau dont la signature n’est pas valable',
  'seal.claims': 'sceau dont le contenu signé ne correspond pas à son numéro',
  'seal.chain': 'sceau qui n’est pas enchaîné au précédent',
  'seal.size': 'sceau qui ne porte pas sur ce nombre d’entrées',
  'seal.root': 'sceau dont la racine ne correspond pas aux entrées',
  'seal.emptied': 'sceau vidé de ses entrées sans que le journal dise qu’elles ont été purgées',
  'witness.unreadable': 'témoin illisible : ni sceau ni reçu',
  'witness.signature': 'témoin qui n’est pas signé par une clé de cet export',
  'witness.missing': 'témoin absent de l’export : journal coupé, ou export d’une autre période',
  'witness.differs': 'témoin différent de ce que dit l’export : journal réécrit',
} as const;

export type Fault = keyof typeof FAULTS;

/** The first thing wrong, as precisely as it can be named. */
export interface BadPlace {
  code: Fault;
  /** from 1 */
  line: number;
  seal?: number;
  /** within its seal, from 0 */
  index?: number;
  /** id of the entry */
  entry?: string;
}

export interface WitnessVerdict {
  name: string;
  fault?: Fault;
  /** a receipt of the time whose entries were purged: neither confirmed nor denied */
  purged?: true;
}

export interface JournalVerdict {
  ok: boolean;
  entries: number;
  seals: number;
  /** number of the first seal; above 1 the journal's beginning is not in this export */
  from?: number;
  to?: number;
  /** seals whose entries were purged, as the journal says: their place and signature hold, their content is not seen */
  purged?: PurgedSeals;
  firstBad?: BadPlace;
  /** not looked at when the export itself is bad */
  witnesses: WitnessVerdict[];
}

/** Lines for a person, in French. */
export function reportOf(verdict: JournalVerdict): string[] {
  const { entries, seals, from, to, purged, firstBad, witnesses } = verdict;
  const lines = [
    `${entries} entrées, ${seals} sceaux vérifiés${from === undefined ? '' : ` (n° ${from} à ${to})`}`,
  ];
  if (from !== undefined && from > 1)
    lines.push(`le début du journal (avant le sceau n° ${from}) n’est pas dans cet export`);
  if (purged !== undefined)
    lines.push(
      `dont ${purged.seals} sceaux aux entrées purgées (${purged.entries}, jusqu’au ${purged.until.slice(0, 10)}), comme le journal le dit`,
    );
  if (firstBad !== undefined)
    lines.push(`ligne ${firstBad.line}${placeOf(firstBad)} : ${FAULTS[firstBad.code]} [${firstBad.code}]`);
  for (const witness of witnesses) lines.push(`témoin ${witness.name} : ${saidOf(witness)}`);
  lines.push(verdict.ok ? 'JOURNAL INTÈGRE' : 'JOURNAL NON INTÈGRE');
  return lines;
}

function saidOf({ fault, purged }: WitnessVerdict): string {
  if (purged)
    return 'de la période purgée, ni confirmé ni démenti : son sceau et la preuve gardée en décident';
  return fault === undefined ? 'conforme' : `${FAULTS[fault]} [${fault}]`;
}

function placeOf({ seal, index, entry }: BadPlace): string {
  const parts = [
    seal === undefined ? [] : [`sceau n° ${seal}`],
    index === undefined ? [] : [`place ${index}`],
    entry === undefined ? [] : [`entrée ${entry}`],
  ].flat();
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
