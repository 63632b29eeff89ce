import { expect, it } from 'vitest';
import { appointmentOf, calendarDay, dateOf, dayOf, isDay, momentOf } from './dates.ts';

it.each([
  ['31/12/1975', '1975-12-31'],
  [' 1.2.2026 ', '2026-02-01'],
  ['1975-12-31', '1975-12-31'],
  ['31/02/2026', '2026-02-31'],
  ['hier', 'hier'],
  ['', ''],
])('%j is written as %j', (written, date) => {
  expect(dateOf(written)).toBe(date);
});

it.each(['2026-02-28', '2024-02-29', '1975-12-31', '0050-01-01'])('%s is a day', (date) => {
  expect(isDay(date)).toBe(true);
});

it.each([
  '2026-02-29',
  '2026-02-31',
  '2026-04-31',
  '2026-13-01',
  '2026-00-10',
  '2026-01-00',
  '26-01-01',
  '2026-01-01T00:00:00Z',
  'hier',
  '',
])('%j is no day', (date) => {
  expect(isDay(date)).toBe(false);
});

it('the first of a month is said so, and no other day', () => {
  expect(calendarDay('2026-03-01')).toBe('1er mars 2026');
  expect(calendarDay('2026-03-11')).toBe('11 mars 2026');
  expect(calendarDay('2026-03-21')).toBe('21 mars 2026');
  expect(dayOf('2026-03-01T12:00:00Z')).toBe('1er mars 2026');
  expect(momentOf('2026-03-01T12:00:00Z')).toMatch(/^1er mars 2026/);
  expect(appointmentOf('2026-12-01T09:30:00+01:00')).toMatch(/^1er déc\. 2026, 09:30$/);
});
