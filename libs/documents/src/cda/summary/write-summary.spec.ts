import fc from 'fast-check';
import { XmlElement } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import type { Dmst } from '#core/dmst';
import { CDA_WHOLE } from '../../../fixtures/cda.ts';
import { BARE_DMST as BARE } from '../../../fixtures/dmst.ts';
import { readXml } from '../../xml/read-xml.ts';
import { writeSummary } from './write-summary.ts';

const NAMESPACES = { c: 'urn:hl7-org:v3' };

function texts(dmst: Dmst, path: string): string[] {
  return readXml(writeSummary(CDA_WHOLE, dmst), (root) =>
    root.find(path, NAMESPACES).map((node) => (node instanceof XmlElement ? node.content : node.content)),
  );
}

function titles(dmst: Dmst): string[] {
  return texts(dmst, '//c:section/c:title');
}

describe('a structured summary', () => {
  it('says in words what the model asks for and the dossier lacks', () => {
    expect(titles(BARE)).toEqual([
      'Pathologies en cours, antécédents, allergies et facteurs de risque',
      'Pathologies en cours, antécédents et allergies',
      'Facteurs de risque',
      'Facteurs de risques professionnels',
      'Résultats et points de vigilance',
      'Traitements au long cours',
    ]);
    expect(texts(BARE, '//c:section[c:code/@code="34117-2"]/c:text')).toEqual([
      'Le dossier ne mentionne ni pathologie, ni antécédent, ni allergie.',
    ]);
  });

  it('never says that somebody has no allergy: nobody recorded that', () => {
    expect(new TextDecoder().decode(writeSummary(CDA_WHOLE, BARE))).not.toMatch(/aucune allergie|48765-2/);
  });

  it('tells what goes on from what is over', () => {
    const dmst: Dmst = {
      ...BARE,
      history: [
        { kind: 'PERSO', label: 'Asthme', onset: '2001' },
        { kind: 'PRO', label: 'Dermite', onset: '2010-01', end: '2011' },
      ],
      occupationalEvents: [
        { type: 'AT', date: '2012-09-03', label: 'Lumbago' },
        { type: 'MP', date: '2024-01-22', label: 'Épaule', tableMP: 'RG 57' },
      ],
    };
    const cells = (loinc: string) => texts(dmst, `//c:section[c:code/@code="${loinc}"]/c:text//c:content`);
    expect(cells('11450-4')).toEqual(['Asthme', 'Maladie professionnelle : Épaule, tableau RG 57']);
    expect(cells('11348-0')).toEqual(['Dermite', 'Accident du travail : Lumbago']);
  });

  it('names no employer, no third party, no doctor’s correspondence', () => {
    const dmst: Dmst = {
      ...BARE,
      thirdPartyInfo: [{ about: 'conjoint', text: 'SECRET-TIERS' }],
      correspondence: [{ date: '2020-01-01', from: 'SECRET-LETTRE', to: 'x' }],
    };
    const all = new TextDecoder().decode(writeSummary(CDA_WHOLE, dmst));
    for (const secret of ['Ateliers Fictifs', 'SECRET-TIERS', 'SECRET-LETTRE'])
      expect(all).not.toContain(secret);
  });

  it('points from every entry at words that are there', () => {
    const dmst: Dmst = {
      ...BARE,
      history: [
        { kind: 'ALLERGIE', label: 'Pénicilline', code: 'Z88.0' },
        { kind: 'CHIR', label: 'Appendicectomie' },
        { kind: 'FAM', label: 'HTA (mère)', code: 'I10' },
        { kind: 'PERSO', label: 'Asthme', code: 'J45' },
      ],
      treatments: [{ label: 'Salbutamol', code: 'R03AC02' }],
      vaccinations: [{ vaccine: 'dTP', date: '2020-02-02', code: 'J07CA02', lot: 'L1' }],
      lifestyle: { tobacco: 12.5, alcohol: 3, sport: 'marche' },
    };
    const marks = texts(dmst, '//c:content/@ID');
    const references = texts(dmst, '//c:reference/@value').map((value) => value.slice(1));
    expect(new Set(references)).toEqual(new Set(marks));
    expect(new Set(marks).size).toBe(marks.length);
  });

  it('gives no id twice, and the same ids to the same document', () => {
    const dmst: Dmst = {
      ...BARE,
      history: [
        { kind: 'PERSO', label: 'a' },
        { kind: 'PERSO', label: 'a' },
      ],
    };
    const ids = texts(dmst, '//c:structuredBody//c:id/@root');
    expect(new Set(ids).size).toBe(ids.length);
    expect(writeSummary(CDA_WHOLE, dmst)).toEqual(writeSummary(CDA_WHOLE, dmst));
  });

  it('keeps every word as it was: none becomes markup', () => {
    const line = fc
      .string({ unit: fc.constantFrom(...'<>&"\'] aé]\u{1F9EA}'), minLength: 1 })
      .filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(line, (label) => {
        const dmst: Dmst = { ...BARE, history: [{ kind: 'PERSO', label, code: 'J45' }] };
        expect(texts(dmst, '//c:section[c:code/@code="11450-4"]/c:text//c:content')).toEqual([label]);
        expect(texts(dmst, '//c:observation/c:value/@displayName')).toEqual([label]);
      }),
    );
  });
});
