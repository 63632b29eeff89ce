/**
 * What France adds to MHD (PDSm 3.1.1, as read in its sources), as named checks of ours: several of these rules are prose
 * there, which no validator enforces. Passing them claims no conformity to any profile.
 */
import type { Bundle, DocumentReference, FhirResource, List } from 'fhir-types/r4.js';

type Rule<T> = readonly [name: string, holds: (resource: T) => boolean];

const URN = /^urn:(uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|oid:[0-2](\.(0|[1-9]\d*))+)$/;
const INS = /^urn:oid:1\.2\.250\.1\.213\.1\.4\.(8|9|10|11)$/;

const DOCUMENT: readonly Rule<DocumentReference>[] = [
  ['pdsm.master-identifier', ({ masterIdentifier }) => URN.test(masterIdentifier?.value ?? '')],
  ['pdsm.subject-ins', ({ subject }) => INS.test(subject?.identifier?.system ?? '')],
  ['pdsm.authors-contained', (one) => (one.author ?? []).length > 0 && areContained(one)],
  ['pdsm.custodian', ({ custodian }) => custodian !== undefined],
  ['pdsm.type', ({ type }) => isCoded(type)],
  ['pdsm.category', ({ category }) => category?.length === 1 && isCoded(category[0])],
  [
    'pdsm.security-label',
    ({ securityLabel = [] }) => securityLabel.length > 0 && securityLabel.every(isCoded),
  ],
  ['pdsm.one-content', ({ content }) => content.length === 1],
  ['pdsm.attachment-title', (one) => (attachmentOf(one)?.title ?? '') !== ''],
  ['pdsm.attachment-size', (one) => (attachmentOf(one)?.size ?? 0) > 0],
  ['pdsm.attachment-hash', (one) => /^[A-Za-z0-9+/]{27}=$/.test(attachmentOf(one)?.hash ?? '')],
  ['pdsm.attachment-language', (one) => attachmentOf(one)?.language === 'fr-FR'],
  ['pdsm.attachment-format', ({ content }) => content[0]?.format?.code !== undefined],
  // PDSm and 4DMP read `date` apart: both say the document's own
  ['pdsm.both-dates', (one) => one.date !== undefined && one.date === attachmentOf(one)?.creation],
  ['pdsm.period-start', ({ context }) => context?.period?.start !== undefined],
  ['pdsm.facility', ({ context }) => isCoded(context?.facilityType)],
  ['pdsm.practice-setting', ({ context }) => isCoded(context?.practiceSetting)],
  [
    'pdsm.replaces',
    ({ relatesTo = [] }) =>
      relatesTo.every(({ code, target }) => code === 'replaces' && URN.test(target.identifier?.value ?? '')),
  ],
];

const SET: readonly Rule<List>[] = [
  ['pdsm.set-contained', ({ contained = [] }) => contained.length > 0],
  ['pdsm.set-source', ({ source }) => source !== undefined],
  [
    'pdsm.set-extensions',
    ({ extension = [] }) =>
      ['ihe-designationType', 'ihe-sourceId'].every((name) =>
        extension.some(({ url }) => url.endsWith(`/${name}`)),
      ),
  ],
  [
    'pdsm.set-identifiers',
    ({ identifier = [] }) =>
      ['usual', 'official'].every((use) =>
        identifier.some((one) => one.use === use && URN.test(one.value ?? '')),
      ),
  ],
  ['pdsm.set-code', ({ code, mode }) => code?.coding?.[0]?.code === 'submissionset' && mode === 'working'],
  ['pdsm.set-subject', ({ subject, date }) => subject !== undefined && date !== undefined],
];

/** Names of the checks that a bundle of ITI-65 does not pass. */
export function bundleFaults({ entry = [] }: Bundle<FhirResource>): string[] {
  const resources = entry.flatMap(({ resource }) => (resource === undefined ? [] : [resource]));
  const sets = resources.filter((one) => one.resourceType === 'List');
  const documents = resources.filter((one) => one.resourceType === 'DocumentReference');
  const urls = new Set(
    entry.flatMap(({ fullUrl, resource }) => (resource?.resourceType === 'Binary' ? [fullUrl] : [])),
  );
  return [
    ...(sets.length === 1 ? [] : ['pdsm.one-set']),
    ...(documents.length > 0 ? [] : ['pdsm.a-document']),
    ...sets.flatMap((one) => broken(SET, one)),
    ...documents.flatMap((one) => broken(DOCUMENT, one)),
    ...(documents.every((one) => urls.has(attachmentOf(one)?.url)) ? [] : ['pdsm.binary-in-bundle']),
  ];
}

/** Names of the checks that a DocumentReference of ITI-105 does not pass. */
export function publishFaults(document: DocumentReference): string[] {
  const { data, url } = attachmentOf(document) ?? {};
  return [
    ...broken(DOCUMENT, document),
    ...(document.status === 'current' ? [] : ['pdsm.status']),
    ...(data !== undefined && url === undefined ? [] : ['pdsm.data-inside']),
  ];
}

function broken<T>(rules: readonly Rule<T>[], resource: T): string[] {
  return rules.flatMap(([name, holds]) => (holds(resource) ? [] : [name]));
}

function attachmentOf({ content }: DocumentReference) {
  return content[0]?.attachment;
}

function areContained({ author = [], contained = [] }: DocumentReference): boolean {
  return author.every(({ reference }) => contained.some(({ id }) => reference === `#${id}`));
}

function isCoded(concept: DocumentReference['type']): boolean {
  const [coding] = concept?.coding ?? [];
  return coding?.system !== undefined && coding.code !== undefined;
}
