/** What the verification concluded, and how a person is told. */

const FAULTS = {
  'line.malformed': 'Une ligne est illisible.',
  'line.not-canonical': 'Une ligne n’est pas écrite comme Relais l’écrit.',
  'export.header': 'Les clés qui devraient ouvrir l’export manquent ou ne sont pas conformes.',
  'export.unfinished': 'L’export s’arrête avant son dernier sceau.',
  'entry.out-of-place': 'Une entrée manque, est en trop ou a été déplacée.',
  'entry.not-canonical': 'Une entrée n’est pas écrite comme Relais l’écrit.',
  'entry.hash': 'Une entrée a été modifiée : son texte ne correspond plus à son empreinte.',
  'entry.order': 'Une entrée n’est pas à sa place : elle a été mise là après coup.',
  'seal.out-of-place': 'Un sceau manque, est en trop ou a été déplacé.',
  'seal.signature': 'La signature d’un sceau n’est pas valable.',
  'seal.claims': 'Un sceau ne dit pas ce qu’il devrait.',
  'seal.chain': 'Un sceau ne suit pas le précédent : une partie du journal a été remplacée.',
  'seal.size': 'Un sceau ne porte pas sur ce nombre d’entrées : il en manque, ou il y en a trop.',
  'seal.root': 'Des entrées ont été modifiées, ajoutées ou retirées depuis leur scellement.',
  'seal.emptied': 'Les entrées d’un sceau ont disparu sans que le journal dise qu’elles ont été purgées.',
} as const;

export interface Broken {
  code: keyof typeof FAULTS;
  /** of the export, from 1 */
  line: number;
  seal?: number;
  /** within its seal, from 0 */
  index?: number;
  /** id of the entry */
  entry?: string;
}

export type WitnessVerdict = 'agrees' | 'differs' | 'missing' | 'unreadable';

export interface JournalVerdict {
  /** of seals that hold */
  entries: number;
  seals: number;
  /** seals whose entries were purged, as the journal says */
  emptied: number;
  /** number of the first seal; above 1 the journal's beginning is not there */
  from?: number;
  /** the last seal that holds */
  last?: { n: number; at: string };
  broken?: Broken;
  witness?: WitnessVerdict;
}

export const whatIsBroken = ({ code }: Broken): string => FAULTS[code];

/** « sceau n° 12, 3e entrée, ligne 57 de l’export » */
export function whereBroken({ index, line, seal }: Broken): string {
  return [
    ...(seal === undefined ? [] : [`sceau n° ${seal}`]),
    ...(index === undefined ? [] : [index === 0 ? '1re entrée' : `${index + 1}e entrée`]),
    `ligne ${line} de l’export`,
  ].join(', ');
}

/** What is said of a journal that holds, once it was compared with a seal kept elsewhere. */
export const WITNESSES: Readonly<Record<WitnessVerdict, { heading: string; says: string; good: boolean }>> = {
  agrees: {
    heading: 'Le journal est intact.',
    says: 'Le sceau que vous avez gardé s’y trouve, identique : le journal n’a pas été réécrit depuis.',
    good: true,
  },
  differs: {
    heading: 'Le journal ne concorde pas avec votre sceau.',
    says: 'Le sceau que vous avez gardé n’est pas celui du journal : le journal a été réécrit, ou le sceau a été mal recopié.',
    good: false,
  },
  missing: {
    heading: 'Le journal ne concorde pas avec votre sceau.',
    says: 'Le sceau que vous avez gardé n’est pas dans le journal : la fin en a été coupée, ou il vient d’ailleurs.',
    good: false,
  },
  unreadable: {
    heading: 'Le journal est intact, mais votre sceau est illisible.',
    says: 'Ce que vous avez donné n’est pas un sceau de Relais : recopiez-le en entier.',
    good: false,
  },
};
