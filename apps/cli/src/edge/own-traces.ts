/** Hunts, in what is about to leave, for the values of the dossiers it was made of. Found → refused, never cleaned. */
import { type Finding, leavesOf } from '#core';
import type { Dmst } from '#core/dmst';

/** Shorter words are syllables. */
const SHORTEST_WORD = 3;
const SHORTEST_NUMBER = 8;

/** @param vocabulary values that the contract lists one by one: whoever sends one says what the contract says */
export function ownTraces(
  dossiers: readonly Dmst[],
  output: unknown,
  vocabulary: ReadonlySet<string>,
): Finding[] {
  const places = new Map<string, string[]>();
  for (const { pointer, value } of leavesOf(output)) {
    const text = String(value);
    if (!vocabulary.has(text)) places.set(text, [...(places.get(text) ?? []), pointer]);
  }
  const words = new Set<string>();
  const numbers = new Set<string>();
  const phrases = new Set<string>();
  for (const { identity } of dossiers) {
    const { ins, contact, localId } = identity;
    for (const name of [
      identity.birthName,
      identity.usedName,
      identity.usedFirstName,
      ...identity.firstNames,
    ]) {
      for (const word of folded(name).split(' ')) if (word.length >= SHORTEST_WORD) words.add(word);
    }
    const [year = '', month = '', day = ''] = identity.birthDate.split('-');
    const digits = [
      ins?.value,
      contact?.phone?.replace(/^(?:\+|00)33/, '0'),
      `${year}${month}${day}`,
      `${day}${month}${year}`,
    ];
    for (const number of digits.map(bare)) if (number.length >= SHORTEST_NUMBER) numbers.add(number);
    for (const phrase of [contact?.address, contact?.email, localId.value, ins?.value].map(folded)) {
      if (phrase.length > SHORTEST_WORD) phrases.add(phrase);
    }
  }
  const hidden = [...words, ...numbers, ...phrases].flatMap(encodings);
  return [...places]
    .filter(([text]) => tells(text, words, numbers, phrases) || hidden.some((form) => text.includes(form)))
    .flatMap(([, pointers]) => pointers)
    .map((pointer) => ({
      pointer,
      code: 'edge.own-value',
      detail: 'Une valeur du dossier se trouve dans ce qui allait partir.',
    }));
}

function tells(
  text: string,
  words: ReadonlySet<string>,
  numbers: ReadonlySet<string>,
  phrases: ReadonlySet<string>,
): boolean {
  const plain = folded(text);
  if (plain.split(' ').some((word) => words.has(word))) return true;
  for (const phrase of phrases) if (plain.includes(phrase)) return true;
  const number = bare(text);
  if (number.length < SHORTEST_NUMBER) return false;
  for (const one of numbers) if (number.includes(one)) return true;
  return false;
}

/** Enough of each form to be recognised wherever it starts. */
function encodings(value: string): string[] {
  if (value.length < SHORTEST_NUMBER) return [];
  const bytes = Buffer.from(value);
  return [bytes.toString('hex'), bytes.toString('base64url').slice(0, -2)];
}

/** Without accents, case nor punctuation. */
function folded(text: string | undefined): string {
  return (text ?? '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim();
}

/** Of a text that is a number, its digits (Corsica's letter is one); of any other, nothing. */
function bare(text: string | undefined): string {
  return /^\+?[0-9AB ()./-]+$/.test(text ?? '') ? (text ?? '').replace(/[^0-9AB]/g, '') : '';
}
