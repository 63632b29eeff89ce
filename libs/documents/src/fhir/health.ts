import type {
  AllergyIntolerance,
  CodeableConcept,
  Condition,
  FamilyMemberHistory,
  FhirResource,
  MedicationStatement,
  Procedure,
} from 'fhir-types/r4.js';
import type { Dmst } from '#core/dmst';
import { HISTORY, word } from '#core/dmst-words';
import { coded, coding, extensions, ownCode, period, type Scope } from './scope.ts';
import { ATC, CIM10 } from './systems.ts';

type History = NonNullable<Dmst['history']>[number];
type OccupationalEvent = NonNullable<Dmst['occupationalEvents']>[number];

const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const ALLERGY_CLINICAL = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';
const EVENTS = { AT: 'Accident du travail', MP: 'Maladie professionnelle' } as const;

/** History, occupational accidents and diseases, treatments. */
export function toHealth(scope: Scope): FhirResource[] {
  const { history = [], occupationalEvents = [], treatments = [] } = scope.dmst;
  return [
    ...history.map((one, i) => toHistory(scope, one, `history/${i}`)),
    ...occupationalEvents.map((one, i) => toEvent(scope, one, `occupationalEvents/${i}`)),
    ...treatments.map(({ code, label, from, to }, i) =>
      scope.make<MedicationStatement>(`treatments/${i}`, {
        resourceType: 'MedicationStatement',
        status: to === undefined ? 'active' : 'completed',
        medicationCodeableConcept: coded(label, ATC, code),
        subject: scope.patient,
        effectivePeriod: period(from, to),
      }),
    ),
  ];
}

function toHistory(scope: Scope, one: History, path: string): FhirResource {
  const code = coded(one.label, CIM10, one.code);
  if (one.kind === 'ALLERGIE') {
    return scope.make<AllergyIntolerance>(path, {
      resourceType: 'AllergyIntolerance',
      clinicalStatus: { coding: [coding(ALLERGY_CLINICAL, one.end === undefined ? 'active' : 'resolved')] },
      code,
      patient: scope.patient,
      onsetDateTime: one.onset,
    });
  }
  if (one.kind === 'FAM') {
    return scope.make<FamilyMemberHistory>(path, {
      resourceType: 'FamilyMemberHistory',
      status: 'partial',
      patient: scope.patient,
      relationship: {
        coding: [coding('http://terminology.hl7.org/CodeSystem/v3-RoleCode', 'FAMMEMB')],
        text: 'famille',
      },
      condition: [{ code }],
    });
  }
  if (one.kind === 'CHIR') {
    return scope.make<Procedure>(path, {
      resourceType: 'Procedure',
      status: 'completed',
      code,
      subject: scope.patient,
      performedDateTime: one.onset,
    });
  }
  return scope.make<Condition>(path, {
    resourceType: 'Condition',
    clinicalStatus: clinicalStatus(one.end),
    category: [ownCode('dmst-history', one.kind, word(HISTORY, one.kind))],
    code,
    subject: scope.patient,
    onsetDateTime: one.onset,
    abatementDateTime: one.end,
  });
}

function toEvent(scope: Scope, event: OccupationalEvent, path: string): Condition {
  const { type, date, label, cim10, tableMP, recognised, ipp, stopDays } = event;
  return scope.make<Condition>(path, {
    resourceType: 'Condition',
    extension: extensions({ tableMP, recognised, ipp, stopDays }),
    clinicalStatus: clinicalStatus(undefined),
    category: [ownCode('dmst-event', type, EVENTS[type])],
    code: coded(label ?? EVENTS[type], CIM10, cim10),
    subject: scope.patient,
    onsetDateTime: date,
  });
}

/** An end makes it resolved (FHIR con-4); without one nobody said that it is over. */
function clinicalStatus(end: string | undefined): CodeableConcept {
  return { coding: [coding(CLINICAL, end === undefined ? 'active' : 'resolved')] };
}
