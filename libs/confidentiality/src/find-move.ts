import type { Equation } from './count-table.ts';

/** What a reader knows of a hidden cell: its value is within these. */
export interface Bounds {
  least: number;
  most: number;
}

export interface HiddenTable {
  counts: Readonly<Record<string, number>>;
  equations: readonly Equation[];
  /** hidden cells, with what is known of each */
  bounds: ReadonlyMap<string, Bounds>;
}

/** Cells that differ by one, up or down, from the true table. */
export type Move = ReadonlyMap<string, 1 | -1>;

/** Enough for tables of some hundred cells; when it runs out more cells are hidden, never fewer. */
const STEPS = 4_000;

/**
 * Another table that agrees with everything published and in which `cell` has another value: the true one, with some
 * hidden cells one higher or lower, so that each equality still holds and each cell stays within what is known of it.
 * Such a table is the proof that no reasoning whatever recovers the cell. `undefined`: none found, which proves nothing.
 *
 * @param movable hidden cells that the other table may change
 */
export function findMove(
  table: HiddenTable,
  cell: string,
  movable: (id: string) => boolean,
): Move | undefined {
  const touching = new Map<string, { equation: number; coefficient: 1 | -1 }[]>();
  table.equations.forEach(({ total, cells }, equation) => {
    for (const id of cells) {
      const list = touching.get(id) ?? [];
      list.push({ equation, coefficient: id === total ? 1 : -1 });
      touching.set(id, list);
    }
  });

  const residual = new Array<number>(table.equations.length).fill(0);
  const moved = new Map<string, 1 | -1>();
  let stepsLeft = STEPS;

  function fits(id: string, by: 1 | -1): boolean {
    const bounds = table.bounds.get(id);
    const after = (table.counts[id] ?? 0) + by;
    return bounds !== undefined && after >= bounds.least && after <= bounds.most;
  }

  function shift(id: string, by: 1 | -1, times: 1 | -1): void {
    for (const { equation, coefficient } of touching.get(id) ?? []) {
      residual[equation] = (residual[equation] ?? 0) + coefficient * by * times;
    }
  }

  /** Tries to bring every equation back to zero with at most `left` more cells. */
  function balance(left: number): boolean {
    stepsLeft -= 1;
    if (stepsLeft < 0) return false;
    const open = residual.findIndex((rest) => rest !== 0);
    if (open === -1) return true;
    if (left === 0) return false;
    const { cells, total } = table.equations[open] as Equation;
    for (const id of cells) {
      if (moved.has(id) || !movable(id)) continue;
      const coefficient = id === total ? 1 : -1;
      const by = Math.sign(residual[open] ?? 0) === coefficient ? -1 : 1;
      if (!fits(id, by)) continue;
      moved.set(id, by);
      shift(id, by, 1);
      if (balance(left - 1)) return true;
      moved.delete(id);
      shift(id, by, -1);
    }
    return false;
  }

  // Short ways first: they leave fewer chances to go astray.
  for (const length of [1, 3, 5, 7, 11, 15]) {
    for (const by of [1, -1] as const) {
      if (!fits(cell, by)) continue;
      stepsLeft = STEPS;
      moved.set(cell, by);
      shift(cell, by, 1);
      if (balance(length)) return moved;
      moved.delete(cell);
      shift(cell, by, -1);
    }
  }
  return undefined;
}
