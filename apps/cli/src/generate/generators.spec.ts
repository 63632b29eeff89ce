import { describe, expect, it } from 'vitest';
import { flowOf } from '#contracts';
import { compileSchemas, type Finding, type Flow, findingsOf, lineFindings } from '#core';
import type { Generated } from './generated.ts';
import { contentsOf, GENERATORS } from './generators.ts';
import { createWorld, take } from './world.ts';

function flowNamed(id: string): Flow {
  const flow = flowOf(id);
  if (flow === undefined) throw new Error(`${id} is no flow`);
  return flow;
}

describe.each(Object.entries(GENERATORS))('%s', (id, generator) => {
  const flow = flowNamed(id);
  const bySchema = compileSchemas(flow);

  /** As accept does, on the first day of the campaign where there is one; `first` of its object = the header. */
  function findings({ object, json }: Generated, first: boolean): Finding[] {
    const contract = flow.contract.objects[object];
    if (contract === undefined) throw new Error(`${object} is no object of ${id}`);
    const content = { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(json)), json };
    const named = {
      inForce: { flow, open: true, hash: '', schemaFindings: bySchema },
      flow: id,
      object,
      contract,
    };
    const context = { now: flow.contract.campaign?.opensAt ?? '2026-06-30T08:00:00.000Z', recipients: [] };
    const { bulk } = contract;
    if (bulk === undefined) return findingsOf(content, named, context);
    return first && bulk.header !== undefined
      ? findingsOf(content, named, context, bulk.header)
      : [...lineFindings({ n: 1, bytes: content.bytes }, named, bulk)];
  }

  it('yields only what its contract accepts, whatever the seed', () => {
    for (const seed of [0, 1, 42, 20_260_630]) {
      const generated = [...take(generator.generate(createWorld({ seed })), 60)];
      expect(generated.length).toBeGreaterThan(0);
      for (const [n, one] of generated.entries())
        expect(findings(one, n === 0), `seed ${seed}, ${one.object} ${n}`).toEqual([]);
    }
  });

  it('yields the objects that the table announces, and no other', () => {
    // the rarest of several (a refusal) may be long in coming
    const count = generator.objects.length === 1 ? 50 : 2000;
    const yielded = [...take(generator.generate(createWorld({ seed: 1 })), count)].map(
      ({ object }) => object,
    );
    expect([...new Set(yielded)].toSorted()).toEqual([...generator.objects].toSorted());
  });

  it('is the same, byte for byte, for the same seed, and another for another seed', () => {
    const [object] = generator.objects;
    const told = (seed: number) =>
      JSON.stringify([...take(contentsOf(generator, object, createWorld({ seed })), 20)]);
    expect(told(5)).toBe(told(5));
    expect(told(5)).not.toBe(told(6));
  });
});
