import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ins, Traits } from '#core';
import { findCollisions, findDuplicates, type IdentityRecord, sameTraits } from './collisions.ts';

const zoe: Traits = { birthName: 'ADRUN', firstNames: ['ZOE'], sex: 'F', birthDate: '1975-12-31' };
const matricule = (value: string, oid = '1.2.250.1.213.1.4.8'): Ins => ({ value, key: '74', oid });
const one = matricule('2751263220749');
const two = matricule('1090763220834');
const record = (ref: string, traits: Partial<Traits>, ins?: Ins): IdentityRecord => ({
  ref,
  traits: { ...zoe, ...traits },
  ...(ins && { ins }),
});

describe('a collision', () => {
  it('is one matricule with traits that differ, named', () => {
    const records = [
      record('1', {}, one),
      record('2', { birthName: 'ADRUM' }, one),
      record('3', { birthDate: '1975-12-30' }, one),
      record('4', { birthName: 'CORSE' }, two),
      record('5', { birthName: 'NESSI' }),
    ];
    expect(findCollisions(records)).toEqual([
      { refs: ['1', '2', '3'], differing: ['birthName', 'birthDate'] },
    ]);
  });

  it('is none when only the writing differs, or one record knows more', () => {
    const records = [
      record('1', { birthName: 'Adrun' }, matricule('297022a020778')),
      record('2', { firstNames: ['ZOE', 'MARIE'], birthPlace: '63220' }, matricule('297022A020778')),
      record('3', { firstNames: ['Zoé-Marie'], birthPlace: '99999' }, matricule('297022A020778')),
    ];
    expect(findCollisions(records)).toEqual([]);
    expect(findCollisions(records.toReversed())).toEqual([]);
  });

  it('shows between two places even when a third record knows none', () => {
    const records = [
      record('1', {}, one),
      record('2', { birthPlace: '63220' }, one),
      record('3', { birthPlace: '63221' }, one),
    ];
    expect(findCollisions(records)).toEqual([{ refs: ['1', '2', '3'], differing: ['birthPlace'] }]);
  });

  it('is none between a NIR and a NIA of the same digits', () => {
    const nia = matricule(one.value, '1.2.250.1.213.1.4.9');
    expect(findCollisions([record('1', {}, one), record('2', { birthName: 'CORSE' }, nia)])).toEqual([]);
  });
});

describe('a duplicate', () => {
  it.each([
    ['several matricules', one, two, 'different'],
    ['one matricule under two local identifiers', one, one, 'same'],
    ['a matricule on one side only', one, undefined, 'unknown'],
    ['no matricule at all', undefined, undefined, 'unknown'],
  ] as const)('is the same traits with %s', (_, first, second, ins) => {
    const records = [
      record('1', {}, first),
      record('2', { birthName: 'Adrun' }, second),
      record('3', { sex: 'M' }),
    ];
    expect(findDuplicates(records)).toEqual([{ refs: ['1', '2'], ins }]);
  });

  it('is never a likeness', () => {
    const near = [
      { birthName: 'ADRUM' },
      { birthName: 'ADRU' },
      { firstNames: ['ZOEE'] },
      { firstNames: ['MARIE', 'ZOE'] },
      { birthDate: '1975-12-30' },
      { sex: 'M' as const },
    ];
    for (const change of near) expect(findDuplicates([record('1', {}), record('2', change)])).toEqual([]);
  });

  it('agrees with a longer list of given names and an unknown place, and says it once', () => {
    const records = [
      record('short', {}),
      record('long', { firstNames: ['ZOE', 'MARIE'], birthPlace: '63220' }),
      record('other', { firstNames: ['ZOE', 'ANNE'], birthPlace: '63220' }),
    ];
    expect(findDuplicates(records)).toEqual([{ refs: ['short', 'long', 'other'], ins: 'unknown' }]);
    expect(findDuplicates(records.slice(1))).toEqual([]);
  });

  it('of two writings that agree is one duplicate', () => {
    const records = [
      record('1', { firstNames: ['ZOE', 'MARIE'] }),
      record('2', {}),
      record('3', { birthName: 'X' }),
    ];
    expect(findDuplicates(records)).toEqual([{ refs: ['1', '2'], ins: 'unknown' }]);
  });

  it('leaves alone traits that have no form in A–Z', () => {
    expect(
      findDuplicates([record('1', { birthName: 'Иванов' }), record('2', { birthName: 'Иванов' })]),
    ).toEqual([]);
  });
});

describe('both', () => {
  it('hold nobody who is alone, and every record that was copied', () => {
    const letters = fc.stringMatching(/^[A-Z]{2,8}$/);
    const people = fc.uniqueArray(letters, { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(people, fc.nat(), (names, n) => {
        const records = names.map((birthName, i) =>
          record(`${i}`, { birthName }, matricule(`${2751263220000 + i}`)),
        );
        expect([...findCollisions(records), ...findDuplicates(records)]).toEqual([]);
        const copied = records[n % records.length] as IdentityRecord;
        const copy = { ...copied, ref: 'copy' };
        expect(findDuplicates([...records, copy])).toEqual([{ refs: [copied.ref, 'copy'], ins: 'same' }]);
        const impostor = record('impostor', { birthName: 'X' }, copied.ins);
        expect(findCollisions([...records, impostor]).map(({ refs }) => refs)).toEqual([
          [copied.ref, 'impostor'],
        ]);
      }),
    );
  });

  it('read ten thousand records that all share one matricule without comparing each with each', () => {
    const records = Array.from({ length: 10_000 }, (_, i) =>
      record(`${i}`, { birthName: `A${String.fromCharCode(65 + (i % 26))}`, firstNames: ['ZOE'] }, one),
    );
    const start = performance.now();
    expect(findCollisions(records)).toHaveLength(1);
    expect(findDuplicates(records)).toHaveLength(26);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe('two traits', () => {
  it.each([
    ['accents and case', { birthName: 'Adrün', firstNames: ['Zoé'] }],
    ['a longer list of given names', { firstNames: ['ZOE', 'MARIE'] }],
    ['a place that only one knows', { birthPlace: '63220' }],
    ['a used name', { usedName: 'DUMONT' }],
  ])('are one person’s, whichever way round: %s', (_, traits) => {
    expect([sameTraits(zoe, { ...zoe, ...traits }), sameTraits({ ...zoe, ...traits }, zoe)]).toEqual([
      true,
      true,
    ]);
  });

  it.each([
    ['a letter', { birthName: 'ADRUM' }],
    ['another given name', { firstNames: ['ZOEE'] }],
    ['a day', { birthDate: '1975-12-30' }],
    ['the sex', { sex: 'M' as const }],
    ['a name that has no form in A–Z', { birthName: 'АДРУН' }],
  ])('are not, whichever way round: %s', (_, traits) => {
    expect([sameTraits(zoe, { ...zoe, ...traits }), sameTraits({ ...zoe, ...traits }, zoe)]).toEqual([
      false,
      false,
    ]);
  });
});
