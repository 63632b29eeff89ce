import { type ContentTools, countPointers, type SuppressionPattern, valueAt, withValuesAt } from '#core';
import schema from './schemas/employer-view.json' with { type: 'json' };
import type { EmployerView } from './view.ts';

/** No figure on the health of the workers of a smaller establishment. */
const FEWEST_FOLLOWED = 50;
const THRESHOLD = 11;
const AT = '/establishment/statistics/outputs';

export function hasStatistics({ establishment }: EmployerView): boolean {
  return establishment?.statistics !== undefined && establishment.followedWorkers >= FEWEST_FOLLOWED;
}

/** Which figures add up to which: checked when they come, and told to whoever hides small counts. Pointers. */
export function sumsOf({ establishment }: EmployerView): { total: string; parts: string[] }[] {
  const outputs = establishment?.statistics?.outputs;
  if (outputs === undefined) return [];
  const rows = Object.keys(outputs);
  const across = rows.map((row) => ({
    total: `${AT}/${row}/total`,
    parts: [`${AT}/${row}/women`, `${AT}/${row}/men`],
  }));
  const down = ['women', 'men', 'total'].map((column) => ({
    total: `${AT}/total/${column}`,
    parts: rows.filter((row) => row !== 'total').map((row) => `${AT}/${row}/${column}`),
  }));
  return [...across, ...down];
}

/** Small counts hidden, with what would give them back by the margins or by the last publication of that year. */
export function withoutSmallCounts(
  view: EmployerView,
  tools: Pick<ContentTools, 'suppress'>,
  previous: SuppressionPattern | undefined,
): { view: EmployerView; pattern: SuppressionPattern } {
  const counts = countPointers(schema, view);
  const { cells, pattern } = tools.suppress(
    {
      cells: Object.fromEntries(counts.map((at) => [at, Number(valueAt(view, at))])),
      equations: sumsOf(view),
    },
    { threshold: THRESHOLD, ...(previous === undefined ? {} : { previous }) },
  );
  return { view: withValuesAt(view, new Map(Object.entries(cells))), pattern };
}
