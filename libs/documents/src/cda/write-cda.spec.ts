import fc from 'fast-check';
import { XmlDocument, XmlElement } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { CDA_WHOLE } from '../../fixtures/cda.ts';
import { writeCda } from './write-cda.ts';

const PDF = new TextEncoder().encode('%PDF-1.4 fictif');
const { replaces: _replaces, consent: _consent, ...BARE } = CDA_WHOLE;

/** Text of one element, by local names from the root. */
function read<T>(cda: Uint8Array, look: (root: XmlElement) => T): T {
  const document = XmlDocument.fromBuffer(cda);
  try {
    return look(document.root);
  } finally {
    document.dispose();
  }
}

function textAt(cda: Uint8Array, path: string): string | undefined {
  return read(cda, (root) => {
    const found = root.get(path, { c: 'urn:hl7-org:v3' });
    return found instanceof XmlElement ? found.content : undefined;
  });
}

describe('a CDA N1 document', () => {
  it('holds the very bytes of the PDF', () => {
    const text = textAt(writeCda(BARE, PDF), '//c:nonXMLBody/c:text');
    expect(Buffer.from(text ?? '', 'base64')).toEqual(Buffer.from(PDF));
  });

  it('is the same for the same document', () => {
    expect(writeCda(CDA_WHOLE, PDF)).toEqual(writeCda(CDA_WHOLE, PDF));
  });

  it('keeps every text as it was: none becomes markup', () => {
    const line = fc
      .string({ unit: fc.constantFrom(...'<>&"\'] aé]'), minLength: 1 })
      .filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(line, line, (title, birthName) => {
        const cda = writeCda({ ...BARE, title, patient: { ...BARE.patient, birthName } }, PDF);
        expect(textAt(cda, '/c:ClinicalDocument/c:title')).toBe(title);
        expect(textAt(cda, '//c:patient/c:name/c:family[@qualifier="BR"]')).toBe(birthName);
      }),
    );
  });

  it.each([
    ['a sign that is none', 'a\uFFFEb'],
    ['half a character', 'a\uD83Eb'],
    ['a control sign', 'a\u0001b'],
  ])('shows as unknown what XML cannot say: %s', (_, title) => {
    expect(textAt(writeCda({ ...BARE, title }, PDF), '/c:ClinicalDocument/c:title')).toBe('a\uFFFDb');
  });

  it('names what it replaces and the consent it goes under, only when there are any', () => {
    const [whole, bare] = [writeCda(CDA_WHOLE, PDF), writeCda(BARE, PDF)];
    for (const path of [
      '//c:relatedDocument[@typeCode="RPLC"]',
      '//c:authorization/c:consent/c:code/c:originalText',
    ]) {
      expect(textAt(whole, path)).toBeDefined();
      expect(textAt(bare, path)).toBeUndefined();
    }
  });

  it.each([
    ['no identifier of the patient', { patient: { ...withoutIns(), localIds: [] } }],
    ['a matricule without the place of birth', { patient: withoutPlace() }],
    ['a structure without a number', { organization: { name: 'SPSTI' } }],
  ])('is refused with %s', (_, change) => {
    expect(() => writeCda({ ...BARE, ...change }, PDF)).toThrow(
      expect.objectContaining({ code: 'content.invalid' }),
    );
  });

  it('goes without a matricule under the identifier of the service', () => {
    const cda = writeCda({ ...BARE, patient: withoutIns() }, PDF);
    expect(new TextDecoder().decode(cda)).not.toContain('1.2.250.1.213.1.4');
  });
});

function withoutIns() {
  const { ins: _, ...patient } = CDA_WHOLE.patient;
  return patient;
}

function withoutPlace() {
  const { birthPlace: _, ...patient } = CDA_WHOLE.patient;
  return patient;
}
