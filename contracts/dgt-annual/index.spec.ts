import { describe, expect, it } from 'vitest';
import {
  type ContentTools,
  type CountTable,
  compileSchemas,
  type HookContext,
  type SuppressOptions,
} from '#core';
import { flow } from './index.ts';
import full from './samples/valid/report.full.json' with { type: 'json' };

const pattern = { hidden: ['/followed/byCategory/total/total'], small: [] };

/** Stands for the library, which has its own tests: hides what the test says. @returns what it was asked, too */
function published(hides: readonly string[], remembered?: unknown) {
  const asked: { table: CountTable; options: SuppressOptions }[] = [];
  const tools: Pick<ContentTools, 'poolOf' | 'suppress' | 'csv'> = {
    poolOf: () => expect.unreachable(),
    suppress: (table, options) => {
      asked.push({ table, options });
      const cells = { ...table.cells, ...Object.fromEntries(hides.map((id) => [id, 'secret'])) };
      return { cells, pattern, hidden: { primary: 0, secondary: hides.length } };
    },
    csv: (columns, rows) => Buffer.from([columns, ...rows].map((row) => row.join(',')).join('\n')),
  };
  const content = { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(full)), json: full };
  const divided = flow.hooks['report']?.divide?.(content, { tools, remembered } as unknown as HookContext);
  const [report, csv, validation] = (divided?.parts ?? []).map(({ bytes }) =>
    Buffer.from(bytes ?? []).toString(),
  );
  return {
    asked: asked[0],
    report: JSON.parse(report ?? '') as typeof full,
    csv,
    validation: JSON.parse(validation ?? '') as Record<string, unknown>,
    remember: divided?.remember,
  };
}

describe('the report that is published', () => {
  it('measures every count of workers and visits, and no other figure', () => {
    const cells = Object.keys(published([]).asked?.table.cells ?? {});
    const places = new Set(cells.map((id) => id.split('/').slice(1, 3).join('/')));
    expect([...places].sort()).toEqual(
      [
        'followed/byCategory',
        'followed/sirTriggers',
        'outputs/AMEN',
        'outputs/ANCI',
        'outputs/APTI',
        'outputs/ATTS',
        'outputs/INAP',
        'pdp/accompanied',
        'pdp/essaiEncadre',
        'pdp/outcomes',
        'pdp/referred',
        'pdp/socialSupport',
        'visits/byType',
      ].sort(),
    );
    expect(cells).toHaveLength(12 + 9 + 14 * 6 + 8 + 9);
  });

  it('tells every equality of its tables to whoever hides', () => {
    const { equations = [] } = published([]).asked?.table ?? {};
    // categories: 4 rows, 3 columns; visits: 14 rows in two cuts, 6 columns; unfitness; accompaniment
    expect(equations).toHaveLength(4 + 3 + 28 + 6 + 1 + 1);
  });

  it('gives no ratio that would give a hidden count back', () => {
    const { report, validation } = published(['/followed/byCategory/total/total']);
    expect(report.workersPerMtFte).toBe('secret');
    expect(report.offers.costPerWorker).toBe('secret');
    expect(report.visits.delegatedShare).toBe(full.visits.delegatedShare);
    expect(validation['hiddenCells']).toBe(1);
    const { contract, ...rest } = flow;
    const told = { ...contract.objects['report'], schema: 'published' };
    const changed = { ...rest, contract: { ...contract, objects: { told } } } as typeof flow;
    expect(compileSchemas(changed)('told', report)).toEqual([]);
  });

  it('is told again as CSV, one figure a row', () => {
    expect(published([]).csv).toContain('\noutputs,INAP/total,298\n');
  });

  it('is remembered by its year, without a count', () => {
    const { remember } = published([]);
    expect(remember).toEqual({ key: 'report/2025', value: { pattern, publications: 1 } });
    const again = published([], remember?.value);
    expect(again.asked?.options).toEqual({ threshold: 11, previous: pattern });
    expect(again.validation['publication']).toBe(2);
  });
});
