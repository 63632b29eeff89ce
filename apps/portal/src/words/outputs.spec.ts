import { expect, it } from 'vitest';
import { fileOf, OUTPUTS } from './outputs.ts';

it('a document is saved under what it is', () => {
  expect(fileOf('APTI')).toBe('avis-d-aptitude.pdf');
  expect(fileOf('EXPO')).toBe('etat-des-lieux-des-expositions.pdf');
  expect(new Set(Object.keys(OUTPUTS).map(fileOf)).size).toBe(Object.keys(OUTPUTS).length);
});

it('of a kind that this page does not know is a document', () => {
  expect(fileOf('ZZZZ')).toBe('document.pdf');
});
