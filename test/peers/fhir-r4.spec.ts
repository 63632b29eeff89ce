/** HL7's schema of FHIR R4 and an outside validator, on every sample dossier of the portability contract. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle, Observation, Patient } from 'fhir-types/r4.js';
import { describe, expect, it } from 'vitest';
import type { Dmst } from '#core/dmst';
import { asTransaction, dmstBundle } from '#documents';
import { fhirFaults } from '../builders/fhir-judges.ts';

const SAMPLES = join(import.meta.dirname, '../../contracts/dmst-portability/samples/valid');
const dossiers = readdirSync(SAMPLES).filter(
  (name) => name.startsWith('response.') && name.endsWith('.json'),
);

function bundleOf(name: string): Bundle {
  const dmst = JSON.parse(readFileSync(join(SAMPLES, name), 'utf8')) as Dmst;
  return dmstBundle(dmst, {
    messageId: '019abc00-0000-7000-8000-000000000001',
    at: '2026-05-12T10:00:00.000Z',
    status: 'QUAL',
  });
}

describe('FHIR R4 as others read it', () => {
  it.each(dossiers)('holds for %s, as a collection and as a transaction', (name) => {
    const bundle = bundleOf(name);
    expect(
      (bundle.entry ?? []).flatMap(({ resource }) => (resource === undefined ? [] : fhirFaults(resource))),
    ).toEqual([]);
    expect(fhirFaults(bundle)).toEqual([]);
    expect(fhirFaults(asTransaction(bundle))).toEqual([]);
  });

  it('shows every resource of the dictionary in the full dossier', () => {
    const types = new Set(
      bundleOf('response.full.json').entry?.map(({ resource }) => resource?.resourceType),
    );
    expect([...types].toSorted()).toEqual([
      'AllergyIntolerance',
      'AuditEvent',
      'Basic',
      'Binary',
      'CarePlan',
      'CareTeam',
      'Communication',
      'Condition',
      'Consent',
      'DocumentReference',
      'Encounter',
      'FamilyMemberHistory',
      'Immunization',
      'MedicationStatement',
      'Observation',
      'Organization',
      'Patient',
      'Practitioner',
      'Procedure',
      'Task',
    ]);
  });

  it('would not hold for a wrong code, a missing element, or an element that R4 does not know', () => {
    const [first] = bundleOf('response.minimal.json').entry ?? [];
    const patient = first?.resource as Patient;
    const observation: Observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' } };
    expect(fhirFaults(patient)).toEqual([]);
    expect(fhirFaults(observation)).toEqual([]);
    expect(fhirFaults({ ...patient, gender: 'F' as 'female' })).not.toEqual([]);
    const { code: _, ...bare } = observation;
    expect(fhirFaults(bare as Observation)).not.toEqual([]);
    expect(fhirFaults({ ...patient, insurance: 'x' } as Patient)).not.toEqual([]);
  });
});
