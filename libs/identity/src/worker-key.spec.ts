import { describe, expect, it } from 'vitest';
import type { Traits } from '#core';
import { workerKey } from './worker-key.ts';

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
