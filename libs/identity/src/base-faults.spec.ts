import { expect, it } from 'vitest';
import { baseFaults, NAMED_MAX } from './base-faults.ts';
import type { IdentityRecord } from './collisions.ts';

const ZOE = {
  birthName: 'ADRUN',
  firstNames: ['ZOE'],
  sex: 'F',
  birthDate: '1975-12-31',
  birthPlace: '63220',
} as const;
const INS = { value: '2751263220749', key: '74', oid: '1.2.250.1.213.1.4.8' };
const OTHER = { value: '1810163220751', key: '40', oid: '1.2.250.1.213.1.4.8' };
const LAURENT = { birthName: 'ADRDEUX', firstNames: ['LAURENT'], sex: 'M', birthDate: '1981-01-01' } as const;

const codes = (records: IdentityRecord[]) =>
  Object.fromEntries(
    [...baseFaults(records)].map(([ref, { reasons, ...refs }]) => [
      ref,
      { ...refs, codes: reasons.map(({ code }) => code) },
    ]),
  );

it('one matricule on two persons is a collision, told on both records', () => {
  expect(
    codes([
      { ref: 'a', traits: ZOE, ins: INS },
      { ref: 'b', traits: LAURENT, ins: INS },
      { ref: 'c', traits: { ...ZOE, birthName: 'AUTRE' }, ins: OTHER },
    ]),
  ).toEqual({
    a: { collidesWith: ['b'], codes: ['base.collision'] },
    b: { collidesWith: ['a'], codes: ['base.collision'] },
  });
});

it('one person in two records is a duplicate, whatever their matricules', () => {
  expect(
    codes([
      { ref: 'a', traits: ZOE, ins: INS },
      { ref: 'b', traits: { ...ZOE, birthName: 'Adrun' }, ins: OTHER },
    ]),
  ).toEqual({
    a: { duplicates: ['b'], codes: ['base.duplicate'] },
    b: { duplicates: ['a'], codes: ['base.duplicate'] },
  });
});

it('a base of one person over and over names so many beside each record', () => {
  const records = Array.from({ length: 200 }, (_, n) => ({ ref: `r${n}`, traits: ZOE, ins: INS }));
  const faults = baseFaults(records);
  expect(faults.size).toBe(200);
  for (const [ref, { duplicates = [] }] of faults) {
    expect(duplicates).toHaveLength(NAMED_MAX);
    expect(duplicates).not.toContain(ref);
  }
});

it('a sound base has none', () => {
  expect(
    codes([
      { ref: 'a', traits: ZOE, ins: INS },
      { ref: 'b', traits: LAURENT, ins: OTHER },
    ]),
  ).toEqual({});
});
