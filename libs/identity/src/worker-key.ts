/**
 * What stays the same of a person from one request to the next, however their traits were written: the traits that are
 * always there, and of the given names the first word alone. Adr 37 says why neither the matricule nor the birth place.
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
