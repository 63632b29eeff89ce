/** ANS's own schematron and the XSD on the CDA that we write, with a real PDF/A-1b inside. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { flowOf } from '#contracts';
import type { DocumentModel, HookContext } from '#core';
import type { CdaDocument } from '#core/cda-document';
import { createRenderer, writeCda } from '#documents';
import { contentTools } from '../../apps/broker/src/engine/content-tools.ts';
import { CDA_WHOLE } from '../../libs/documents/fixtures/cda.ts';
import { WHOLE } from '../../libs/documents/fixtures/summary.ts';
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
  onShared('tools/cda-validate', 'structuration minimale and XSD', (tool) => {
    const folder = mkdtempSync(join(tmpdir(), 'cda-'));
    const renderer = createRenderer({ threads: 1 });
    let pdf: Uint8Array;
    beforeAll(async () => {
      pdf = await renderer.render(WHOLE, 'pdfa-1b');
    });
    afterAll(async () => {
      await renderer.close();
      rmSync(folder, { recursive: true });
    });

    function verdictOn(xml: Uint8Array) {
      const file = join(folder, 'document.xml');
      writeFileSync(file, xml);
      const { status, stdout, stderr } = spawnSync(process.execPath, [tool, file, '--xsd'], {
        encoding: 'utf8',
      });
      return { status, says: `${stdout}${stderr}` };
    }

    it.each(DOCUMENTS)('finds nothing wrong with %s', { timeout: 240_000 }, (_, document) => {
      const { status, says } = verdictOn(writeCda(document, pdf));
      expect(says).toMatch(
        /: 0 failed asserts, 0 error reports, 0 failed asserts of role warning\/info, \d+ rules fired/,
      );
      expect(says).toContain('XSD valid');
      expect(status).toBe(0);
    });

    it.each(DEPOSITS)(
      'finds nothing wrong with what the DMP gets of %s',
      { timeout: 240_000 },
      async (name) => {
        const { bytes } = await depositOf(name, (model) => renderer.render(model, 'pdfa-1b'));
        const { status, says } = verdictOn(bytes);
        expect(says).toMatch(
          /: 0 failed asserts, 0 error reports, 0 failed asserts of role warning\/info, \d+ rules fired/,
        );
        expect(status).toBe(0);
      },
    );

    it('would find a custodian that is not a structure', { timeout: 240_000 }, () => {
      const xml = new TextDecoder().decode(writeCda(CDA_WHOLE, pdf));
      const broken = xml.replace(/(<representedCustodianOrganization><id root=")[^"]+/, '$11.2.3');
      expect(broken).not.toBe(xml);
      expect(verdictOn(new TextEncoder().encode(broken)).status).toBe(1);
    });
  });
});
