/** ANS's own schematron and the XSD on the CDA that we write, with a real PDF/A-1b inside. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { flows } from '#contracts';
import { contractFolder, type DocumentModel, type Flow, type HookContext, type Part } from '#core';
import type { CdaDocument } from '#core/cda-document';
import { createRenderer, writeCda } from '#documents';
import { contentTools } from '../../apps/broker/src/engine/content-tools.ts';
import { CDA_WHOLE } from '../../libs/documents/fixtures/cda.ts';
import { WHOLE } from '../../libs/documents/fixtures/summary.ts';
import { json, type Sample, samples } from '../contracts/flow-samples.ts';
import { type CdaVerdict, complaints, judge, N1_PROFILES, TOOL } from './cda-judge.ts';
import { judgedBy, onShared, run } from './programs.ts';

const { replaces: _replaces, consent: _consent, ...BARE } = CDA_WHOLE;
const { ins: _ins, birthPlace: _birthPlace, ...UNQUALIFIED } = CDA_WHOLE.patient;

/** As the second stage makes them: a flow's own documents, rendered, wrapped by the flow's own header. */
function cdaPartsOf(flow: Flow, { object, path }: Sample): Part[] {
  const content = { mediaType: 'application/json', bytes: new Uint8Array(), json: json(path) };
  const divided = flow.hooks[object]?.divide?.(content, {
    messageId: '019abc00-0000-7000-8000-000000000001',
    sender: { id: 'spsti-a', name: 'SPSTI A (fictif)', siret: '99000000100017' },
    receivedAt: '2026-06-02T10:00:00.000Z',
    digest: 'sha-256:00',
    verdict: { status: 'QUAL', ins: CDA_WHOLE.patient.ins, attributes: [] },
    tools: contentTools,
  } as unknown as HookContext);
  return (divided?.parts ?? []).filter(({ wrap }) => wrap !== undefined);
}

/** Every CDA that any flow makes of its samples, and so every one that the demo makes. */
const MADE = flows.flatMap((flow) =>
  samples(flow, 'valid')
    .filter(({ file }) => file.endsWith('.json'))
    .flatMap((sample) =>
      cdaPartsOf(flow, sample).map(
        (part, at) => [`${contractFolder(flow.contract)} ${sample.file} ${at + 1}`, part] as const,
      ),
    ),
);

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
    const [, part] = MADE.find(([name]) => name === 'dmp-export document.exposures.json 1') ?? [];
    const pdf = await renderer.render(part?.document as DocumentModel, 'pdfa-1b');
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
      for (const [name, { document, profile, wrap }] of MADE) {
        const rendered = await renderer.render(document as DocumentModel, profile ?? 'pdfa-3b');
        documents.set(fileName(name), wrap?.(rendered) ?? new Uint8Array());
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

    it.each(MADE)('finds nothing wrong with what a flow makes: %s', (name, { profile }) => {
      expect(complaintsAbout(name)).toEqual([]);
      // ANS asks PDF/A-1 inside
      expect(profile).toBe('pdfa-1b');
    });

    it('was shown the CDA of every flow that makes any', () => {
      const named = new Set(MADE.map(([name]) => name.split(' ')[0]));
      expect([...named]).toEqual(
        expect.arrayContaining(['dmp-export', 'dmst-portability', 'medical-adviser']),
      );
    });

    it('would find a custodian that is not a structure', () => {
      expect(complaintsAbout('broken')).not.toEqual([]);
    });
  });
});

function fileName(name: string): string {
  return name.replace(/[^a-z0-9]+/gi, '-');
}
