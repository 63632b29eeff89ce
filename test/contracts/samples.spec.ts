import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contractHash, flowOf, flows } from '#contracts';
import { compileSchemas, contractFolder, type Finding, type Flow, insKey } from '#core';
import { json, ROOT, samples, told } from './flow-samples.ts';

function place(finding: { pointer: string; code: string }): string {
  return `${finding.pointer} ${finding.code}`;
}

it('every folder of contracts/ is a flow of the table of contents, and the reverse', () => {
  const folders = readdirSync(ROOT).filter((name) => statSync(join(ROOT, name)).isDirectory());
  expect(folders.toSorted()).toEqual([...new Set(flows.map(({ contract }) => contract.flow))].toSorted());
});

it('an unknown flow is undefined', () => {
  expect(flowOf('no-such-flow')).toBeUndefined();
});

describe.each(flows.map((flow) => [contractFolder(flow.contract), flow] as const))('%s', (_id, flow) => {
  const { contract, schemas, hooks } = flow;
  const check = compileSchemas(flow);

  it('is found by its name, the newest version first', () => {
    const newest = flows.findLast(({ contract: { flow: name } }) => name === contract.flow);
    expect(flowOf(contract.flow)).toBe(newest);
  });

  it('has schemas that are strict JSON Schema 2020-12, every one', () => {
    const [object = ''] = Object.keys(contract.objects);
    for (const name of Object.keys(schemas)) expect(() => check(object, null, name)).not.toThrow();
  });

  it('survives a JSON round trip, contract and schemas', () => {
    expect(JSON.parse(JSON.stringify({ contract, schemas }))).toEqual({ contract, schemas });
  });

  it('is frozen to the bottom', () => {
    const loose: string[] = [];
    walk(flow, '', (value, pointer) => {
      if (!Object.isFrozen(value)) loose.push(pointer);
    });
    expect(loose).toEqual([]);
  });

  it('has a hash that one changed word changes', () => {
    const changed = { contract: { ...contract, title: `${contract.title}.` }, schemas };
    expect(contractHash(flow)).toMatch(/^[0-9a-f]{64}$/);
    expect(contractHash(JSON.parse(JSON.stringify({ contract, schemas })) as Flow)).toBe(contractHash(flow));
    expect(contractHash(changed)).not.toBe(contractHash(flow));
  });

  it('names only schemas, hooks and answers that exist', () => {
    for (const object of Object.values(contract.objects)) {
      const { bulk } = object;
      for (const name of bulk === undefined ? [object.schema] : [bulk.schema, bulk.header ?? bulk.schema])
        expect(Object.keys(schemas)).toContain(name);
      const { answeredBy, refusedBy } = object.opens ?? {};
      for (const answer of [answeredBy, refusedBy]) {
        if (answer !== undefined) expect(contract.objects[answer]?.answers).toBe(true);
      }
    }
    expect(Object.keys(contract.objects)).toEqual(expect.arrayContaining(Object.keys(hooks)));
  });

  it('has samples of each object, good and bad', () => {
    const objects = Object.keys(contract.objects).toSorted();
    for (const kind of ['valid', 'invalid'] as const) {
      expect([...new Set(samples(flow, kind).map(({ object }) => object))].toSorted()).toEqual(objects);
    }
  });

  it.each(samples(flow, 'valid').map((s) => [s.file, s] as const))('accepts %s', (_, sample) => {
    expect(told(flow, check, sample)).toEqual([]);
    expect(statSync(sample.path).size).toBeLessThanOrEqual(contract.objects[sample.object]?.maxBytes ?? 0);
  });

  it.each(samples(flow, 'invalid').map((s) => [s.file, s] as const))(
    'refuses %s for exactly its reasons',
    (_, sample) => {
      const expected = json(sample.path.replace(/\.(nd)?json$/, '.findings.json')) as Finding[];
      expect(expected.length).toBeGreaterThan(0);
      expect(told(flow, check, sample).map(place).toSorted()).toEqual(expected.map(place).toSorted());
    },
  );

  it.each(Object.entries(schemas))('schema %s is closed and bounded everywhere', (_, schema) => {
    const open: string[] = [];
    walk(schema, '', (node, pointer) => open.push(...looseness(node, pointer)));
    expect(open).toEqual([]);
  });
});

it('every matricule of the valid samples is of the INSi test set, or of an invented commune', () => {
  const known = /^(2751263220749|1090763220834|180032B020401|297022A020778|1090763220888|[12].{4}.{2}99.*)$/;
  const strange: string[] = [];
  for (const flow of flows) {
    for (const { path } of samples(flow, 'valid')) {
      walk(json(path), '', (value) => {
        if (typeof value !== 'object' || value === null || !('oid' in value)) return;
        const { value: matricule, key } = value as { value?: unknown; key?: unknown };
        if (!known.test(String(matricule)) || insKey(String(matricule)) !== key) strange.push(path);
      });
    }
  }
  expect(strange).toEqual([]);
});

function walk(value: unknown, pointer: string, visit: (value: unknown, pointer: string) => void): void {
  visit(value, pointer);
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) walk(inner, `${pointer}/${name}`, visit);
}

/** What of a schema would let anything in, at any size. Only `properties` may hold a member named `type`. */
function looseness(node: unknown, pointer: string): string[] {
  if (typeof node !== 'object' || node === null || pointer.endsWith('/properties')) return [];
  const schema = node as Record<string, unknown>;
  const closed = schema['additionalProperties'] === false || schema['unevaluatedProperties'] === false;
  const shaped = ['pattern', 'format', 'enum', 'const'].some((keyword) => keyword in schema);
  return [
    ...(schema['type'] === 'object' && !closed ? [`${pointer} open object`] : []),
    ...(schema['type'] === 'array' && !('maxItems' in schema && 'items' in schema)
      ? [`${pointer} endless list`]
      : []),
    ...(schema['type'] === 'string' && !('maxLength' in schema && shaped) ? [`${pointer} endless text`] : []),
    ...(['number', 'integer'].includes(String(schema['type'])) &&
    !('minimum' in schema && 'maximum' in schema)
      ? [`${pointer} endless number`]
      : []),
    ...(['patternProperties', 'propertyNames'].some((keyword) => keyword in schema)
      ? [`${pointer} free names`]
      : []),
  ];
}
