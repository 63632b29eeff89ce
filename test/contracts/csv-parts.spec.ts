/** Sheets as CSV: read back by another library, they are the JSON they were made of, and their description is true. */
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { flowOf } from '#contracts';
import type { HookContext, Part } from '#core';
import { contentTools } from '../../apps/broker/src/engine/content-tools.ts';
import { json, samples } from './flow-samples.ts';

type Row = Record<string, string>;

interface Field {
  name: string;
  type: string;
  constraints: { required?: boolean; enum?: unknown[]; pattern?: string; minimum?: number; maximum?: number };
}

interface Package {
  resources: { name: string; schema: { fields: Field[] } }[];
}

function delivered(
  flowId: string,
  object: string,
  sample: unknown,
): { parts: Part[]; tables: Map<string, Row[]>; fields: Map<string, Field[]> } {
  const content = { mediaType: 'application/json', bytes: Buffer.from(''), json: sample };
  const divided = flowOf(flowId)?.hooks[object]?.divide?.(content, { tools: contentTools } as HookContext);
  const parts = divided?.parts ?? [];
  const description = JSON.parse(Buffer.from(parts.at(-1)?.bytes ?? []).toString()) as Package;
  const read = ({ bytes }: Part) => parse(Buffer.from(bytes ?? []), { columns: true }) as Row[];
  return {
    parts,
    tables: new Map(description.resources.map(({ name }, n) => [name, read(parts[n] as Part)])),
    fields: new Map(description.resources.map(({ name, schema }) => [name, schema.fields])),
  };
}

const all = (['sumer', 'mcp'] as const).flatMap((id) => {
  const flow = flowOf(id);
  if (flow === undefined) return [];
  return samples(flow, 'valid')
    .filter(({ object }) => object !== 'acknowledgement')
    .map(({ file, object, path }) => [`${id} ${file}`, id, object, json(path)] as const);
});

describe.each(all)('%s', (_, flow, object, sample) => {
  const { parts, tables, fields } = delivered(flow, object, sample);

  it('is CSV, then JSON', () => {
    expect(parts.map(({ mediaType }) => mediaType)).toEqual([
      ...[...tables].map(() => 'text/csv'),
      'application/json',
    ]);
  });

  it('has the columns that the description names, and values that it allows', () => {
    for (const [name, rows] of tables) {
      const described = fields.get(name) ?? [];
      for (const row of rows) {
        expect(Object.keys(row)).toEqual(described.map((field) => field.name));
        for (const field of described)
          expect(allows(field, row[field.name] ?? ''), `${name} ${field.name}`).toBe(true);
      }
    }
  });

  it('says nothing of who was informed when', () => {
    expect(parts.map(({ bytes }) => Buffer.from(bytes ?? []).toString()).join('')).not.toContain('informed');
  });
});

it('each exposure of a sheet is a row under its sheet', () => {
  const sheet = json(
    `${import.meta.dirname}/../../contracts/sumer/samples/valid/questionnaire.private.json`,
  ) as {
    sheetId: string;
    exposures: { agent: string; ppe: string[] }[];
  };
  const rows = delivered('sumer', 'questionnaire', sheet).tables.get('expositions') ?? [];
  expect(rows.map(({ sheetId, agent, ppe }) => [sheetId, agent, ppe])).toEqual(
    sheet.exposures.map(({ agent, ppe }) => [sheet.sheetId, agent, ppe.join('|')]),
  );
});

function allows({ type, constraints }: Field, text: string): boolean {
  if (text === '') return constraints.required !== true;
  if (type === 'boolean') return text === 'true' || text === 'false';
  if (type === 'integer')
    return Number(text) >= (constraints.minimum ?? 0) && Number(text) <= (constraints.maximum ?? 0);
  const inEnum = constraints.enum === undefined || constraints.enum.includes(text);
  return (
    inEnum && (constraints.pattern === undefined || new RegExp(`^(?:${constraints.pattern})$`).test(text))
  );
}
