/** What a reader of one or two publications of a table holds against its small counts. */
import { CountAttacker } from './count-attacker.ts';

export interface Publication {
  /** true counts by cell: only to name the attack's success, and to know which cells did not change */
  truth: Readonly<Record<string, number>>;
  /** as decrypted: a count, `<11` or `secret` */
  shown: Readonly<Record<string, unknown>>;
  sums: readonly { total: string; parts: readonly string[] }[];
}

/** More than any count of these tables. */
const MOST = 100_000;

/**
 * Small counts that a faultless reader recovers. Of two publications the reader knows which figures were corrected, as
 * a press release may tell: any cell but a total that did not change is one unknown for both.
 */
export function recoveredFrom(first: Publication, second?: Publication): string[] {
  const attacker = new CountAttacker();
  const totals = new Set(first.sums.map(({ total }) => total));
  const same = (id: string) =>
    second !== undefined && !totals.has(id) && first.truth[id] === second.truth[id];
  const publications = second === undefined ? [first] : [first, second];
  const nameOf = (n: number, id: string) => (same(id) ? `${id} in both` : `${id} in ${n + 1}`);
  for (const [n, { truth, shown, sums }] of publications.entries()) {
    const earlier = n === 0 ? undefined : first;
    const isHidden = (id: string) => typeof shown[id] !== 'number';
    const wasHidden = (id: string) => earlier !== undefined && typeof earlier.shown[id] !== 'number';
    // `secret` means 11 or more, unless it was hidden before or unless all had to be blurred: both are told to the reader
    const blurred = Object.keys(truth).some(
      (id) => shown[id] === 'secret' && (truth[id] ?? 0) < 11 && !wasHidden(id),
    );
    for (const id of Object.keys(truth)) {
      if (shown[id] === '<11') attacker.know(nameOf(n, id), 1, 10);
      else if (isHidden(id)) attacker.know(nameOf(n, id), blurred || wasHidden(id) ? 0 : 11, MOST);
      if (earlier !== undefined && same(id) && wasHidden(id) !== isHidden(id)) {
        const value = truth[id] ?? 0;
        attacker.know(nameOf(n, id), value, value);
      }
    }
    for (const { total, parts } of sums) {
      const signed = [[total, 1] as const, ...parts.map((id) => [id, -1] as const)];
      attacker.equal(
        signed.filter(([id]) => isHidden(id)).map(([id, sign]) => [nameOf(n, id), sign] as const),
        signed.reduce((sum, [id, sign]) => (isHidden(id) ? sum : sum + sign * Number(shown[id])), 0),
      );
    }
  }
  return publications.flatMap(({ truth, shown }, n) =>
    Object.entries(truth)
      .filter(([id, count]) => count >= 1 && count <= 10 && isOpen(shown[id], attacker, nameOf(n, id), count))
      .map(([id]) => `${id} in ${n + 1}`),
  );
}

function isOpen(shown: unknown, attacker: CountAttacker, name: string, count: number): boolean {
  return typeof shown === 'number' || attacker.recovers(name, count);
}
