import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Content, canonicalJson, type HookContext, type Part, visiblePart } from '#core';
import type { Dmst } from '#core/dmst';
import { divideResponse } from './response.ts';
import fullSample from './samples/valid/response.full.json' with { type: 'json' };
import schema from './schemas/dmst.json' with { type: 'json' };

/** Members of items 1 and 2, copied by hand from R.4624-45-4 and not from the schema: the schema is what is judged. */
const PART_A = [
  'schemaVersion',
  'profile',
  'identity',
  'services',
  'employments',
  'followUp',
  'exposures',
] as const;

const context: HookContext = {
  messageId: '0192f7a0-0000-7000-8000-00000000000a',
  sender: { id: 'spsti-a', name: 'SPSTI A' },
  receivedAt: '2026-11-22T08:00:00.000Z',
  digest: `sha-256:${'a'.repeat(64)}`,
  lastVisit: '2026-05-11',
  tools: {} as HookContext['tools'],
};

function content(json: unknown): Content {
  return { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(json)), json };
}

function partsOf(json: unknown, more: Partial<HookContext> = {}): [Part, Part] {
  const { parts } = divideResponse(content(json), { ...context, ...more });
  const [a, h] = parts;
  if (a?.audience !== 'enc' || h?.audience !== 'enc-h') throw new Error('parts out of order');
  return [a, h];
}

/** Everything in a part, text and embedded data, as one text. */
function allOf({ document }: Part): string {
  return canonicalJson({
    ...document,
    attachment: {
      ...document?.attachment,
      content: Buffer.from(document?.attachment?.content ?? []).toString(),
    },
  });
}

function embedded({ document }: Part): unknown {
  return JSON.parse(Buffer.from(document?.attachment?.content ?? []).toString());
}

interface Node {
  [keyword: string]: unknown;
  $ref?: string;
  enum?: unknown[];
  const?: unknown;
  type?: string;
  format?: string;
  anyOf?: Node[];
  items?: Node;
  properties?: Record<string, Node>;
  required?: string[];
}

/** Any dossier that the schema describes, from the schema itself: whoever adds a member adds it to this test. */
function anything(node: Node): fc.Arbitrary<unknown> {
  if (node.$ref !== undefined) {
    return anything((schema.$defs as Record<string, Node>)[node.$ref.replace('#/$defs/', '')] as Node);
  }
  if (node.const !== undefined) return fc.constant(node.const);
  if (node.enum !== undefined) return fc.constantFrom(...node.enum);
  if (node.anyOf !== undefined) return anything(node.anyOf[0] as Node);
  if (node.type === 'array') return fc.array(anything(node.items as Node), { maxLength: 2 });
  if (node.type === 'object') {
    const members = Object.entries(node.properties ?? {}).map(([name, inner]) => [name, anything(inner)]);
    return fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<unknown>>, {
      requiredKeys: node.required ?? [],
      noNullPrototype: true,
    });
  }
  if (node.type === 'boolean') return fc.boolean();
  if (node.type === 'integer' || node.type === 'number') return fc.integer({ min: 0, max: 9 });
  if (node.format === 'date') return fc.integer({ min: 1950, max: 2035 }).map((year) => `${year}-06-15`);
  if (node.format === 'date-time') return fc.constant('2026-06-15T08:00:00Z');
  return fc.stringMatching(/^[a-z]{8}$/);
}

const dossier = anything(schema as Node) as fc.Arbitrary<Dmst>;

/** `from` with the part A of `a`: two dossiers that differ in part H alone. */
function withPartA(from: Dmst, a: Dmst): Dmst {
  const health = Object.entries(from).filter(([name]) => !PART_A.includes(name as (typeof PART_A)[number]));
  const shown = PART_A.flatMap((name) => (a[name] === undefined ? [] : [[name, a[name]] as const]));
  const { treatingDoctor: _, ...adminHealth } = from.adminHealth ?? {};
  const doctor = a.adminHealth?.treatingDoctor;
  return {
    ...(Object.fromEntries([...health, ...shown]) as unknown as Dmst),
    adminHealth: { ...adminHealth, ...(doctor === undefined ? {} : { treatingDoctor: doctor }) },
  };
}

