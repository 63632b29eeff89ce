/** ANS's own schematron and the XSD on the CDA that we write, with a real PDF/A-1b inside. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CdaDocument } from '#core/cda-document';
import { createRenderer, writeCda } from '#documents';
import { CDA_WHOLE } from '../../libs/documents/fixtures/cda.ts';
import { WHOLE } from '../../libs/documents/fixtures/summary.ts';
import { judgedBy, onShared } from './programs.ts';

const { replaces: _replaces, consent: _consent, ...BARE } = CDA_WHOLE;
const { ins: _ins, birthPlace: _birthPlace, ...UNQUALIFIED } = CDA_WHOLE.patient;

const DOCUMENTS: readonly (readonly [string, CdaDocument])[] = [
  ['everything said', CDA_WHOLE],
  ['a first version, no consent named', { ...BARE, version: 1 }],
  ['no matricule', { ...BARE, patient: UNQUALIFIED }],
  ['a structure known by its FINESS', { ...BARE, organization: { name: 'SPSTI', finess: '990000001' } }],
];

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

    it('would find a custodian that is not a structure', { timeout: 240_000 }, () => {
      const xml = new TextDecoder().decode(writeCda(CDA_WHOLE, pdf));
      const broken = xml.replace(/(<representedCustodianOrganization><id root=")[^"]+/, '$11.2.3');
      expect(broken).not.toBe(xml);
      expect(verdictOn(new TextEncoder().encode(broken)).status).toBe(1);
    });
  });
});
