import { describe, expect, it } from 'vitest';
import type { Traits } from '#core';
import { isSameStrictly, strictKey, workerKey } from './worker-key.ts';

const TODAY = new Date('2026-11-22T00:00:00Z');
const zoe: Traits = {
  birthName: 'ADRUN',
  firstNames: ['ZOE'],
  sex: 'F',
  birthDate: '1975-12-31',
};
const key = (change: Partial<Traits> = {}) => workerKey({ ...zoe, ...change }, TODAY);

describe('what stays the same of a worker', () => {
  it.each<[string, Partial<Traits>]>([
    ['accents and case', { birthName: 'Adrun', firstNames: ['Zoé'] }],
    ['other given names', { firstNames: ['ZOE', 'MARIE'] }],
    ['the place of birth', { birthPlace: '63220' }],
    ['names used', { usedName: 'DUPONT', usedFirstName: 'Lili' }],
  ])('does not depend on %s', (_, change) => {
    expect(key(change)).toEqual(key());
  });

  it('does not depend on how a composed given name is written', () => {
    const names = [['JEAN-PIERRE'], ['Jean', 'Pierre'], ['JEAN PIERRE', 'MARIE']];
    expect(new Set(names.map((firstNames) => String(key({ firstNames })))).size).toBe(1);
  });

  it.each<[string, Partial<Traits>]>([
    ['name', { birthName: 'ADRIN' }],
    ['given name', { firstNames: ['LEA'] }],
    ['sex', { sex: 'M' }],
    ['birth date', { birthDate: '1975-12-30' }],
  ])('is another with another %s', (_, change) => {
    expect(key(change)).not.toEqual(key());
  });

  it('is nothing where nobody could bear such traits', () => {
    expect(key({ birthName: '你好' })).toBeUndefined();
    expect(key({ birthDate: '2999-01-01' })).toBeUndefined();
    expect(key({ firstNames: [] })).toBeUndefined();
  });
});

describe('every trait of a worker', () => {
  const whole: Traits = { ...zoe, firstNames: ['JEAN-PAUL', 'MARIE'], birthPlace: '63220' };
  const strict = (change: Partial<Traits>) => strictKey({ ...whole, ...change }, TODAY);
  const same = (change: Partial<Traits>) => isSameStrictly(whole, { ...whole, ...change }, TODAY);

  it.each<[string, Partial<Traits>]>([
    ['a twin, of whom the first word is the same', { firstNames: ['JEAN-PIERRE', 'MARIE'] }],
    ['a shorter list of given names', { firstNames: ['JEAN-PAUL'] }],
    ['a longer one', { firstNames: ['JEAN-PAUL', 'MARIE', 'LEA'] }],
    ['another order', { firstNames: ['MARIE', 'JEAN-PAUL'] }],
    ['another name', { birthName: 'ADRIN' }],
    ['another sex', { sex: 'M' }],
    ['another birth date', { birthDate: '1975-12-30' }],
    ['another birth place', { birthPlace: '2A004' }],
  ])('makes somebody else of %s', (_, change) => {
    expect(strict(change)).toBeDefined();
    expect(same(change)).toBe(false);
  });

  it('is the same however it is written', () => {
    expect(same({ birthName: 'Adrun', firstNames: ['Jean Paul', 'marie'] })).toBe(true);
    expect(strict({ birthPlace: '2a004' })).toEqual(strict({ birthPlace: '2A004' }));
  });

  it('is nothing where one is missing, and nothing is nobody’s equal', () => {
    const { birthPlace: _, ...placeless } = whole;
    for (const traits of [placeless, { ...whole, birthPlace: '99999' }, { ...whole, birthDate: '1975-12' }]) {
      expect(strictKey(traits, TODAY)).toBeUndefined();
      expect(isSameStrictly(traits, traits, TODAY)).toBe(false);
      expect(isSameStrictly(whole, traits, TODAY)).toBe(false);
    }
  });
});
