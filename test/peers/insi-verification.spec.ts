/** Verification of identities, in the wire form that is ours. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Traits } from '#core';
import {
  anInsiService,
  failure,
  type InsiService,
  NIR,
  PERSON,
  SYSTEM,
  signal,
  ZOE,
} from '../builders/insi-service.ts';

let insi: InsiService;
beforeAll(async () => {
  insi = await anInsiService();
});
afterEach(() => insi.simulator.behave({}));
afterAll(() => insi.close());

describe('verification, in the form that is ours', () => {
  const INS = { value: '2751263220749', key: '74', oid: NIR };

  it('says yes for a right pair and no for any other', async () => {
    const client = insi.client();
    const verify = (ins: typeof INS, sent: Traits) => client.verify({ ins, traits: sent }, PERSON, signal);
    expect(await verify(INS, ZOE)).toEqual({ confirmed: true, code: 'confirmed' });
    for (const [ins, sent] of [
      [{ ...INS, key: '75' }, ZOE],
      [{ ...INS, oid: '1.2.250.1.213.1.4.9' }, ZOE],
      [{ ...INS, value: '2751263220748' }, ZOE],
      [INS, { ...ZOE, birthName: 'ADRDEUX' }],
      [INS, { ...ZOE, firstNames: ['ZELIE'] }],
      [INS, { ...ZOE, sex: 'M' as const }],
      [INS, { ...ZOE, birthDate: '1975-12-30' }],
      [INS, { ...ZOE, birthPlace: '63113' }],
    ] as const) {
      expect(await verify(ins, sent)).toEqual({ confirmed: false, code: 'not-confirmed' });
    }
  });

  it('refuses what is not of its form before any call', async () => {
    const before = insi.simulator.calls().length;
    const bad = [
      { ins: { ...INS, value: '12' }, traits: ZOE },
      { ins: INS, traits: { ...ZOE, birthName: 'Adrun' } },
    ];
    for (const identity of bad) {
      expect((await failure(insi.client().verify(identity, PERSON, signal))).code).toBe('identity.invalid');
    }
    expect(insi.simulator.calls()).toHaveLength(before);
  });

  it('answers a list in its order, in lots of a hundred, without sending what is invalid', async () => {
    const items = Array.from({ length: 250 }, (_, index) => ({
      ref: `line-${index}`,
      ins: INS,
      traits:
        index % 10 === 0
          ? { ...ZOE, birthName: 'zoe' }
          : index % 2 === 0
            ? ZOE
            : { ...ZOE, sex: 'M' as const },
    }));
    const before = insi.simulator.calls().length;
    const results = await insi.client({ maxCallsPerPerson: 1000 }).verifyBatch(items, SYSTEM, signal);
    expect(results.map(({ ref }) => ref)).toEqual(items.map(({ ref }) => ref));
    expect(results.slice(0, 3)).toEqual([
      { ref: 'line-0', confirmed: false, code: 'invalid' },
      { ref: 'line-1', confirmed: false, code: 'not-confirmed' },
      { ref: 'line-2', confirmed: true, code: 'confirmed' },
    ]);
    expect(results.filter(({ confirmed }) => confirmed)).toHaveLength(100);
    expect(insi.simulator.calls().slice(before)).toHaveLength(3);
    expect(insi.simulator.calls().at(-1)).toMatchObject({
      operation: 'verification',
      certificate: 'INSI-AUTO',
    });
    expect(await insi.client().verifyBatch([], SYSTEM, signal)).toEqual([]);
    const twice = [items[1], items[1]] as never;
    expect((await failure(insi.client().verifyBatch(twice, SYSTEM, signal))).code).toBe('identity.invalid');
  });

  it('is held when the answer is not one yes or no for each', async () => {
    insi.simulator.behave({ wrong: 'garbage' });
    const error = await failure(insi.client().verify({ ins: INS, traits: ZOE }, PERSON, signal));
    expect([error.code, error.next]).toEqual(['transport.bad-answer', 'hold']);
    insi.simulator.behave({ down: '503' });
    expect((await failure(insi.client().verify({ ins: INS, traits: ZOE }, PERSON, signal))).code).toBe(
      'insi.unavailable',
    );
  });
});
