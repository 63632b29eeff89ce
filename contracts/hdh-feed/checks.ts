/** What the schema of a research line cannot say: order of months, nothing before birth. */
import type { Finding } from '#core';

interface Span {
  from: string;
  to?: string;
}

interface ResearchLine {
  travailleur: { birthYear: number };
  periode_observation: Span;
  episode_poste?: Span[];
  exposition_professionnelle?: Span[];
  [table: string]: unknown;
}

const DATED = [
  'visite_sante_travail',
  'conclusion_medicale',
  'pathologie_atmp',
  'examen_complementaire',
  'vaccination',
];

export function checkResearchLine(json: unknown): Finding[] {
  const line = json as ResearchLine;
  const spans: [string, Span][] = [
    ['/periode_observation', line.periode_observation],
    ...placed('episode_poste', line.episode_poste),
    ...placed('exposition_professionnelle', line.exposition_professionnelle),
  ];
  const months = DATED.flatMap((table) => placed(table, line[table] as { month: string }[] | undefined));
  const born = String(line.travailleur.birthYear);
  return [
    ...spans.filter(([, { from, to }]) => to !== undefined && to < from).map(([at]) => backwards(`${at}/to`)),
    ...spans.filter(([, { from }]) => from.slice(0, 4) < born).map(([at]) => beforeBirth(`${at}/from`)),
    ...months.filter(([, { month }]) => month.slice(0, 4) < born).map(([at]) => beforeBirth(`${at}/month`)),
  ];
}

/** What holds for the whole batch: its period. */
export function checkBatchHeader({ json }: { json?: unknown }): Finding[] {
  const { period } = json as { period: Required<Span> };
  return period.to < period.from ? [backwards('/period/to')] : [];
}

function placed<T>(table: string, rows: readonly T[] = []): [string, T][] {
  return rows.map((row, n) => [`/${table}/${n}`, row]);
}

function backwards(pointer: string): Finding {
  return { pointer, code: 'hdh.period-backwards', detail: 'La fin précède le début.' };
}

function beforeBirth(pointer: string): Finding {
  return { pointer, code: 'hdh.before-birth', detail: 'Antérieur à l’année de naissance.' };
}
