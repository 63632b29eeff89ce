import type { ReadPatient } from '#core';
import { oidOf } from '../xds/oid.ts';

/**
 * Whether two headers can be of one person: the same matricule where both have one, else an identifier in common or
 * no contrary trait. It joins what came together; it never decides who somebody is (libs/identity does).
 */
export function samePatient(one: ReadPatient, other: ReadPatient): boolean {
  if (one.ins !== undefined && other.ins !== undefined)
    return sameIns(one.ins, other.ins) && sameTraits(one, other);
  const shared = one.ids.some((id) =>
    other.ids.some(({ root, extension }) => oidOf(root) === oidOf(id.root) && extension === id.extension),
  );
  return shared && sameTraits(one, other);
}

function sameIns(one: NonNullable<ReadPatient['ins']>, other: NonNullable<ReadPatient['ins']>): boolean {
  return one.value === other.value && one.key === other.key && one.oid === other.oid;
}

function sameTraits(one: ReadPatient, other: ReadPatient): boolean {
  return (
    compatible(one.birthName, other.birthName) &&
    compatible(one.firstName, other.firstName) &&
    compatible(one.birthDate, other.birthDate) &&
    (one.sex === 'I' || other.sex === 'I' || compatible(one.sex, other.sex))
  );
}

/** Case, accents and punctuation are how a name is written, not who it names. */
function compatible(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || folded(one) === folded(other);
}

function folded(text: string): string {
  return text
    .replace(/œ/gi, 'OE')
    .replace(/æ/gi, 'AE')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
