/** DocumentReference of one CDA: MHD comprehensive, with what France adds (facts §3.1). No profile is claimed. */
import type {
  CodeableConcept,
  DocumentReference,
  Organization,
  Patient,
  Practitioner,
  PractitionerRole,
} from 'fhir-types/r4.js';
import { BrokerError, type ReadCda, type Submission } from '#core';
import { fhirTime } from './fhir-time.ts';
import { asUrn, concept, identifier, URI } from './systems.ts';

export interface Described {
  header: ReadCda;
  entry: Submission['documents'][number];
}

/** @throws BrokerError `content.invalid` when the document does not say what its reference must */
export function documentReference({ header, entry }: Described): DocumentReference {
  const { type, title, effectiveTime, act, replaces, facility, practiceSetting } = header;
  // PDSm reads `date` as the resource's, 4DMP as the document's: both are filled with the document's
  const date = said(fhirTime(effectiveTime));
  const end = act.to === undefined ? undefined : fhirTime(act.to);
  return {
    resourceType: 'DocumentReference',
    contained: contained(header),
    masterIdentifier: { system: URI, value: asUrn(header.id.root) },
    identifier: [{ use: 'official', system: URI, value: entry.entryId }],
    status: 'current',
    type: concept(type),
    category: [concept(entry.class)],
    subject: { type: 'Patient', identifier: subjectOf(header) },
    date,
    author: [{ reference: '#author-role' }],
    ...(header.legalAuthenticator === undefined ? {} : { authenticator: { reference: '#authenticator' } }),
    custodian: { reference: '#organization' },
    ...(replaces === undefined
      ? {}
      : {
          relatesTo: [
            { code: 'replaces', target: { identifier: { system: URI, value: asUrn(replaces.root) } } },
          ],
        }),
    securityLabel: [confidentiality(header)],
    content: [
      {
        attachment: {
          contentType: entry.mimeType,
          language: header.language,
          size: entry.bytes.byteLength,
          hash: Buffer.from(entry.sha1, 'hex').toString('base64'),
          title,
          creation: date,
        },
        format: concept(entry.format).coding[0] as { system: string; code: string },
      },
    ],
    context: {
      period: { start: said(fhirTime(said(act.from))), ...(end === undefined ? {} : { end }) },
      facilityType: concept(said(facility)),
      practiceSetting: concept(said(practiceSetting)),
      sourcePatientInfo: { reference: '#patient' },
    },
  };
}

/** `urn:oid:<kind of INS>` and its 15 characters. */
export function subjectOf({ patient }: Pick<ReadCda, 'patient'>): { system: string; value: string } {
  const ins = said(patient.ins);
  return { system: `urn:oid:${ins.oid}`, value: `${ins.value}${ins.key}` };
}

function contained(header: ReadCda): (Patient | Practitioner | PractitionerRole | Organization)[] {
  const { author, organization, legalAuthenticator } = header;
  return [
    patientOf(header),
    {
      resourceType: 'Practitioner',
      id: 'author',
      identifier: author.ids.map(identifier),
      name: [{ family: author.family, given: [...author.given] }],
    } satisfies Practitioner,
    {
      resourceType: 'PractitionerRole',
      id: 'author-role',
      practitioner: { reference: '#author' },
      organization: { reference: '#organization' },
      ...(author.code === undefined ? {} : { code: [concept(author.code)] }),
    } satisfies PractitionerRole,
    {
      resourceType: 'Organization',
      id: 'organization',
      ...(organization.id === undefined ? {} : { identifier: [identifier(organization.id)] }),
      ...(organization.name === undefined ? {} : { name: organization.name }),
    } satisfies Organization,
    ...(legalAuthenticator === undefined
      ? []
      : [
          {
            resourceType: 'Practitioner',
            id: 'authenticator',
            identifier: legalAuthenticator.ids.map(identifier),
            ...(legalAuthenticator.family === undefined
              ? {}
              : { name: [{ family: legalAuthenticator.family, given: [...legalAuthenticator.given] }] }),
          } satisfies Practitioner,
        ]),
  ];
}

const GENDERS = { M: 'male', F: 'female', I: 'unknown' } as const;

function patientOf(header: ReadCda): Patient {
  const { birthName, firstNames, firstName, birthDate, sex } = header.patient;
  const given = (firstNames ?? firstName ?? '').split(' ').filter((one) => one !== '');
  return {
    resourceType: 'Patient',
    id: 'patient',
    identifier: [{ use: 'official', ...subjectOf(header) }],
    name: [{ use: 'official', family: said(birthName), given }],
    ...(sex === undefined ? {} : { gender: GENDERS[sex] }),
    ...(birthDate === undefined ? {} : { birthDate }),
  };
}

function confidentiality(header: ReadCda): CodeableConcept {
  return concept({
    code: header.confidentiality,
    codeSystem: '2.16.840.1.113883.5.25',
    displayName: '',
  });
}

function said<T>(value: T | undefined): T {
  if (value === undefined) throw new BrokerError('content.invalid', { next: 'stop' });
  return value;
}
