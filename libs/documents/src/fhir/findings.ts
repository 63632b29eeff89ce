import type { CodeableConcept, FhirResource, Observation, ObservationComponent } from 'fhir-types/r4.js';
import type { Exam } from '#core/dmst';
import { coded, coding, type Loose, ownCode, quantity, type Scope } from './scope.ts';
import { CIM10, LOINC } from './systems.ts';

const CATEGORIES = 'http://terminology.hl7.org/CodeSystem/observation-category';

/** What was measured, seen or said at visits: exams, symptoms, dosimetry, way of life, links with work. */
export function toFindings(scope: Scope): FhirResource[] {
  const { exams = [], symptomsByVisit = [], dosimetry = [], workLink = [] } = scope.dmst;
  return [
    ...exams.map((exam, i) => toExam(scope, exam, `exams/${i}`)),
    ...symptomsByVisit.map(({ visitRef, code, label }, i) =>
      observation(scope, `symptomsByVisit/${i}`, {
        code: ownCode('dmst', 'symptom', 'Symptôme'),
        encounter: scope.to(`visits/${visitRef}`),
        valueCodeableConcept: coded(label, CIM10, code),
      }),
    ),
    ...dosimetry.map(({ period, effectiveDose, source }, i) =>
      observation(scope, `dosimetry/${i}`, {
        code: ownCode('dmst', 'effective-dose', 'Dose efficace'),
        effectiveDateTime: period,
        valueQuantity: quantity(effectiveDose, 'mSv', true),
        method: { text: source },
      }),
    ),
    ...workLink.map(({ pathology, exposureRef, opinion, mcpReported }, i) =>
      observation(scope, `workLink/${i}`, {
        code: ownCode('dmst', 'work-link', 'Lien possible avec le travail'),
        valueCodeableConcept: ownCode(
          'dmst-work-link',
          opinion,
          opinion === 'POSSIBLE' ? 'lien possible avec le travail' : 'pas de lien avec le travail',
        ),
        component: [
          { code: ownCode('dmst', 'pathology', 'Pathologie'), valueString: pathology },
          ...(mcpReported === undefined
            ? []
            : [{ code: ownCode('dmst', 'mcp-reported', 'Signalée en MCP'), valueBoolean: mcpReported }]),
        ],
        derivedFrom: exposureRef === undefined ? [] : [scope.to(`exposures/${exposureRef}`)],
      }),
    ),
    ...toStatus(scope),
  ];
}

/** Way of life and recognitions: single values of the dossier. */
function toStatus(scope: Scope): Observation[] {
  const { lifestyle, adminHealth } = scope.dmst;
  const one = (name: string, display: string, value: Partial<Observation> | undefined): Observation[] =>
    value === undefined ? [] : [observation(scope, name, { code: ownCode('dmst', name, display), ...value })];
  const { tobacco, alcohol, sport } = lifestyle ?? {};
  const { rqth, invalidity, ald } = adminHealth ?? {};
  return [
    ...one(
      'tobacco',
      'Tabac (paquets-année)',
      tobacco === undefined ? undefined : { valueQuantity: quantity(tobacco, 'paquets-année', false) },
    ),
    ...one('alcohol', 'Alcool (AUDIT-C)', alcohol === undefined ? undefined : { valueInteger: alcohol }),
    ...one('sport', 'Activité physique', sport === undefined ? undefined : { valueString: sport }),
    ...one('rqth', 'Travailleur handicapé (RQTH)', rqth === undefined ? undefined : { valueBoolean: rqth }),
    ...one(
      'invalidity',
      'Catégorie d’invalidité',
      invalidity === undefined ? undefined : { valueInteger: invalidity },
    ),
    ...one('ald', 'Affection de longue durée', ald === undefined ? undefined : { valueBoolean: ald }),
  ];
}

function toExam(scope: Scope, exam: Exam, path: string): Observation {
  const { date, code, label, value, unit, ref, interpretation, series = [] } = exam;
  const isCoded = code !== undefined;
  return observation(scope, path, {
    category: [{ coding: [coding(CATEGORIES, 'exam')] }],
    code: coded(label, LOINC, code),
    effectiveDateTime: date,
    valueQuantity: value === undefined ? undefined : quantity(value, unit, isCoded),
    interpretation: interpretation === undefined ? [] : [{ text: interpretation }],
    referenceRange: ref === undefined ? [] : [{ text: ref }],
    component: series.map(
      (point): ObservationComponent => ({
        code: { text: point.label },
        valueQuantity: quantity(point.value, unit, isCoded),
      }),
    ),
  });
}

function observation(
  scope: Scope,
  path: string,
  more: Partial<Loose<Observation>> & { code: CodeableConcept },
): Observation {
  return scope.make<Observation>(path, {
    resourceType: 'Observation',
    status: 'final',
    subject: scope.patient,
    ...more,
  } as Loose<Observation>);
}
