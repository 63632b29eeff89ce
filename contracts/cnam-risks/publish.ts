import {
  type Content,
  type ContentTools,
  type CsvValue,
  type Divided,
  type HookContext,
  publishedSchema,
} from '#core';
import type { Establishment } from './establishments.ts';
import schema from './schemas/establishments.json' with { type: 'json' };

/** What the recipient gets: the same, where a count under the threshold is `<11`. */
export const published = publishedSchema(schema, 'urn:relais:schema:cnam-risks:published:1');

/** One establishment, as a line of NDJSON: sent, then as the recipient gets it. */
const { $schema, $defs } = schema;
const id = 'urn:relais:schema:cnam-risks:establishment:1';
export const establishment = { $schema, $id: id, ...$defs.establishment, $defs };
export const publishedEstablishment = publishedSchema(
  establishment,
  'urn:relais:schema:cnam-risks:published-establishment:1',
);

const THRESHOLD = 11;
const COLUMNS = [
  'siret',
  'nafCode',
  'nafVersion',
  'headcountBand',
  'periodFrom',
  'periodTo',
  'version',
  'workUnit',
  'tepCode',
  'exposedCount',
  'protection',
  'source',
  'measureType',
  'measureStatus',
  'measureDate',
];

/** JSON, then the same as CSV: one row a measure, or one for an exposure without any. */
export function divideEstablishments({ json }: Content, { tools }: HookContext): Divided {
  const { establishments } = json as { establishments: Establishment[] };
  const shown = establishments.map((one) => withoutSmallCounts(one, tools));
  const bytes = Buffer.from(JSON.stringify({ establishments: shown }));
  return {
    parts: [
      { audience: 'enc', mediaType: 'application/json', bytes },
      { audience: 'enc', mediaType: 'text/csv', bytes: tools.csv(COLUMNS, shown.flatMap(rowsOf)) },
    ],
    removed: 0,
  };
}

/**
 * Lines are counts of their own: no margin is published, so nothing is hidden but what is small. Two units may share
 * workers, so no line is the sum of others either.
 */
export function withoutSmallCounts(
  { lines, ...establishment }: Establishment,
  tools: Pick<ContentTools, 'suppress'>,
): Establishment {
  const cells = Object.fromEntries(lines.map(({ exposedCount }, n) => [String(n), Number(exposedCount)]));
  const shown = tools.suppress({ cells, equations: [] }, { threshold: THRESHOLD }).cells;
  return {
    ...establishment,
    lines: lines.map((line, n) => ({ ...line, exposedCount: shown[String(n)] ?? `<${THRESHOLD}` })),
  };
}

function rowsOf({ lines, period, ...one }: Establishment): CsvValue[][] {
  const about = [
    one.siret,
    one.nafCode,
    one.nafVersion,
    one.headcountBand,
    period.from,
    period.to,
    one.version,
  ];
  return lines.flatMap((line) => {
    const exposure = [
      ...about,
      line.workUnit,
      line.tepCode,
      line.exposedCount,
      line.protection?.join('|'),
      line.source,
    ];
    const measures = line.measures.length === 0 ? [undefined] : line.measures;
    return measures.map((measure) => [...exposure, measure?.type, measure?.status, measure?.date]);
  });
}
