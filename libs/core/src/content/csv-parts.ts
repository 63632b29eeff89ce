/**
 * Content as CSV files and their schema, for recipients that read tables: what each column may hold is taken from the
 * JSON Schema of the flow, so that there is one truth. The last part describes the others (Tabular Data Package,
 * specs.frictionlessdata.io, v1).
 */
import type { ContentTools, CsvValue } from '../content-tools.ts';
import type { Part } from '../contract.ts';
import { valueAt } from './pointer.ts';

export interface CsvColumn {
  name: string;
  /** pointer inside a row */
  at: string;
  /** in every row, whatever the row */
  constant?: CsvValue;
}

export interface CsvTable {
  /** name of the file without its extension */
  name: string;
  /** French */
  title: string;
  columns: readonly CsvColumn[];
  /** JSON Schema of a row */
  schema: object;
  rows: readonly unknown[];
}

/** Between the values of a list in one field. */
const SEPARATOR = '|';

/** One CSV part a table, then the description of all. */
export function csvParts(
  name: string,
  title: string,
  tables: readonly CsvTable[],
  tools: Pick<ContentTools, 'csv'>,
): Part[] {
  const files = tables.map(({ columns, rows }) =>
    tools.csv(
      columns.map((column) => column.name),
      rows.map((row) => columns.map((column) => cell(row, column))),
    ),
  );
  const description = {
    profile: 'tabular-data-package',
    name,
    title,
    resources: tables.map((table) => ({
      profile: 'tabular-data-resource',
      name: table.name,
      path: `${table.name}.csv`,
      title: table.title,
      mediatype: 'text/csv',
      encoding: 'utf-8',
      schema: { fields: table.columns.map((column) => fieldOf(table.schema, column)) },
    })),
  };
  return [
    ...files.map((bytes): Part => ({ audience: 'enc', mediaType: 'text/csv', bytes })),
    { audience: 'enc', mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(description)) },
  ];
}

function cell(row: unknown, { at, constant }: CsvColumn): CsvValue {
  if (constant !== undefined) return constant;
  const value = valueAt(row, at);
  if (Array.isArray(value)) return value.join(SEPARATOR);
  return value as CsvValue;
}

interface Node {
  $ref?: string;
  $defs?: Readonly<Record<string, Node>>;
  title?: string;
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  required?: readonly string[];
  properties?: Readonly<Record<string, Node>>;
}

/** Field of a Table Schema. A list is a text of values between separators. */
function fieldOf(schema: object, { name, at, constant }: CsvColumn): object {
  if (constant !== undefined) return { name, type: 'string', constraints: { required: true } };
  const root = schema as Node;
  let node = resolved(root, root);
  let required = true;
  for (const step of at.split('/').slice(1)) {
    required &&= node.required?.includes(step) === true;
    node = resolved(root, node.properties?.[step] ?? {});
  }
  const { title, pattern, minimum, maximum } = node;
  const allowed = node.enum ?? (node.const === undefined ? undefined : [node.const]);
  const list = node.type === 'array';
  return {
    name,
    ...(title === undefined ? {} : { title }),
    type: node.type === 'integer' || node.type === 'number' || node.type === 'boolean' ? node.type : 'string',
    ...(list ? { description: `valeurs séparées par ${SEPARATOR}` } : {}),
    constraints: {
      ...(required && !list ? { required } : {}),
      ...(allowed === undefined ? {} : { enum: allowed }),
      ...(pattern === undefined ? {} : { pattern: bare(pattern) }),
      ...(minimum === undefined ? {} : { minimum }),
      ...(maximum === undefined ? {} : { maximum }),
    },
  };
}

function resolved(root: Node, node: Node): Node {
  const name = node.$ref?.replace('#/$defs/', '');
  return name === undefined ? node : { ...root.$defs?.[name], ...node };
}

/** Patterns of a Table Schema match the whole field. */
function bare(pattern: string): string {
  return pattern.replace(/^\^|\$$/g, '');
}
