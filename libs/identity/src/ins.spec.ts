import { describe, expect, it } from 'vitest';
import { checkIns, checkOid, insKind, sameIns } from './ins.ts';

const OID = '1.2.250.1.213.1.4';
const adrun = { value: '2751263220749', key: '74', oid: `${OID}.8` };
const codes = (input: unknown, environment: 'test' | 'production' = 'test') => {
  const checked = checkIns(input, environment);
  return checked.ok ? [] : checked.findings.map(({ pointer, code }) => `${pointer} ${code}`);
};

describe('a matricule at entry', () => {
  it('passes with the right key, in upper case', () => {
    expect(checkIns({ value: '297022a020778', key: '78', oid: `${OID}.8` }, 'production')).toEqual({
      ok: true,
      value: { value: '297022A020778', key: '78', oid: `${OID}.8` },
    });
  });

  it.each([
    [{ ...adrun, key: '75' }, '/key ins.key'],
    [{ ...adrun, key: 74 }, '/key ins.key'],
    [{ ...adrun, value: '275126322074' }, '/value ins.format'],
    [{ ...adrun, value: 2751263220749 }, '/value ins.format'],
    [{ ...adrun, oid: `${OID}.7` }, '/oid ins.oid'],
    [{ ...adrun, oid: 'toString' }, '/oid ins.oid'],
    [{ value: '1810363220456', key: '60', oid: `${OID}.8` }, '/key ins.key'],
    [null, ' ins.missing'],
    ['275126322074974', ' ins.missing'],
  ])('is refused: %j', (input, finding) => {
    expect(codes(input)).toEqual([finding]);
  });

  it('may have a test or demonstration OID outside production only', () => {
    for (const oid of [`${OID}.10`, `${OID}.11`]) {
      expect(codes({ ...adrun, oid }, 'test')).toEqual([]);
      expect(codes({ ...adrun, oid }, 'production')).toEqual(['/oid ins.oid-not-real']);
    }
    for (const oid of [`${OID}.8`, `${OID}.9`]) expect(checkOid(oid, 'production')).toEqual([]);
  });
});

describe('NIR and NIA', () => {
  it('are told by the OID only', () => {
    expect(insKind({ oid: `${OID}.8` })).toBe('NIR');
    expect(insKind({ oid: `${OID}.9` })).toBe('NIA');
    expect(insKind({ oid: `${OID}.10` })).toBe('NIR');
    expect(insKind({ oid: '1.2.3' })).toBeUndefined();
  });

  it('with the same digits are two matricules', () => {
    expect(sameIns(adrun, { ...adrun, oid: `${OID}.9` })).toBe(false);
    expect(sameIns(adrun, { ...adrun, oid: `${OID}.10` })).toBe(true);
    expect(sameIns({ ...adrun, value: '297022a020778' }, { ...adrun, value: '297022A020778' })).toBe(true);
  });
});
