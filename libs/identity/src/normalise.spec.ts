import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparisonKey, type NameKind, normaliseName, toInsiAlphabet } from './normalise.ts';

const normal = (name: string, kind: NameKind = 'family') => {
  const checked = normaliseName(name, kind, '/birthName');
  return checked.ok ? checked.value : checked.findings.map(({ code }) => code);
};

describe('a name on its way to INSi', () => {
  it.each([
    ['Dupont', 'DUPONT'],
    ['Élodie', 'ELODIE'],
    ['E\u0301lodie', 'ELODIE'],
    ['Çağlar', 'CAGLAR'],
    ['Nguyễn', 'NGUYEN'],
    ['Ångström', 'ANGSTROM'],
    ['Œuvrard', 'OEUVRARD'],
    ['Læticia', 'LAETICIA'],
    ['Strauß', 'STRAUSS'],
    ['STRAUẞ', 'STRAUSS'],
    ['L’Hermitte', "L'HERMITTE"],
    ['Lʼhermitte', "L'HERMITTE"],
    ['Jean\u2010Pierre', 'JEAN-PIERRE'],
    ['Jean–Pierre', 'JEAN-PIERRE'],
    ['Le\u00a0Goff', 'LE GOFF'],
    ["'T Hooft", "'T HOOFT"],
    ['DUPONT--MARTIN', 'DUPONT--MARTIN'],
    ['Dupont -Martin', 'DUPONT -MARTIN'],
  ])('turns %s into %s', (name, expected) => {
    expect(normal(name)).toBe(expected);
  });

  it.each([
    ['Łukasz', 'stroke'],
    ['Ørsted', 'stroke'],
    ['o\u0338rsted', 'combined stroke'],
    ['Đặng', 'stroke'],
    ['Yıldız', 'dotless i'],
    ['ﬁlip', 'typographic ligature'],
    ['Иванов', 'Cyrillic'],
    ['ΩMEGA', 'Greek'],
    ['王', 'Han'],
    ['Dupont2', 'digit'],
    ['Dupont.', 'full stop'],
    ['Du\u00adpont', 'soft hyphen'],
    ['Du\u200bpont', 'zero width space'],
    ['Du\u0364pont', 'superscript letter'],
    ['\u0301Dupont', 'accent on nothing'],
    ['Dupont\n', 'line feed'],
    ['Dupont\tMartin', 'tabulation'],
    ['😀', 'emoji'],
  ])('refuses %s, never dropping what has no equivalent (%s)', (name) => {
    expect(normal(name)).toEqual(['traits.name-character']);
  });

  it.each([
    ['', 'empty'],
    ["'-", 'empty'],
    [' DUPONT', 'first-character'],
    ['-DUPONT', 'first-character'],
    ['DUPONT ', 'last-character'],
    ['LE  GOFF', 'doubled-separator'],
    ["D''AEION", 'doubled-separator'],
    ["D' AEION", 'doubled-separator'],
    ["D 'AEION", 'doubled-separator'],
    ['DUPONT---MARTIN', 'double-hyphen'],
    ['A'.repeat(101), 'too-long'],
  ])('refuses the family name %j', (name, rule) => {
    expect(normal(name)).toEqual([`traits.name-${rule}`]);
  });

  it.each([
    ['JEAN--PIERRE', 'double-hyphen'],
    ['JEAN-', 'last-character'],
    ["JEAN'", 'last-character'],
  ])('refuses the given name %j, which as a family name passes', (name, rule) => {
    expect(normal(name, 'given')).toEqual([`traits.name-${rule}`]);
    expect(normal(name, 'family')).toBe(name);
  });

  it('never repeats a refused name in its finding', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, unit: 'grapheme' }), (name) => {
        const checked = normaliseName(`${name}Ж`, 'family', '/birthName');
        expect(checked.ok).toBe(false);
        expect(JSON.stringify(checked)).not.toContain(`${name}Ж`);
      }),
    );
  });

  it('gives A–Z, space, apostrophe and hyphen, or nothing; loses no letter; twice as well as once', () => {
    const letters = fc.constantFrom(
      ...'aZéÇœÆß’–ŁжÅ-',
      "'",
      ' ',
      '\u0301',
      '\u0327',
      '\u0338',
      '\u0364',
      '\u200b',
    );
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: letters, maxLength: 8 }), fc.string({ unit: 'binary' })),
        (name) => {
          const once = toInsiAlphabet(name);
          if (once === undefined) return;
          expect(once).toMatch(/^[A-Z '-]*$/);
          expect(toInsiAlphabet(once)).toBe(once);
          const count = (text: string) => text.match(/\p{L}/gu)?.length ?? 0;
          expect(count(once)).toBeGreaterThanOrEqual(count(name.normalize('NFC').replace(/\u02bc/g, "'")));
        },
      ),
    );
  });
});

describe('the comparison key', () => {
  it('counts hyphens and apostrophes as one space', () => {
    expect(comparisonKey('Jean-Pierre')).toBe('JEAN PIERRE');
    expect(comparisonKey("D’Aéion--O'Neil")).toBe('D AEION O NEIL');
    expect(comparisonKey("'T Hooft")).toBe('T HOOFT');
  });

  it('does not exist for a name outside the alphabet', () => {
    expect(comparisonKey('Łukasz')).toBeUndefined();
  });
});