describe('part A', () => {
  it('is the same whatever part H holds, text and embedded data alike', () => {
    fc.assert(
      fc.property(dossier, dossier, (one, other) => {
        const two = withPartA(other, one);
        const elsewhere = { digest: `sha-256:${'b'.repeat(64)}`, lastVisit: '2031-01-01' };
        expect(allOf(partsOf(two, elsewhere)[0])).toBe(allOf(partsOf(one)[0]));
      }),
      { numRuns: 200 },
    );
  });

  it('is the same whether a follow-up is motivated by health or not', () => {
    const reasons = fc.subarray(['RQTH', 'INVALIDITE', 'GROSSESSE']);
    fc.assert(
      fc.property(dossier, reasons, (one, health) => {
        const followUp = one.followUp.map((f) => ({
          ...f,
          triggers: (f.triggers ?? []).filter((t) => t === 'CMR'),
        }));
        const moved = followUp.map((f) => ({ ...f, triggers: [...health, ...f.triggers] }));
        expect(allOf(partsOf({ ...one, followUp: moved })[0])).toBe(allOf(partsOf({ ...one, followUp })[0]));
      }),
    );
  });

  it('holds nothing but items 1 and 2, and all of them', () => {
    const [a] = partsOf(fullSample);
    expect(Object.keys(embedded(a) as object).toSorted()).toEqual([...PART_A, 'adminHealth'].toSorted());
    expect(embedded(a)).toMatchObject({
      adminHealth: { treatingDoctor: fullSample.adminHealth.treatingDoctor },
      identity: fullSample.identity,
      exposures: fullSample.exposures,
      employments: fullSample.employments,
    });
    expect(embedded(a)).not.toHaveProperty('adminHealth.rqth');
  });

  it('is a rendering of its own that names its readers', () => {
    const [a, h] = partsOf(fullSample);
    expect(a.document).toMatchObject({ audience: 'A', readers: expect.stringContaining('IPRP') as string });
    expect(h.document).toMatchObject({ audience: 'AH' });
    expect(h.document?.readers).not.toContain('IPRP');
    expect(a.document?.reference).not.toContain('a'.repeat(64));
  });
});

describe('part H', () => {
  it('is the whole without what is about third parties, and their blocks are counted', () => {
    const { thirdPartyInfo, ...rest } = fullSample;
    expect(divideResponse(content(fullSample), context).removed).toBe(thirdPartyInfo.length);
    expect(embedded(partsOf(fullSample)[1])).toEqual(rest);
  });

  it('of any dossier says nothing of third parties', () => {
    fc.assert(
      fc.property(dossier, (one) => {
        const marked = { ...one, thirdPartyInfo: [{ about: 'UNTEL', text: 'UNTEL' }] };
        for (const part of partsOf(marked)) expect(allOf(part)).not.toContain('UNTEL');
      }),
      { numRuns: 50 },
    );
  });
});

it('a vendor PDF is wholly part H, not a byte changed', () => {
  const bytes = Buffer.from('%PDF-1.7 fictif');
  const { parts, removed } = divideResponse({ mediaType: 'application/pdf', bytes }, context);
  expect(parts).toEqual([{ audience: 'enc-h', mediaType: 'application/pdf', bytes }]);
  expect(removed).toBe(0);
});

it('the dossier received is left as it was', () => {
  const before = JSON.stringify(fullSample);
  partsOf(fullSample);
  expect(JSON.stringify(fullSample)).toBe(before);
});

it('every member of the dossier is classified at the root of the schema', () => {
  const classified = Object.entries(schema.properties).map(([name, node]) => [name, node['x-visibility']]);
  const shown = classified.filter(([, visibility]) => visibility !== 'H').map(([name]) => name);
  expect(classified.filter(([, visibility]) => visibility === undefined)).toEqual([]);
  expect(shown.toSorted()).toEqual([...PART_A, 'adminHealth'].toSorted());
  expect(visiblePart(schema, { neverHeardOf: 'x' })).toEqual({});
});
