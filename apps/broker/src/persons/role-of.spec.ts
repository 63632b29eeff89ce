import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Directory, Partner } from '#core';
import { operatorIssuer, pscIssuer } from './issuer-settings.ts';
import { situationsOf } from './role-of.ts';
import type { Claims } from './situation.ts';

const A = '99900000000018';
const B = '99900000000026';
const service = (id: string, siret: string, kind: Partner['kind'] = 'spsti'): Partner => ({
  id,
  kind,
  name: id,
  siret,
  client: { issuer: '', subject: '' },
  flows: [],
  transport: 'mailbox',
  keys: {},
});
const partners = [service('spsti-a', A), service('spsti-b', B), service('hdh', '99900000000042', 'hdh')];
const directory: Directory = { all: () => partners, partner: (id) => partners.find((one) => one.id === id) };
const registration = {
  issuer: 'https://issuer.example',
  clientId: 'relais',
  clientSecret: 's',
  acr: 'eidas1',
};
const NOW = new Date('2026-11-20T09:00:00Z');
const psc = pscIssuer(registration);
const operator = operatorIssuer(registration);
const staff = { ...operator, id: 'spsti-b', kind: 'staff', partner: 'spsti-b' } as const;

interface Practice {
  profession?: string;
  category?: string;
  expertise?: string;
  siret?: string;
  sector?: string;
}

function professional(...practices: Practice[]): Claims {
  return {
    SubjectNameID: '899900000020',
    relais_role: 'operator',
    SubjectRefPro: {
      exercices: practices.map((practice) => ({
        codeProfession: practice.profession ?? '10',
        codeCategorieProfessionnelle: practice.category ?? 'C',
        codeSavoirFaire: practice.expertise ?? 'SM25',
        activities: [
          { numeroSiretSite: practice.siret ?? B, codeSecteurDactivite: practice.sector ?? 'SA66' },
        ],
      })),
    },
  };
}
const at = (...practices: Practice[]) => situationsOf(professional(...practices), psc, directory, NOW);

describe('the role of a professional', () => {
  it.each([
    ['10', 'SM25', 'physician'],
    ['10', 'C41', 'physician'],
    ['60', '', 'nurse'],
  ])('profession %s with "%s" is %s', (profession, expertise, role) => {
    expect(at({ profession, expertise })).toEqual([{ role, partner: 'spsti-b', rpps: '99900000020' }]);
  });

  it.each<[string, Practice]>([
    ['another specialty', { expertise: 'SM04' }],
    ['no specialty', { expertise: '' }],
    ['a pharmacist with the code of the specialty', { profession: '21' }],
    ['a student', { category: 'E' }],
    ['no category', { category: '' }],
    ['a service that is not of the network', { siret: '99900000000034' }],
    ['no site', { siret: '' }],
    ['a partner that is not an occupational health service', { siret: '99900000000042' }],
    ['the hospital of the same site, for a nurse', { profession: '60', sector: 'SA01' }],
    ['no sector', { sector: '' }],
  ])('is none for %s', (_, practice) => {
    expect(at(practice)).toEqual([]);
  });

  it('in one service gives nothing in another', () => {
    expect(at({ siret: A }, { expertise: 'SM04', siret: B })).toEqual([
      { role: 'physician', partner: 'spsti-a', rpps: '99900000020' },
    ]);
    expect(at({ siret: A }, { profession: '60', siret: B }).map(({ role }) => role)).toEqual([
      'physician',
      'nurse',
    ]);
  });

  it('is the physician’s for who is both in one service, in either order', () => {
    const nurse = { profession: '60' };
    expect(at(nurse, {})).toEqual(at({}, nurse));
    expect(at(nurse, {})).toEqual([{ role: 'physician', partner: 'spsti-b', rpps: '99900000020' }]);
  });

  it('is none at a site that two partners claim', () => {
    partners.push(service('twin', B));
    expect(at({})).toEqual([]);
    partners.pop();
  });

  it('needs an RPPS number', () => {
    for (const SubjectNameID of [
      undefined,
      '',
      '099900000020',
      '89990000002',
      '8999000000200',
      899900000020,
    ]) {
      expect(situationsOf({ ...professional({}), SubjectNameID }, psc, directory, NOW)).toEqual([]);
    }
  });
});

describe('the role of staff', () => {
  it.each(['iprp', 'asst', 'secretary', 'vigilance', 'auditor'])('%s is the service’s to give', (role) => {
    expect(situationsOf({ relais_role: role }, staff, directory, NOW)).toEqual([
      { role, partner: 'spsti-b' },
    ]);
  });

  it('never is a professional’s or the operator’s, and an operator’s issuer gives no other', () => {
    for (const role of ['physician', 'nurse', 'operator', 'Secretary', '']) {
      expect(situationsOf({ ...professional({}), relais_role: role }, staff, directory, NOW)).toEqual([]);
    }
    for (const role of ['physician', 'auditor', 'secretary']) {
      expect(situationsOf({ ...professional({}), relais_role: role }, operator, directory, NOW)).toEqual([]);
    }
    expect(situationsOf({ relais_role: 'operator' }, operator, directory, NOW)).toEqual([
      { role: 'operator' },
    ]);
  });
});

it('claims of any shape give no role and no exception', () => {
  const claims = fc.record({
    SubjectNameID: fc.oneof(fc.constant('899900000020'), fc.jsonValue()),
    relais_role: fc.jsonValue().filter((value) => typeof value !== 'string'),
    SubjectRefPro: fc.oneof(
      fc.jsonValue(),
      fc.record({ exercices: fc.oneof(fc.jsonValue(), fc.array(fc.record({ activities: fc.jsonValue() }))) }),
    ),
  });
  fc.assert(
    fc.property(claims, fc.constantFrom(psc, staff, operator), (any, issuer) => {
      expect(situationsOf(any, issuer, directory, NOW)).toEqual([]);
    }),
  );
});
