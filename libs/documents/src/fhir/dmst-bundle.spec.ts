import fc from 'fast-check';
import type { Bundle, Patient } from 'fhir-types/r4.js';
import { describe, expect, it } from 'vitest';
import type { IdentityStatus } from '#core';
import type { Dmst } from '#core/dmst';
import { asTransaction, dmstBundle } from './dmst-bundle.ts';

const ORIGIN = { messageId: '019abc00-0000-7000-8000-000000000001', at: '2026-05-12T10:00:00.000Z' };

const ZOE: Dmst = {
  schemaVersion: 'dmst-exchange/1',
  profile: 'full',
  identity: {
    ins: {
      value: '2751263220749',
      key: '74',
      oid: '1.2.250.1.213.1.4.8',
      status: 'QUAL',
      verifiedAt: '2026-05-11',
    },
    localId: { system: 'urn:relais:partner:spsti-a', value: 'A-1' },
    birthName: 'ADRUN',
    firstNames: ['ZOE', 'MARIE'],
    usedName: 'DUMONT',
    sex: 'F',
    birthDate: '1975-12-31',
    birthPlace: '63220',
  },
  services: [
    {
      spst: { siret: '99000000100017', name: 'SPSTI A' },
      from: '2015-03-02',
      isCurrent: true,
      mt: { name: 'Dr P' },
    },
  ],
  employments: [{ id: 'E1', jobTitle: 'Opératrice', pcsCode: '628b', nafCode: '25.62B', from: '2015-03-02' }],
  followUp: [{ category: 'SIR', triggers: ['CMR'], from: '2018-06-01', nextVisitDue: '2028-05-11' }],
  exposures: [
    {
      id: 'X1',
      label: 'Bruit',
      from: '2015-03-02',
      source: 'ETUDE',
      employmentRef: 'E1',
      measure: { value: 84.5, unit: 'dB(A)', limit: 87 },
    },
  ],
  visits: [{ id: 'V1', date: '2026-05-11', type: 'EMAP', professional: { role: 'MT' }, employmentRef: 'E1' }],
  history: [
    { kind: 'ALLERGIE', label: 'Pénicilline' },
    { kind: 'FAM', label: 'Hypertension (mère)' },
    { kind: 'CHIR', label: 'Appendicectomie' },
    { kind: 'PERSO', label: 'Coiffe', onset: '2023-10', end: '2025' },
  ],
  outputs: [
    { type: 'AMEN', date: '2026-05-11', restrictions: [{ label: 'Pas de port de charges' }], visitRef: 'V1' },
  ],
  rights: {
    informed: [{ date: '2026-05-11', by: 'SPSTI A' }],
    oppositions: [{ right: 1, from: '2020-01-01', withdrawnAt: '2021-01-01' }],
    consents: [{ kind: 'ESMS', given: true, at: '2026-05-11' }],
  },
  attachments: [
    {
      id: 'P1',
      mime: 'application/pdf',
      sha256: '0'.repeat(64),
      title: 'Pièce',
      date: '2026-05-11',
      content: 'JVBERi0=',
    },
  ],
  thirdPartyInfo: [{ about: 'conjoint', text: 'SECRET-TIERS' }],
};

function resources<T extends string>({ entry = [] }: Bundle, type: T) {
  return entry.flatMap(({ resource }) => (resource?.resourceType === type ? [resource] : []));
}

function patient(bundle: Bundle): Patient {
  return resources(bundle, 'Patient')[0] as Patient;
}

