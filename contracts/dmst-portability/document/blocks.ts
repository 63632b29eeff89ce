/** Small makers of blocks, so that the sections read as the page does. */
import { type Block, frenchDate, type Section } from '#core';
import type { Period } from '#core/dmst';

export { factsBlock as facts } from '#core';

export function section(title: string, ...blocks: Block[]): Section {
  return { title, blocks };
}

/** `columns`: title, or [title, relative width] */
export function table(
  columns: readonly (string | readonly [string, number])[],
  rows: readonly (readonly (string | undefined)[])[],
  empty: string,
): Block {
  return {
    kind: 'table',
    columns: columns.map((column) =>
      typeof column === 'string' ? { title: column } : { title: column[0], width: column[1] },
    ),
    rows: rows.map((row) => row.map((cell) => cell ?? '')),
    empty,
  };
}

export function list(items: readonly string[], empty: string): Block {
  return { kind: 'list', items, empty };
}

/** A section that says nothing is left out. */
export function whenAny(list: readonly unknown[] | undefined, make: () => Section): Section[] {
  return list === undefined || list.length === 0 ? [] : [make()];
}

export function day(date: string | undefined): string | undefined {
  return date === undefined ? undefined : frenchDate(date);
}

export function span({ from, to }: Period): string {
  return to === undefined ? `depuis le ${frenchDate(from)}` : `du ${frenchDate(from)} au ${frenchDate(to)}`;
}

export function joined(parts: readonly (string | undefined)[], separator = ', '): string {
  return parts.filter((part) => part !== undefined && part !== '').join(separator);
}

export function yesNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? 'oui' : 'non';
}

/** French decimal comma. */
export function quantity(value: number | undefined, unit = ''): string | undefined {
  return value === undefined ? undefined : `${String(value).replace('.', ',')} ${unit}`.trim();
}

export function isCurrent({ from, to }: Period, today: string): boolean {
  return from <= today && (to === undefined || to >= today);
}

export function newestFirst<T>(list: readonly T[] | undefined, date: (item: T) => string): T[] {
  return (list ?? []).toSorted((a, b) => (date(a) < date(b) ? 1 : date(a) > date(b) ? -1 : 0));
}
