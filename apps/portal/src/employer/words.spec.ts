import { expect, it } from 'vitest';
import { faultsOf } from './words.ts';

const line = (n: number) => ({ line: n, findings: [] });
const others = [{ pointer: '/declarant/name', code: 'schema.maxLength', detail: 'Doit être plus court.' }];

it('a declaration without fault has nothing said against it', () => {
  expect(faultsOf(0, { lines: [line(1)], others: [] })).toEqual([]);
});

it('what concerns no line is said alone, in words and not by its place', () => {
  expect(faultsOf(0, { lines: [line(1)], others })).toEqual(['Doit être plus court.']);
});

it('lines to correct are counted first', () => {
  const correct = 'Corrigez le fichier et choisissez-le de nouveau.';
  const lines = [line(1), line(2), line(3)];
  expect(faultsOf(1, { lines, others: [] })).toEqual(['1 ligne est à corriger sur 3.', correct]);
  expect(faultsOf(2, { lines, others })).toEqual([
    '2 lignes sont à corriger sur 3.',
    correct,
    'Doit être plus court.',
  ]);
});