describe('a dossier in FHIR', () => {
  const bundle = dmstBundle(ZOE, ORIGIN);

  it('is the same for the same message, ids included, and shares no id with another message', () => {
    expect(dmstBundle(ZOE, ORIGIN)).toEqual(bundle);
    const other = dmstBundle(ZOE, { ...ORIGIN, messageId: '019abc00-0000-7000-8000-000000000002' });
    const ids = (of: Bundle) => (of.entry ?? []).map(({ resource }) => resource?.id);
    expect(new Set([...ids(bundle), ...ids(other)]).size).toBe(2 * ids(bundle).length);
  });

  it('refers to nothing that it does not hold', () => {
    const held = new Set((bundle.entry ?? []).map(({ fullUrl }) => fullUrl));
    const asked = [...JSON.stringify(bundle).matchAll(/"reference":"([^"]+)"/g)].map(([, to]) => to);
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter((to) => !held.has(to))).toEqual([]);
  });

  it('says who the worker is as FR Core does', () => {
    expect(patient(bundle)).toMatchObject({
      identifier: [
        { use: 'official', system: 'urn:oid:1.2.250.1.213.1.4.8', value: '275126322074974' },
        { system: 'urn:relais:partner:spsti-a', value: 'A-1' },
      ],
      name: [
        { use: 'official', family: 'ADRUN', given: ['ZOE'], extension: [{ valueString: 'ZOE MARIE' }] },
        { use: 'usual', family: 'DUMONT' },
      ],
      gender: 'female',
      birthDate: '1975-12-31',
    });
  });

  it('shows the matricule, as VALI, only where the dossier and Relais both hold the identity qualified', () => {
    const status = fc.constantFrom<IdentityStatus>('PROV', 'RECUP', 'VALI', 'QUAL');
    fc.assert(
      fc.property(status, fc.option(status, { nil: undefined }), (theirs, ours) => {
        const ins = { ...(ZOE.identity.ins as NonNullable<Dmst['identity']['ins']>), status: theirs };
        const dmst = { ...ZOE, identity: { ...ZOE.identity, ins } };
        const made = dmstBundle(dmst, { ...ORIGIN, ...(ours === undefined ? {} : { status: ours }) });
        const qualified = theirs === 'QUAL' && (ours ?? 'QUAL') === 'QUAL';
        expect(JSON.stringify(made).includes(ins.value)).toBe(qualified);
        expect(patient(made).extension?.[0]?.extension?.[0]?.valueCoding?.code).toBe(
          qualified ? 'VALI' : 'PROV',
        );
      }),
    );
  });

  it('writes an employment in the shape of ODH, and what the worker met there beside it', () => {
    const [job, noise] = resources(bundle, 'Observation');
    expect(job).toMatchObject({
      code: { coding: [{ system: 'http://loinc.org', code: '11341-5' }] },
      valueCodeableConcept: { coding: [{ code: '628b' }], text: 'Opératrice' },
      component: [
        { code: { coding: [{ code: '86188-0' }] }, valueCodeableConcept: { coding: [{ code: '25.62B' }] } },
      ],
    });
    expect(noise).toMatchObject({
      derivedFrom: [{ reference: `urn:uuid:${job?.id}` }],
      valueCodeableConcept: { text: 'Bruit' },
    });
    // dB(A) is not UCUM, and is not said to be
    expect(JSON.stringify(noise)).toContain('"valueQuantity":{"value":84.5,"unit":"dB(A)"}');
  });

  it('gives each kind of history its resource', () => {
    for (const type of ['AllergyIntolerance', 'FamilyMemberHistory', 'Procedure']) {
      expect(resources(bundle, type)).toHaveLength(1);
    }
    expect(resources(bundle, 'Condition')).toMatchObject([
      { clinicalStatus: { coding: [{ code: 'resolved' }] }, abatementDateTime: '2025' },
    ]);
  });

  it('tells permission from refusal, and an opposition in force from one withdrawn', () => {
    expect(resources(bundle, 'Consent')).toMatchObject([
      { status: 'active' },
      { status: 'inactive', provision: { type: 'deny' } },
      { status: 'active', provision: { type: 'permit' } },
    ]);
  });

  it('leaves out what the dossier holds of third persons', () => {
    expect(JSON.stringify(bundle)).not.toContain('SECRET-TIERS');
  });

  it('names the thesaurus of exposures as the installation sets it', () => {
    const coded = {
      ...ZOE,
      exposures: [{ id: 'X1', label: 'Bruit', tepCode: 'AB12', from: '2020-01-01', source: 'FE' }],
    };
    const systems = { tep: 'https://exemple.invalid/tep' };
    expect(JSON.stringify(dmstBundle(coded, { ...ORIGIN, systems }))).toContain(
      '{"system":"https://exemple.invalid/tep","code":"AB12"}',
    );
  });

  it('is, as a transaction, one creation for each resource', () => {
    const transaction = asTransaction(bundle);
    expect(transaction.type).toBe('transaction');
    expect(transaction.entry).toHaveLength(bundle.entry?.length ?? 0);
    for (const { request, resource } of transaction.entry ?? []) {
      expect(request).toEqual({ method: 'POST', url: resource?.resourceType });
    }
  });
});
