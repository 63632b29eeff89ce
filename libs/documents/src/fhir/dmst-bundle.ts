/**
 * `dmst-exchange/1` → FHIR R4, along the FHIR column of the project's dictionary. Pure: same dossier and message, same
 * bundle, ids included. No public guide describes a DMST in FHIR: this claims R4 validity, no profile of a DMST.
 */
import type { Bundle, BundleEntry, FhirResource } from 'fhir-types/r4.js';
import type { Dmst } from '#core/dmst';
import { bundleOf } from './bundle-of.ts';
import { toDocuments } from './documents.ts';
import { toFindings } from './findings.ts';
import { toFollowUp } from './follow-up.ts';
import { toHealth } from './health.ts';
import { toPatient } from './patient.ts';
import { toPeople } from './people.ts';
import { toRights } from './rights.ts';
import { type FhirOrigin, Scope } from './scope.ts';
import { toVaccinations } from './vaccinations.ts';
import { toVisits } from './visits.ts';
import { toWork } from './work.ts';

/**
 * A collection of resources that refer to each other by `urn:uuid:`. What the dossier holds of third persons
 * (`thirdPartyInfo`) never goes in; a dossier cut to part A gives the resources of part A.
 */
export function dmstBundle(dmst: Dmst, origin: FhirOrigin): Bundle {
  const scope = new Scope(dmst, origin);
  const resources: FhirResource[] = [
    toPatient(scope),
    ...toPeople(scope),
    ...toWork(scope),
    ...toFollowUp(scope),
    ...toVisits(scope),
    ...toHealth(scope),
    ...toFindings(scope),
    ...toVaccinations(scope),
    ...toDocuments(scope),
    ...toRights(scope),
  ];
  return bundleOf(resources, origin);
}

/** The same resources, for a server to create all or none: POST [base], each entry a creation. */
export function asTransaction(bundle: Bundle): Bundle {
  return {
    ...bundle,
    type: 'transaction',
    entry: (bundle.entry ?? []).map(
      (entry): BundleEntry => ({
        ...entry,
        request: { method: 'POST', url: entry.resource?.resourceType ?? '' },
      }),
    ),
  };
}
