import { describe, expect, it } from 'vitest';
import type { IdentityAttribute, IdentityStatus } from '#core';
import { type Dialect, readStatus, writeStatus } from './dialects.ts';

const ins = { value: '2751263220749', key: '74', oid: '1.2.250.1.213.1.4.8' };
const STATUSES: readonly IdentityStatus[] = ['PROV', 'RECUP', 'VALI', 'QUAL'];
const FREE: readonly IdentityAttribute[][] = [[], ['homonyme']];
const read = (codes: string[], dialect: Dialect, matricule?: unknown) => {
  const claimed = readStatus(codes, matricule, dialect, 'test');
  return claimed.ok ? claimed.value : claimed.findings.map(({ code }) => code);
};
const write = (status: IdentityStatus, dialect: Dialect, attributes: IdentityAttribute[] = []) =>
  writeStatus({ status, attributes, ins, inDoubt: false }, dialect);

describe('the dialect of FR Core', () => {
  it.each(STATUSES)('writes %s as itself, with the matricule for QUAL only', (status) => {
    expect(write(status, 'fr-core')).toEqual({
      codes: [status],
      notCarried: [],
      ...(status === 'QUAL' ? { ins } : {}),
    });
  });

  it('says which attributes it cannot carry', () => {
    expect(write('QUAL', 'fr-core', ['homonyme']).notCarried).toEqual(['homonyme']);
    expect(write('PROV', 'fr-core', ['fictive'])).toEqual({ codes: ['PROV'], notCarried: ['fictive'] });
  });

  it('reads its four codes, and the matricule beside QUAL only', () => {
    for (const status of STATUSES) expect(read([status], 'fr-core')).toEqual({ status, attributes: [] });
    expect(read(['QUAL'], 'fr-core', ins)).toEqual({ status: 'QUAL', attributes: [], ins });
    for (const status of ['PROV', 'RECUP', 'VALI'])
      expect(read([status], 'fr-core', ins)).toEqual(['dialect.ins-forbidden']);
  });
});

describe('the dialect of table 0445', () => {
  it('writes qualifiée as VALI beside the matricule, and nothing else as VALI', () => {
    expect(write('QUAL', 'hl7-0445')).toEqual({ codes: ['VALI'], ins, notCarried: [] });
    expect(write('VALI', 'hl7-0445')).toEqual({ codes: ['PROV'], notCarried: ['status'] });
    expect(write('RECUP', 'hl7-0445')).toEqual({ codes: ['PROV'], notCarried: ['status'] });
    expect(write('PROV', 'hl7-0445')).toEqual({ codes: ['PROV'], notCarried: [] });
    expect(writeStatus({ status: 'QUAL', attributes: [], inDoubt: false }, 'hl7-0445')).toEqual({
      codes: ['PROV'],
      notCarried: ['status'],
    });
  });

  it('writes the three attributes beside the status', () => {
    expect(write('QUAL', 'hl7-0445', ['homonyme']).codes).toEqual(['VALI', 'HOMA']);
    expect(write('PROV', 'hl7-0445', ['homonyme', 'douteuse']).codes).toEqual(['PROV', 'HOMA', 'DOUT']);
    expect(write('PROV', 'hl7-0445', ['fictive']).codes).toEqual(['PROV', 'FICT']);
  });

  it.each([
    [['VALI'], ins, { status: 'QUAL', attributes: [], ins }],
    [['VALI', 'HOMD'], ins, { status: 'QUAL', attributes: ['homonyme'], ins }],
    [['VALI'], undefined, ['dialect.ins-missing']],
    [['VIDE'], undefined, { status: 'PROV', attributes: [] }],
    [['PROV'], ins, ['dialect.ins-forbidden']],
    [['DOUT'], undefined, { status: 'PROV', attributes: ['douteuse'] }],
    [['PROV', 'DOUT', 'HOMA', 'HOMD'], undefined, { status: 'PROV', attributes: ['douteuse', 'homonyme'] }],
    [['VALI', 'DOUT'], ins, ['dialect.status-contradicted']],
    [['FICT'], ins, ['dialect.ins-forbidden']],
    [['FICT', 'HOMA'], undefined, ['identity.attributes-excluded']],
    [['PROV', 'VALI'], ins, ['dialect.status-twice']],
    [['HOMA'], undefined, ['dialect.status-missing']],
    [[], undefined, ['dialect.status-missing']],
  ])('reads %j', (codes, matricule, expected) => {
    expect(read(codes, 'hl7-0445', matricule)).toEqual(expected);
  });

  it.each('DOUB DESA DPOT DOUA COLP COLV FILI CACH ANOM IDVER RECD IDRA USUR INVA'.split(' '))(
    'does not take %s, the state of a record, for a status',
    (code) => {
      expect(read([code], 'hl7-0445')).toEqual(['dialect.code-not-a-status']);
    },
  );
});

describe('either dialect', () => {
  it.each(['fr-core', 'hl7-0445'] as const)('refuses codes it does not know: %s', (dialect) => {
    for (const code of ['', 'vali', 'TOTO', '__proto__', 'constructor'])
      expect(read([code], dialect)).toEqual(['dialect.code-unknown']);
    const foreign = dialect === 'fr-core' ? ['VIDE', 'HOMA', 'DOUT', 'FICT', 'DOUB'] : ['QUAL', 'RECUP'];
    for (const code of foreign) expect(read([code], dialect)).toEqual(['dialect.code-unknown']);
  });

  it.each(['fr-core', 'hl7-0445'] as const)('refuses a matricule with a wrong key: %s', (dialect) => {
    const code = dialect === 'fr-core' ? 'QUAL' : 'VALI';
    expect(read([code], dialect, { ...ins, key: '75' })).toEqual(['ins.key']);
  });

  it.each(['fr-core', 'hl7-0445'] as const)(
    'gives back what it wrote, or said it could not: %s',
    (dialect) => {
      const identities = [
        ...STATUSES.flatMap((status) => FREE.map((attributes) => ({ status, attributes }))),
        { status: 'PROV' as const, attributes: ['douteuse'] as IdentityAttribute[] },
        { status: 'PROV' as const, attributes: ['fictive'] as IdentityAttribute[] },
      ];
      for (const identity of identities) {
        const written = writeStatus({ ...identity, ins, inDoubt: false }, dialect);
        const back = readStatus(written.codes, written.ins, dialect, 'test');
        expect(back.ok).toBe(true);
        if (!back.ok) continue;
        expect(back.value.attributes).toEqual(
          identity.attributes.filter((one) => !written.notCarried.includes(one)),
        );
        expect(back.value.status).toBe(written.notCarried.includes('status') ? 'PROV' : identity.status);
      }
    },
  );
});
