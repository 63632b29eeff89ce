import { type CountTable, type Equation, equationsOf } from './count-table.ts';
import { type Bounds, findMove } from './find-move.ts';

/** What is remembered of a publication: ids of cells, never a count. */
export interface SuppressionPattern {
  hidden: readonly string[];
}

export interface SuppressSettings {
  /** counts from 1 to one less are hidden; 11 unless told (facts 2.4: the rule for PMSI outputs) */
  threshold?: number;
  /** a zero tells too (nobody was declared unfit): hide it like a small count; shown as 0 unless told */
  zeroIsSensitive?: boolean;
  /** cells whose counts are of no person (members, documents): shown whatever they are, never hidden as cover */
  public?: readonly string[];
  /** pattern of the last publication of the same table for the same period */
  previous?: SuppressionPattern;
}

/** `<11`: hidden for its own sake; `secret`: hidden to cover another, or because it was in an earlier publication. */
export type PublishedCell = number | `<${number}` | 'secret';

export interface Suppressed {
  cells: Record<string, PublishedCell>;
  pattern: SuppressionPattern;
  /** primary cells and cover cells, for the manifest */
  hidden: { primary: number; secondary: number };
  /**
   * Cells for which no proof was found that they cannot be recovered, though the sums around them were hidden up to the
   * top. Empty but for odd tables; when it is not, the table must not be published.
   */
  unproven: readonly string[];
}

/**
 * Hides small counts, and what would give them back.
 *
 * Guarantee, one publication: for each count from 1 to threshold − 1 there is another table with another count there,
 * equal in every cell shown and every sum, with each `<11` from 1 to 10 and each `secret` 11 or more; hence no
 * reasoning on the publication pins it. Nor does a sum shown give a group of hidden cells a total under the threshold.
 *
 * Guarantee, next publication with `previous`: what was hidden stays hidden, and a cell shown before is never the cover
 * of a cell hidden now (its old value may still be true), unless it is a total of that very cell, which has changed with it.
 *
 * Not guaranteed: equalities not declared, other tables on the same people, a publication whose pattern was not given,
 * what a reader knows otherwise. A cell that keeps two possible values may still be known within a few units.
 */
export function suppress(table: CountTable, settings: SuppressSettings = {}): Suppressed {
  return new Suppression(table, settings).result();
}

class Suppression {
  readonly #counts: Readonly<Record<string, number>>;
  readonly #equations: readonly Equation[];
  readonly #threshold: number;
  readonly #leastPrimary: 0 | 1;
  readonly #public: ReadonlySet<string>;
  readonly #before: ReadonlySet<string>;
  readonly #republished: boolean;
  readonly #primary: ReadonlySet<string>;
  readonly #changed: ReadonlySet<string>;
  readonly #hidden: Set<string>;
  /** cells hidden without a hint of their size */
  readonly #vague: Set<string>;
  /** those of them of which a reader knows nothing at all, not even from an earlier publication */
  readonly #blurred = new Set<string>();
  /** primaries already proven: hiding more cells takes no proof away */
  readonly #covered = new Set<string>();

  constructor(table: CountTable, settings: SuppressSettings) {
    const { threshold = 11, zeroIsSensitive = false } = settings;
    if (!Number.isSafeInteger(threshold) || threshold < 2) throw new RangeError('a threshold is 2 or more');
    this.#equations = equationsOf(table);
    this.#counts = table.cells;
    this.#threshold = threshold;
    this.#leastPrimary = zeroIsSensitive ? 0 : 1;
    this.#public = new Set(settings.public);
    this.#republished = settings.previous !== undefined;
    this.#before = new Set(
      settings.previous?.hidden.filter((id) => Object.hasOwn(table.cells, id) && !this.#public.has(id)),
    );
    this.#primary = new Set(
      Object.keys(table.cells).filter((id) => {
        const count = this.#count(id);
        return !this.#public.has(id) && count >= this.#leastPrimary && count < threshold;
      }),
    );
    this.#hidden = new Set([...this.#primary, ...this.#before]);
    const summed = new Set(this.#equations.flatMap(({ cells }) => cells));
    this.#vague = new Set([...this.#before].filter((id) => summed.has(id)));
    this.#changed = this.#totalsOf([...this.#primary].filter((id) => !this.#before.has(id)));
  }

