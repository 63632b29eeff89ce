import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Traits } from '#core';
import { compareTraits, differing, firstNamesFromList, TRAIT_NAMES } from './compare.ts';

const word = fc.stringMatching(/^[A-Z]{2,9}$/);
const separator = fc.constantFrom(' ', '-', "'");
const name = fc
  .tuple(word, fc.array(fc.tuple(separator, word), { maxLength: 2 }))
  .map(([first, rest]) => first + rest.flat().join(''));
const date = fc
  .date({ min: new Date('1920-01-01'), max: new Date('2015-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));
const traits: fc.Arbitrary<Traits> = fc.record({
  birthName: name,
  firstNames: fc.array(name, { minLength: 1, maxLength: 4 }),
  sex: fc.constantFrom('M', 'F'),
  birthDate: date,
  birthPlace: fc.constantFrom('63220', '2A020', '99132'),
});

/** Another writing of the same name: case, accents, typography, hyphen or apostrophe for a space. */
const rewritings: readonly ((text: string) => string)[] = [
  (text) => text.toLowerCase(),
  (text) => text.replaceAll('E', 'É').replaceAll('C', 'ç'),
  (text) => text.replaceAll("'", '’').replaceAll('-', '‑'),
  (text) => text.replace(/[-' ]/g, ' '),
  (text) => text.replace(/[-' ]/g, '-'),
  (text) => text.normalize('NFD'),
];

const oneLetterOff = (text: string, at: number, by: number) => {
  const i = at % text.length;
  const letter = String.fromCharCode(65 + ((text.charCodeAt(i) - 65 + by) % 26));
  return text.slice(0, i) + letter + text.slice(i + 1);
};

describe('the comparison of traits', () => {
  it('finds nothing between a person and herself', () => {
    fc.assert(
      fc.property(traits, (person) => {
        expect(differing(compareTraits(person, person))).toEqual([]);
      }),
    );
  });

  it('does not see the writing', () => {
    fc.assert(
      fc.property(traits, fc.constantFrom(...rewritings), (person, rewrite) => {
        const written = {
          ...person,
          birthName: rewrite(person.birthName),
          firstNames: person.firstNames.map(rewrite),
          birthPlace: person.birthPlace?.toLowerCase() ?? '',
        };
        expect(differing(compareTraits(written, person))).toEqual([]);
        expect(differing(compareTraits(person, written))).toEqual([]);
      }),
    );
  });

  it('never decides by likeness: one letter off is different', () => {
    fc.assert(
      fc.property(traits, word, fc.nat(), fc.integer({ min: 1, max: 25 }), (person, family, at, by) => {
        const right = { ...person, birthName: family };
        const wrong = { ...person, birthName: oneLetterOff(family, at, by) };
        expect(differing(compareTraits(wrong, right))).toEqual(['birthName']);
      }),
    );
  });

  it('never decides by likeness: one letter too many or too few, or two exchanged, is different', () => {
    const differs = (sent: string, held: string) =>
      differing(compareTraits({ ...zoe, birthName: sent }, { ...zoe, birthName: held })).length > 0;
    const zoe: Traits = { birthName: 'X', firstNames: ['ZOE'], sex: 'F', birthDate: '1975-12-31' };
    expect(differs('DUPOND', 'DUPONT')).toBe(true);
    expect(differs('DUPON', 'DUPONT')).toBe(true);
    expect(differs('DUPNOT', 'DUPONT')).toBe(true);
    expect(differs('DUPONTMARTIN', 'DUPONT MARTIN')).toBe(true);
    expect(differs('MARTIN DUPONT', 'DUPONT MARTIN')).toBe(true);
  });

  it('sees any other date, sex or place', () => {
    fc.assert(
      fc.property(traits, traits, (one, other) => {
        const result = compareTraits(one, other);
        expect(result.birthDate).toBe(one.birthDate === other.birthDate ? 'equal' : 'differs');
        expect(result.sex).toBe(one.sex === other.sex ? 'equal' : 'differs');
        expect(result.birthPlace).toBe(one.birthPlace === other.birthPlace ? 'equal' : 'differs');
      }),
    );
  });

  it.each([
    [['JEAN-PIERRE'], ['JEAN', 'PIERRE', 'MARIE'], 'equal', 'unknown'],
    [['JEAN PIERRE'], ['JEAN-PIERRE', 'MARIE'], 'equal', 'unknown'],
    [['JEAN'], ['JEAN', 'PIERRE', 'MARIE'], 'equal', 'unknown'],
    [['PIERRE'], ['JEAN', 'PIERRE'], 'differs', 'unknown'],
    [['JEA'], ['JEAN', 'PIERRE'], 'differs', 'unknown'],
    [['JEANNE'], ['JEAN'], 'differs', 'unknown'],
    [['PIERRE-ALAIN', 'Muriel'], ['PIERRE-ALAIN', 'MURIEL', 'FLORIANT'], 'equal', 'equal'],
    [['PIERRE-ALAIN', 'FLORIANT'], ['PIERRE-ALAIN', 'MURIEL', 'FLORIANT'], 'equal', 'differs'],
    [['OLA', 'CATARINA'], ['CATARINA', 'BELLA'], 'differs', 'differs'],
    [['ZOE', 'ANNE'], ['ZOE'], 'equal', 'differs'],
    [[], ['ZOE'], 'differs', 'unknown'],
    [['ZOE'], [], 'differs', 'unknown'],
  ] as const)(
    'first given name against the beginning of the list: %j in %j is %s',
    (sent, list, first, all) => {
      const person = { birthName: 'ADRUN', sex: 'F', birthDate: '1975-12-31' } as const;
      const result = compareTraits({ ...person, firstNames: sent }, { ...person, firstNames: list });
      expect([result.firstName, result.firstNames]).toEqual([first, all]);
    },
  );

  it('takes the first names that a list begins with, at a word’s end only', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), fc.nat(), separator, (list, n, joint) => {
        const begin = list.slice(0, 1 + (n % list.length));
        const person = { birthName: 'ADRUN', sex: 'F', birthDate: '1975-12-31' } as const;
        const sent = { ...person, firstNames: [begin.join(joint)] };
        expect(compareTraits(sent, { ...person, firstNames: list }).firstName).toBe('equal');
        const cut = { ...person, firstNames: [begin.join(joint).slice(0, -1)] };
        expect(compareTraits(cut, { ...person, firstNames: list }).firstName).toBe('differs');
      }),
    );
  });

  it('marks a replaced date, and takes it for nothing but itself', () => {
    const person: Traits = { birthName: 'ADRUN', firstNames: ['ZOE'], sex: 'F', birthDate: '1975-12-31' };
    const asked = (birthDate: string) => compareTraits({ ...person, birthDate }, person).birthDate;
    expect(asked('1975')).toBe('uncertain');
    expect(asked('1975-XX-XX')).toBe('uncertain');
    expect(asked('1975-12')).toBe('differs');
    expect(asked('1976')).toBe('differs');
    expect(asked('1975-31-12')).toBe('differs');
  });

  it('fills a place that we do not know, but does not overlook one that INSi does not', () => {
    const place = (sent?: string, held?: string) =>
      compareTraits(
        {
          birthName: 'A',
          firstNames: ['B'],
          sex: 'F',
          birthDate: '1975-12-31',
          ...(sent && { birthPlace: sent }),
        },
        {
          birthName: 'A',
          firstNames: ['B'],
          sex: 'F',
          birthDate: '1975-12-31',
          ...(held && { birthPlace: held }),
        },
      ).birthPlace;
    expect(place(undefined, '63220')).toBe('unknown');
    expect(place('99999', '63220')).toBe('unknown');
    expect(place('63220', undefined)).toBe('unknown');
    expect(place('63220', '99999')).toBe('differs');
    expect(place('63220', '63221')).toBe('differs');
  });

  it('makes nothing of names outside the alphabet: they are equal to none, themselves included', () => {
    const person: Traits = { birthName: 'Łukasz', firstNames: ['Ж'], sex: 'M', birthDate: '1975-12-31' };
    expect(differing(compareTraits(person, person))).toEqual(['birthName', 'firstName']);
  });

  it('answers for each trait', () => {
    fc.assert(
      fc.property(traits, traits, (one, other) => {
        expect(Object.keys(compareTraits(one, other))).toEqual([...TRAIT_NAMES]);
      }),
    );
  });
});

describe('the first given name after INSi', () => {
  it.each([
    ['JEAN-PIERRE', ['JEAN', 'PIERRE', 'MARIE'], ['JEAN PIERRE', 'MARIE']],
    ['Pierre-Alain', ['PIERRE-ALAIN', 'MURIEL'], ['PIERRE-ALAIN', 'MURIEL']],
    ['JEAN', ['JEAN-PIERRE', 'MARIE'], ['JEAN-PIERRE', 'MARIE']],
    ['OLA', ['CATARINA', 'BELLA'], ['CATARINA', 'BELLA']],
    ['Ж', ['CATARINA'], ['CATARINA']],
    ['ZOE', [], []],
  ])('%s in %j gives %j', (sent, list, expected) => {
    expect(firstNamesFromList(sent, list)).toEqual(expected);
  });
});
