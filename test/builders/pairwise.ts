/** Rows in which every value of every factor meets every value of every other at least once. */
import { randomOf } from '../../apps/cli/src/generate/world/random.ts';

type Factors = Readonly<Record<string, readonly string[]>>;
type Row<F extends Factors> = { [K in keyof F]: F[K][number] };

/** Greedy: of many drawn rows, the one that brings the most pairs not met yet. Always the same rows. */
export function pairwise<F extends Factors>(factors: F, tries = 400): Row<F>[] {
  const random = randomOf(1, 'pairwise');
  const names = Object.keys(factors);
  const missing = new Set(
    names.flatMap((one, at) => names.slice(at + 1).flatMap((other) => cross(one, other))),
  );
  const rows: Row<F>[] = [];
  while (missing.size > 0) {
    const best = bettered(Array.from({ length: tries }, draw).reduce(better));
    for (const pair of newPairs(best)) missing.delete(pair);
    rows.push(best);
  }
  return rows;

  function better(a: Row<F>, b: Row<F>): Row<F> {
    return newPairs(b).length > newPairs(a).length ? b : a;
  }

  /** One value after the other, kept where it brings more. */
  function bettered(row: Row<F>): Row<F> {
    const tried = names.flatMap((name) => (factors[name] ?? []).map((value) => ({ ...row, [name]: value })));
    const best = tried.reduce(better, row);
    return best === row ? row : bettered(best);
  }

  function draw(): Row<F> {
    return Object.fromEntries(
      names.map((name) => [name, random.pick(factors[name] as readonly string[])]),
    ) as Row<F>;
  }

  function cross(one: string, other: string): string[] {
    return (factors[one] ?? []).flatMap((a) => (factors[other] ?? []).map((b) => pair(one, a, other, b)));
  }

  function newPairs(row: Row<F>): string[] {
    return names.flatMap((one, at) =>
      names
        .slice(at + 1)
        .map((other) => pair(one, row[one] as string, other, row[other] as string))
        .filter((name) => missing.has(name)),
    );
  }
}

function pair(one: string, a: string, other: string, b: string): string {
  return `${one}=${a} ${other}=${b}`;
}
