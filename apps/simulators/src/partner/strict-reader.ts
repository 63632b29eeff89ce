/** Validates what came against the schema that Relais publishes: as strictly as the real recipient would. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { RelaisClient } from '#client';

/** Pointers of what is wrong; empty = conforms. */
export type StrictReader = (json: unknown) => string[];

const known = new WeakMap<RelaisClient, Map<string, Promise<StrictReader>>>();

/** @param schema name in `GET /v1/flows/{flow}` → `schemas` */
export function strictReader(client: RelaisClient, flow: string, schema: string): Promise<StrictReader> {
  const readers = known.get(client) ?? new Map<string, Promise<StrictReader>>();
  known.set(client, readers);
  const name = `${flow}/${schema}`;
  const reader = readers.get(name) ?? compile(client, flow, schema);
  readers.set(name, reader);
  return reader;
}

async function compile(client: RelaisClient, flow: string, schema: string): Promise<StrictReader> {
  const { schemas } = (await client.flow(flow)) as { schemas: Record<string, object> };
  const published = schemas[schema];
  if (published === undefined) throw new Error(`${flow}: no schema ${schema}`);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validate: ValidateFunction = ajv.compile(published);
  return (json) =>
    validate(json)
      ? []
      : (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
}
