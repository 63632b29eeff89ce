import { describe, expect, it } from 'vitest';
import { type CountTable, crossTable } from './count-table.ts';
import { suppress } from './suppress.ts';

const line = (a: number, b: number, c: number): CountTable => ({
  cells: { a, b, c, all: a + b + c },
  sums: [{ total: 'all', parts: ['a', 'b', 'c'] }],
});

describe('a publication', () => {
  it('without margins hides the small counts only', () => {
    expect(suppress({ cells: { a: 0, b: 1, c: 10, d: 11 } })).toEqual({
      cells: { a: 0, b: '<11', c: '<11', d: 11 },
      pattern: { hidden: ['b', 'c'], small: ['b', 'c'] },
      hidden: { primary: 2, secondary: 0 },
      unproven: [],
    });
    expect(suppress({ cells: { a: 0, b: 4, c: 5 } }, { threshold: 5, zeroIsSensitive: true }).cells).toEqual({
      ...{ a: '<5', b: '<5', c: 5 },
    });
  });

  it('hides the smallest other part that covers', () => {
    expect(suppress(line(3, 40, 20)).cells).toEqual({ a: '<11', b: 40, c: 'secret', all: 63 });
  });

  it('does not cover with a part that cannot give way: 1 and 11 would pin each other', () => {
    expect(suppress(line(1, 11, 90)).cells).toEqual({ a: '<11', b: 11, c: 'secret', all: 102 });
  });

  it('shows no total of a hidden group under the threshold', () => {
    expect(suppress(line(3, 4, 90)).cells).toEqual({ a: '<11', b: '<11', c: 'secret', all: 97 });
  });

  it('hides the corners of a rectangle in a cross table', () => {
    const table = crossTable({
      north: { fit: 40, part: 25, unfit: 3 },
      south: { fit: 30, part: 20, unfit: 50 },
    });
    const { cells, hidden } = suppress(table);
    expect(hidden).toEqual({ primary: 1, secondary: 3 });
    expect(Object.keys(cells).filter((id) => typeof cells[id] === 'string')).toEqual([
      'north/part',
      'north/unfit',
      'south/part',
      'south/unfit',
    ]);
  });

  it('shows a public count whatever it is, and says when that leaves a cell without proof', () => {
    expect(suppress({ cells: { doctors: 3, ill: 4 } }, { public: ['doctors'] }).cells).toEqual({
      doctors: 3,
      ill: '<11',
    });
    expect(suppress(line(3, 0, 0), { public: ['all'] }).unproven).toEqual(['a']);
  });

  it('refuses a table that does not add up, without a count in the message', () => {
    const bad =
      (table: CountTable): (() => unknown) =>
      () =>
        suppress(table);
    expect(bad({ cells: { a: 3, b: 9 }, sums: [{ total: 'b', parts: ['a'] }] })).toThrow(
      'cell b is not the sum of its parts',
    );
    expect(bad({ cells: { a: 3 }, sums: [{ total: 'a', parts: ['x'] }] })).toThrow(
      'a sum names an unknown cell x',
    );
    expect(bad({ cells: { a: -1 } })).toThrow('cell a is no count');
  });
});

describe('the next publication', () => {
  it('keeps hidden what was, says no size there, and forgets nothing for the one after', () => {
    const first = suppress(line(3, 40, 20));
    const second = suppress(line(15, 40, 20), { previous: first.pattern });
    expect(second.cells).toEqual({ a: 'secret', b: 40, c: 'secret', all: 75 });
    expect(second.pattern).toEqual({ hidden: ['a', 'c'], small: [] });
  });

  it('hides the total of a count that became small: no part shown before covers it', () => {
    const first = suppress(line(12, 40, 20));
    const second = suppress(line(7, 40, 20), { previous: first.pattern });
    expect(second.cells).toEqual({ a: '<11', b: 40, c: 20, all: 'secret' });
  });

  it('leaves a flat list as it is', () => {
    const first = suppress({ cells: { a: 3, b: 20 } });
    expect(suppress({ cells: { a: 4, b: 30 } }, { previous: first.pattern }).cells).toEqual({
      a: '<11',
      b: 30,
    });
  });
});

it('takes a table of some hundred cells in seconds', () => {
  const rows = Array.from({ length: 24 }, (_, r) => [
    `r${r}`,
    Object.fromEntries(
      Array.from({ length: 12 }, (_, c) => [`c${c}`, (r * 31 + c * c * 17 + r * c * 7) % 60]),
    ),
  ]);
  const begun = performance.now();
  const { unproven, hidden } = suppress(
    crossTable(Object.fromEntries(rows) as Record<string, Record<string, number>>),
  );
  expect(unproven).toEqual([]);
  expect(hidden.primary).toBeGreaterThan(20);
  expect(performance.now() - begun).toBeLessThan(20_000);
});
