/** What an establishment's FHIR server asks of a transaction before it creates anything, in the pattern of TDDUI. */
import { Fhir } from 'fhir';
import type { Bundle, BundleEntry, Consent, Patient } from 'fhir-types/r4.js';

export interface Issue {
  /** FHIR IssueType */
  code: 'structure' | 'required' | 'value' | 'invariant' | 'business-rule' | 'not-supported';
  /** French */
  diagnostics: string;
  expression?: string;
}

const WELCOME = [
  'Patient',
  'Practitioner',
  'Organization',
  'CareTeam',
  'Observation',
  'Flag',
  'CarePlan',
  'Immunization',
  'Consent',
];
const INS = /^urn:oid:1\.2\.250\.1\.213\.1\.4\.(8|9|10|11)$/;
const fhir = new Fhir();

/** Empty = every resource may be created. */
export function checkTransaction(json: unknown): Issue[] {
  if (!isTransaction(json))
    return [{ code: 'structure', diagnostics: 'Un Bundle de type transaction est attendu.' }];
  const { entry = [] } = json;
  const valid = fhir
    .validate(json, { errorOnUnexpected: true })
    .messages.flatMap(({ severity, location, message }) =>
      severity === 'error' || severity === 'fatal'
        ? [
            {
              code: 'structure' as const,
              diagnostics: message ?? 'non conforme à FHIR R4',
              ...placeOf(location),
            },
          ]
        : [],
    );
  return [
    ...valid,
    ...(json.identifier?.value === undefined
      ? [
          {
            code: 'required' as const,
            diagnostics: 'Identifiant du message absent.',
            expression: 'Bundle.identifier',
          },
        ]
      : []),
    ...entry.flatMap((one, i) => checkEntry(one, i)),
    ...checkReferences(entry),
    ...checkPerson(entry),
    ...checkReaders(json),
  ];
}

function isTransaction(json: unknown): json is Bundle {
  const { resourceType, type } = (json ?? {}) as { resourceType?: unknown; type?: unknown };
  return resourceType === 'Bundle' && type === 'transaction';
}

function placeOf(location: string | undefined): { expression?: string } {
  return location === undefined ? {} : { expression: location };
}

function checkEntry({ fullUrl, resource, request }: BundleEntry, i: number): Issue[] {
  const expression = `Bundle.entry[${i}]`;
  const type = resource?.resourceType ?? '';
  return [
    ...(/^urn:uuid:[0-9a-f-]{36}$/.test(fullUrl ?? '')
      ? []
      : [
          {
            code: 'value' as const,
            diagnostics: 'fullUrl attendu : urn:uuid.',
            expression: `${expression}.fullUrl`,
          },
        ]),
    ...(request?.method === 'POST' && request.url === type
      ? []
      : [
          {
            code: 'value' as const,
            diagnostics: 'Seule la création est ouverte ici.',
            expression: `${expression}.request`,
          },
        ]),
    ...(WELCOME.includes(type)
      ? []
      : [
          {
            code: 'not-supported' as const,
            diagnostics: 'Ressource non reçue ici.',
            expression: `${expression}.resource`,
          },
        ]),
  ];
}

function checkReferences(entry: readonly BundleEntry[]): Issue[] {
  const held = new Set(entry.map(({ fullUrl }) => fullUrl));
  return entry.flatMap(({ resource }, i) =>
    [...JSON.stringify(resource ?? {}).matchAll(/"reference":"([^"]*)"/g)].some(([, to]) => !held.has(to))
      ? [
          {
            code: 'invariant' as const,
            diagnostics: 'Référence à une ressource absente.',
            expression: `Bundle.entry[${i}].resource`,
          },
        ]
      : [],
  );
}

/** One person; a matricule brings every strict trait with it, and only a validated identity has one. */
function checkPerson(entry: readonly BundleEntry[]): Issue[] {
  const patients = entry.flatMap(({ resource }, i) =>
    resource?.resourceType === 'Patient'
      ? [[resource as Patient, `Bundle.entry[${i}].resource`] as const]
      : [],
  );
  const [first] = patients;
  if (first === undefined || patients.length > 1)
    return [{ code: 'business-rule', diagnostics: 'Un usager et un seul.' }];
  const [patient, expression] = first;
  const ins = patient.identifier?.find(({ system }) => INS.test(system ?? ''));
  const local = patient.identifier?.find(({ type }) => type?.coding?.[0]?.code === 'PI');
  const official = patient.name?.find(({ use }) => use === 'official');
  const status = patient.extension
    ?.find(({ url }) => url.endsWith('/fr-core-identity-reliability'))
    ?.extension?.find(({ url }) => url === 'identityStatus')?.valueCoding?.code;
  const born = patient.extension?.some(({ url }) => url.endsWith('/patient-birthPlace')) === true;
  const traits = [official?.family, official?.given?.[0], patient.gender, patient.birthDate];
  const whole = traits.every((trait) => trait !== undefined) && (ins === undefined || born);
  return [
    ...(whole
      ? []
      : [{ code: 'required' as const, diagnostics: 'Traits d’identité incomplets.', expression }]),
    ...(local === undefined
      ? [{ code: 'required' as const, diagnostics: 'Identifiant local absent.', expression }]
      : []),
    ...((ins !== undefined) === (status === 'VALI')
      ? []
      : [
          {
            code: 'invariant' as const,
            diagnostics: 'Matricule et statut de l’identité se contredisent.',
            expression,
          },
        ]),
    ...(ins === undefined || /^[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{8}$/.test(ins.value ?? '')
      ? []
      : [
          {
            code: 'value' as const,
            diagnostics: 'Matricule mal formé.',
            expression: `${expression}.identifier`,
          },
        ]),
  ];
}

/** The person agreed, and social professionals are sent nothing but conclusions. */
function checkReaders({ entry = [], meta }: Bundle): Issue[] {
  const readers = meta?.tag?.find(({ system }) => system === 'urn:relais:codes:readers')?.code;
  const agreed = entry.some(
    ({ resource }) =>
      resource?.resourceType === 'Consent' && (resource as Consent).provision?.type === 'permit',
  );
  const care = entry.findIndex(({ resource }) => resource?.resourceType === 'Immunization');
  return [
    ...(agreed ? [] : [{ code: 'business-rule' as const, diagnostics: 'Accord de la personne absent.' }]),
    ...(readers === 'SANTE' || readers === 'SOCIAL'
      ? []
      : [{ code: 'required' as const, diagnostics: 'Lecteurs non désignés.', expression: 'Bundle.meta' }]),
    ...(readers !== 'SANTE' && care !== -1
      ? [
          {
            code: 'business-rule' as const,
            diagnostics: 'Donnée de soin pour des lecteurs non soignants.',
            expression: `Bundle.entry[${care}].resource`,
          },
        ]
      : []),
  ];
}
