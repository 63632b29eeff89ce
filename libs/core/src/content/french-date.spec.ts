import { expect, it } from 'vitest';
import { frenchDate } from './french-date.ts';

it.each([
  ['2026-03-12', '12/03/2026'],
  ['2026-03', '03/2026'],
  ['2026', '2026'],
  ['2026-11-22T08:00:00.000Z', '22/11/2026'],
  ['2026-11-22T23:30:00.000Z', '23/11/2026'],
])('%s reads %s', (date, french) => expect(frenchDate(date)).toBe(french));
