import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BrokerError, type Traits } from '#core';
import { searchable, traitsFindings } from './criteria.ts';

const GOOD: Traits = {
  birthName: 'ADRUN',
  firstNames: ['ZOE'],
  sex: 'F',
  birthDate: '1975-12-31',
  birthPlace: '63220',
};

describe('names', () => {
  it.each(["D'AEION", "'T HOOFT", 'DE VINCI', 'PATB-QUATRE', 'PATB--QUATRE', 'A', "ABU-'L", 'A-'])(
    'the family name %s passes',
    (birthName) => {
      expect(traitsFindings({ ...GOOD, birthName })).toEqual([]);
    },
  );

  it.each([
    '',
    ' ',
    "'",
    'Adrun',
    'É',
    'ŒUVRE',
    ' ADRUN',
    '-ADRUN',
    'ADRUN ',
    'A  B',
    "A''B",
    "A 'B",
    "A' B",
  ])('the family name "%s" is refused', (birthName) => {
    expect(traitsFindings({ ...GOOD, birthName }).map(({ pointer }) => pointer)).toEqual(['/birthName']);
  });

  it.each(['A---B', 'ADRUN\n', 'A\u2019B', 'A\u2010B', 'A&B', 'A<B', 'A1', 'A\u0000', 'A'.repeat(101)])(
    'the family name %j is refused',
    (birthName) => {
      expect(traitsFindings({ ...GOOD, birthName })).toHaveLength(1);
    },
  );

  it.each(["N'DEYE", "'ALI", 'ANNE MARIE', 'PIERRE-ALAIN'])('the given name %s passes', (name) => {
    expect(traitsFindings({ ...GOOD, firstNames: [name] })).toEqual([]);
  });

  it.each(['ANNE--MARIE', 'ANNE-', "ANNE'", 'ANNE ', '-ANNE', ' ANNE', ''])(
    'the given name "%s" is refused',
    (name) => {
      const findings = traitsFindings({ ...GOOD, firstNames: ['ZOE', name] });
      expect(findings.map(({ pointer }) => pointer)).toEqual(['/firstNames/1']);
    },
  );

  it('one to twenty given names are taken', () => {
    for (const count of [0, 21, 10_000]) {
      const findings = traitsFindings({ ...GOOD, firstNames: Array.from({ length: count }, () => 'ZOE') });
      expect(findings.map(({ pointer }) => pointer)).toEqual(['/firstNames']);
    }
  });
});

it('dates and places are taken in their form only', () => {
  for (const birthDate of [
    '1975-13-01',
    '1975-00-01',
    '1975-12-32',
    '1975-12-00',
    '75-12-31',
    '1975-12-31T00:00:00Z',
  ]) {
    expect(traitsFindings({ ...GOOD, birthDate }).map(({ pointer }) => pointer)).toEqual(['/birthDate']);
  }
  for (const birthPlace of ['2A020', '2B020', '99351', '99999']) {
    expect(traitsFindings({ ...GOOD, birthPlace })).toEqual([]);
  }
  for (const birthPlace of ['', '2C020', '6322', '632200', '6322A', 'PARIS']) {
    expect(traitsFindings({ ...GOOD, birthPlace }).map(({ pointer }) => pointer)).toEqual(['/birthPlace']);
  }
});

it('only what the search uses goes on', () => {
  expect(searchable({ ...GOOD, usedName: 'Secret', usedFirstName: 'Secret' })).toEqual(GOOD);
});

it('whatever is refused is never repeated', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 8, unit: 'binary' }), (name) => {
      try {
        const { birthName } = searchable({ ...GOOD, birthName: name });
        expect(birthName).toMatch(/^[A-Z' -]+$/);
      } catch (error) {
        expect(error).toBeInstanceOf(BrokerError);
        expect(
          JSON.stringify({ ...(error as BrokerError), message: (error as Error).message }),
        ).not.toContain(name);
      }
    }),
  );
});
