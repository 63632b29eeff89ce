/** ANS's own schematron and the XSD on the CDA that we write, with a real PDF/A-1b inside. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { flowOf } from '#contracts';
import type { DocumentModel, HookContext } from '#core';
import type { CdaDocument } from '#core/cda-document';
import { createRenderer, writeCda } from '#documents';
import { contentTools } from '../../apps/broker/src/engine/content-tools.ts';
import { CDA_WHOLE } from '../../libs/documents/fixtures/cda.ts';
import { WHOLE } from '../../libs/documents/fixtures/summary.ts';
import { type CdaVerdict, complaints, judge, N1_PROFILES, TOOL } from './cda-judge.ts';
import { judgedBy, onShared, run } from './programs.ts';

const { replaces: _replaces, consent: _consent, ...BARE } = CDA_WHOLE;
const { ins: _ins, birthPlace: _birthPlace, ...UNQUALIFIED } = CDA_WHOLE.patient;

const SAMPLES = join(import.meta.dirname, '../../contracts/dmp-export/samples/valid');
const DEPOSITS = readdirSync(SAMPLES).filter((name) => name.startsWith('document.'));

/** As the second stage makes it: the flow's own document, rendered, wrapped by the flow's own header. */
async function depositOf(name: string, render: (model: DocumentModel) => Promise<Uint8Array>) {
  const json: unknown = JSON.parse(readFileSync(join(SAMPLES, name), 'utf8'));
  const verdict = { status: 'QUAL', ins: CDA_WHOLE.patient.ins, attributes: [] };
  const divided = flowOf('dmp-export')?.hooks['document']?.divide?.(
    { mediaType: 'application/json', bytes: new Uint8Array(), json },
    {
      messageId: '019abc00-0000-7000-8000-000000000001',
      sender: { id: 'spsti-a', name: 'SPSTI A (fictif)' },
      receivedAt: '2026-06-02T10:00:00.000Z',
      digest: 'sha-256:00',
      verdict,
      tools: contentTools,
    } as unknown as HookContext,
  );
  const part = divided?.parts[0];
  const pdf = await render(part?.document as DocumentModel);
  return { pdf, bytes: part?.wrap?.(pdf) ?? new Uint8Array() };
}

const DOCUMENTS: readonly (readonly [string, CdaDocument])[] = [
  ['everything said', CDA_WHOLE],
  ['a first version, no consent named', { ...BARE, version: 1 }],
  ['no matricule', { ...BARE, patient: UNQUALIFIED }],
  [
    'an author without RPPS',
    {
      ...BARE,
      author: { family: 'PATRON', given: 'Anne', localId: 'MT-12', profession: CDA_WHOLE.author.profession },
    },
  ],
  [
    'software for author',
    {
      ...BARE,
      device: { id: { root: '2.25.31', extension: 'relais' }, model: 'Relais', software: 'Relais 1' },
    },
  ],
  ['a structure known by its FINESS', { ...BARE, organization: { name: 'SPSTI', finess: '990000001' } }],
];

judgedBy(['pdftotext'], 'poppler on what the DMP gets', () => {
  const renderer = createRenderer({ threads: 1 });
  afterAll(() => renderer.close());

  it('reads the exposures and none of the employer’s affairs', async () => {
    const { pdf } = await depositOf('document.exposures.json', (model) => renderer.render(model, 'pdfa-1b'));
    const text = run('pdftotext', ['-', '-'], pdf).toString();
    expect(text).toContain('silice');
    for (const secret of ['Ateliers', 'Fonderie', '99000001200018', 'Opératrice', 'capotage', 'Lubrifictif'])
      expect(text).not.toContain(secret);
  });
});

judgedBy(['saxon', 'xmllint'], 'ANS on our CDA', () => {
  onShared(TOOL, 'structuration minimale and XSD', () => {
    const renderer = createRenderer({ threads: 1 });
    let verdicts: CdaVerdict[];
    // one start of the judge for all
    beforeAll(async () => {
      const pdf = await renderer.render(WHOLE, 'pdfa-1b');
      const documents = new Map(
        DOCUMENTS.map(([name, document]) => [fileName(name), writeCda(document, pdf)]),
      );
      for (const name of DEPOSITS) {
        const { bytes } = await depositOf(name, (model) => renderer.render(model, 'pdfa-1b'));
        documents.set(fileName(name), bytes);
      }
      const whole = new TextDecoder().decode(writeCda(CDA_WHOLE, pdf));
      const broken = whole.replace(/(<representedCustodianOrganization><id root=")[^"]+/, '$11.2.3');
      expect(broken).not.toBe(whole);
      documents.set('broken', new TextEncoder().encode(broken));
      verdicts = judge(documents, N1_PROFILES);
    }, 600_000);
    afterAll(() => renderer.close());

    function complaintsAbout(name: string): string[] {
      const about = verdicts.filter((verdict) => verdict.name === fileName(name));
      expect(about.map(({ profile }) => profile)).toEqual([...N1_PROFILES, 'xsd']);
      return complaints(about);
    }

    it.each(DOCUMENTS)('finds nothing wrong with %s', (name) => {
      expect(complaintsAbout(name)).toEqual([]);
    });

    it.each(DEPOSITS)('finds nothing wrong with what the DMP gets of %s', (name) => {
      expect(complaintsAbout(name)).toEqual([]);
    });

    it('would find a custodian that is not a structure', () => {
      expect(complaintsAbout('broken')).not.toEqual([]);
    });
  });
});

function fileName(name: string): string {
  return name.replace(/[^a-z0-9]+/gi, '-');
}
