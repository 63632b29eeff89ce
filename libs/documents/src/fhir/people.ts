import type { CareTeam, FhirResource, Identifier, Organization, Practitioner } from 'fhir-types/r4.js';
import { coding, extensions, period, type Scope } from './scope.ts';
import { FR_0203, RPPS, SIRET } from './systems.ts';

/** Treating doctor, services with their occupational physicians. */
export function toPeople(scope: Scope): FhirResource[] {
  const { adminHealth, services } = scope.dmst;
  const doctor = adminHealth?.treatingDoctor;
  return [
    ...(doctor === undefined ? [] : [practitioner(scope, 'treating-doctor', doctor)]),
    ...services.flatMap((service, i): FhirResource[] => [
      organization(scope, `services/${i}`, service.spst),
      ...(service.mt === undefined ? [] : [practitioner(scope, `services/${i}/mt`, service.mt)]),
      careTeam(scope, i),
    ]),
  ];
}

interface Professional {
  name?: string;
  RPPS?: string;
  MSSante?: string;
  phone?: string;
}

export function practitioner(scope: Scope, path: string, professional: Professional): Practitioner {
  const { name, RPPS: rpps, MSSante, phone } = professional;
  return scope.make<Practitioner>(path, {
    resourceType: 'Practitioner',
    identifier: rpps === undefined ? [] : [rppsIdentifier(rpps)],
    name: name === undefined ? [] : [{ text: name }],
    telecom: [
      ...(phone === undefined ? [] : [{ system: 'phone' as const, value: phone, use: 'work' as const }]),
      ...(MSSante === undefined ? [] : [{ system: 'email' as const, value: MSSante, use: 'work' as const }]),
    ],
  });
}

export function organization(
  scope: Scope,
  path: string,
  { name, siret, phone }: { name?: string | undefined; siret?: string | undefined; phone?: string },
): Organization {
  return scope.make<Organization>(path, {
    resourceType: 'Organization',
    identifier: siret === undefined ? [] : [{ system: SIRET, value: siret }],
    // FHIR asks one of the two
    name: name ?? (siret === undefined ? 'non précisé' : undefined),
    telecom: phone === undefined ? [] : [{ system: 'phone', value: phone, use: 'work' }],
  });
}

function careTeam(scope: Scope, i: number): CareTeam {
  const service = scope.dmst.services[i];
  return scope.make<CareTeam>(`services/${i}/team`, {
    resourceType: 'CareTeam',
    extension: extensions({ isCurrent: service?.isCurrent }),
    status: service?.isCurrent === true ? 'active' : 'inactive',
    name: 'Équipe du service de prévention et de santé au travail',
    subject: scope.patient,
    period: period(service?.from, service?.to),
    participant:
      service?.mt === undefined
        ? []
        : [{ role: [{ text: 'médecin du travail' }], member: scope.to(`services/${i}/mt`) }],
    managingOrganization: [scope.to(`services/${i}`)],
  });
}

function rppsIdentifier(value: string): Identifier {
  return { type: { coding: [coding(FR_0203, 'RPPS')] }, system: RPPS, value };
}
