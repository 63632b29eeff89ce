import { describe, expect, it } from 'vitest';
import { type ContentTools, compileSchemas, type HookContext } from '#core';
import { flow } from './index.ts';
import edges from './samples/valid/establishments.edges.json' with { type: 'json' };

/** Stands for the library, which has its own tests: each small count on its own. */
const tools: Pick<ContentTools, 'poolOf' | 'suppress' | 'csv'> = {
  poolOf: () => expect.unreachable(),
  suppress: ({ cells, equations }, { threshold }) => {
    expect(equations).toEqual([]);
    const shown = Object.entries(cells).map(([id, n]) => [id, n < threshold ? `<${threshold}` : n] as const);
    return {
      cells: Object.fromEntries(shown),
      pattern: { hidden: [], small: [] },
      hidden: { primary: 0, secondary: 0 },
    };
  },
  csv: (columns, rows) => Buffer.from([columns, ...rows].map((row) => row.join(',')).join('\n')),
};

describe('what the health insurance gets', () => {
  const content = { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(edges)), json: edges };
  const divided = flow.hooks['establishments']?.divide?.(content, { tools } as unknown as HookContext);
  const [json, csv] = divided?.parts ?? [];
  const told = JSON.parse(Buffer.from(json?.bytes ?? []).toString()) as typeof edges;

  it('shows eleven and hides ten, exposures and measures untouched', () => {
    const lines = told.establishments[0]?.lines ?? [];
    expect(lines.map(({ exposedCount }) => exposedCount)).toEqual([57, 11, '<11', '<11']);
    const rest = (list: readonly object[]) => list.map((line) => ({ ...line, exposedCount: undefined }));
    expect(rest(lines)).toEqual(rest(edges.establishments[0]?.lines ?? []));
  });

  it('conforms to the schema published for it', () => {
    const changed = { ...flow, contract: structuredClone(flow.contract) };
    changed.contract.objects = {
      told: { ...flow.contract.objects['establishments'], schema: 'published' },
    } as never;
    expect(compileSchemas(changed)('told', told)).toEqual([]);
  });

  it('has one row a measure, and one for an exposure without any', () => {
    const rows = Buffer.from(csv?.bytes ?? [])
      .toString()
      .split('\n');
    const expected = edges.establishments.flatMap(({ lines }) =>
      lines.map(({ measures }) => Math.max(1, measures.length)),
    );
    expect(rows).toHaveLength(1 + expected.reduce((sum, n) => sum + n, 0));
    expect(rows[2]).toBe(
      '99000900300031,25.62B,NAF-REV2,300+,2025-01-01,2025-12-31,2,PRESSES,FICT-P1001,57,COLLECTIVE|INDIVIDUELLE,FE,FORMATION,PREVUE,',
    );
  });
});
