import type { Traits } from '#core';
import { insKey } from '#core';
import { COMMON_WORDS } from './common-words.ts';
import { foldText } from './fold.ts';

/** What is known of a person and must be nowhere in an output. */
export interface TracedPerson extends Partial<Traits> {
  ins?: { value: string };
  address?: string;
  phone?: string;
  email?: string;
  /** employee number and the like: looked for from 6 characters on */
  localIds?: readonly string[];
}

export type TraceKind =
  | 'ins'
  | 'ins-with-key'
  | 'birth-name'
  | 'first-name'
  | 'used-name'
  | 'name-joined'
  | 'birth-date'
  | 'address'
  | 'phone'
  | 'email'
  | 'local-id';

export interface Trace {
  kind: TraceKind;
  /** folded: lower case, no accent */
  text: string;
  /** `word`: between two ends of words, spaces counting; `anywhere`: spaces and punctuation taken away first */
  where: 'word' | 'anywhere';
}

const LEAST_NAME = 4;
const LEAST_ANYWHERE = 8;

/**
 * Every form in which a person's values may stand in an output; case, accents, hyphens and apostrophes do not count.
 *
 * What is no trace, since it would be found everywhere: a name alone under 4 letters, or that is a common word
 * (`petit`, `rose`, `avril`); both still count joined to the other name. A birth date counts as a whole day only.
 */
export function tracesOf(person: TracedPerson): Trace[] {
  const traces: Trace[] = [];
  const word = (kind: TraceKind, text: string): void => {
    if (text.length >= LEAST_NAME) traces.push({ kind, text, where: 'word' });
  };
  const anywhere = (kind: TraceKind, text: string): void => {
    const squeezed = foldText(text).replaceAll(' ', '');
    if (squeezed.length >= LEAST_ANYWHERE) traces.push({ kind, text: squeezed, where: 'anywhere' });
    else word(kind, foldText(text));
  };

  if (person.ins !== undefined) {
    const value = person.ins.value.replace(/\s/g, '').toUpperCase();
    const key = insKey(value);
    anywhere('ins', value);
    if (key !== undefined) anywhere('ins-with-key', value + key);
  }
  namesInto(person, word, anywhere);
  const [year, month, day] = person.birthDate?.split('-') ?? [];
  if (year !== undefined && month !== undefined && day !== undefined) {
    for (const parts of [
      [year, month, day],
      [day, month, year],
    ]) {
      word('birth-date', parts.join(' '));
      word('birth-date', parts.join(''));
    }
  }
  if (person.address !== undefined) anywhere('address', person.address);
  if (person.phone !== undefined) for (const form of phoneForms(person.phone)) word('phone', form);
  if (person.email !== undefined) anywhere('email', person.email);
  for (const id of person.localIds ?? []) if (id.length >= 6) word('local-id', foldText(id));
  return traces;
}

function namesInto(
  person: TracedPerson,
  word: (kind: TraceKind, text: string) => void,
  anywhere: (kind: TraceKind, text: string) => void,
): void {
  const family: [TraceKind, string][] = [
    ['birth-name', person.birthName ?? ''],
    ['used-name', person.usedName ?? ''],
  ];
  const given = [...(person.firstNames ?? []), person.usedFirstName ?? '']
    .map(foldText)
    .filter((name) => name !== '');
  for (const [kind, raw] of family) {
    const name = foldText(raw);
    if (name === '') continue;
    if (!COMMON_WORDS.has(name)) word(kind, name);
    if (name.includes(' ')) anywhere(kind, name);
    for (const first of given) {
      anywhere('name-joined', `${name} ${first}`);
      anywhere('name-joined', `${first} ${name}`);
    }
  }
  for (const first of new Set(given)) if (!COMMON_WORDS.has(first)) word('first-name', first);
}

/** National and international, in one piece and by pairs: `+33 6 12 34 56 78`, `06.12.34.56.78`. */
function phoneForms(phone: string): string[] {
  const digits = phone.replace(/\(0\)/, '').replace(/\D/g, '');
  const national = /^(?:0033|33|0)([1-9]\d{8})$/.exec(digits)?.[1];
  if (national === undefined) return [digits];
  const pairs = national.slice(1).replace(/(..)(?=.)/g, '$1 ');
  const first = national.slice(0, 1);
  return [
    `0${national}`,
    `0${first} ${pairs}`,
    `33${national}`,
    `33 ${national}`,
    `33 ${first} ${pairs}`,
    `33 0 ${first} ${pairs}`,
    `0033${national}`,
    `0033 ${first} ${pairs}`,
  ];
}
