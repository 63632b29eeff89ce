import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectedKey } from './expected-key.ts';

it.each([
  ['2751263220749', '74'],
  ['297022A020778', '78'],
  ['160012B020777', '13'],
  ['180032B020401', '23'],
  ['180032b020401', '23'],
  ['1090763220888', '35'],
  ['2600588154002', '33'],
  ['1810363220456', '76'],
])('the key of %s is %s', (value, key) => {
  expect(expectedKey(value)).toBe(key);
});

it('a matricule with any other letter has no key', () => {
  for (const value of ['180032C020401', '18003AB020401', '', '123', '27512632207490']) {
    expect(expectedKey(value)).toBeUndefined();
  }
});

it('any one wrong digit is seen', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^\d{13}$/),
      fc.nat({ max: 12 }),
      fc.integer({ min: 1, max: 9 }),
      (value, at, by) => {
        const digit = (Number(value[at]) + by) % 10;
        expect(expectedKey(value.slice(0, at) + digit + value.slice(at + 1))).not.toBe(expectedKey(value));
      },
    ),
  );
});
