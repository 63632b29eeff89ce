/**
 * `medico-social-summary/1` → FHIR R4. The pattern of ANS's TDDUI guide (a transaction that creates all or nothing, INS
 * first, local identifier beside it) with a content of the project's own: no conformity to TDDUI is claimed.
 */
import type { Bundle, CarePlan, FhirResource, Flag, Observation } from 'fhir-types/r4.js';
import type { SupportOrigin, SupportSummary } from '#core/support-summary';
import { bundleOf } from './bundle-of.ts';
import { toPatient } from './patient.ts';
import { toPeople } from './people.ts';
import { toRights } from './rights.ts';
import { ownCode, Scope } from './scope.ts';
import { own } from './systems.ts';
import { toVaccinations } from './vaccinations.ts';

const LEVELS = { POSSIBLE: 'possible', LIMITEE: 'possible avec limites', IMPOSSIBLE: 'impossible' } as const;
const READERS = {
  SANTE: 'Professionnels de santé de l’établissement',
  SOCIAL: 'Professionnels de l’accompagnement social',
} as const;

export function supportBundle(summary: SupportSummary, origin: SupportOrigin): Bundle {
  const scope = scopeOf(summary, origin);
  const resources: FhirResource[] = [
    toPatient(scope),
    ...toPeople(scope),
    ...summary.capacities.map((_, i) => capacity(scope, summary, i)),
    ...summary.restrictions.map((_, i) => restriction(scope, summary, i)),
    ...(summary.adaptations.length === 0 ? [] : [adaptations(scope, summary)]),
    ...toVaccinations(scope),
    ...toRights(scope),
  ];
  const readers = { system: own('readers'), code: summary.readers, display: READERS[summary.readers] };
  return { ...bundleOf(resources, origin), meta: { tag: [readers] } };
}

/** What the mapping of a dossier needs, from what the summary says. */
function scopeOf(
  { subject, service, professional, date, consent, vaccinations }: SupportSummary,
  origin: SupportOrigin,
): Scope {
  const { name, rpps, phone, email } = professional;
  return new Scope(
    {
      schemaVersion: 'dmst-exchange/1',
      profile: 'summary',
      identity: subject,
      services: [
        {
          spst: service,
          from: date,
          isCurrent: true,
          mt: {
            name,
            ...(rpps === undefined ? {} : { RPPS: rpps }),
            ...(phone === undefined ? {} : { phone }),
            ...(email === undefined ? {} : { MSSante: email }),
          },
        },
      ],
      employments: [],
      followUp: [],
      ...(vaccinations === undefined ? {} : { vaccinations }),
      rights: {
        informed: [],
        consents: [
          {
            kind: consent?.kind ?? 'ESMS',
            given: consent?.given === true,
            at: consent?.at ?? date,
            ...(consent?.evidence === undefined ? {} : { evidence: consent.evidence }),
          },
        ],
      },
    },
    origin,
  );
}

function capacity(scope: Scope, { capacities, date }: SupportSummary, i: number): Observation {
  const { label, level, detail } = capacities[i] as SupportSummary['capacities'][number];
  return scope.make<Observation>(`capacities/${i}`, {
    resourceType: 'Observation',
    status: 'final',
    category: [ownCode('medico-social', 'capacity', 'Capacité fonctionnelle au travail')],
    code: { text: label },
    subject: scope.patient,
    effectiveDateTime: date,
    performer: [scope.to('services/0/mt')],
    valueCodeableConcept: ownCode('capacity-level', level, LEVELS[level]),
    note: detail === undefined ? [] : [{ text: detail }],
  });
}

/** A flag: what whoever accompanies the person must mind, for how long. */
function restriction(scope: Scope, { restrictions, date }: SupportSummary, i: number): Flag {
  const { code, label, until } = restrictions[i] as SupportSummary['restrictions'][number];
  return scope.make<Flag>(`restrictions/${i}`, {
    resourceType: 'Flag',
    status: 'active',
    category: [ownCode('medico-social', 'restriction', 'Restriction médicale au travail')],
    code: code === undefined ? { text: label } : ownCode('sst-restriction', code, label),
    subject: scope.patient,
    period: until === undefined ? { start: date } : { start: date, end: until },
    author: scope.to('services/0/mt'),
  });
}

function adaptations(scope: Scope, summary: SupportSummary): CarePlan {
  return scope.make<CarePlan>('adaptations', {
    resourceType: 'CarePlan',
    status: 'active',
    intent: 'proposal',
    category: [ownCode('medico-social', 'adaptations', 'Aménagements nécessaires')],
    title: 'Aménagements nécessaires',
    subject: scope.patient,
    created: summary.date,
    author: scope.to('services/0/mt'),
    activity: summary.adaptations.map(({ code, label }) => ({
      detail: {
        status: 'scheduled' as const,
        code: code === undefined ? { text: label } : ownCode('sst-adaptation', code, label),
        description: label,
      },
    })),
  });
}
