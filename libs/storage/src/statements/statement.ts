import type { WriteName, WriteValues } from '#core';
import { snakeCase } from '../snake-case.ts';

export type Param = string | number | null | undefined | Uint8Array;
export type Params = Readonly<Record<string, unknown>>;

/** SQL of one named write. Runs on any connection: text with `@named` parameters, no function of one database. */
export interface Statement<V> {
  /** one or several, run in order with the same parameters */
  sql: string | readonly string[];
  /** must give a Param for each name that the SQL uses; whatever else it gives is left out */
  params(values: V): Params;
  /** run after it in the same list; nobody counts the rows that these change */
  also?: readonly string[];
  /** rows that must change; any other number rolls the whole list back as fenced. undefined = not fenced */
  rows?(values: V): number | undefined;
}

/** Its SQL in order, each with whether the rows it changes count. */
export function sqlOf({
  sql,
  also = [],
}: Pick<Statement<never>, 'sql' | 'also'>): { text: string; counts: boolean }[] {
  return [
    ...[sql].flat().map((text) => ({ text, counts: true })),
    ...also.map((text) => ({ text, counts: false })),
  ];
}

export type Statements = { readonly [N in WriteName]: Statement<WriteValues[N]> };

/** The writes whose names begin with one of these words: the compiler wants each. */
export type Area<P extends string> = Pick<Statements, Extract<WriteName, `${P}.${string}`>>;

/** The parameters of an INSERT are the fields themselves, the columns their names in snake case. */
export function insertInto(table: string, fields: readonly string[]): string {
  const columns = fields.map(snakeCase).join(', ');
  return `INSERT INTO ${table} (${columns}) VALUES (${fields.map((field) => `@${field}`).join(', ')})`;
}

/** What RETURNING gives back under the core's own names. */
export function returning(fields: readonly string[]): string {
  return `RETURNING ${fields.map((field) => `${snakeCase(field)} AS "${field}"`).join(', ')}`;
}

/** NULL where there is nothing to write. */
export function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

export const oneRow = (): number => 1;
