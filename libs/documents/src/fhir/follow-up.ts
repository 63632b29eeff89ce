import type { CarePlan, FhirResource } from 'fhir-types/r4.js';
import type { FollowUp, Pdp } from '#core/dmst';
import { FOLLOW_UP, TRIGGERS, word } from '#core/dmst-words';
import { extensions, ownCode, period, type Scope } from './scope.ts';

/** Individual follow-up (R.4624-10 to -28) and prevention of désinsertion as care plans. */
export function toFollowUp(scope: Scope): FhirResource[] {
  const { followUp, pdp = [] } = scope.dmst;
  return [
    ...followUp.map((one, i) => individual(scope, one, i)),
    ...pdp.map((one, i) => prevention(scope, one, i)),
  ];
}

function individual(
  scope: Scope,
  { category, triggers = [], from, to, declaredByEmployer, nextVisitDue }: FollowUp,
  i: number,
): CarePlan {
  return scope.make<CarePlan>(`followUp/${i}`, {
    resourceType: 'CarePlan',
    extension: extensions({ declaredByEmployer }),
    status: to === undefined ? 'active' : 'completed',
    intent: 'plan',
    category: [
      ownCode('sst-follow-up', category, FOLLOW_UP[category]),
      ...triggers.map((code) => ownCode('sst-follow-up-trigger', code, word(TRIGGERS, code))),
    ],
    title: FOLLOW_UP[category],
    subject: scope.patient,
    period: period(from, to),
    activity:
      nextVisitDue === undefined
        ? []
        : [
            {
              detail: {
                kind: 'Appointment',
                status: 'scheduled',
                description: 'Prochaine visite au plus tard',
                scheduledPeriod: { end: nextVisitDue },
              },
            },
          ],
  });
}

function prevention(
  scope: Scope,
  { opened, closed, stage, partners = [], plan, essaiEncadre, crpe }: Pdp,
  i: number,
): CarePlan {
  return scope.make<CarePlan>(`pdp/${i}`, {
    resourceType: 'CarePlan',
    extension: extensions({ stage, essaiEncadre, crpe }),
    status: closed === undefined ? 'active' : 'completed',
    intent: 'plan',
    category: [ownCode('sst-pdp', 'PDP', 'Prévention de la désinsertion professionnelle')],
    title: 'Prévention de la désinsertion professionnelle',
    description: plan,
    subject: scope.patient,
    period: period(opened, closed),
    contributor: partners.map((display) => ({ display })),
  });
}
