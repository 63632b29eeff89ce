/** A count, by the id that the publication gives it: `si/women/2026`. Ids are public, counts are not yet. */
export type Counts = Readonly<Record<string, number>>;

/** A published equality: `total` is the sum of `parts`. Margins, levels of a hierarchy, several cuts of one total. */
export interface Sum {
  total: string;
  parts: readonly string[];
}

export interface CountTable {
  cells: Counts;
  /** every equality that a reader can write down; none for a flat list */
  sums?: readonly Sum[];
}

/** An equality with its coefficients: Σ coefficient × cell = 0; the total has +1, its parts −1. */
export interface Equation {
  total: string;
  parts: readonly string[];
  cells: readonly string[];
}

/** RangeError, naming cells and no count, when a count is no whole number, a sum names an unknown cell or is wrong. */
export function equationsOf({ cells, sums = [] }: CountTable): Equation[] {
  for (const [id, count] of Object.entries(cells)) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`cell ${id} is no count`);
  }
  return sums.map(({ total, parts }) => {
    const all = [total, ...parts];
    const unknown = all.find((id) => !Object.hasOwn(cells, id));
    if (unknown !== undefined) throw new RangeError(`a sum names an unknown cell ${unknown}`);
    if (new Set(all).size < all.length) throw new RangeError(`the sum to ${total} names a cell twice`);
    const added = parts.reduce((count, id) => count + (cells[id] ?? 0), 0);
    if (added !== cells[total]) throw new RangeError(`cell ${total} is not the sum of its parts`);
    return { total, parts, cells: all };
  });
}

/** Rows × columns with their margins: ids `row/column`, `row/total`, `total/column`, `total/total`. */
export function crossTable(rows: Readonly<Record<string, Counts>>): Required<CountTable> {
  const cells: Record<string, number> = {};
  const columns = new Set<string>();
  const add = (id: string, count: number): void => {
    cells[id] = (cells[id] ?? 0) + count;
  };
  for (const counts of Object.values(rows)) {
    for (const column of Object.keys(counts)) columns.add(column);
  }
  for (const [row, counts] of Object.entries(rows)) {
    for (const column of columns) {
      const count = counts[column] ?? 0;
      add(`${row}/${column}`, count);
      add(`${row}/total`, count);
      add(`total/${column}`, count);
      add('total/total', count);
    }
  }
  const names = Object.keys(rows);
  const across = (row: string): Sum => ({
    total: `${row}/total`,
    parts: [...columns].map((column) => `${row}/${column}`),
  });
  const down = (column: string): Sum => ({
    total: `total/${column}`,
    parts: names.map((row) => `${row}/${column}`),
  });
  return {
    cells,
    sums: [...names.map(across), across('total'), ...[...columns].map(down), down('total')],
  };
}
