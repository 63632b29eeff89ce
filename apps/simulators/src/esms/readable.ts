/** A received transaction as a page that a person at the establishment reads. */
import type {
  Bundle,
  CarePlan,
  Flag,
  Immunization,
  Observation,
  Patient,
  Practitioner,
} from 'fhir-types/r4.js';

export function readable(bundle: Bundle): string {
  const all = (bundle.entry ?? []).flatMap(({ resource }) => (resource === undefined ? [] : [resource]));
  const of = <T extends { resourceType: string }>(type: T['resourceType']): T[] =>
    all.filter(({ resourceType }) => resourceType === type) as unknown as T[];
  const [patient] = of<Patient>('Patient');
  const name = patient?.name?.find(({ use }) => use === 'official');
  const [professional] = of<Practitioner>('Practitioner');
  return [
    '# Synthèse reçue d’un service de santé au travail',
    '',
    `Usager : ${name?.family ?? ''} ${name?.given?.[0] ?? ''}, né(e) le ${patient?.birthDate ?? ''}`,
    `Identifiants : ${(patient?.identifier ?? []).map(({ system, value }) => `${value} (${system})`).join(', ')}`,
    `Adressée par : ${professional?.name?.[0]?.text ?? ''}`,
    `Lecteurs : ${bundle.meta?.tag?.[0]?.display ?? ''}`,
    '',
    ...section(
      'Capacités',
      of<Observation>('Observation').map(({ code, valueCodeableConcept, note }) =>
        [`${code.text} : ${valueCodeableConcept?.text}`, ...(note ?? []).map(({ text }) => text)].join(', '),
      ),
    ),
    ...section(
      'Restrictions',
      of<Flag>('Flag').map(
        ({ code, period }) => `${code.text}${period?.end === undefined ? '' : ` (jusqu’au ${period.end})`}`,
      ),
    ),
    ...section(
      'Aménagements nécessaires',
      of<CarePlan>('CarePlan').flatMap(({ activity = [] }) =>
        activity.map(({ detail }) => detail?.description ?? ''),
      ),
    ),
    ...section(
      'Vaccinations',
      of<Immunization>('Immunization').map(
        ({ vaccineCode, occurrenceDateTime }) => `${vaccineCode.text}, ${occurrenceDateTime}`,
      ),
    ),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return [
    `## ${title}`,
    '',
    ...(lines.length === 0 ? ['Rien de transmis.'] : lines.map((line) => `- ${line}`)),
    '',
  ];
}
