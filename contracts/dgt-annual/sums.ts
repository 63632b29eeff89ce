/** Which figures of a report add up to which: checked when it comes, and told to whoever hides small counts. */
import type { Report } from './report.ts';

/** Pointers into the report. */
export interface Sum {
  total: string;
  parts: readonly string[];
}

/** Sums of counts of workers and of their visits: every equality that a reader of the report can write down. */
export function sumsOfCounts(report: Report): Sum[] {
  return [
    ...crossed('/followed/byCategory', report.followed.byCategory, [['women', 'men']]),
    ...crossed('/visits/byType', report.visits.byType, [
      ['MT', 'IDEST', 'other'],
      ['onSite', 'remote'],
    ]),
    sum('/outputs/INAP/total', '/outputs/INAP', except('total', report.outputs.INAP)),
    sum('/pdp/accompanied', '/pdp/outcomes', Object.keys(report.pdp.outcomes)),
  ];
}

/** Sums of figures that are never hidden. */
export function sumsOfFigures({ members }: Report): Sum[] {
  const { byBand, byNafSection } = members.establishments;
  const at = '/members/establishments';
  return [
    sum(`${at}/total`, `${at}/byBand`, Object.keys(byBand)),
    sum(`${at}/total`, `${at}/byNafSection`, Object.keys(byNafSection)),
  ];
}

/** Rows whose last is `total`, columns whose last is `total`; `cuts` are the ways in which a row's total divides. */
function crossed(at: string, rows: Record<string, Record<string, number>>, cuts: string[][]): Sum[] {
  const names = except('total', rows);
  const across = Object.keys(rows).flatMap((row) =>
    cuts.map((cut) => sum(`${at}/${row}/total`, `${at}/${row}`, cut)),
  );
  const down = Object.keys(rows['total'] ?? {}).map((column) => ({
    total: `${at}/total/${column}`,
    parts: names.map((row) => `${at}/${row}/${column}`),
  }));
  return [...across, ...down];
}

function sum(total: string, at: string, parts: readonly string[]): Sum {
  return { total, parts: parts.map((part) => `${at}/${part}`) };
}

function except(name: string, members: object): string[] {
  return Object.keys(members).filter((member) => member !== name);
}
