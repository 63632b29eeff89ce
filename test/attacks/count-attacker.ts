/**
 * A reader who wants a hidden count back and reasons without a fault: unknown whole numbers, each within what is known
 * of it, and equalities between them. Shares nothing with the code it attacks.
 */
export interface Unknown {
  least: number;
  most: number;
}

/** Σ coefficient × unknown + constant = 0 */
export interface Equality {
  terms: readonly (readonly [unknown: string, coefficient: number])[];
  constant: number;
}

export class CountAttacker {
  readonly #unknowns = new Map<string, Unknown>();
  readonly #equalities: Equality[] = [];

  know(unknown: string, least: number, most: number): void {
    const known = this.#unknowns.get(unknown) ?? { least, most };
    this.#unknowns.set(unknown, { least: Math.max(least, known.least), most: Math.min(most, known.most) });
  }

  equal(terms: Equality['terms'], constant: number): void {
    if (terms.length > 0) this.#equalities.push({ terms, constant });
  }

  /** Is there a solution in which the unknown lies in that range? Exact: by bounds, then by halving. */
  possible(unknown: string, least: number, most: number): boolean {
    const domains = new Map([...this.#unknowns].map(([name, range]) => [name, { ...range }]));
    const range = domains.get(unknown);
    if (range === undefined) throw new RangeError('not an unknown');
    range.least = Math.max(range.least, least);
    range.most = Math.min(range.most, most);
    return this.#solvable(domains);
  }

  /** The unknown is recovered when only its true value is possible. */
  recovers(unknown: string, truth: number): boolean {
    if (!this.possible(unknown, truth, truth)) throw new RangeError('the attacker holds something false');
    return (
      !this.possible(unknown, truth + 1, Number.MAX_SAFE_INTEGER) && !this.possible(unknown, 0, truth - 1)
    );
  }

  #solvable(domains: Map<string, Unknown>): boolean {
    if (!this.#narrow(domains)) return false;
    const open = [...domains].filter(([, { least, most }]) => least < most);
    const [name, range] = open.sort(([, a], [, b]) => a.most - a.least - (b.most - b.least))[0] ?? [];
    if (name === undefined || range === undefined) return true;
    const middle = Math.floor((range.least + range.most) / 2);
    return [
      { least: range.least, most: middle },
      { least: middle + 1, most: range.most },
    ].some((half) =>
      this.#solvable(
        new Map([...domains].map(([other, known]) => [other, other === name ? half : { ...known }])),
      ),
    );
  }

  /** Tightens each unknown by each equality until nothing moves; false when one has no value left. */
  #narrow(domains: Map<string, Unknown>): boolean {
    for (let moved = true; moved; ) {
      moved = false;
      for (const { terms, constant } of this.#equalities) {
        for (const [name, coefficient] of terms) {
          const range = domains.get(name);
          if (range === undefined) throw new RangeError(`nothing is known of ${name}`);
          let low = constant;
          let high = constant;
          for (const [other, factor] of terms) {
            if (other === name) continue;
            const { least, most } = domains.get(other) as Unknown;
            low += factor > 0 ? factor * least : factor * most;
            high += factor > 0 ? factor * most : factor * least;
          }
          // coefficient × value = −rest, with rest in [low, high]
          const [a, b] = coefficient > 0 ? [-high, -low] : [low, high];
          const least = Math.max(range.least, Math.ceil(a / Math.abs(coefficient)));
          const most = Math.min(range.most, Math.floor(b / Math.abs(coefficient)));
          if (least > most) return false;
          if (least > range.least || most < range.most) {
            domains.set(name, { least, most });
            moved = true;
          }
        }
      }
    }
    return true;
  }
}
