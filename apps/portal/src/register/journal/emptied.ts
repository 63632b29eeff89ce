/** Seals without entries, and the entries `journal.purged` that say so: each of the first must be in one of the second. */
interface Range {
  from: number;
  to: number;
}

export class Emptied {
  /** in the order of seals, contiguous ones joined, with the line of their first */
  readonly #ranges: (Range & { line: number })[] = [];
  readonly #said: Range[] = [];
  seals = 0;

  seal(n: number, line: number): void {
    const last = this.#ranges.at(-1);
    if (last !== undefined && last.to + 1 === n) last.to = n;
    else this.#ranges.push({ from: n, to: n, line });
    this.seals += 1;
  }

  /** What was purged was sealed before. */
  entry({ kind, details }: Record<string, unknown>, seal: number): void {
    if (kind !== 'journal.purged') return;
    const { fromSeal: from, toSeal: to } = { ...(details as Record<string, unknown> | undefined) };
    if (typeof from !== 'number' || typeof to !== 'number' || from < 1 || to >= seal) return;
    const last = this.#said.at(-1);
    if (last !== undefined && from >= last.from && from <= last.to + 1) last.to = Math.max(last.to, to);
    else this.#said.push({ from, to });
  }

  /** The first emptied seal that no entry names. */
  unsaid(): { seal: number; line: number } | undefined {
    for (const { from, line, to } of this.#ranges)
      for (let next = from; next <= to; ) {
        const range = this.#said.find((said) => said.from <= next && next <= said.to);
        if (range === undefined) return { seal: next, line: line + next - from };
        next = range.to + 1;
      }
    return undefined;
  }
}
