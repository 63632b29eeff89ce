/**
 * ANS's schematrons and schema on the CDA of many people: 20 chosen so that every pair of difficulties meets, more
 * with CDA_PATIENTS=200.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { createClinicalDocuments, readCda, writeCda, writeSummary } from '#documents';
import { ORDER } from '../../libs/documents/fixtures/order.ts';
import { cdaPatients, sparseDmst } from '../builders/cda-patients.ts';
import { complaints, judge, N1_PROFILES, N3_PROFILES, TOOL } from './cda-judge.ts';
import { judgedBy, onShared } from './programs.ts';

const COUNT = Number(process.env['CDA_PATIENTS'] ?? 20);
const PDF = new TextEncoder().encode('%PDF-1.4 fictif');
const PATIENTS = cdaPatients(COUNT);

describe(`the CDA of ${COUNT} patients`, () => {
  it.each(PATIENTS)('tell our reader who $name is', ({ document, dmst }) => {
    const { patient, organization, author } = document;
    for (const cda of [readCda(writeCda(document, PDF)), readCda(writeSummary(document, dmst))]) {
      const { usedFirstName: _, localIds, ...said } = patient;
      expect(cda.patient).toEqual({
        ...said,
        ids: [
          ...(said.ins === undefined
            ? []
            : [{ root: said.ins.oid, extension: `${said.ins.value}${said.ins.key}` }]),
          ...localIds.map((id) => ({ ...id, root: id.root.toUpperCase() })),
        ],
        firstName: said.firstNames[0],
        firstNames: said.firstNames.join(' '),
      });
      expect(cda.author.family).toBe(author.family);
      expect(cda.organization.name).toBe(organization.name);
      expect(cda.act.from).toBe(document.act.from.replaceAll('-', ''));
    }
  });
});

describe(`archives of ${COUNT} patients`, () => {
  const clinical = createClinicalDocuments({ inspect: async () => [] });

  it.each(PATIENTS)(
    'tell who $name is, in their metadata as in both documents',
    async ({ document, dmst }) => {
      const zip = await clinical.packXdm({
        ...ORDER,
        documents: [
          writeCda(document, PDF),
          writeSummary({ ...document, id: document.id.replace(/^0/, '1') }, dmst),
        ],
      });
      const { documents, patient } = await clinical.openXdm(zip);
      const { ids: _, birthPlace: __, ...told } = documents[0]?.cda.patient ?? { ids: [] };
      expect(documents).toHaveLength(2);
      // everything but the place of birth, which XDS has no line for
      expect(patient).toMatchObject(told);
    },
  );
});

judgedBy(['saxon', 'xmllint'], 'ANS on the CDA of many patients', () => {
  onShared(TOOL, 'schematrons and XSD', () => {
    const n1 = PATIENTS.map(({ name, document }) => [`${name}-n1`, writeCda(document, PDF)] as const);
    const n3 = PATIENTS.map(
      ({ name, document, dmst }) => [`${name}-n3`, writeSummary(document, dmst)] as const,
    );
    const sparse = PATIENTS.slice(0, 1).map(
      ({ document, dmst }) => ['patient-sparse', writeSummary(document, sparseDmst(dmst))] as const,
    );
    let found: readonly string[];

    // broken ones among the good: the judge starts once a profile
    beforeAll(() => {
      const verdicts = [
        ...judge(new Map(n1), N1_PROFILES),
        ...judge(new Map([...n3, ...sparse, ...brokenOf(n3[0]?.[1] ?? new Uint8Array())]), N3_PROFILES),
      ];
      expect(verdicts.filter(({ profile }) => profile === 'xsd')).toHaveLength(2 * COUNT + 6);
      found = complaints(verdicts);
    }, 1_200_000);

    it(`find nothing wrong with ${COUNT} documents around a PDF, and ${COUNT} structured summaries`, () => {
      expect(found.filter((line) => line.startsWith('patient-'))).toEqual([]);
    });

    it.each([
      ['a matricule without the place of birth', /^no-place, structuration-minimale/],
      ['a missing section of the model', /^no-results, vsm/],
      ['a section under another code', /^wrong-loinc, ihe/],
      ['an element out of order', /^out-of-order, xsd/],
      ['a code that is in no value set', /^no-code-of-problem, modeles-contenus/],
    ])('would find %s', (_, complaint) => {
      expect(found.filter((line) => complaint.test(line))).not.toEqual([]);
    });
  });
});

function brokenOf(good: Uint8Array): [string, Uint8Array][] {
  const whole = new TextDecoder().decode(good);
  const broken = {
    'no-place': whole.replace(/<birthplace>.*?<\/birthplace>/, ''),
    'no-results': whole.replace('1.3.6.1.4.1.19376.1.5.3.1.3.27', '1.2.3'),
    'wrong-loinc': whole.replace('code="30954-2"', 'code="30954-3"'),
    'no-code-of-problem': whole.replace('<code code="282291009"', '<code code="1"'),
    'out-of-order': whole.replace(/(<title>[^<]*<\/title>)(<effectiveTime [^>]*>)/, '$2$1'),
  };
  return Object.entries(broken).map(([name, text]) => {
    expect(text, name).not.toBe(whole);
    return [name, new TextEncoder().encode(text)];
  });
}
