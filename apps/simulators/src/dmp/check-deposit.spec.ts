import { describe, expect, it } from 'vitest';
import { checkDeposit } from './check-deposit.ts';
import { type ReadCda, readCda } from './read-cda.ts';

const PDF = Buffer.from(
  '%PDF-1.4\n<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\n%%EOF',
);
const GOOD: ReadCda = {
  outline: [
    ...[
      'realmCode',
      'typeId',
      'templateId',
      'templateId',
      'templateId',
      'id',
      'code',
      'title',
      'effectiveTime',
    ],
    ...[
      'confidentialityCode',
      'languageCode',
      'setId',
      'versionNumber',
      'recordTarget',
      'author',
      'custodian',
    ],
    ...['legalAuthenticator', 'documentationOf', 'authorization', 'componentOf', 'component'],
  ],
  templates: ['2.16.840.1.113883.2.8.2.1', '1.2.250.1.213.1.1.1.1', '1.3.6.1.4.1.19376.1.2.20'],
  id: 'D1',
  setId: 'S1',
  version: '1',
  type: 'SYNTH',
  title: 'Titre',
  replaces: undefined,
  consent: 'C1',
  patient: {
    ids: [{ root: '1.2.250.1.213.1.4.8', extension: '275126322074974' }],
    birthName: 'ADRUN',
    firstName: 'ZOE',
    allNames: 'ZOE',
    birthTime: '19751231',
    birthPlace: '63220',
    gender: 'F',
  },
  author: '810000000005',
  custodian: '399000000100017',
  pdf: PDF,
};
const NOTHING = new Map<string, string>();

describe('the simulated DMP', () => {
  it('takes a document that has everything', () => {
    expect(checkDeposit(GOOD, NOTHING)).toEqual([]);
  });

  it.each<[string, Partial<ReadCda>, string]>([
    ['an element out of its place', { outline: [...GOOD.outline].reverse() }, 'header-incomplete'],
    ['no custodian', { outline: GOOD.outline.filter((name) => name !== 'custodian') }, 'header-incomplete'],
    ['an element that CDA does not know', { outline: [...GOOD.outline, 'script'] }, 'header-incomplete'],
    ['another template', { templates: ['1.2.3'] }, 'header-incomplete'],
    ['a type that the DMP does not list', { type: '11502-2' }, 'type-unknown'],
    ['no matricule', { patient: { ...GOOD.patient, ids: [] } }, 'ins-incomplete'],
    ['no place of birth', { patient: { ...GOOD.patient, birthPlace: undefined } }, 'ins-incomplete'],
    [
      'a wrong key',
      { patient: { ...GOOD.patient, ids: [{ root: '1.2.250.1.213.1.4.8', extension: '275126322074975' }] } },
      'ins-key',
    ],
    ['no consent', { consent: undefined }, 'consent-missing'],
    ['no PDF', { pdf: undefined }, 'pdf-not-pdfa1'],
    ['a PDF/A-3', { pdf: Buffer.from(PDF.toString().replace('part>1', 'part>3')) }, 'pdf-not-pdfa1'],
    ['a PDF with a script', { pdf: Buffer.concat([PDF, Buffer.from('/JavaScript')]) }, 'pdf-not-pdfa1'],
    ['a parent that nobody deposited', { version: '2', replaces: 'D0' }, 'parent-unknown'],
  ])('refuses %s', (_, change, code) => {
    expect(checkDeposit({ ...GOOD, ...change }, NOTHING)).toEqual([code]);
  });

  it('takes a second version of the same set only, and no document twice', () => {
    const second = { ...GOOD, id: 'D2', version: '2', replaces: 'D1' };
    expect(checkDeposit(second, new Map([['D1', 'S1']]))).toEqual([]);
    expect(checkDeposit(second, new Map([['D1', 'S9']]))).toEqual(['parent-unknown']);
    expect(checkDeposit(GOOD, new Map([['D1', 'S1']]))).toEqual(['duplicate']);
  });

  it('takes the key of a Corsican matricule', () => {
    const ids = [{ root: '1.2.250.1.213.1.4.8', extension: '180032B02040123' }];
    expect(checkDeposit({ ...GOOD, patient: { ...GOOD.patient, ids } }, NOTHING)).toEqual([]);
  });
});

describe('a CDA as it is read', () => {
  it.each([
    ['no XML', 'x'],
    ['another document', '<ClinicalDocument xmlns="urn:other"/>'],
    ['an entity', '<!DOCTYPE ClinicalDocument [<!ENTITY a "b">]><ClinicalDocument xmlns="urn:hl7-org:v3"/>'],
  ])('is nothing when it is %s', (_, text) => {
    expect(readCda(Buffer.from(text))).toBeUndefined();
  });
});
