/**
 * Two keys of a person. The looser is what stays the same from one request to the next, however the traits were written: the
 * traits that are always there, and of the given names the first word alone (adr 37 says why neither the matricule nor the
 * birth place). The stricter opens to somebody what is theirs: every trait, and of what is missing nothing agrees (adr 29).
 */
import type { Traits } from '#core';
import { listKey } from './compare.ts';
import { comparisonKey } from './normalise.ts';
import { checkTraits } from './traits.ts';

/** @param today for dates in the future. @returns undefined for traits that cannot be anybody's */
export function workerKey(traits: Traits, today: Date): readonly string[] | undefined {
  const checked = checkTraits(traits, today);
  if (!checked.ok) return undefined;
  const { birthName, firstNames, sex, birthDate } = checked.value.forInsi;
  const name = comparisonKey(birthName);
  const first = listKey(firstNames)?.split(' ')[0];
  if (name === undefined || first === undefined) return undefined;
  return [name, first, sex, birthDate];
}

/** @returns undefined too for traits that are not whole: without a birth place, or with a birth date known in part */
export function strictKey(traits: Traits, today: Date): readonly string[] | undefined {
  const checked = checkTraits(traits, today);
  if (!checked.ok || checked.value.birthDateUncertain) return undefined;
  const { birthName, firstNames, sex, birthDate, birthPlace } = checked.value.forInsi;
  const [name, given] = [comparisonKey(birthName), listKey(firstNames)];
  if (!name || !given || birthPlace === undefined) return undefined;
  return [name, given, sex, birthDate, birthPlace];
}

/** Nothing less than every trait, on both sides: a homonym is somebody else, and so is a twin. */
export function isSameStrictly(one: Traits, other: Traits, today: Date): boolean {
  const [key, otherKey] = [strictKey(one, today), strictKey(other, today)];
  return key !== undefined && JSON.stringify(key) === JSON.stringify(otherKey);
}
