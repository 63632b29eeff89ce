import { expect, it } from 'vitest';
import { aVerdict } from '../../../../test/builders/stages.ts';
import type { Traits } from '../identity.ts';
import { personFindings, questionAbout, verifiedPerson } from './named-person.ts';

const traits: Traits = { birthName: 'ADRUN', firstNames: ['ZOE'], sex: 'F', birthDate: '1975-12-31' };
const ins = { value: '2751263220749', key: '74', oid: '1.2.250.1.213.1.4.8' };

it('is asked about in the name of a service, with what is known and nothing else', () => {
  expect(questionAbout('spsti-a', { traits })).toEqual({ spsti: 'spsti-a', traits, startedBy: 'system' });
  expect(questionAbout('spsti-a', { traits, ins, evidenceSeen: 'CN' })).toEqual({
    spsti: 'spsti-a',
    traits,
    ins,
    evidenceSeen: 'CN',
    startedBy: 'system',
  });
});

it('leaves with the matricule only when Relais itself holds the identity qualified and without a doubt', () => {
  expect(verifiedPerson(traits, aVerdict({ status: 'QUAL', ins }))).toEqual({
    traits,
    identityStatus: 'QUAL',
    ins,
  });
  expect(verifiedPerson(traits, aVerdict({ status: 'RECUP', ins }))).toEqual({
    traits,
    identityStatus: 'RECUP',
  });
  expect(verifiedPerson(traits, aVerdict({ status: 'QUAL', ins, inDoubt: true }))).not.toHaveProperty('ins');
  expect(verifiedPerson(traits, undefined)).toEqual({ traits, identityStatus: 'PROV' });
});

it('a matricule with another key, or of an identity that is not qualified, is told where it stands', () => {
  expect(personFindings({ ins, identityStatus: 'QUAL' }, '/person', 'essai')).toEqual([]);
  expect(personFindings({ identityStatus: 'PROV' }, '/person', 'essai')).toEqual([]);
  expect(
    personFindings({ ins: { ...ins, key: '75' }, identityStatus: 'VALI' }, '/person', 'essai').map(
      ({ pointer, code }) => `${pointer} ${code}`,
    ),
  ).toEqual(['/person/ins essai.ins-not-qualified', '/person/ins/key essai.ins-key']);
});
