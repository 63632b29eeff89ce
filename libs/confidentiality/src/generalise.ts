import { isDate } from '#core';

export type DateGrain = 'year' | 'quarter' | 'month' | 'fortnight';

/**
 * `2026-05-17` → `2026`, `2026-Q2`, `2026-05` or `2026-05-F2` (F1: days 1 to 15, F2: the rest of the month).
 * Guarantee: all days of a grain give the same text. TypeError when it is no `YYYY-MM-DD` day.
 */
export function generaliseDate(date: string, grain: DateGrain): string {
  const [, month, day] = partsOf(date);
  const yyyy = date.slice(0, 4);
  if (grain === 'year') return yyyy;
  if (grain === 'quarter') return `${yyyy}-Q${Math.ceil(month / 3)}`;
  if (grain === 'month') return date.slice(0, 7);
  return `${date.slice(0, 7)}-F${day <= 15 ? 1 : 2}`;
}

/** Whole years on a day; a birthday on 29 February is passed on 1 March in common years. RangeError before birth. */
export function ageOn(birthDate: string, day: string): number {
  const [bornYear, bornMonth, bornDay] = partsOf(birthDate);
  const [year, month, dayOfMonth] = partsOf(day);
  const birthdayPassed = month > bornMonth || (month === bornMonth && dayOfMonth >= bornDay);
  const age = year - bornYear - (birthdayPassed ? 0 : 1);
  if (age < 0) throw new RangeError('the day is before the birth');
  return age;
}

/**
 * `43` → `40-44` by bands of five; the ends are open, since few people are there: `<20`, `65+`.
 * Guarantee: nothing finer than the band.
 */
export function ageBand(age: number, { width = 5, from = 20, to = 65 } = {}): string {
  requireCount(age);
  if (age < from) return `<${from}`;
  if (age >= to) return `${to}+`;
  const start = from + Math.floor((age - from) / width) * width;
  return `${start}-${Math.min(start + width, to) - 1}`;
}

/** `1983-04-02` → `1980-1984` by bands of five years that start on multiples of `width`. */
export function birthYearBand(birthDate: string, width = 5): string {
  const [year] = partsOf(birthDate);
  const start = Math.floor(year / width) * width;
  return `${start}-${start + width - 1}`;
}

/** Size bands of the DGT survey (facts 5.4). */
export function headcountBand(headcount: number): '<10' | '10-49' | '50-299' | '300+' {
  requireCount(headcount);
  if (headcount < 10) return '<10';
  if (headcount < 50) return '10-49';
  return headcount < 300 ? '50-299' : '300+';
}

const CODE_LEVELS = {
  /** NAF rév. 2 or 2025 `62.01Z` → division `62` */
  'naf-division': /^([0-9]{2})\.?[0-9]{2}[A-Z]$/i,
  /** PCS-ESE `388a` → category `38` */
  'pcs-2': /^([1-6][0-9])[0-9][A-Z]$/i,
  /** PCS-ESE `388a` → group `3` */
  'pcs-group': /^([1-6])[0-9]{2}[A-Z]$/i,
} as const;

export type CodeLevel = keyof typeof CODE_LEVELS;

/** A code to its coarser level; TypeError when it is not of that nomenclature (the value is not repeated). */
export function generaliseCode(code: string, level: CodeLevel): string {
  const coarse = CODE_LEVELS[level].exec(code)?.[1];
  if (coarse === undefined) throw new TypeError(`not a code of ${level}`);
  return coarse;
}

/** First characters of a hierarchical code without fixed levels, as those of TEP; RangeError when none would be left out. */
export function codePrefix(code: string, length: number): string {
  if (!Number.isSafeInteger(length) || length < 1 || length >= code.length) {
    throw new RangeError('a prefix is shorter than the code');
  }
  return code.slice(0, length);
}

function partsOf(date: string): [year: number, month: number, day: number] {
  if (!isDate(date)) throw new TypeError('not a YYYY-MM-DD day');
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
}

function requireCount(value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('not a whole number from 0');
}
