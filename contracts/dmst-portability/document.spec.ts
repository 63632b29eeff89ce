import { describe, expect, it } from 'vitest';
import type { DocumentModel, IdentityVerdict, Section } from '#core';
import type { Dmst } from '#core/dmst';
import { toDocument } from './document.ts';
import fullSample from './samples/valid/response.full.json' with { type: 'json' };
import minimalSample from './samples/valid/response.minimal.json' with { type: 'json' };
import withoutInsSample from './samples/valid/response.without-ins.json' with { type: 'json' };

const origin = {
  messageId: '0192f7a0-0000-7000-8000-00000000000a',
  sender: { id: 'spsti-a', name: 'SPSTI A' },
  receivedAt: '2026-11-22T08:00:00.000Z',
  digest: `sha-256:${'a'.repeat(64)}`,
};
const qualified: IdentityVerdict = {
  outcome: 'found',
  status: 'QUAL',
  attributes: [],
  reasons: [],
  inDoubt: false,
  verifiedAt: '2026-11-22T08:00:00.000Z',
};

function made(sample: object, more: object = {}): DocumentModel {
  return toDocument(sample as Dmst, 'AH', { ...origin, ...more }, Buffer.from('{}'));
}

function text(sections: readonly Section[]): string {
  return JSON.stringify(sections);
}

describe('page one', () => {
  const essentials = text(made(fullSample).essentials);

  it.each([
    'Opératrice sur commande numérique',
    'Mécanique industrielle',
    'Suivi individuel renforcé (SIR)',
    'agents cancérogènes',
    '11/05/2028',
    'pas de port de charges de plus de 10 kg',
    'Avis d’aptitude du 11/05/2026',
    'Bruit continu de machines-outils',
    '84,5 dB(A)',
    'Allergies : Pénicilline (urticaire).',
    'Rappels de vaccin dépassés : Grippe saisonnière.',
  ])('says %s', (words) => expect(essentials).toContain(words));

  it.each([
    ['a job that has ended', 'blanchisserie'],
    ['an exposure that has ended', 'silice'],
    ['a proposal replaced by a newer one', 'temps partiel thérapeutique'],
    ['an opinion that has run out', '14/06/2022'],
    ['an accompaniment that is closed', 'désinsertion'],
  ])('leaves %s to the following pages', (_, words) => {
    expect(essentials).not.toContain(words);
    expect(text(made(fullSample).sections)).toContain(words);
  });

  it('warns of a visit that is overdue', () => {
    expect(text(made(fullSample, { receivedAt: '2028-05-12T08:00:00.000Z' }).essentials)).toContain(
      'Prochaine visite dépassée : 11/05/2028.',
    );
  });
});

describe('identity', () => {
  it('shows the matricule only where the source and our own verification hold it qualified', () => {
    expect(made(fullSample).identity.ins).toEqual({
      value: '2751263220749',
      key: '74',
      oid: '1.2.250.1.213.1.4.8',
    });
    expect(made(fullSample, { verdict: qualified }).identity.ins).toBeDefined();
    expect(made(fullSample, { verdict: { ...qualified, status: 'RECUP' } }).identity.ins).toBeUndefined();
    expect(made(withoutInsSample, { verdict: qualified }).identity.ins).toBeUndefined();
  });

  it('that is not qualified is an alert', () => {
    const page = made(withoutInsSample);
    expect(page.identity.status).toBe('PROV');
    expect(text(page.essentials)).toContain('Identité provisoire, non qualifiée');
    expect(text(made(fullSample).essentials)).not.toContain('non qualifiée');
  });
});

it('a dossier with next to nothing says so, and leaves no row empty', () => {
  const page = made(minimalSample);
  expect(text(page.essentials)).toContain('Aucun avis ni restriction en cours transmis.');
  for (const { blocks } of [...page.essentials, ...page.sections]) {
    for (const block of blocks) {
      if (block.kind === 'facts') expect(block.rows.every(({ value }) => value !== '')).toBe(true);
    }
  }
});

it('dates read in French, wherever they stand', () => {
  const page = made(fullSample);
  expect(text([...page.essentials, ...page.sections])).not.toMatch(/\d{4}-\d{2}-\d{2}/);
  expect(page.sources).toEqual(['SPSTI A, transmis le 22/11/2026, dernière visite le 11/05/2026']);
});

it('no table has a row longer or shorter than its head', () => {
  for (const { blocks } of made(fullSample).sections) {
    for (const block of blocks) {
      if (block.kind === 'table') {
        expect(new Set(block.rows.map((row) => row.length))).toEqual(new Set([block.columns.length]));
      }
    }
  }
});

it('the title, which becomes metadata, names nobody', () => {
  expect(made(fullSample).title).not.toMatch(/ADRUN|ZOE/);
});
