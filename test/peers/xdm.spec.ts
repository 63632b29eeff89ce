/** Programs that we did not write on our IHE_XDM.zip, and our reader on ANS's own documents. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClinicalDocuments, readCda } from '#documents';
import { ORDER } from '../../libs/documents/fixtures/order.ts';
import { judgedBy, onShared, run } from './programs.ts';

const clinical = createClinicalDocuments({ inspect: async () => [] });

describe('an archive of documents', () => {
  it('is opened again with the document, its header and its patient', async () => {
    const { documents, patient } = await clinical.openXdm(await clinical.packXdm(ORDER));
    expect(documents.map(({ bytes }) => bytes)).toEqual(ORDER.documents);
    expect(documents[0]?.cda).toEqual(readCda(ORDER.documents[0] ?? new Uint8Array()));
    expect(patient).toMatchObject({ birthName: 'ADRUN', firstName: 'ZOE', birthDate: '1975-12-31' });
    expect(patient.ins).toEqual(documents[0]?.cda.patient.ins);
  });

  it('is the same for the same order', async () => {
    expect(await clinical.packXdm(ORDER)).toEqual(await clinical.packXdm(ORDER));
  });
});

// no ebRIM schema is among the official artefacts: xmllint judges the form, the XDS attributes are read by our tests
judgedBy(['unzip', 'xmllint'], 'unzip and xmllint on our archive', () => {
  const folder = mkdtempSync(join(tmpdir(), 'xdm-'));
  const zip = join(folder, 'IHE_XDM.ZIP');
  beforeAll(async () => writeFileSync(zip, await clinical.packXdm(ORDER)));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('find every file whole', () => {
    expect(run('unzip', ['-t', zip]).toString()).toContain('No errors detected');
    expect(run('unzip', ['-Z1', zip]).toString().trim().split('\n')).toEqual([
      'INDEX.HTM',
      'README.TXT',
      'IHE_XDM/SUBSET01/METADATA.XML',
      'IHE_XDM/SUBSET01/DOC0001.XML',
    ]);
  });

  it('find well-formed XML, and the document byte for byte', () => {
    run('unzip', ['-o', '-q', zip, '-d', folder]);
    const subset = join(folder, 'IHE_XDM/SUBSET01');
    run('xmllint', ['--noout', '--nonet', join(subset, 'METADATA.XML'), join(folder, 'INDEX.HTM')]);
    const sets = 'count(//*[local-name()="RegistryPackage"])';
    expect(
      run('xmllint', ['--xpath', sets, join(subset, 'METADATA.XML')])
        .toString()
        .trim(),
    ).toBe('1');
    expect(new Uint8Array(readFileSync(join(subset, 'DOC0001.XML')))).toEqual(ORDER.documents[0]);
  });
});

onShared('ans-cda/exemples', 'documents that ANS wrote', (folder) => {
  const read = (name: string) => readCda(readFileSync(join(folder, name)));

  it('an N1 says whose, by whom, and holds its PDF', () => {
    const cda = read('DOC_NON_STRUCTURE_CDA-R2-N1.xml');
    expect(cda).toMatchObject({
      type: { code: '11502-2' },
      version: 1,
      patient: {
        ins: { value: '2790351215189', key: '89', oid: '1.2.250.1.213.1.4.10' },
        birthName: 'PAT-TROIS',
        firstName: 'DOMINIQUE',
        firstNames: 'DOMINIQUE MARIE-LOUISE',
        birthDate: '1979-03-28',
        sex: 'F',
        birthPlace: '51215',
      },
      author: { family: 'CAMPARINI', given: ['Marcel'], code: { code: 'G15_10/SM03' } },
      organization: { name: 'Laboratoire des charmes' },
      act: { codes: [{ code: '18723-7' }] },
      practiceSetting: { code: 'AMBULATOIRE' },
      facility: { code: 'SA07' },
      legalAuthenticator: { family: 'Camparini' },
      body: { mediaType: 'application/pdf' },
    });
    expect(
      Buffer.from(cda.body?.bytes ?? [])
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
  });

  it.each([
    ['VSM_1.4_2022.01.xml', 'SYNTH', 'MEDIONI'],
    ['LDL-SES_2022.01.xml', '11490-0', undefined],
  ])('a structured one says them too: %s', (name, type, author) => {
    const cda = read(name);
    expect(cda.type.code).toBe(type);
    if (author !== undefined) expect(cda.author).toMatchObject({ family: author });
    expect(cda.patient).toMatchObject({ birthName: expect.any(String), ins: expect.any(Object) });
    expect(cda.body).toBeUndefined();
  });

  it('go into an archive and out of it', async () => {
    const one = readFileSync(join(folder, 'VSM_1.4_2022.01.xml'));
    const zip = await clinical.packXdm({ ...ORDER, documents: [new Uint8Array(one)] });
    const { documents } = await clinical.openXdm(zip);
    expect(documents[0]?.cda.type.code).toBe('SYNTH');
  });
});
