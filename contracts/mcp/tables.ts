import { type Content, type CsvColumn, csvParts, type Divided, type HookContext } from '#core';
import { type Fortnight, PROFILE } from './fortnight.ts';
import schema from './schemas/fortnight.json' with { type: 'json' };

const LINES = [...PROFILE, 'mcp'].map(column);

const REPORTS = [
  ...PROFILE,
  'pathology',
  'agents',
  'table/regime',
  'table/number',
  'tableStatus',
  'nonDeclaration',
].map(column);

/** The dashboard, the reports, and their schema. What proves that people were informed stays here. */
export function divideFortnight({ json }: Content, { tools }: Pick<HookContext, 'tools'>): Divided {
  const { campaign, fortnight, lines, reports } = json as Fortnight;
  const { $defs, properties } = schema;
  const when = (['campaign', 'fortnight'] as const).map(
    (name): CsvColumn => ({ name, at: '', constant: { campaign, fortnight }[name] }),
  );
  const parts = csvParts(
    campaign,
    'Quinzaine MCP',
    [
      {
        name: 'tableau-de-bord',
        title: 'Salariés vus',
        columns: [...when, ...LINES],
        schema: { ...properties.lines.items, $defs },
        rows: lines,
      },
      {
        name: 'signalements',
        title: 'Maladies à caractère professionnel signalées',
        columns: [...when, ...REPORTS],
        schema: { ...properties.reports.items, $defs },
        rows: reports,
      },
    ],
    tools,
  );
  return { parts, removed: 1 };
}

function column(path: string): CsvColumn {
  return { name: path.replace('/', '_'), at: `/${path}` };
}
