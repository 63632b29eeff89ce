import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  ageBand,
  ageOn,
  birthYearBand,
  codePrefix,
  generaliseCode,
  generaliseDate,
  headcountBand,
} from './generalise.ts';

it('writes a date by year, quarter, month or fortnight', () => {
  const grains = ['year', 'quarter', 'month', 'fortnight'] as const;
  const all = (date: string): string[] => grains.map((grain) => generaliseDate(date, grain));
  expect(all('2026-05-15')).toEqual(['2026', '2026-Q2', '2026-05', '2026-05-F1']);
  expect(all('2026-12-16')).toEqual(['2026', '2026-Q4', '2026-12', '2026-12-F2']);
  expect(() => generaliseDate('2026-02-30', 'year')).toThrow(/^not a YYYY-MM-DD day$/);
});

it('leaves no day in what it writes: all days of a grain read the same', () => {
  const months = fc.tuple(fc.integer({ min: 1900, max: 2100 }), fc.integer({ min: 1, max: 12 }));
  fc.assert(
    fc.property(
      months,
      fc.integer({ min: 1, max: 28 }),
      fc.integer({ min: 1, max: 28 }),
      ([year, month], a, b) => {
        const day = (n: number): string =>
          `${year}-${String(month).padStart(2, '0')}-${String(n).padStart(2, '0')}`;
        expect(generaliseDate(day(a), 'month')).toBe(generaliseDate(day(b), 'month'));
        expect(generaliseDate(day(a), 'fortnight') === generaliseDate(day(b), 'fortnight')).toBe(
          a <= 15 === b <= 15,
        );
      },
    ),
  );
});

it('counts whole years, to the day', () => {
  expect(ageOn('1984-07-09', '2026-07-08')).toBe(41);
  expect(ageOn('1984-07-09', '2026-07-09')).toBe(42);
  expect(ageOn('2004-02-29', '2026-02-28')).toBe(21);
  expect(ageOn('2004-02-29', '2026-03-01')).toBe(22);
  expect(() => ageOn('2026-07-09', '2026-07-08')).toThrow(RangeError);
});

it('gives each age one band, and bands that cover all without overlap', () => {
  expect([18, 20, 24, 25, 43, 64, 65, 90].map((age) => ageBand(age))).toEqual([
    ...['<20', '20-24', '20-24', '25-29', '40-44', '60-64', '65+', '65+'],
  ]);
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 64 }), fc.integer({ min: 1, max: 20 }), (age, width) => {
      const [low, high] = ageBand(age, { width }).split('-').map(Number);
      expect(age >= (low ?? 99) && age <= (high ?? 0)).toBe(true);
      expect((high ?? 0) - (low ?? 0)).toBeLessThan(width);
    }),
  );
  expect(birthYearBand('1983-04-02')).toBe('1980-1984');
  expect(birthYearBand('1989-12-31', 10)).toBe('1980-1989');
  expect([0, 9, 10, 49, 50, 299, 300].map(headcountBand)).toEqual([
    ...['<10', '<10', '10-49', '10-49', '50-299', '50-299', '300+'],
  ]);
  expect(() => headcountBand(1.5)).toThrow(RangeError);
});

it('shortens codes, and refuses those of another nomenclature without repeating them', () => {
  expect(generaliseCode('62.01Z', 'naf-division')).toBe('62');
  expect(generaliseCode('6201Z', 'naf-division')).toBe('62');
  expect(generaliseCode('388a', 'pcs-2')).toBe('38');
  expect(generaliseCode('388a', 'pcs-group')).toBe('3');
  expect(() => generaliseCode('2840799990123', 'pcs-2')).toThrow(/^not a code of pcs-2$/);
  expect(codePrefix('TEP001234', 5)).toBe('TEP00');
  expect(() => codePrefix('TEP', 3)).toThrow(RangeError);
});
