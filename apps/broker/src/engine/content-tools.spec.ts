import { describe, expect, it } from 'vitest';
import { contentTools } from './content-tools.ts';

describe('the tools of the flows', () => {
  const table = {
    cells: { total: 100, women: 4, men: 96, members: 3 },
    equations: [{ total: 'total', parts: ['women', 'men'] }],
  };

  it('hide a small count, and what would give it back', () => {
    const { cells, pattern, hidden } = contentTools.suppress(table, { threshold: 11, free: ['members'] });
    expect(cells).toMatchObject({ women: '<11', members: 3 });
    expect(['total', 'men'].filter((id) => cells[id] === 'secret')).toHaveLength(1);
    expect(pattern.small).toEqual(['women']);
    expect(hidden).toEqual({ primary: 1, secondary: 1 });
  });

  it('hide again what the last publication hid', () => {
    const { pattern } = contentTools.suppress(table, { threshold: 11 });
    const grown = { ...table, cells: { ...table.cells, women: 14, total: 110 } };
    expect(contentTools.suppress(grown, { threshold: 11, previous: pattern }).cells['women']).toBe('secret');
  });

  it('publish nothing that cannot be shown to stay unknown', () => {
    expect(() => contentTools.suppress(table, { threshold: 11, free: ['total', 'men'] })).toThrow(
      'anonymity.k-too-low',
    );
  });

  it('write text with commas, quotes and line ends as one field', () => {
    const csv = contentTools.csv(['a', 'b', 'c'], [['x, "y"\nz', 3, undefined]]);
    expect(Buffer.from(csv).toString()).toBe('a,b,c\r\n"x, ""y""\nz",3,\r\n');
  });
});
