import {
  type Content,
  type CsvValue,
  countPointers,
  type Divided,
  type HookContext,
  publishedSchema,
  type SuppressionPattern,
  valueAt,
  withValuesAt,
} from '#core';
import { RULES, ratiosOf } from './checks.ts';
import type { Report } from './report.ts';
import schema from './schemas/report.json' with { type: 'json' };
import { sumsOfCounts } from './sums.ts';

/** What the administration gets: the same, where a count or what would give it back may be hidden. */
export const published = publishedSchema(schema, 'urn:relais:schema:dgt-annual:published:1', {
  ratio: { anyOf: [schema.$defs.ratio, { const: 'secret' }] },
});

const THRESHOLD = 11;

/** Of one year's report, kept for its corrections: which cells were hidden, never how many they counted. */
interface Memory {
  pattern: SuppressionPattern;
  publications: number;
}

export function memoryKey({ json }: Content): string {
  return `report/${(json as Report).year}`;
}

/** A correction is prepared after what it corrects: it must know what that one hid. */
export function orderKey({ json }: Content): string {
  const { service, year } = json as Report;
  return `dgt-annual/${service.siret}/${year}`;
}

/** The report as JSON and as CSV, and what was checked and hidden. */
export function divideReport(content: Content, { tools, remembered }: HookContext): Divided {
  const report = content.json as Report;
  const earlier = remembered as Memory | undefined;
  const table = {
    cells: Object.fromEntries(countPointers(schema, report).map((at) => [at, Number(valueAt(report, at))])),
    equations: sumsOfCounts(report),
  };
  const { cells, pattern } = tools.suppress(table, {
    threshold: THRESHOLD,
    ...(earlier === undefined ? {} : { previous: earlier.pattern }),
  });
  const ratios = ratiosOf(report)
    .filter(({ tells }) => tells.some((at) => typeof cells[at] !== 'number'))
    .map(({ at }) => [at, 'secret'] as const);
  const hidden = Object.entries(cells).filter(([, value]) => typeof value !== 'number');
  const shown = withValuesAt(report, new Map<string, unknown>([...hidden, ...ratios]));
  const publications = (earlier?.publications ?? 0) + 1;
  const validation = {
    year: report.year,
    version: report.version,
    publication: publications,
    completeness: report.quality.completeness,
    hiddenCells: hidden.length,
    checks: Object.entries(RULES).map(([code, rule]) => ({ code, rule, result: 'ok' })),
  };
  return {
    parts: [
      { audience: 'enc', mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(shown)) },
      {
        audience: 'enc',
        mediaType: 'text/csv',
        bytes: tools.csv(['section', 'indicator', 'value'], rowsOf(shown)),
      },
      { audience: 'enc', mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(validation)) },
    ],
    removed: 0,
    remember: { key: memoryKey(content), value: { pattern, publications } satisfies Memory },
  };
}

/** Two columns of names and the value, in the order of the report. */
function rowsOf(report: unknown): CsvValue[][] {
  return leaves(report).map(([pointer, value]) => {
    const [, section = '', ...rest] = pointer.split('/');
    return [section, rest.join('/'), value as CsvValue];
  });
}

function leaves(value: unknown, pointer = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[pointer, value]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, `${pointer}/${name}`));
}
