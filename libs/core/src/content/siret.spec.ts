import { expect, it } from 'vitest';
import { isSiret } from './siret.ts';

it.each([
  ['an establishment', '99000007700018', true],
  ['one digit changed', '99000007700019', false],
  ['two neighbours exchanged', '99000007700081', false],
  ['an office of La Poste, by the sum of its digits', '35600000000001', true],
  ['another sum, of La Poste', '35600000000002', false],
  ['thirteen digits', '9900000770001', false],
  ['letters', '9900000770001A', false],
])('%s', (_, siret, expected) => expect(isSiret(siret)).toBe(expected));
