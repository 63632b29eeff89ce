import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ins, Traits } from '#core';
import { readDatamatrix, writeDatamatrix } from './datamatrix.ts';
import { nirKey } from './nir-key.ts';
import { comparisonKey } from './normalise.ts';

const GS = '\u001d';
const HEADER = 'IS010000000000000000000000';
const today = new Date('2026-11-22T10:00:00Z');
const OID = '1.2.250.1.213.1.4';
const zoe: Traits = {
  birthName: 'ADRUN',
  firstNames: ['ZOE'],
  sex: 'F',
  birthDate: '1975-12-31',
  birthPlace: '63220',
};
const ins: Ins = { value: '2751263220749', key: '74', oid: `${OID}.8` };
const qualified = { status: 'QUAL', attributes: [], ins, traits: zoe, inDoubt: false } as const;
const GOOD = `${HEADER}S1275126322074974S2${OID}.8${GS}S3ZOE${GS}S4ADRUN${GS}S5FS631-12-1975S763220`;

const write = (change: object, environment: 'test' | 'production' = 'production') => {
  const written = writeDatamatrix({ ...qualified, ...change }, environment, today);
  return written.ok ? written.value : written.findings.map(({ code }) => code);
};
const read = (text: string, environment: 'test' | 'production' = 'production') => {
  const scanned = readDatamatrix(text, environment, today);
  return scanned.ok ? scanned.value : scanned.findings.map(({ code }) => code);
};

describe('the text of an INS datamatrix', () => {
  it('is a header of 26 characters and seven fields, a separator after each short one', () => {
    expect(write({})).toBe(GOOD);
  });

  it('needs no separator after an OID of 20 characters, nor after a name of 100', () => {
    expect(write({ ins: { ...ins, oid: `${OID}.10` } }, 'test')).toContain(`S2${OID}.10S3ZOE`);
    const name = 'A'.repeat(100);
    expect(write({ traits: { ...zoe, birthName: name } })).toContain(`${name}S5F`);
  });

  it('leaves out a place that nobody knows', () => {
    expect(write({ traits: { ...zoe, birthPlace: '99999' } })).toBe(GOOD.slice(0, -7));
  });

  it.each([
    [{ status: 'VALI' }, 'datamatrix.not-qualified'],
    [{ status: 'RECUP' }, 'datamatrix.not-qualified'],
    [{ status: 'PROV' }, 'datamatrix.not-qualified'],
    [{ ins: undefined }, 'datamatrix.not-qualified'],
    [{ inDoubt: true }, 'datamatrix.not-qualified'],
    [{ attributes: ['douteuse'] }, 'datamatrix.not-qualified'],
    [{ traits: undefined }, 'traits.missing'],
    [{ ins: { ...ins, key: '75' } }, 'ins.key'],
    [{ ins: { ...ins, oid: `${OID}.10` } }, 'ins.oid-not-real'],
    [{ traits: { ...zoe, firstNames: ['A'.repeat(60), 'B'.repeat(60)] } }, 'datamatrix.too-long'],
    [{ traits: { ...zoe, birthName: `ADRUN${GS}S5M` } }, 'traits.name-character'],
  ])('is not written for %j', (change, code) => {
    expect(write(change)).toEqual([code]);
  });
});

