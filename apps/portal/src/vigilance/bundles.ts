/** Doubts that cast doubt on each other stand together, at the place of the oldest one. */
import type { Api } from '../api/schemas.ts';

export type Held = Api['HeldIdentity'];
type Kind = Held['alike'][number]['kind'];

/** With its number on the page, from 1 on. */
export interface Numbered {
  n: number;
  held: Held;
}

/** What doubts of one bundle have in common, and in what they differ. */
export interface Likeness {
  kind: Kind;
  differing: readonly string[];
  doubts: readonly Numbered[];
}

export interface Bundle {
  doubts: readonly Numbered[];
  /** none for a doubt that stands alone */
  likenesses: readonly Likeness[];
}

/** @param list oldest first, as the broker gives it */
export function bundlesOf(list: readonly Held[]): Bundle[] {
  const together: Held[][] = [];
  for (const held of list) {
    const kin = together.filter((some) => some.some((other) => areAlike(held, other)));
    const [first] = kin;
    if (first === undefined) together.push([held]);
    else {
      // this one may join what stood apart until now
      first.push(...kin.slice(1).flat(), held);
      for (const joined of kin.slice(1)) together.splice(together.indexOf(joined), 1);
    }
  }
  let n = 0;
  return together.map((some) => {
    const doubts = some
      .toSorted((a, b) => list.indexOf(a) - list.indexOf(b))
      .map((held) => {
        n += 1;
        return { n, held };
      });
    return { doubts, likenesses: likenessesOf(doubts) };
  });
}

function areAlike(one: Held, other: Held): boolean {
  return one.alike.some(({ group }) => other.alike.some((same) => same.group === group));
}

function likenessesOf(doubts: readonly Numbered[]): Likeness[] {
  const groups = new Map(doubts.flatMap(({ held }) => held.alike.map((one) => [one.group, one] as const)));
  return [...groups].map(([group, { kind, differing }]) => ({
    kind,
    differing,
    doubts: doubts.filter(({ held }) => held.alike.some((one) => one.group === group)),
  }));
}
