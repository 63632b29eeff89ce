/**
 * Strict comparison of traits: each one agrees, differs or says nothing. Writing (case, accents, hyphen or
 * apostrophe for a space) does not count; likeness never does.
 */
import type { Traits } from '#core';
import { completeBirthDate } from './birth-date.ts';
import { comparisonKey } from './normalise.ts';
import { UNKNOWN_PLACE } from './traits.ts';

export const TRAIT_NAMES = [
  'birthName',
  'firstName',
  'firstNames',
  'sex',
  'birthDate',
  'birthPlace',
] as const;

export type TraitName = (typeof TRAIT_NAMES)[number];

/** `unknown`: what was sent says nothing; `uncertain`: an unknown part of the date was replaced, and agrees so. */
export type TraitResult = 'equal' | 'differs' | 'unknown' | 'uncertain';

export type TraitComparison = Readonly<Record<TraitName, TraitResult>>;

/** @param reference INSi's traits, or another record's */
export function compareTraits(sent: Traits, reference: Traits): TraitComparison {
  return {
    birthName: equal(comparisonKey(sent.birthName), comparisonKey(reference.birthName)),
    firstName: begins(reference.firstNames, sent.firstNames.slice(0, 1)),
    firstNames: sent.firstNames.length > 1 ? begins(reference.firstNames, sent.firstNames) : 'unknown',
    sex: equal(sent.sex, reference.sex),
    birthDate: compareDates(sent.birthDate, reference.birthDate),
    birthPlace: comparePlaces(sent.birthPlace, reference.birthPlace),
  };
}

export function differing(comparison: TraitComparison): TraitName[] {
  return TRAIT_NAMES.filter((name) => comparison[name] === 'differs');
}

/** A list of given names as one key: JEAN-PIERRE, MARIE and JEAN, PIERRE, MARIE are the same list. */
export function listKey(firstNames: readonly string[]): string | undefined {
  return comparisonKey(firstNames.join(' '));
}

/** The given names sent are the beginning of the list, at a word's end; the list may go on (EXI ID 10). */
function begins(list: readonly string[], sent: readonly string[]): TraitResult {
  const [whole, start] = [listKey(list), listKey(sent)];
  if (!whole || !start) return 'differs';
  return `${whole} `.startsWith(`${start} `) ? 'equal' : 'differs';
}

function compareDates(sent: string, reference: string): TraitResult {
  const [date, other] = [completeBirthDate(sent), completeBirthDate(reference)];
  if (date === undefined || other === undefined || date.date !== other.date) return 'differs';
  return date.uncertain || other.uncertain ? 'uncertain' : 'equal';
}

/** A place that the reference knows fills one that we do not; the other way round is a disagreement. */
function comparePlaces(sent: string | undefined, reference: string | undefined): TraitResult {
  if (sent === undefined || sent === UNKNOWN_PLACE || reference === undefined) return 'unknown';
  return equal(sent.toUpperCase(), reference.toUpperCase());
}

function equal(one: string | undefined, other: string | undefined): TraitResult {
  return one !== undefined && one !== '' && one === other ? 'equal' : 'differs';
}

/**
 * The list of given names with the first one as long as the one sent: JEAN-PIERRE with JEAN, PIERRE, MARIE
 * gives JEAN PIERRE, MARIE. Words and spelling are the list's.
 */
export function firstNamesFromList(sentFirst: string, list: readonly string[]): readonly string[] {
  const first = comparisonKey(sentFirst);
  for (let words = 1; words <= list.length; words += 1)
    if (first !== undefined && listKey(list.slice(0, words)) === first)
      return [list.slice(0, words).join(' '), ...list.slice(words)];
  return list;
}
