import { describe, expect, it } from 'vitest';
import type { IdentityAttribute, IdentityStatus } from '#core';
import { writeStatus } from './dialects.ts';
import { attributeFindings, identityState, insForTheWire } from './status.ts';

const ins = { value: '2751263220749', key: '74', oid: '1.2.250.1.213.1.4.8' };

/** Every set of attributes, with what it does to an identity. */
const ATTRIBUTES: readonly [readonly IdentityAttribute[], 'free' | 'blocked' | 'forbidden'][] = [
  [[], 'free'],
  [['homonyme'], 'free'],
  [['douteuse'], 'blocked'],
  [['fictive'], 'blocked'],
  [['homonyme', 'douteuse'], 'blocked'],
  [['homonyme', 'fictive'], 'forbidden'],
  [['douteuse', 'fictive'], 'forbidden'],
  [['homonyme', 'douteuse', 'fictive'], 'forbidden'],
];

const STATUS: readonly [retrieved: boolean, proven: boolean, IdentityStatus][] = [
  [false, false, 'PROV'],
  [true, false, 'RECUP'],
  [false, true, 'VALI'],
  [true, true, 'QUAL'],
];

const TABLE = STATUS.flatMap(([retrieved, proven, free]) =>
  ATTRIBUTES.map(([attributes, effect]) => ({ retrieved, proven, attributes, effect, free })),
);

describe('the status machine, on all 32 combinations', () => {
  it('is tested on all 32', () => {
    expect(TABLE).toHaveLength(32);
  });

  it.each(TABLE)('retrieved $retrieved, proven $proven, $attributes: $effect', (row) => {
    const state = identityState(row);
    if (row.effect === 'forbidden') {
      expect(state.ok ? [] : state.findings.map(({ code }) => code)).toEqual([
        'identity.attributes-excluded',
      ]);
      return;
    }
    const status = row.effect === 'blocked' ? 'PROV' : row.free;
    expect(state).toEqual({
      ok: true,
      value: {
        status,
        attributes: row.attributes,
        mayAskInsi: row.effect === 'free',
        mayCarryIns: status === 'QUAL',
      },
    });
  });

  it.each(TABLE.filter(({ effect }) => effect !== 'forbidden'))(
    'the matricule leaves for a qualified identity only, in both dialects: $free $attributes',
    (row) => {
      const state = identityState(row);
      const status = state.ok ? state.value.status : 'PROV';
      const verdict = { status, attributes: row.attributes, ins, inDoubt: false };
      const expected = row.retrieved && row.proven && row.effect === 'free' ? ins : undefined;
      expect(insForTheWire(verdict)).toEqual(expected);
      expect(writeStatus(verdict, 'fr-core').ins).toEqual(expected);
      expect(writeStatus(verdict, 'hl7-0445').ins).toEqual(expected);
    },
  );

  it('keeps the matricule back from a status that forgot its attribute, and from an identity in doubt', () => {
    const qualified = { status: 'QUAL', attributes: [], ins, inDoubt: false } as const;
    expect(insForTheWire(qualified)).toEqual(ins);
    expect(insForTheWire({ ...qualified, attributes: ['douteuse'] })).toBeUndefined();
    expect(insForTheWire({ ...qualified, attributes: ['fictive'] })).toBeUndefined();
    expect(insForTheWire({ ...qualified, inDoubt: true })).toBeUndefined();
  });

  it('refuses attributes it does not know or sees twice', () => {
    expect(attributeFindings(['vip'])[0]?.code).toBe('identity.attribute-unknown');
    expect(attributeFindings(['homonyme', 'homonyme'])[0]?.code).toBe('identity.attribute-repeated');
  });
});
