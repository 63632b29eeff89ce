/** What a run found, as tables: absolute figures of this machine, then the ratios that the targets are about. */
import { table } from '../demo/table.ts';
import { median } from './load.ts';
import type { Measured } from './measure.ts';

/** What was measured of one contender at one size. */
export interface Results {
  contender: string;
  size: number;
  closed: Measured[];
  /** at half of what the closed loop reached */
  open: Measured[];
}

export interface Circumstances {
  rounds: number;
  seconds: number;
  callers: number;
}

const HEADINGS = [
  'taille',
  'quoi',
  'msg/s',
  'accepté p50/p99 ms',
  'de bout en bout p50/p99 ms',
  'à demi-débit, accepté p50/p99 ms',
  'CPU ms/msg',
  'mémoire Mo',
];

const RATIOS = [
  'taille',
  'quoi',
  'débit ÷ application nue (tours)',
  'CPU ÷ application nue',
  'accepté p99 à demi-débit ms',
];

export function report(results: readonly Results[], { rounds, seconds, callers }: Circumstances): string {
  const relais = results.filter(({ contender }) => contender.startsWith('Relais'));
  const opened = results.flatMap(({ closed, open }) => [...closed, ...open]);
  return [
    '',
    table(HEADINGS, results.map(row)),
    '',
    'CPU ms par message, par poste :',
    ...results.map(
      ({ contender, size, closed }) => `  ${size / 1000} ko, ${contender} : ${partsOf(closed).join(', ')}`,
    ),
    '',
    table(
      RATIOS,
      relais.map((ours) => {
        const bare = results.find((one) => one.size === ours.size && !relais.includes(one));
        return ratios(ours, bare);
      }),
    ),
    '',
    `${callers} appelants en boucle fermée, ${rounds} tours de ${seconds} s chacun à tour de rôle, médianes ; un message`,
    'finit quand il est répondu ET reçu par son destinataire. À demi-débit : départs à instants fixes, temps comptés',
    `depuis l’instant prévu. ${sum(opened.map((one) => one.opened))} remises prélevées, déchiffrées et relues identiques.`,
  ].join('\n');
}

function row({ contender, size, closed, open }: Results): string[] {
  const of = (list: readonly Measured[], what: (one: Measured) => number, digits = 0) =>
    median(list.map(what)).toFixed(digits);
  const both = (list: readonly Measured[], what: 'accept' | 'end') =>
    `${of(list, (one) => one[what].p50, 1)} / ${of(list, (one) => one[what].p99, 1)}`;
  return [
    `${size / 1000} ko`,
    contender,
    of(closed, ({ perSecond }) => perSecond),
    both(closed, 'accept'),
    both(closed, 'end'),
    both(open, 'accept'),
    of(closed, ({ cpuMs }) => cpuMs, 2),
    of(closed, ({ rss }) => rss / 1_000_000),
  ];
}

function partsOf(closed: readonly Measured[]): string[] {
  const names = Object.keys(closed[0]?.cpu ?? {});
  return names.map((name) => `${name} ${median(closed.map(({ cpu }) => cpu[name] ?? 0)).toFixed(2)}`);
}

function ratios(ours: Results, theirs: Results | undefined): string[] {
  const each = ours.closed.map(
    ({ perSecond }, i) => perSecond / (theirs?.closed[i]?.perSecond ?? Number.NaN),
  );
  const cpu = ours.closed.map(({ cpuMs }, i) => cpuMs / (theirs?.closed[i]?.cpuMs ?? Number.NaN));
  return [
    `${ours.size / 1000} ko`,
    ours.contender,
    `${median(each).toFixed(2)} (${each.map((one) => one.toFixed(2)).join(', ')})`,
    median(cpu).toFixed(2),
    median(ours.open.map(({ accept }) => accept.p99)).toFixed(1),
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
