import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { datamatrix } from 'bwip-js/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Ins, Traits } from '#core';
import { readDatamatrix, writeDatamatrix } from '#identity';
import { judgedBy, run } from './programs.ts';

const OID = '1.2.250.1.213.1.4';
const today = new Date('2026-11-22T10:00:00Z');
const people: readonly [Traits, Ins][] = [
  [
    { birthName: 'ADRUN', firstNames: ['ZOE'], sex: 'F', birthDate: '1975-12-31', birthPlace: '63220' },
    { value: '2751263220749', key: '74', oid: `${OID}.8` },
  ],
  [
    {
      birthName: 'ADRTROIS',
      firstNames: ['DOMINIQUE'],
      sex: 'F',
      birthDate: '1997-02-26',
      birthPlace: '2A020',
    },
    { value: '297022A020778', key: '78', oid: `${OID}.10` },
  ],
  [
    {
      birthName: "D'ECETINSI--LE GOFF",
      firstNames: ['PIERRE-ALAIN', 'MURIEL', 'FLORIANT'],
      sex: 'M',
      birthDate: '2009-07-14',
    },
    { value: '1090763220834', key: '89', oid: `${OID}.8` },
  ],
  [
    {
      birthName: 'A'.repeat(100),
      firstNames: ['B'.repeat(100)],
      sex: 'M',
      birthDate: '2009-07-01',
      birthPlace: '99132',
    },
    { value: '1090763220888', key: '35', oid: `${OID}.9` },
  ],
];

judgedBy(['dmtxread'], 'the INS datamatrix, read by libdmtx', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'relais-datamatrix-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(people)('%j comes back byte for byte, separators included', async (traits, ins) => {
    const written = writeDatamatrix(
      { status: 'QUAL', attributes: [], inDoubt: false, ins, traits },
      'test',
      today,
    );
    const text = written.ok ? written.value : expect.fail('not written');
    const picture = join(folder, 'ins.png');
    writeFileSync(
      picture,
      await datamatrix({ bcid: 'datamatrix', text, scale: 4, padding: 8, backgroundcolor: 'FFFFFF' }),
    );
    const seen = run('dmtxread', ['-N1', '-m20000', picture]);
    expect(seen).toEqual(Buffer.from(text, 'ascii'));
    expect(readDatamatrix(seen.toString('ascii'), 'test', today)).toEqual({
      ok: true,
      value: { status: 'PROV', method: 'CB', traits, ins },
    });
  });
});
