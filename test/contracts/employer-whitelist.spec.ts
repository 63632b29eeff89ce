/** The employer view holds nothing outside its whitelist: drawn from its schema, with any member of a dossier added. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowOf } from '#contracts';
import { compileSchemas, type Flow, type HookContext, type ObjectContract } from '#core';
import { contentTools } from '../../apps/broker/src/engine/content-tools.ts';
import dmst from '../../contracts/dmst-portability/schemas/dmst.json' with { type: 'json' };
import { fromSchema, type Schema } from '../builders/from-schema.ts';

const flow = flowOf('employer-portal') as Flow;
const schema = flow.schemas['employer-view'] as Schema;
const accepts = compileSchemas(flow);
const told = { ...(flow.contract.objects['employer-view'] as ObjectContract), schema: 'published' };
const published = compileSchemas({ ...flow, contract: { ...flow.contract, objects: { told } } });

/** Every member that a dossier may hold, at any depth. */
const DICTIONARY = [...new Set(namesIn(dmst))];
const MARK = 'hors-liste';

function namesIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const { properties } = node as { properties?: object };
  return [...Object.keys(properties ?? {}), ...Object.values(node).flatMap(namesIn)];
}

/** Objects of a content with the schema of each: places where a member may be added. */
function places(
  node: Schema,
  value: unknown,
): { object: Record<string, unknown>; known: readonly string[] }[] {
  const here = node.$ref === undefined ? node : (schema.$defs?.[node.$ref.replace('#/$defs/', '')] ?? {});
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => places(here.items ?? {}, item));
  const object = value as Record<string, unknown>;
  return [
    { object, known: Object.keys(here.properties ?? {}) },
    ...Object.entries(object).flatMap(([name, inner]) => places(here.properties?.[name] ?? {}, inner)),
  ];
}

/** A view, and the same with one member of a dossier somewhere that does not know it. */
const spoilt = fc
  .tuple(
    fromSchema(schema),
    fc.nat(),
    fc.constantFrom(...DICTIONARY),
    fc.constantFrom(MARK, [MARK], { a: MARK }),
  )
  .map(([view, at, name, value]) => {
    const copy = structuredClone(view);
    const all = places(schema, copy).filter(({ known }) => !known.includes(name));
    const place = all[at % all.length];
    if (place !== undefined) place.object[name] = value;
    return { view, copy };
  });

/** Sums of figures drawn at random are wrong: statistics have their own tests. */
function withoutStatistics(view: unknown): unknown {
  const { establishment, ...rest } = structuredClone(view) as { establishment?: Record<string, unknown> };
  if (establishment === undefined) return rest;
  delete establishment['statistics'];
  return { ...rest, establishment };
}

function divided(json: unknown): string {
  const content = { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(json)), json };
  const parts =
    flow.hooks['employer-view']?.divide?.(content, { tools: contentTools } as HookContext).parts ?? [];
  expect(parts).toHaveLength(1);
  return Buffer.from(parts[0]?.bytes ?? []).toString();
}

describe('the whitelist of the employer', () => {
  it('is drawn from: views as the schema has them are accepted', () => {
    fc.assert(fc.property(fromSchema(schema), (view) => accepts('employer-view', view).length === 0));
  });

  it('lets no member of a dossier in that it does not name', () => {
    expect(DICTIONARY.length).toBeGreaterThan(100);
    fc.assert(
      fc.property(spoilt, ({ copy }) => {
        const findings = accepts('employer-view', copy);
        expect(findings.map(({ code }) => code)).toContain('schema.additionalProperties');
      }),
      { numRuns: 200 },
    );
  });

  it('lets none out either, were it let in', () => {
    fc.assert(
      fc.property(spoilt, ({ view, copy }) => {
        const shown = divided(withoutStatistics(copy));
        expect(shown).not.toContain(MARK);
        expect(published('told', JSON.parse(shown))).toEqual([]);
        expect(shown).toBe(divided(withoutStatistics(view)));
      }),
      { numRuns: 200 },
    );
  });

  it('names no matricule, no reason, no result, no préreprise', () => {
    const names = namesIn(flow.schemas['published']);
    const never = [
      'ins',
      'rqth',
      'ald',
      'invalidity',
      'history',
      'exams',
      'treatments',
      'oppositions',
      'legalGate',
    ];
    expect(names.filter((name) => never.includes(name))).toEqual([]);
    expect(JSON.stringify(flow.schemas['published'])).not.toMatch(/"(VPRE|ANCI|RQTH|GROSSESSE|INVALIDITE)"/);
  });
});
