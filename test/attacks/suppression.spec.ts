import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Counts, type CountTable, crossTable, type Suppressed, suppress } from '#confidentiality';
import { CountAttacker } from './count-attacker.ts';

/** Enough for any hidden count of these tables. */
const MOST = 2_000;

/** What one publication tells: each hidden cell becomes an unknown of this name, each shown one a number. */
function tell(
  attacker: CountAttacker,
  { cells: counts, sums = [] }: CountTable,
  published: Suppressed,
  nameOf: (id: string) => string,
  hiddenBefore: readonly string[] = [],
  leastSmall: 0 | 1 = 1,
): void {
  const ids = Object.keys(counts);
  // `secret` on a cell hidden last time says nothing. On another it means 11 or more, unless all around had to be
  // blurred: the reader is told which of the two, though no marker says it.
  const blurred = ids.some(
    (id) => published.cells[id] === 'secret' && (counts[id] ?? 0) < 11 && !hiddenBefore.includes(id),
  );
  for (const id of ids) {
    if (published.cells[id] === '<11') attacker.know(nameOf(id), leastSmall, 10);
    if (published.cells[id] === 'secret') {
      attacker.know(nameOf(id), blurred || hiddenBefore.includes(id) ? 0 : 11, MOST);
    }
  }
  for (const { total, parts } of sums) {
    const signed = [[total, 1], ...parts.map((id) => [id, -1])] as [string, number][];
    attacker.equal(
      signed
        .filter(([id]) => typeof published.cells[id] !== 'number')
        .map(([id, sign]) => [nameOf(id), sign] as const),
      signed.reduce((sum, [id, sign]) => {
        const shown = published.cells[id];
        return typeof shown === 'number' ? sum + sign * shown : sum;
      }, 0),
    );
  }
}

function recovered(table: CountTable, published: Suppressed): string[] {
  const attacker = new CountAttacker();
  tell(attacker, table, published, (id) => id);
  return smallCells(table.cells).filter((id) => attacker.recovers(id, table.cells[id] ?? 0));
}

function smallCells(counts: Counts): string[] {
  return Object.keys(counts).filter((id) => (counts[id] ?? 0) >= 1 && (counts[id] ?? 0) <= 10);
}

/** Counts as services have them: many small, some zero, some just over the threshold. */
const count = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 10 }) },
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 11, max: 15 }) },
  { weight: 4, arbitrary: fc.integer({ min: 16, max: 60 }) },
);

const crossed = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.array(count, { minLength: 16 }))
  .map(([rows, columns, counts]) =>
    crossTable(
      Object.fromEntries(
        Array.from({ length: rows }, (_, row) => [
          `r${row}`,
          Object.fromEntries(
            Array.from({ length: columns }, (_, column) => [`c${column}`, counts[row * 4 + column] ?? 0]),
          ),
        ]),
      ),
    ),
  );

/** Three levels, and two cuts of the same total: by category (with a detail) and by sex. */
function followUp(
  [si = 0, sia = 0, night = 0, asbestos = 0, lead = 0]: readonly number[],
  women: number,
): CountTable {
  const sir = night + asbestos + lead;
  const all = si + sia + sir;
  return {
    cells: {
      si,
      sia,
      night,
      asbestos,
      lead,
      sir,
      all,
      women: Math.min(women, all),
      men: Math.max(0, all - women),
    },
    sums: [
      { total: 'sir', parts: ['night', 'asbestos', 'lead'] },
      { total: 'all', parts: ['si', 'sia', 'sir'] },
      { total: 'all', parts: ['women', 'men'] },
    ],
  };
}

const fiveCounts = fc.array(count, { minLength: 5, maxLength: 5 });
const hierarchy = fc.tuple(fiveCounts, count).map(([counts, women]) => followUp(counts, women));

const tables = fc.oneof(crossed, hierarchy);

describe('an attacker of one publication', () => {
  it('recovers a cell from a publication that hides small counts only: the attack works', () => {
    const table = crossTable({ north: { fit: 40, unfit: 3 }, south: { fit: 30, unfit: 20 } });
    const naive = suppress({ cells: table.cells });
    expect(naive.cells['north/unfit']).toBe('<11');
    expect(recovered(table, naive)).toEqual(['north/unfit']);
  });

  it('recovers two cells that are both at their most', () => {
    const table: CountTable = {
      cells: { a: 10, b: 10, c: 30, all: 50 },
      sums: [{ total: 'all', parts: ['a', 'b', 'c'] }],
    };
    expect(recovered(table, suppress({ cells: table.cells })).sort()).toEqual(['a', 'b']);
    expect(recovered(table, suppress(table))).toEqual([]);
  });

  it('recovers no count from 1 to 10, whatever the table', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const published = suppress(table);
        expect(published.unproven).toEqual([]);
        expect(recovered(table, published)).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });
});

