import type { Coding, Encounter, FhirResource } from 'fhir-types/r4.js';
import type { Visit } from '#core/dmst';
import { PROFESSIONALS, VISITS, word } from '#core/dmst-words';
import { practitioner } from './people.ts';
import { coding, extensions, ownCode, type Scope } from './scope.ts';
import { ACT_CODE, own } from './systems.ts';

const ON_SITE: Coding = coding(ACT_CODE, 'AMB', 'Ambulatoire');
const REMOTE: Coding = coding(ACT_CODE, 'VR', 'À distance');

export function toVisits(scope: Scope): FhirResource[] {
  const current = scope.dmst.services.findIndex(({ isCurrent }) => isCurrent);
  return (scope.dmst.visits ?? []).flatMap((visit) => toVisit(scope, visit, current));
}

function toVisit(scope: Scope, visit: Visit, service: number): FhirResource[] {
  const path = `visits/${visit.id}`;
  const { professional, followUpCategory, reasonCode, employmentRef } = visit;
  const named = professional.name !== undefined || professional.RPPS !== undefined;
  const role = word(PROFESSIONALS, professional.role);
  return [
    ...(named ? [practitioner(scope, `${path}/professional`, professional)] : []),
    scope.make<Encounter>(path, {
      resourceType: 'Encounter',
      extension: [
        ...extensions({ followUpCategory }),
        ...(employmentRef === undefined
          ? []
          : [
              { url: 'urn:relais:fhir:employment', valueReference: scope.to(`employments/${employmentRef}`) },
            ]),
      ],
      status: 'finished',
      class: visit.modality === 'TELE' ? REMOTE : ON_SITE,
      type: [ownCode('sst-visit-type', visit.type, word(VISITS, visit.type))],
      subject: scope.patient,
      participant: [
        {
          type: [ownCode('sst-role', professional.role, role)],
          individual: named ? scope.to(`${path}/professional`) : { display: role },
        },
      ],
      period: { start: visit.date, end: visit.date },
      reasonCode: reasonCode === undefined ? [] : [{ coding: [coding(own('sst-visit-reason'), reasonCode)] }],
      serviceProvider: service === -1 ? undefined : scope.to(`services/${service}`),
    }),
  ];
}
