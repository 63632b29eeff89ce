import type { Bundle, FhirResource, Patient } from 'fhir-types/r4.js';
import { describe, expect, it } from 'vitest';
import { checkTransaction } from './check-transaction.ts';

const ID = (n: number) => `urn:uuid:00000000-0000-4000-8000-00000000000${n}`;
const STATUS = 'https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-identity-reliability';

const PATIENT: Patient = {
  resourceType: 'Patient',
  extension: [
    { url: STATUS, extension: [{ url: 'identityStatus', valueCoding: { code: 'VALI' } }] },
    { url: 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace', valueAddress: { text: '63220' } },
  ],
  identifier: [
    { system: 'urn:oid:1.2.250.1.213.1.4.8', value: '275126322074974' },
    { type: { coding: [{ code: 'PI' }] }, system: 'urn:x', value: 'A-1' },
  ],
  name: [{ use: 'official', family: 'ADRUN', given: ['ZOE'] }],
  gender: 'female',
  birthDate: '1975-12-31',
};

function transaction(
  patient: Patient = PATIENT,
  readers = 'SANTE',
  permit = true,
  vaccinated = true,
): Bundle<FhirResource> {
  const subject = { reference: ID(1) };
  return {
    resourceType: 'Bundle',
    identifier: { system: 'urn:ietf:rfc:3986', value: ID(0) },
    meta: { tag: [{ system: 'urn:relais:codes:readers', code: readers }] },
    type: 'transaction',
    entry: [
      { fullUrl: ID(1), resource: patient, request: { method: 'POST', url: 'Patient' } },
      {
        fullUrl: ID(2),
        resource: {
          resourceType: 'Consent',
          status: 'active',
          scope: { text: 'x' },
          category: [{ text: 'x' }],
          patient: subject,
          policyRule: { text: 'x' },
          provision: { type: permit ? 'permit' : 'deny' },
        },
        request: { method: 'POST', url: 'Consent' },
      },
      ...(vaccinated
        ? [
            {
              fullUrl: ID(3),
              resource: {
                resourceType: 'Immunization' as const,
                status: 'completed' as const,
                vaccineCode: { text: 'x' },
                patient: subject,
                occurrenceDateTime: '2021-01-01',
              },
              request: { method: 'POST' as const, url: 'Immunization' },
            },
          ]
        : []),
    ],
  };
}

const codes = (json: unknown) => checkTransaction(json).map(({ code }) => code);

describe('the simulated establishment', () => {
  it('takes a transaction that has everything', () => {
    expect(checkTransaction(transaction())).toEqual([]);
    expect(checkTransaction(transaction(PATIENT, 'SOCIAL', true, false))).toEqual([]);
  });

  it('takes somebody without a matricule, whose identity is then provisional', () => {
    const [local] = (PATIENT.identifier ?? []).slice(1);
    const [, place] = PATIENT.extension ?? [];
    const provisional = {
      url: STATUS,
      extension: [{ url: 'identityStatus', valueCoding: { code: 'PROV' } }],
    };
    const somebody = {
      ...PATIENT,
      identifier: local === undefined ? [] : [local],
      extension: place === undefined ? [provisional] : [provisional, place],
    };
    expect(checkTransaction(transaction(somebody))).toEqual([]);
    expect(codes(transaction({ ...somebody, extension: PATIENT.extension ?? [] }))).toEqual(['invariant']);
  });

  it.each<[string, unknown, string[]]>([
    ['what is no transaction', { ...transaction(), type: 'collection' }, ['structure']],
    ['nothing', undefined, ['structure']],
    ['a refusal of the person', transaction(PATIENT, 'SANTE', false), ['business-rule']],
    ['care for social professionals', transaction(PATIENT, 'SOCIAL'), ['business-rule']],
    [
      'incomplete traits',
      transaction({ ...PATIENT, extension: (PATIENT.extension ?? []).slice(0, 1) }),
      ['required'],
    ],
    [
      'nobody',
      { ...transaction(), entry: (transaction().entry ?? []).slice(1, 2) },
      ['invariant', 'business-rule'],
    ],
  ])('refuses %s', (_, json, expected) => {
    expect(codes(json)).toEqual(expected);
  });

  it('refuses what FHIR R4 does not know, and what is not a creation', () => {
    expect(codes(transaction({ ...PATIENT, gender: 'F' as 'female' }))).toContain('structure');
    const [first, ...others] = transaction().entry ?? [];
    const put = { ...first, request: { method: 'PUT' as const, url: 'Patient' } };
    expect(codes({ ...transaction(), entry: [put, ...others] })).toEqual(['value']);
  });
});
