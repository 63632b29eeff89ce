/** Seals whose entries are gone, and the entries `journal.purged` that say so: each of the first must be in one of the second. */
export interface PurgedSeals {
  seals: number;
  /** as the seals sign it */
  entries: number;
  /** instant of the last of these seals */
  until: string;
}

interface EmptySeal {
  n: number;
  at: string;
  size: number;
  line: number;
}

interface Range {
  from: number;
  to: number;
}

export class Purges {
  /** in the order of seals; contiguous ones are one, with the line of their first */
  private readonly emptied: (Range & { line: number })[] = [];
  /** in the order in which they were journalled, those that go on from the one before joined to it */
  private readonly said: Range[] = [];
  private seals = 0;
  private entries = 0;
  private until = '';

  seal({ n, at, size, line }: EmptySeal): void {
    const last = this.emptied.at(-1);
    if (last !== undefined && last.to + 1 === n) last.to = n;
    else this.emptied.push({ from: n, to: n, line });
    this.seals += 1;
    this.entries += size;
    this.until = at;
  }

  /** Whatever the seal that took it turns out to be: an export with a bad one is refused anyway. */
  entry({ kind, details }: Record<string, unknown>, seal: number): void {
    if (kind !== 'journal.purged') return;
    const { fromSeal: from, toSeal: to } = { ...(details as Record<string, unknown> | undefined) };
    // what was purged was sealed before
    if (typeof from !== 'number' || typeof to !== 'number' || from < 1 || to >= seal) return;
    const last = this.said.at(-1);
    if (last !== undefined && from <= last.to + 1 && from >= last.from) last.to = Math.max(last.to, to);
    else this.said.push({ from, to });
  }

  /** The first emptied seal that no entry names. */
  unsaid(): { seal: number; line: number } | undefined {
    for (const { from, to, line } of this.emptied) {
      let next = from;
      while (next <= to) {
        const range = this.said.find((said) => said.from <= next && next <= said.to);
        // each seal without entries has a line of its own
        if (range === undefined) return { seal: next, line: line + next - from };
        next = range.to + 1;
      }
    }
    return undefined;
  }

  facts(): PurgedSeals | undefined {
    const { seals, entries, until } = this;
    return seals === 0 ? undefined : { seals, entries, until };
  }
}
