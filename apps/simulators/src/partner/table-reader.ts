/** Reads a delivery of CSV files that its last part describes (Tabular Data Package), as strictly as it is described. */
import { parse } from 'csv-parse/sync';
import type { OpenedPart } from '#client';

export type Row = Readonly<Record<string, string>>;

export interface Tables {
  /** by name; a table that the description names is there, be it empty */
  rows: ReadonlyMap<string, readonly Row[]>;
  /** 1 = first line after the headings; 0 = the table itself */
  faults: readonly { table: string; line: number; column: string }[];
}

interface Field {
  name: string;
  type: string;
  constraints?: {
    required?: boolean;
    enum?: readonly unknown[];
    pattern?: string;
    minimum?: number;
    maximum?: number;
  };
}

interface Resource {
  name: string;
  schema: { fields: readonly Field[] };
}

/** @throws Error of the parser when a part is no CSV, or the last one no JSON */
export function readTables(parts: readonly OpenedPart[]): Tables {
  const described = parts.at(-1);
  const { resources } = JSON.parse(described?.content.toString() ?? '') as { resources: Resource[] };
  const rows = new Map<string, Row[]>();
  const faults: { table: string; line: number; column: string }[] = [];
  for (const [n, { name, schema }] of resources.entries()) {
    const [headings = [], ...lines] = parse(parts[n]?.content ?? '') as string[][];
    const columns = schema.fields.map((field) => field.name);
    if (headings.join() !== columns.join()) faults.push({ table: name, line: 0, column: '' });
    const read = lines.map((values) => Object.fromEntries(columns.map((one, at) => [one, values[at] ?? ''])));
    rows.set(name, read);
    for (const [at, row] of read.entries())
      for (const field of schema.fields)
        if (!fits(field, row[field.name] ?? ''))
          faults.push({ table: name, line: at + 1, column: field.name });
  }
  return { rows, faults };
}

function fits({ type, constraints = {} }: Field, text: string): boolean {
  if (text === '') return constraints.required !== true;
  if (type === 'boolean') return text === 'true' || text === 'false';
  if (constraints.enum !== undefined && !constraints.enum.map(String).includes(text)) return false;
  if (constraints.pattern !== undefined && !new RegExp(`^(?:${constraints.pattern})$`).test(text))
    return false;
  if (type !== 'integer') return true;
  const value = Number(text);
  return (
    /^-?\d+$/.test(text) &&
    value >= (constraints.minimum ?? Number.MIN_SAFE_INTEGER) &&
    value <= (constraints.maximum ?? Number.MAX_SAFE_INTEGER)
  );
}