describe('a scan', () => {
  it('is a provisional identity, collected by CB, with a matricule to verify', () => {
    expect(read(GOOD)).toEqual({ status: 'PROV', method: 'CB', traits: zoe, ins });
  });

  it('may hold its fields in another order', () => {
    const other = `${HEADER}S5FS763220S4ADRUN${GS}S631-12-1975S2${OID}.8${GS}S1275126322074974S3ZOE`;
    expect(read(other)).toEqual(read(GOOD));
  });

  it.each([
    ['another header', GOOD.replace('IS01', 'IS02'), 'datamatrix.header'],
    ['a shorter header', GOOD.replace('IS010', 'IS01'), 'datamatrix.header'],
    ['nothing', '', 'datamatrix.header'],
    ['a symbology prefix', `]d2${GOOD}`, 'datamatrix.header'],
    ['a control character', GOOD.replace('ADRUN', 'AD\u0007UN'), 'datamatrix.character'],
    ['a line feed at the end', `${GOOD}\n`, 'datamatrix.character'],
    ['a letter beyond ASCII', GOOD.replace('ZOE', 'ZOÉ'), 'datamatrix.character'],
    ['an unknown field', `${GOOD}S8X`, 'datamatrix.tag-unknown'],
    ['a field named toString', `${GOOD}toString`, 'datamatrix.tag-unknown'],
    ['a field twice', `${GOOD}S5F`, 'datamatrix.tag-twice'],
    ['another sex after the first', GOOD.replace('S5F', 'S5FS5M'), 'datamatrix.tag-twice'],
    ['a missing field', GOOD.replace('S5F', ''), 'datamatrix.tag-missing'],
    ['no field', HEADER, 'datamatrix.tag-missing'],
    ['a cut end', GOOD.slice(0, -2), 'datamatrix.length'],
    ['half a tag', GOOD.slice(0, -6), 'datamatrix.tag-unknown'],
    ['an empty name', GOOD.replace('ADRUN', ''), 'datamatrix.length'],
    [
      'a separator at the end',
      GOOD.replace('S763220', '').replace(`S4ADRUN${GS}`, '') + `S4ADRUN${GS}`,
      'datamatrix.length',
    ],
    ['a separator in a fixed field', GOOD.replace('31-12', `31${GS}12`), 'datamatrix.length'],
    ['a separator after a fixed field', GOOD.replace('S5F', `S5F${GS}`), 'datamatrix.tag-unknown'],
    ['two separators', GOOD.replace('ZOE', `ZOE${GS}`), 'datamatrix.tag-unknown'],
    ['a wrong key', GOOD.replace('74974', '74975'), 'ins.key'],
    ['no matricule', GOOD.replace('275126322074974', 'X75126322074974'), 'ins.format'],
    ['another OID', GOOD.replace('.4.8', '.4.7'), 'ins.oid'],
    ['a test OID in production', GOOD.replace(`.4.8${GS}`, '.4.10'), 'ins.oid-not-real'],
    ['a demonstration OID in production', GOOD.replace(`.4.8${GS}`, '.4.11'), 'ins.oid-not-real'],
    ['a date of another order', GOOD.replace('31-12-1975', '1975-12-31'), 'datamatrix.date'],
    ['a lunar date', GOOD.replace('31-12-1975', '31-20-1975'), 'traits.birth-date'],
    ['another sex', GOOD.replace('S5F', 'S5X'), 'traits.sex'],
    ['a wrong place', GOOD.replace('S763220', 'S76322X'), 'traits.birth-place'],
    ['a digit in a name', GOOD.replace('ADRUN', 'ADRUN1'), 'traits.name-character'],
    ['a doubled space', GOOD.replace('ZOE', 'ZOE  MARIE'), 'traits.name-empty'],
  ])('is refused with %s', (_, text, code) => {
    expect(read(text)).toEqual([code]);
  });

  it('without its separator never passes for another identity', () => {
    for (const name of ['S3ZOE', 'S4ADRUN', `${OID}.8`])
      expect(read(GOOD.replace(name + GS, name))).toBeInstanceOf(Array);
  });

  it('takes a test OID outside production', () => {
    const text = GOOD.replace(`.4.8${GS}`, '.4.10');
    expect(read(text, 'test')).toMatchObject({ status: 'PROV', ins: { oid: `${OID}.10` } });
  });

  it('survives any text, and refuses every cut of a good one but the one without place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(read(HEADER + text)).toBeInstanceOf(Array);
      }),
    );
    for (let length = 0; length < GOOD.length; length += 1)
      expect(Array.isArray(read(GOOD.slice(0, length)))).toBe(length !== GOOD.length - 7);
  });
});

describe('a datamatrix written, then read', () => {
  const word = fc.stringMatching(/^[A-Z]{1,12}$/);
  const matricule = fc
    .tuple(
      fc.stringMatching(/^\d{5}$/),
      fc.constantFrom('63', '2A', '2B', '99'),
      fc.stringMatching(/^\d{6}$/),
    )
    .map((parts) => parts.join(''));
  const identity = fc.record({
    birthName: fc.oneof(
      fc.tuple(word, fc.constantFrom('-', '--', ' ', "'"), word).map((parts) => parts.join('')),
      fc.constantFrom('A'.repeat(99), 'A'.repeat(100), 'S5F', 'IS'),
      word,
    ),
    firstNames: fc.array(
      fc.tuple(word, fc.option(word)).map((parts) => parts.filter((part) => part !== null).join('-')),
      { minLength: 1, maxLength: 3 },
    ),
    sex: fc.constantFrom('M' as const, 'F' as const),
    birthDate: fc
      .date({ min: new Date('1900-01-01'), max: new Date('2015-12-31'), noInvalidDate: true })
      .map((day) => day.toISOString().slice(0, 10)),
    birthPlace: fc.constantFrom('63220', '2A020', '99132'),
  });

  it('is the same identity, and the same text again', () => {
    fc.assert(
      fc.property(
        identity,
        matricule,
        fc.constantFrom('.8', '.9', '.10', '.11'),
        fc.boolean(),
        (person, value, oid, placed) => {
          const { birthPlace, ...unplaced } = person;
          const traits = placed ? { ...unplaced, birthPlace } : unplaced;
          if (/\d/.test(traits.birthName)) return;
          const known = { value, key: nirKey(value) ?? '', oid: OID + oid };
          const text = write({ traits, ins: known }, 'test');
          expect(text).toBeTypeOf('string');
          const back = readDatamatrix(text as string, 'test', today);
          expect(back.ok).toBe(true);
          if (!back.ok) return;
          expect(back.value).toMatchObject({ ...back.value, ins: known, traits });
          expect(comparisonKey(back.value.traits.firstNames.join(' '))).toBe(
            comparisonKey(traits.firstNames.join(' ')),
          );
          expect(write({ traits: back.value.traits, ins: known }, 'test')).toBe(text);
        },
      ),
    );
  });
});
