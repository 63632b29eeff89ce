import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** Draws that a seed and a label decide: the same two give the same draws on any machine and any day. */
export interface Random {
  /** Whole number, both ends possible. */
  int(min: number, max: number): number;
  /** 0 ≤ x < 1, in steps of one millionth */
  fraction(): number;
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Weights need not add up to one. */
  weighted<T>(list: readonly (readonly [T, number])[]): T;
  /** `count` different items, fewer when the list is shorter, in the order of the list. */
  some<T>(list: readonly T[], count: number): T[];
  /** Bell-shaped (sum of twelve draws), rounded to `decimals`. */
  bell(mean: number, deviation: number, decimals?: number): number;
}

/**
 * One stream of draws per label: what is drawn for one person never shifts what is drawn for the next. The label is
 * hashed to the whole state of the generator, because a 32-bit seed would repeat itself within some 65 000 people.
 */
export function randomOf(seed: number, label: string): Random {
  const digest = createHash('sha256').update(`${seed}\n${label}`).digest();
  const state = [0, 4, 8, 12].map((at) => digest.readInt32LE(at));
  const rng = xoroshiro128plusFromState(state);
  const int = (min: number, max: number) => uniformInt(rng, min, max);
  const fraction = () => int(0, 999_999) / 1_000_000;
  const pick = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new RangeError('nothing to pick from');
    return list[int(0, list.length - 1)] as T;
  };
  return {
    int,
    fraction,
    chance: (probability) => fraction() < probability,
    pick,
    weighted: (list) => {
      let left = fraction() * list.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of list) {
        left -= weight;
        if (left < 0) return item;
      }
      return pick(list)[0];
    },
    some: (list, count) => {
      const chosen = new Set<number>();
      while (chosen.size < Math.min(count, list.length)) chosen.add(int(0, list.length - 1));
      return list.filter((_, index) => chosen.has(index));
    },
    bell: (mean, deviation, decimals = 0) => {
      let sum = -6;
      for (let n = 0; n < 12; n += 1) sum += fraction();
      return Number((mean + deviation * sum).toFixed(decimals));
    },
  };
}
