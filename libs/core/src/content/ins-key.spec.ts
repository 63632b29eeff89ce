import { expect, it } from 'vitest';
import { insKey } from './ins-key.ts';

it.each([
  ['2751263220749', '74'],
  ['297022A020778', '78'],
  ['160012B020777', '13'],
  ['1810163220751', '40'],
  ['2360663220836', '56'],
  ['1090763220888', '35'],
  ['1810363220456', '76'],
  ['2810363220456', '26'],
])('the key of %s is %s', (value, key) => expect(insKey(value)).toBe(key));

it.each(['', '275126322074', '27512632207491', '297022a020778', '29702 2020778', '2970A2A020778'])(
  '%j is no matricule',
  (value) => expect(insKey(value)).toBeUndefined(),
);

it('a key below ten keeps its zero', () => {
  const keys = Array.from({ length: 97 }, (_, n) => insKey(String(1_000_000_000_000 + n)));
  expect(new Set(keys).size).toBe(97);
  expect(keys.every((key) => key?.length === 2)).toBe(true);
});