  result(): Suppressed {
    const unproven = new Set<string>();
    for (;;) {
      const exposed = this.#firstExposed(unproven);
      const small = exposed === undefined ? this.#smallGroup(unproven) : undefined;
      if (exposed !== undefined) {
        const cover = this.#coverFor(exposed);
        if (cover !== undefined) this.#hidden.add(cover);
        else if (!this.#blur(exposed)) unproven.add(exposed);
      } else if (small !== undefined) {
        // What is hidden in that sum may be given back by another: then that one is opened.
        const cover = this.#candidates([small])[0] ?? this.#candidates(this.#component(small.total))[0];
        if (cover !== undefined) this.#hidden.add(cover);
        else unproven.add(small.total);
      } else break;
    }
    const cells = Object.fromEntries(Object.keys(this.#counts).map((id) => [id, this.#published(id)]));
    const primary = this.#primary.size;
    return {
      cells,
      pattern: { hidden: [...this.#hidden].sort() },
      hidden: { primary, secondary: this.#hidden.size - primary },
      unproven: [...unproven],
    };
  }

  #published(id: string): PublishedCell {
    if (!this.#hidden.has(id)) return this.#count(id);
    return this.#primary.has(id) && !this.#vague.has(id) ? `<${this.#threshold}` : 'secret';
  }

  #count(id: string): number {
    return this.#counts[id] ?? 0;
  }

  /**
   * A total known minus its parts known is the size of the group hidden: 1 to 10 people are too few, as in one cell.
   * Known is what is shown, and what a single subtraction gives back.
   */
  #smallGroup(given: ReadonlySet<string>): Equation | undefined {
    const unknown = new Set(this.#hidden);
    for (let size = -1; size !== unknown.size; ) {
      size = unknown.size;
      for (const { cells } of this.#equations) {
        const left = cells.filter((id) => unknown.has(id));
        if (left.length === 1) unknown.delete(left[0] ?? '');
      }
    }
    return this.#equations.find(({ total, parts }) => {
      if (unknown.has(total) || given.has(total)) return false;
      const group = parts.filter((id) => unknown.has(id)).reduce((sum, id) => sum + this.#count(id), 0);
      return group >= 1 && group < this.#threshold;
    });
  }

  #firstExposed(given: ReadonlySet<string>): string | undefined {
    return [...this.#primary].find((id) => {
      if (given.has(id) || this.#covered.has(id)) return false;
      if (!this.#isCovered(id, this.#hidden)) return true;
      this.#covered.add(id);
      return false;
    });
  }

  #isCovered(cell: string, hidden: ReadonlySet<string>): boolean {
    const bounds = new Map<string, Bounds>([...hidden].map((id) => [id, this.#bounds(id)]));
    return (
      findMove({ counts: this.#counts, equations: this.#equations, bounds }, cell, (id) =>
        this.#mayCover(id, cell),
      ) !== undefined
    );
  }

  #bounds(id: string): Bounds {
    if (this.#blurred.has(id) || (this.#vague.has(id) && this.#count(id) > 0)) {
      return { least: 0, most: Number.POSITIVE_INFINITY };
    }
    if (this.#primary.has(id)) return { least: this.#leastPrimary, most: this.#threshold - 1 };
    // A zero, hidden because an earlier publication hid the cell, covers nothing: a little more would not be `secret`.
    if (this.#count(id) < this.#threshold) return { least: 0, most: 0 };
    return { least: this.#threshold, most: Number.POSITIVE_INFINITY };
  }

  /**
   * May a reader of both publications doubt this hidden cell, as the other table of `cell` needs? A value shown before
   * may still hold, so cells hidden before cover each other, in both publications alike; and a cell that became small
   * is covered by what changed with it only: its totals, and others that became small.
   */
  #mayCover(id: string, cell: string): boolean {
    if (!this.#republished) return true;
    return this.#before.has(cell) ? this.#before.has(id) : this.#changed.has(id);
  }

  /** Totals, at any level, of these cells: a part that changed changes its totals. */
  #totalsOf(cells: readonly string[]): ReadonlySet<string> {
    const found = new Set(cells);
    for (let size = -1; size !== found.size; ) {
      size = found.size;
      for (const { total, parts } of this.#equations) {
        if (parts.some((id) => found.has(id))) found.add(total);
      }
    }
    return found;
  }

  /** All is hidden around the cell and the markers alone give it away: say no more than `secret` there. */
  #blur(cell: string): boolean {
    const cells = this.#component(cell).flatMap((equation) => equation.cells);
    const blurred = [cell, ...cells].filter((id) => this.#hidden.has(id) && !this.#blurred.has(id));
    for (const id of blurred) {
      this.#blurred.add(id);
      this.#vague.add(id);
    }
    return blurred.length > 0;
  }

  /** The cell to hide next: one that is enough, else one that opens the sum that pins the cell or its covers. */
  #coverFor(cell: string): string | undefined {
    const around = this.#component(cell);
    const candidates = this.#candidates(around).filter((id) => this.#mayCover(id, cell));
    const enough = candidates.find((id) => this.#isCovered(cell, new Set([...this.#hidden, id])));
    if (enough !== undefined) return enough;
    const pinning = around.filter(
      ({ cells }) => cells.filter((id) => this.#hidden.has(id) && this.#mayCover(id, cell)).length === 1,
    );
    const open = new Set(pinning.flatMap(({ cells }) => cells));
    return candidates.find((id) => open.has(id)) ?? candidates[0];
  }

  /** Equations reached from a cell through hidden cells. */
  #component(cell: string): Equation[] {
    const found = new Set<Equation>();
    const seen = new Set([cell]);
    for (const id of seen) {
      for (const equation of this.#equations) {
        if (!equation.cells.includes(id)) continue;
        found.add(equation);
        for (const other of equation.cells) if (this.#hidden.has(other)) seen.add(other);
      }
    }
    return [...found];
  }

  /** Cells shown that may be hidden, those that cost the reader least first: small before large, parts before totals. */
  #candidates(equations: readonly Equation[]): string[] {
    const totals = new Set(this.#equations.map(({ total }) => total));
    return [...new Set(equations.flatMap(({ cells }) => cells))]
      .filter((id) => !this.#hidden.has(id) && !this.#public.has(id) && this.#count(id) >= this.#threshold)
      .sort(
        (a, b) =>
          Number(totals.has(a)) - Number(totals.has(b)) ||
          this.#count(a) - this.#count(b) ||
          (a < b ? -1 : 1),
      );
  }
}
