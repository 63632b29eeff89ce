import type {
  CodeableConcept,
  Extension,
  FhirResource,
  Observation,
  ObservationComponent,
} from 'fhir-types/r4.js';
import type { Employment, Exposure } from '#core/dmst';
import { CONTRACTS, EXPOSURE_SOURCES, FACTORS, SIR_TRIGGERS, word } from '#core/dmst-words';
import { organization } from './people.ts';
import { coding, compact, ownCode, period, quantity, type Scope } from './scope.ts';
import { LOINC, own, ownExtension } from './systems.ts';

const SOCIAL_HISTORY: CodeableConcept[] = [
  { coding: [coding('http://terminology.hl7.org/CodeSystem/observation-category', 'social-history')] },
];

const FREQUENCIES: Readonly<Record<string, string>> = {
  QUOTIDIENNE: 'quotidienne',
  HEBDOMADAIRE: 'hebdomadaire',
  MENSUELLE: 'mensuelle',
  OCCASIONNELLE: 'occasionnelle',
};

/** Employments in the shape of HL7/IHE ODH (job 11341-5, industry 86188-0), French codes; exposures beside them. */
export function toWork(scope: Scope): FhirResource[] {
  const { employments, exposures = [] } = scope.dmst;
  return [
    ...employments.flatMap((employment) => toEmployment(scope, employment)),
    ...exposures.map((exposure) => toExposure(scope, exposure)),
  ];
}

function toEmployment(scope: Scope, employment: Employment): FhirResource[] {
  const path = `employments/${employment.id}`;
  const { employerName, employerSiret, temporaryAgency } = employment;
  const employer = employerName === undefined && employerSiret === undefined ? undefined : `${path}/employer`;
  const agency = temporaryAgency === undefined ? undefined : `${path}/agency`;
  return [
    ...(employer === undefined
      ? []
      : [organization(scope, employer, { name: employerName, siret: employerSiret })]),
    ...(agency === undefined ? [] : [organization(scope, agency, temporaryAgency ?? {})]),
    scope.make<Observation>(path, {
      resourceType: 'Observation',
      extension: [...linked(scope, 'employer', employer), ...linked(scope, 'temporary-agency', agency)],
      status: 'final',
      category: SOCIAL_HISTORY,
      code: { coding: [coding(LOINC, '11341-5', 'History of Occupation')], text: 'Emploi' },
      subject: scope.patient,
      effectivePeriod: period(employment.from, employment.to),
      valueCodeableConcept: compact<CodeableConcept>({
        coding:
          employment.pcsCode === undefined
            ? []
            : [
                compact({
                  ...coding(scope.systems.pcs, employment.pcsCode, employment.pcsLabel),
                  version: employment.pcsVersion,
                }),
              ],
        text: employment.jobTitle,
      }),
      component: employmentComponents(scope, employment),
    }),
  ];
}

function linked(scope: Scope, name: string, path: string | undefined): Extension[] {
  return path === undefined ? [] : [{ url: ownExtension(name), valueReference: scope.to(path) }];
}

function employmentComponents(scope: Scope, employment: Employment): ObservationComponent[] {
  const { nafCode, nafLabel, nafVersion, contractType, workTime, schedule, workUnit, headcountBand } =
    employment;
  const industry: ObservationComponent[] =
    nafCode === undefined
      ? []
      : [
          {
            code: {
              coding: [coding(LOINC, '86188-0', 'History of Occupation industry')],
              text: 'Secteur d’activité',
            },
            valueCodeableConcept: compact<CodeableConcept>({
              coding: [compact({ ...coding(scope.systems.naf, nafCode, nafLabel), version: nafVersion })],
              text: nafLabel,
            }),
          },
        ];
  return [
    ...industry,
    ...texts(
      'contract-type',
      'Contrat',
      contractType === undefined ? undefined : word(CONTRACTS, contractType),
    ),
    ...(workTime === undefined
      ? []
      : [
          {
            code: employmentCode('work-time', 'Temps de travail'),
            valueQuantity: quantity(workTime, '%', true),
          },
        ]),
    ...texts('schedule', 'Horaires', schedule),
    ...texts('work-unit', 'Unité de travail', workUnit),
    ...texts('headcount-band', 'Effectif', headcountBand),
  ];
}

function toExposure(scope: Scope, exposure: Exposure): Observation {
  const { tepCode, label, l4161Factor, employmentRef } = exposure;
  return scope.make<Observation>(`exposures/${exposure.id}`, {
    resourceType: 'Observation',
    status: 'final',
    category: SOCIAL_HISTORY,
    code: ownCode('dmst', 'exposure', 'Exposition professionnelle'),
    subject: scope.patient,
    effectivePeriod: period(exposure.from, exposure.to),
    valueCodeableConcept: compact<CodeableConcept>({
      coding: [
        ...(tepCode === undefined ? [] : [coding(scope.systems.tep, tepCode)]),
        ...(l4161Factor === undefined
          ? []
          : [coding(own('l4161-factor'), l4161Factor, word(FACTORS, l4161Factor))]),
      ],
      text: label,
    }),
    // the job it was met in
    derivedFrom: employmentRef === undefined ? [] : [scope.to(`employments/${employmentRef}`)],
    component: exposureComponents(exposure),
  });
}

function exposureComponents(exposure: Exposure): ObservationComponent[] {
  const { intensityClass, measure, sirTrigger, collectiveProtection = [], ppe = [] } = exposure;
  return [
    ...(intensityClass === undefined
      ? []
      : [
          {
            code: employmentCode('intensity-class', 'Classe d’intensité (0 à 4)'),
            valueInteger: intensityClass,
          },
        ]),
    ...texts('duration-class', 'Durée par semaine', exposure.durationClass),
    ...texts(
      'frequency',
      'Fréquence',
      exposure.frequency === undefined ? undefined : word(FREQUENCIES, exposure.frequency),
    ),
    ...texts('cumulative', 'Cumul', exposure.cumulative),
    ...collectiveProtection.flatMap((text) => texts('collective-protection', 'Protection collective', text)),
    ...ppe.flatMap((text) => texts('ppe', 'Équipement de protection individuelle', text)),
    ...(measure === undefined ? [] : [measured(measure)]),
    {
      code: employmentCode('exposure-source', 'Source'),
      valueCodeableConcept: ownCode(
        'exposure-source',
        exposure.source,
        word(EXPOSURE_SOURCES, exposure.source),
      ),
    },
    ...(sirTrigger === undefined
      ? []
      : [
          {
            code: employmentCode('sir-trigger', 'Motif de suivi renforcé'),
            valueCodeableConcept: ownCode('sst-sir-trigger', sirTrigger, word(SIR_TRIGGERS, sirTrigger)),
          },
        ]),
  ];
}

/** Units of work places are not all UCUM (dB(A)): written as people write them. */
function measured({ value, unit, limit }: NonNullable<Exposure['measure']>): ObservationComponent {
  return compact<ObservationComponent>({
    code: employmentCode('measure', 'Mesure'),
    valueQuantity: quantity(value, unit, false),
    referenceRange:
      limit === undefined ? [] : [{ high: quantity(limit, unit, false), text: 'valeur limite' }],
  });
}

function texts(code: string, display: string, value: string | undefined): ObservationComponent[] {
  return value === undefined ? [] : [{ code: employmentCode(code, display), valueString: value }];
}

function employmentCode(code: string, display: string): CodeableConcept {
  return ownCode('dmst', code, display);
}
