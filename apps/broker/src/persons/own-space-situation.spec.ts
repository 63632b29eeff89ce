import { describe, expect, it } from 'vitest';
import type { Directory, Partner } from '#core';
import { type IssuerSettings, ownSpaceIssuers } from './issuer-settings.ts';
import { situationsOf } from './role-of.ts';
import type { Claims } from './situation.ts';

const NOW = new Date('2026-11-20T09:00:00Z');
const portal: Partner = {
  id: 'portail',
  kind: 'portal',
  name: 'Portail',
  flows: [],
  transport: 'mailbox',
  keys: {},
  pages: true,
};
const directoryOf = (...partners: Partner[]): Directory => ({
  all: () => partners,
  partner: (id) => partners.find((one) => one.id === id),
});
const directory = directoryOf(portal);
const registered = { issuer: 'https://issuer.example', acr: 'eidas2', clientId: 'c', clientSecret: 's' };
const worker = ownSpaceIssuers('worker', directory, {
  portail: { ...registered, profile: 'franceconnect' },
})[0] as IssuerSettings;
const employer = ownSpaceIssuers('employer', directory, {
  portail: { ...registered, profile: 'proconnect' },
})[0] as IssuerSettings;

const ZOE: Claims = {
  family_name: 'ADRUN',
  given_name: 'ZOE MARIE',
  birthdate: '1975-12-31',
  gender: 'female',
  birthplace: '63220',
  birthcountry: '99100',
};

describe('who comes for what is their own', () => {
  it('is a worker by strict traits, every one from the issuer', () => {
    expect(situationsOf(ZOE, worker, directory, NOW)).toEqual([
      {
        role: 'worker',
        partner: 'portail',
        traits: {
          birthName: 'ADRUN',
          firstNames: ['ZOE', 'MARIE'],
          sex: 'F',
          birthDate: '1975-12-31',
          birthPlace: '63220',
        },
      },
    ]);
  });

  it('born abroad is born in a country', () => {
    const [somebody] = situationsOf(
      { ...ZOE, birthplace: '', birthcountry: '99352' },
      worker,
      directory,
      NOW,
    );
    expect(somebody?.traits?.birthPlace).toBe('99352');
  });

  it.each([
    ['no name', { family_name: '' }],
    ['no given name', { given_name: ' ' }],
    ['a sex that is no claim of theirs', { gender: 'F' }],
    ['a day that nobody knows', { birthdate: '1975-00-00' }],
    ['a year alone', { birthdate: '1975' }],
    ['a day to come', { birthdate: '2030-01-01' }],
    ['a list for a name', { family_name: ['ADRUN'] }],
    ['a place that is none', { birthplace: 'Clermont' }],
    ['no place at all', { birthplace: '', birthcountry: '' }],
    ['a place that nobody knows', { birthplace: '99999' }],
  ])('is nobody with %s', (_, change) => {
    expect(situationsOf({ ...ZOE, ...change }, worker, directory, NOW)).toEqual([]);
  });

  it('is an employer by a SIRET that can be one', () => {
    const siret = '99000512600018';
    expect(situationsOf({ siret }, employer, directory, NOW)).toEqual([
      { role: 'employer', partner: 'portail', siret },
    ]);
    for (const wrong of ['99000512600019', '990005126', Number(siret), [siret], undefined])
      expect(situationsOf({ siret: wrong }, employer, directory, NOW)).toEqual([]);
  });

  it('is nobody without the claim that the door requires, where it requires one', () => {
    const siret = '99000512600018';
    const requires = { claim: 'habilitations', value: 'relais-employeur' };
    const door = { ...employer, requires };
    const opened = (claims: object) => situationsOf({ siret, ...claims }, door, directory, NOW).length;
    expect(opened({ habilitations: 'relais-employeur' })).toBe(1);
    expect(opened({ habilitations: ['paie', 'relais-employeur'] })).toBe(1);
    for (const habilitations of [undefined, '', true, 'relais', ['paie'], { value: 'relais-employeur' }])
      expect(opened({ habilitations })).toBe(0);
  });

  it('is never what the other door opens, nor staff by a claim', () => {
    expect(
      situationsOf({ ...ZOE, siret: '99000512600018', relais_role: 'operator' }, worker, directory, NOW),
    ).toEqual([expect.objectContaining({ role: 'worker' })]);
    expect(situationsOf(ZOE, employer, directory, NOW)).toEqual([]);
    expect(situationsOf({ relais_role: 'operator' }, worker, directory, NOW)).toEqual([]);
  });

  it('is nobody once the portal has no pages here', () => {
    const { pages: _, ...gone } = portal;
    expect(situationsOf(ZOE, worker, directoryOf(gone), NOW)).toEqual([]);
  });
});

describe('a door', () => {
  it('is refused at start to a partner without pages, and by the profile of the other one', () => {
    const { pages: _, ...without } = portal;
    const profile = 'franceconnect' as const;
    expect(() =>
      ownSpaceIssuers('worker', directoryOf(without), { portail: { ...registered, profile } }),
    ).toThrow('configuration.invalid');
    expect(() => ownSpaceIssuers('employer', directory, { portail: { ...registered, profile } })).toThrow(
      'configuration.invalid',
    );
  });
});
