/** Strict traits, checked and put in the form that INSi takes; the original stays beside. */
import type { Finding, Traits } from '#core';
import { type BirthDate, completeBirthDate } from './birth-date.ts';
import { accepted, type Checked, refused } from './checked.ts';
import { normaliseName } from './normalise.ts';

export interface CheckedTraits {
  /** as received, never corrected */
  asSent: Traits;
  /** normalised: what INSi is asked and what the cache is keyed by; neither used names nor an unknown place */
  forInsi: Traits;
  /** a part of the birth date was unknown and replaced (EXI ID 11/12, EXI PP 19) */
  birthDateUncertain: boolean;
}

const MAX_FIRST_NAMES = 20;
/** Nobody lived longer: an older date is a typing error, not a person. */
const MAX_AGE_YEARS = 150;
const PLACE = /^(0[1-9]|[1-9]\d|2[AB])\d{3}$/;
/** COG of a place that nobody knows: says nothing, so it is not asked and not compared. */
export const UNKNOWN_PLACE = '99999';

/** @param today the asking day, for dates in the future. Findings point into the traits and hold no value. */
export function checkTraits(input: unknown, today: Date): Checked<CheckedTraits> {
  if (typeof input !== 'object' || input === null)
    return refused(finding('', 'missing', 'Traits d’identité absents.'));
  const { birthName, firstNames, sex, birthDate, birthPlace, usedName, usedFirstName } = input as {
    [name in keyof Traits]?: unknown;
  };
  const checked = {
    name: checkName(birthName),
    given: checkFirstNames(firstNames),
    sex: checkSex(sex),
    date: checkBirthDate(birthDate, today),
    place: checkBirthPlace(birthPlace),
    usedName: checkUsed(usedName, '/usedName'),
    usedFirstName: checkUsed(usedFirstName, '/usedFirstName'),
  };
  const { name, given, date, place } = checked;
  const findings = Object.values(checked).flatMap((one) => (one.ok ? [] : one.findings));
  if (!(name.ok && given.ok && checked.sex.ok && date.ok && place.ok) || findings.length > 0)
    return refused(...findings);
  const forInsi: Traits = {
    birthName: name.value,
    firstNames: given.value,
    sex: checked.sex.value,
    birthDate: date.value.date,
    ...(place.value === undefined ? {} : { birthPlace: place.value }),
  };
  return accepted({ asSent: input as Traits, forInsi, birthDateUncertain: date.value.uncertain });
}

/** Commune of birth as a COG code: 5 characters, `99` + country, 2A/2B in either case. */
export function isBirthPlace(code: string): boolean {
  return PLACE.test(code.toUpperCase());
}

function checkName(input: unknown): Checked<string> {
  if (typeof input !== 'string')
    return refused(finding('/birthName', 'birth-name-missing', 'Nom de naissance absent.'));
  return normaliseName(input, 'family', '/birthName');
}

function checkFirstNames(input: unknown): Checked<readonly string[]> {
  if (!Array.isArray(input) || input.length === 0)
    return refused(
      finding('/firstNames', 'first-name-missing', 'Le premier prénom de naissance est obligatoire.'),
    );
  if (input.length > MAX_FIRST_NAMES)
    return refused(finding('/firstNames', 'first-names-too-many', `Plus de ${MAX_FIRST_NAMES} prénoms.`));
  const checked = input.map((name: unknown, index) =>
    typeof name === 'string'
      ? normaliseName(name, 'given', `/firstNames/${index}`)
      : refused(finding(`/firstNames/${index}`, 'first-name-missing', 'Prénom illisible.')),
  );
  const findings = checked.flatMap((one) => (one.ok ? [] : one.findings));
  if (findings.length > 0) return refused(...findings);
  return accepted(checked.flatMap((one) => (one.ok ? [one.value] : [])));
}

function checkSex(input: unknown): Checked<Traits['sex']> {
  return input === 'M' || input === 'F' || input === 'I'
    ? accepted(input)
    : refused(finding('/sex', 'sex', 'Le sexe vaut M, F ou I (indéterminé).'));
}

function checkBirthDate(input: unknown, today: Date): Checked<BirthDate> {
  const date = typeof input === 'string' ? completeBirthDate(input) : undefined;
  if (date === undefined)
    return refused(
      finding('/birthDate', 'birth-date', 'Date de naissance absente ou hors calendrier (AAAA-MM-JJ).'),
    );
  const day = today.toISOString().slice(0, 10);
  if (date.date > day)
    return refused(finding('/birthDate', 'birth-date-future', 'Date de naissance dans le futur.'));
  if (Number(date.date.slice(0, 4)) < today.getUTCFullYear() - MAX_AGE_YEARS)
    return refused(finding('/birthDate', 'birth-date-too-old', 'Date de naissance impossible.'));
  return accepted(date);
}

function checkBirthPlace(input: unknown): Checked<string | undefined> {
  if (input === undefined) return accepted(undefined);
  if (typeof input !== 'string' || !isBirthPlace(input))
    return refused(
      finding('/birthPlace', 'birth-place', 'Le lieu de naissance est un code COG à 5 caractères.'),
    );
  return accepted(input === UNKNOWN_PLACE ? undefined : input.toUpperCase());
}

function checkUsed(input: unknown, pointer: string): Checked<unknown> {
  return input === undefined || typeof input === 'string'
    ? accepted(input)
    : refused(finding(pointer, 'used-name', 'Nom ou prénom utilisé illisible.'));
}

function finding(pointer: string, code: string, detail: string): Finding {
  return { pointer, code: `traits.${code}`, detail };
}
