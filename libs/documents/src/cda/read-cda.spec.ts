import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CDA_WHOLE } from '../../fixtures/cda.ts';
import { readCda } from './read-cda.ts';
import { writeCda } from './write-cda.ts';

const PDF = new TextEncoder().encode('%PDF-1.4 fictif');
const WRITTEN = writeCda(CDA_WHOLE, PDF);
const TEXT = new TextDecoder().decode(WRITTEN);

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

describe('the reader of CDA headers', () => {
  it('reads back what was written', () => {
    const read = readCda(WRITTEN);
    expect(read).toMatchObject({
      id: { root: CDA_WHOLE.id.toUpperCase() },
      setId: { root: CDA_WHOLE.setId.toUpperCase() },
      version: 2,
      replaces: { root: CDA_WHOLE.replaces?.toUpperCase() },
      type: CDA_WHOLE.type,
      title: CDA_WHOLE.title,
      confidentiality: 'N',
      language: 'fr-FR',
      patient: {
        ins: CDA_WHOLE.patient.ins,
        birthName: 'ADRUN',
        firstName: 'ZOE',
        firstNames: 'ZOE MARIE',
        usedName: 'DUMONT',
        birthDate: '1975-12-31',
        sex: 'F',
        birthPlace: '63220',
      },
      author: { family: 'PATRON', given: ['Anne'], code: CDA_WHOLE.author.profession },
      organization: { id: { extension: '399000000100017' }, name: CDA_WHOLE.organization.name },
      act: { from: '20260511', to: '20260512090000+0000' },
      practiceSetting: CDA_WHOLE.practiceSetting,
      facility: CDA_WHOLE.sector,
      legalAuthenticator: { family: 'PATRON' },
      body: { mediaType: 'application/pdf', bytes: PDF },
    });
  });

  it.each([
    ['a DOCTYPE', TEXT.replace('<Clin', '<!DOCTYPE x [<!ENTITY e "x">]><Clin'), 'xml.doctype'],
    ['a DOCTYPE of another case', TEXT.replace('<Clin', '<!doctype x><Clin'), 'xml.doctype'],
    ['half of it', TEXT.slice(0, 900), 'content.invalid'],
    ['another namespace', TEXT.replace('urn:hl7-org:v3', 'urn:other'), 'content.invalid'],
    ['no patient', TEXT.replace(/<recordTarget>.*<\/recordTarget>/, ''), 'content.invalid'],
    ['two patients', TEXT.replace(/<recordTarget>.*<\/recordTarget>/, '$&$&'), 'content.invalid'],
    ['two identifiers', TEXT.replace(/<id root="[^"]+"\/>/, '$&$&'), 'content.invalid'],
    [
      'two matricules',
      TEXT.replace('<id root="2.25.30"', '<id root="1.2.250.1.213.1.4.9" extension="275126322074974"/>$&'),
      'content.invalid',
    ],
    ['a body that is no base64', TEXT.replace(/(representation="B64">)/, '$1*'), 'content.invalid'],
    [
      'an unknown encoding',
      `<?xml version="1.0" encoding="UTF-7"?>${TEXT.slice(TEXT.indexOf('<Clin'))}`,
      'content.invalid',
    ],
  ])('refuses %s', (_, text, code) => {
    expect(text).not.toBe(TEXT);
    expect(() => readCda(bytes(text))).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a DOCTYPE that UTF-16 would hide', () => {
    const hidden = Buffer.from(`\uFEFF<!DOCTYPE a>${TEXT.slice(TEXT.indexOf('<Clin'))}`, 'utf16le');
    expect(() => readCda(hidden)).toThrow(expect.objectContaining({ code: 'content.invalid' }));
  });

  it('reads the accents of another encoding', () => {
    const latin = `<?xml version="1.0" encoding="ISO-8859-1"?>${TEXT.slice(TEXT.indexOf('<Clin'))}`;
    expect(readCda(Buffer.from(latin, 'latin1')).title).toBe(CDA_WHOLE.title);
  });

  it.each([
    ['a comment', 'AD<!-- x -->RUN'],
    ['an instruction', 'AD<?y z?>RUN'],
  ])('refuses a name cut by %s: another reader would take its first half', (_, name) => {
    expect(() => readCda(bytes(TEXT.replace('>ADRUN<', `>${name}<`)))).toThrow(
      expect.objectContaining({ code: 'content.invalid' }),
    );
  });

  it('never crashes on bytes that somebody changed, and never hangs', () => {
    fc.assert(
      fc.property(fc.nat(WRITTEN.length - 1), fc.uint8Array({ minLength: 1, maxLength: 40 }), (at, noise) => {
        const changed = new Uint8Array(WRITTEN);
        changed.set(noise.subarray(0, changed.length - at), at);
        try {
          readCda(changed);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(content\.invalid|xml\.doctype)$/) });
        }
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['depth', '<a>'.repeat(150_000)],
    ['millions of elements', '<a/>'.repeat(4_000_000)],
    ['hundreds of thousands of attributes', `<a ${'a="" '.repeat(300_000)}/>`],
    ['megabytes of instructions', '<?a?>'.repeat(3_000_000)],
    ['elements just under the limit', '<a/>'.repeat(199_000)],
    ['a long text', 'A'.repeat(30_000_000)],
  ])('is not held up by %s', { timeout: 60_000 }, (_, inside) => {
    const hostile = bytes(`<ClinicalDocument xmlns="urn:hl7-org:v3">${inside}</ClinicalDocument>`);
    const before = process.memoryUsage().rss;
    const from = process.cpuUsage();
    expect(() => readCda(hostile)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(content\.invalid|body\.too-large)$/) }),
    );
    // processor time: other work on the machine does not count
    expect(process.cpuUsage(from).user / 1e6).toBeLessThan(4);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
  });
});
