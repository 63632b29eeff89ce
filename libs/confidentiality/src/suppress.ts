import { type CountTable, type Equation, equationsOf } from './count-table.ts';
import { type Bounds, findMove } from './find-move.ts';

/** What who suppresses remembers of a publication: ids of cells, never a count. It is not published. */
export interface SuppressionPattern {
  /** every cell hidden */
  hidden: readonly string[];
  /** those hidden for their own sake */
  small: readonly string[];
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
 * Guarantee, next publication of the same cells and sums with `previous`: what was hidden stays hidden, under `secret`,
 * which then says nothing of the size; and for each small count of either there is a pair of tables that agrees with
 * both publications and with every cell, totals apart, known not to have changed. A count that became small hides its
 * totals up to the top unless others changed with it: the difference of two totals shown would be its own.
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
  /** small cells that need a proof of their own; those already small last time move with what covered them then */
  #toProve: readonly string[];
  /** cells hidden without a hint of their size */
  readonly #vague: Set<string>;
  /** a changed total is cut in several ways, not all of them seen to change */
  #severalCuts = false;
  readonly #unproven = new Set<string>();
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
    const smallBefore = new Set(settings.previous?.small.filter((id) => this.#before.has(id)));
    const becameSmall = [...this.#primary].filter((id) => !smallBefore.has(id));
    // A total that became small over parts all hidden before: one of them changed, nobody can say which. All their
    // totals are blurred, and whichever it was moves freely with them.
    const blind = becameSmall.filter((id) => {
      const leaves = this.#leavesOf(id).filter((leaf) => this.#count(leaf) >= this.#leastPrimary);
      return leaves.length > 0 && leaves.every((leaf) => leaf !== id && this.#before.has(leaf));
    });
    this.#toProve = becameSmall.filter((id) => !blind.includes(id));
    const loosened = this.#reachedFrom([
      ...[...this.#before].filter((id) => this.#count(id) === 0),
      ...blind.flatMap((id) => this.#leavesOf(id)).filter((id) => this.#before.has(id)),
    ]);
    this.#changed = new Set([...this.#reachedFrom(this.#toProve), ...loosened]);
    const summed = new Set(this.#equations.flatMap(({ cells }) => cells));
    this.#vague = new Set(
      [...this.#before, ...loosened].filter((id) => summed.has(id) && !this.#public.has(id)),
    );
    this.#hidden = new Set([...this.#primary, ...this.#before, ...this.#vague]);
    for (const id of loosened) if (this.#public.has(id)) this.#unproven.add(id);
    if (this.#republished && this.#severalCuts) this.#withhold([...this.#toProve, ...loosened]);
  }

  result(): Suppressed {
    const unproven = this.#unproven;
    for (;;) {
      const exposed = this.#firstExposed();
      const small = exposed === undefined ? this.#smallGroup() : undefined;
      if (exposed !== undefined) {
        const cover = this.#coverFor(exposed);
        if (cover !== undefined) this.#hidden.add(cover);
        else if (!this.#blur(exposed)) unproven.add(exposed);
      } else if (small !== undefined) {
        // What is hidden in that sum may be given back by another: then that one is opened.
        const cover = this.#groupCover([small]) ?? this.#groupCover(this.#component(small.total));
        if (cover !== undefined) this.#hidden.add(cover);
        else unproven.add(small.total);
      } else break;
    }
    const cells = Object.fromEntries(Object.keys(this.#counts).map((id) => [id, this.#published(id)]));
    const primary = this.#primary.size;
    return {
      cells,
      pattern: { hidden: [...this.#hidden].sort(), small: [...this.#primary].sort() },
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
  #smallGroup(): Equation | undefined {
    const unknown = new Set(this.#hidden);
    for (let size = -1; size !== unknown.size; ) {
      size = unknown.size;
      for (const { cells } of this.#equations) {
        const left = cells.filter((id) => unknown.has(id));
        if (left.length === 1) unknown.delete(left[0] ?? '');
      }
    }
    return this.#equations.find(({ total, parts }) => {
      if (unknown.has(total) || this.#unproven.has(total)) return false;
      const group = parts.filter((id) => unknown.has(id)).reduce((sum, id) => sum + this.#count(id), 0);
      return group >= 1 && group < this.#threshold;
    });
  }

  #firstExposed(): string | undefined {
    return this.#toProve.find((id) => {
      if (this.#unproven.has(id) || this.#covered.has(id)) return false;
      if (!this.#isCovered(id, this.#hidden)) return true;
      this.#covered.add(id);
      return false;
    });
  }

  #isCovered(cell: string, hidden: ReadonlySet<string>): boolean {
    const bounds = new Map<string, Bounds>([...hidden].map((id) => [id, this.#bounds(id)]));
    return (
      findMove({ counts: this.#counts, equations: this.#equations, bounds }, cell, (id) =>
        this.#mayCover(id),
      ) !== undefined
    );
  }

  #bounds(id: string): Bounds {
    if (this.#vague.has(id)) return { least: 0, most: Number.POSITIVE_INFINITY };
    if (this.#primary.has(id)) return { least: this.#leastPrimary, most: this.#threshold - 1 };
    return { least: this.#threshold, most: Number.POSITIVE_INFINITY };
  }

  /**
   * May a reader of both publications doubt this cell? A value shown before may still hold, and a cell hidden before is
   * tied to what was told then; so a cell that became small is covered by what changed with it only: its totals, and
   * others that became small.
   */
  #mayCover(id: string): boolean {
    return !this.#republished || this.#changed.has(id);
  }

  /** Cells without parts that a cell is made of, at any level; itself when it has none. */
  #leavesOf(cell: string, above: readonly string[] = []): string[] {
    const parts = this.#equations.filter(({ total }) => total === cell).flatMap((equation) => equation.parts);
    return parts.length === 0
      ? [cell]
      : [...new Set(parts.flatMap((id) => (above.includes(id) ? [] : this.#leavesOf(id, [...above, cell]))))];
  }

  /**
   * What changed with these cells: their totals at any level. Notes when such a total has another cut, in which some
   * part changed too.
   */
  #reachedFrom(cells: readonly string[]): ReadonlySet<string> {
    const found = new Set(cells);
    for (let size = -1; size !== found.size; ) {
      size = found.size;
      for (const { total, parts } of this.#equations) {
        if (parts.some((id) => found.has(id))) found.add(total);
      }
      if (size !== found.size) continue;
      const cut = this.#equations.find(
        ({ total, parts }) => found.has(total) && !parts.some((id) => found.has(id)),
      );
      if (cut !== undefined) this.#severalCuts = true;
    }
    return found;
  }

  /**
   * A change seen by one cut of a total is seen by its other cuts too, and ids do not say in which part: nothing is
   * shown of the cells that sums tie to these. The earlier table is then as good an answer as any between the two.
   */
  #withhold(cells: readonly string[]): void {
    const tied = new Set(cells);
    for (let size = -1; size !== tied.size; ) {
      size = tied.size;
      for (const equation of this.#equations) {
        if (equation.cells.some((id) => tied.has(id))) for (const id of equation.cells) tied.add(id);
      }
    }
    for (const id of tied) {
      if (this.#public.has(id)) this.#unproven.add(id);
      else {
        // zeros too: one that was a count before would tell
        this.#hidden.add(id);
        this.#vague.add(id);
      }
    }
    this.#toProve = this.#toProve.filter((id) => !tied.has(id));
  }

  /** All is hidden around the cell and the markers alone give it away: say no more than `secret` there. */
  #blur(cell: string): boolean {
    const cells = [cell, ...this.#component(cell).flatMap((equation) => equation.cells)];
    const clear = cells.filter((id) => this.#hidden.has(id) && !this.#vague.has(id));
    for (const id of clear) this.#vague.add(id);
    return clear.length > 0;
  }

  /** A cell shown before blurs no group for who read it there: then only totals do, that change with the group. */
  #groupCover(equations: readonly Equation[]): string | undefined {
    const totals = new Set(this.#equations.map(({ total }) => total));
    return this.#candidates(equations).find((id) => !this.#republished || totals.has(id));
  }

  /** The cell to hide next: one that is enough, else one that opens the sum that pins the cell or its covers. */
  #coverFor(cell: string): string | undefined {
    const around = this.#component(cell);
    const candidates = this.#candidates(around).filter((id) => this.#mayCover(id));
    const enough = candidates.find((id) => this.#isCovered(cell, new Set([...this.#hidden, id])));
    if (enough !== undefined) return enough;
    const pinning = around.filter(
      ({ cells }) => cells.filter((id) => this.#hidden.has(id) && this.#mayCover(id)).length === 1,
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
