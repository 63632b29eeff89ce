import { describe, expect, it } from 'vitest';
import { CDA_CODES } from '../cda-codes.ts';
import type { CdaDocument } from '../cda-document.ts';
import type { HookContext } from '../contract.ts';
import type { DocumentModel } from '../document.ts';
import { type MailedDocument, mailedPart, professionalName } from './mailed-document.ts';

const ins = { value: '2751263220749', key: '74', oid: '1.2.250.1.213.1.4.8' };
const mailed: MailedDocument = {
  audience: 'enc-h',
  document: { title: 'Synthèse', attachment: { name: 'dmst.json' } } as DocumentModel,
  type: CDA_CODES.types.summary,
  person: {
    birthName: 'ADRUN',
    firstNames: ['ZOE'],
    sex: 'F',
    birthDate: '1975-12-31',
    birthPlace: '63220',
  },
  ins,
  author: {
    name: 'Dr Anne PATRON',
    rpps: '10000000005',
    profession: CDA_CODES.professions.occupationalPhysician,
  },
  organization: { name: 'SPSTI A', siret: '99000000100017' },
  act: '2026-05-11',
};

/** the header that the CDA would get, where there is one */
function made(change: Partial<MailedDocument> = {}) {
  let header: CdaDocument | undefined;
  const context = {
    messageId: '0192f7a0-0000-7000-8000-00000000000a',
    receivedAt: '2026-11-22T08:00:00.000Z',
    tools: {
      cda: (document: CdaDocument) => {
        header = document;
        return new Uint8Array();
      },
    },
  } as unknown as HookContext;
  const part = mailedPart({ ...mailed, ...change }, context);
  part.wrap?.(new Uint8Array());
  return { part, header };
}

describe('a page for the mail', () => {
  it('is a CDA around a PDF/A-1, which holds no other file, for no other way', () => {
    const { part, header } = made();
    expect(part).toMatchObject({ mediaType: 'application/xml', profile: 'pdfa-1b', only: ['mssante'] });
    expect(part.document).not.toHaveProperty('attachment');
    expect(header?.patient.ins).toEqual(ins);
  });

  it.each<[string, Partial<MailedDocument>]>([
    ['an author without RPPS', { author: { name: 'Dr Anne PATRON', profession: mailed.author.profession } }],
    ['an author of one name', { author: { ...mailed.author, name: 'Secrétariat' } }],
    ['a structure without SIRET', { organization: { name: 'SPSTI A' } }],
  ])('is the page alone for %s', (_, change) => {
    expect(made(change).part).toMatchObject({ mediaType: 'application/pdf', profile: 'pdfa-1b' });
  });

  it('bears no matricule without the birth place that goes with it, and always an identifier', () => {
    const { birthPlace: _, ...person } = mailed.person;
    const { header } = made({ person });
    expect(header?.patient.ins).toBeUndefined();
    expect(header?.patient.localIds).toHaveLength(1);
  });
});

it.each([
  ['Dr Anne PATRON', { family: 'PATRON', given: 'Anne' }],
  ['Jean-Pierre DE LA TOUR', { family: 'DE LA TOUR', given: 'Jean-Pierre' }],
  ['Docteur Zoé Martin', { family: 'Martin', given: 'Zoé' }],
  ['ANNE PATRON', { family: 'PATRON', given: 'ANNE' }],
  ['Secrétariat', undefined],
])('%s', (name, expected) => expect(professionalName(name)).toEqual(expected));