describe('a reader who subtracts', () => {
  it('finds no group of 1 to 10 people in a declared sum', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const { cells } = suppress(table);
        for (const { total, parts } of table.sums ?? []) {
          const shown = cells[total];
          if (typeof shown !== 'number') continue;
          const rest = parts.reduce((left, id) => {
            const part = cells[id];
            return typeof part === 'number' ? left - part : left;
          }, shown);
          expect(rest === 0 || rest >= 11).toBe(true);
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it('recovers no zero either where zeros are sensitive', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const published = suppress(table, { zeroIsSensitive: true });
        const attacker = new CountAttacker();
        tell(attacker, table, published, (id) => id, [], 0);
        for (const id of Object.keys(table.cells)) {
          const truth = table.cells[id] ?? 0;
          if (truth > 10) continue;
          expect(typeof published.cells[id]).toBe('string');
          expect(attacker.recovers(id, truth)).toBe(false);
        }
        expect(published.unproven).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });
});

describe('an attacker of two publications of one period', () => {
  /** Leaves that did not change are known not to have: one unknown for both, or the number shown once. */
  function recoveredFromBoth(
    before: CountTable,
    after: CountTable,
    first: Suppressed,
    second: Suppressed,
  ): string[] {
    const attacker = new CountAttacker();
    const totals = new Set((before.sums ?? []).map(({ total }) => total));
    const same = (id: string): boolean => !totals.has(id) && before.cells[id] === after.cells[id];
    const nameIn = (version: 1 | 2) => (id: string) => (same(id) ? `${id} in both` : `${id} in ${version}`);
    tell(attacker, before, first, nameIn(1));
    tell(attacker, after, second, nameIn(2), first.pattern.hidden);
    for (const id of Object.keys(before.cells)) {
      const shown = first.cells[id];
      if (same(id) && typeof shown === 'number' && typeof second.cells[id] !== 'number') {
        attacker.know(`${id} in both`, shown, shown);
      }
    }
    const found = (table: CountTable, version: 1 | 2): string[] =>
      smallCells(table.cells)
        .filter((id) => attacker.recovers(nameIn(version)(id), table.cells[id] ?? 0))
        .map((id) => `${id} in ${version}`);
    return [...found(before, 1), ...found(after, 2)];
  }

  const row = (a: number, b: number, c: number): CountTable => ({
    cells: { a, b, c, all: a + b + c },
    sums: [{ total: 'all', parts: ['a', 'b', 'c'] }],
  });

  it('recovers a cell that became small, when the pattern was forgotten: the attack works', () => {
    const [before, after] = [row(12, 20, 30), row(7, 20, 30)];
    const first = suppress(before);
    expect(recoveredFromBoth(before, after, first, suppress(after))).toContain('a in 2');
    const second = suppress(after, { previous: first.pattern });
    expect(recoveredFromBoth(before, after, first, second)).toEqual([]);
  });

  it('recovers nothing when some leaves change', () => {
    const pairs = fc
      .tuple(crossed, fc.array(fc.tuple(fc.nat(15), count), { maxLength: 3 }))
      .map(([table, changes]) => {
        const rows: Record<string, Record<string, number>> = {};
        const leaves = Object.keys(table.cells).filter((id) => !id.includes('total'));
        for (const id of leaves) {
          const [r = '', c = ''] = id.split('/');
          rows[r] = { ...rows[r], [c]: table.cells[id] ?? 0 };
        }
        for (const [at, now] of changes) {
          const [r = '', c = ''] = (leaves[at % leaves.length] ?? '').split('/');
          rows[r] = { ...rows[r], [c]: now };
        }
        return [table, crossTable(rows)] as const;
      });
    const levels = fc
      .tuple(fiveCounts, count, fc.array(fc.tuple(fc.nat(4), count), { maxLength: 3 }), fc.option(count))
      .map(([counts, women, changes, womenNow]) => {
        const now = [...counts];
        for (const [at, value] of changes) now[at] = value;
        return [followUp(counts, women), followUp(now, womenNow ?? women)] as const;
      });
    fc.assert(
      fc.property(fc.oneof(pairs, levels), ([before, after]) => {
        const first = suppress(before);
        const second = suppress(after, { previous: first.pattern });
        for (const id of first.pattern.hidden) expect(typeof second.cells[id]).toBe('string');
        if (second.unproven.length > 0) return;
        expect(recoveredFromBoth(before, after, first, second)).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });
});
