/**
 * Faults of an identity base: one matricule for several persons (collision), one person in several records
 * (duplicate). Exact, never by likeness; what is found is for a person to settle. Give the records of one
 * service: those of two services are never compared.
 */
import type { Ins, Traits } from '#core';
import { completeBirthDate } from './birth-date.ts';
import { compareTraits, differing, listKey, TRAIT_NAMES, type TraitName } from './compare.ts';
import { insKind } from './ins.ts';
import { comparisonKey } from './normalise.ts';
import { UNKNOWN_PLACE } from './traits.ts';

export interface IdentityRecord {
  /** the service's own identifier, unique */
  ref: string;
  traits: Traits;
  ins?: Ins;
}

/** Same matricule, traits that differ. */
export interface Collision {
  refs: readonly string[];
  differing: readonly TraitName[];
}

/** Same traits in several records: the first agrees with each of the others. */
export interface Duplicate {
  refs: readonly string[];
  /** their matricules: one and the same, several, or not all known */
  ins: 'same' | 'different' | 'unknown';
}

export function findCollisions(records: readonly IdentityRecord[]): Collision[] {
  return groups(records, insKey).flatMap((group) => {
    const differs = disagreements(group.map(({ traits }) => traits));
    return differs.length === 0 ? [] : [{ refs: refsOf(group), differing: differs }];
  });
}

export function findDuplicates(records: readonly IdentityRecord[]): Duplicate[] {
  return groups(records, bucketKey).flatMap((bucket) => {
    // One comparison for each way of writing the person, so that a thousand equal records cost a thousand.
    const writings = groups(bucket, writingKey, 1);
    const around = writings.map((one, i) => [
      ...one,
      ...writings.filter((other, j) => i !== j && agree(one, other)).flat(),
    ]);
    return around
      .filter(
        (group, i) => group.length > 1 && !around.some((other, j) => i !== j && holds(other, group, j < i)),
      )
      .map((group) => ({ refs: refsOf(group), ins: insOf(group) }));
  });
}

/** One person by every trait that both know, whichever list of given names is the longer. */
export function sameTraits(one: Traits, other: Traits): boolean {
  return disagreements([one, other]).length === 0;
}

/** Traits on which the persons do not all agree: each against the longest list of given names and a known place. */
function disagreements(persons: readonly Traits[]): TraitName[] {
  const longest = persons.reduce((a, b) => (length(b) > length(a) ? b : a));
  const place = persons.map(({ birthPlace }) => birthPlace).find((code) => code && code !== UNKNOWN_PLACE);
  const { birthPlace: _, ...traits } = longest;
  const reference: Traits = place === undefined ? traits : { ...traits, birthPlace: place };
  const found = new Set(persons.flatMap((person) => differing(compareTraits(person, reference))));
  return TRAIT_NAMES.filter((name) => found.has(name));
}

function agree(one: readonly IdentityRecord[], other: readonly IdentityRecord[]): boolean {
  const [a, b] = [one[0], other[0]];
  return a !== undefined && b !== undefined && sameTraits(a.traits, b.traits);
}

function length({ firstNames }: Traits): number {
  return listKey(firstNames)?.length ?? 0;
}

function insKey({ ins }: IdentityRecord): string | undefined {
  return ins && `${ins.value.toUpperCase()} ${insKind(ins) ?? ins.oid}`;
}

/** Everybody who could be the same person; undefined for traits that have no form in A–Z, which are nobody's equal. */
function bucketKey({ traits }: IdentityRecord): string | undefined {
  const [name, list] = [comparisonKey(traits.birthName), listKey(traits.firstNames)];
  const date = completeBirthDate(traits.birthDate)?.date;
  return name && list && date && [name, list.split(' ')[0], traits.sex, date].join('|');
}

function writingKey({ traits }: IdentityRecord): string {
  const first = traits.firstNames[0] ?? '';
  return [comparisonKey(first), listKey(traits.firstNames), traits.birthPlace?.toUpperCase()].join('|');
}

function insOf(group: readonly IdentityRecord[]): Duplicate['ins'] {
  const keys = group.map(insKey);
  if (new Set(keys.filter((key) => key !== undefined)).size > 1) return 'different';
  return keys.includes(undefined) ? 'unknown' : 'same';
}

function groups(
  records: readonly IdentityRecord[],
  key: (record: IdentityRecord) => string | undefined,
  least = 2,
): IdentityRecord[][] {
  const keyed = records.filter((record) => key(record) !== undefined);
  return [...Map.groupBy(keyed, key).values()].filter((group) => group.length >= least);
}

/** `group` says nothing that `other` does not say (nor, of two that say the same, is it the first). */
function holds(other: readonly IdentityRecord[], group: readonly IdentityRecord[], first: boolean): boolean {
  const refs = new Set(refsOf(other));
  return group.every(({ ref }) => refs.has(ref)) && (other.length > group.length || first);
}

function refsOf(group: readonly IdentityRecord[]): string[] {
  return group.map(({ ref }) => ref);
}
