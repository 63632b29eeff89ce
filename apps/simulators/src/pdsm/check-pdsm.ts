/** What a PDSm server asks of what it is given: FHIR R4, then the French rules, read again from their text and on its own. */
import { createHash } from 'node:crypto';
import { Fhir } from 'fhir';
import type { Bundle, DocumentReference, FhirResource, List } from 'fhir-types/r4.js';

export interface Issue {
  /** FHIR IssueType */
  code: 'structure' | 'required' | 'value' | 'invariant' | 'business-rule' | 'not-found' | 'duplicate';
  expression: string;
}

const fhir = new Fhir();
const INS = /^urn:oid:1\.2\.250\.1\.213\.1\.4\.(8|9|10|11)$/;
const MATRICULE = /^[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{8}$/;

/** HL7's own rules, by an outside validator. */
export function structureOf(json: unknown): Issue[] {
  const { messages } = fhir.validate(json as object, { errorOnUnexpected: true });
  return messages.flatMap(({ severity, location }) =>
    severity === 'error' || severity === 'fatal'
      ? [{ code: 'structure' as const, expression: location ?? '' }]
      : [],
  );
}

/** ITI-65. @returns nothing when the whole lot may be kept */
export function checkBundle(json: unknown): Issue[] {
  const { resourceType, type, entry = [] } = (json ?? {}) as Bundle<FhirResource>;
  if (resourceType !== 'Bundle' || type !== 'transaction')
    return [{ code: 'structure', expression: 'Bundle' }];
  const resources = entry.map(({ resource }) => resource);
  const lists = resources.filter((one) => one?.resourceType === 'List');
  const documents = resources.filter((one) => one?.resourceType === 'DocumentReference');
  return [
    ...structureOf(json),
    ...entry.flatMap(({ fullUrl = '', request, resource }, n) =>
      fullUrl.startsWith('urn:uuid:') && request?.method === 'POST' && request.url === resource?.resourceType
        ? []
        : [{ code: 'value' as const, expression: `Bundle.entry[${n}].request` }],
    ),
    ...(lists.length === 1 ? [] : [{ code: 'required' as const, expression: 'List' }]),
    ...(documents.length > 0 ? [] : [{ code: 'required' as const, expression: 'DocumentReference' }]),
    ...lists.flatMap((list) => checkSet(list, entry)),
    ...documents.flatMap((one) => checkDocument(one, bytesIn(entry, one))),
  ];
}

/** ITI-105. */
export function checkPublish(json: unknown): Issue[] {
  const document = (json ?? {}) as DocumentReference;
  if (document.resourceType !== 'DocumentReference')
    return [{ code: 'structure', expression: 'DocumentReference' }];
  const { data, url } = document.content?.[0]?.attachment ?? {};
  const wrong = [
    ...(data === undefined ? ['content.attachment.data'] : []),
    ...(url === undefined ? [] : ['content.attachment.url']),
    ...(document.status === 'current' ? [] : ['status']),
  ];
  return [
    ...structureOf(json),
    ...wrong.map((name) => ({ code: 'required' as const, expression: `DocumentReference.${name}` })),
    ...checkDocument(document, data === undefined ? undefined : Buffer.from(data, 'base64')),
  ];
}

/** Bytes of a reference, in the Binary of the same bundle. */
export function bytesIn(
  entry: Bundle<FhirResource>['entry'],
  { content }: DocumentReference,
): Buffer | undefined {
  const url = content?.[0]?.attachment?.url;
  const binary = entry?.find(({ fullUrl }) => fullUrl === url)?.resource;
  return binary?.resourceType === 'Binary' && binary.data !== undefined
    ? Buffer.from(binary.data, 'base64')
    : undefined;
}

function checkSet(list: List, entry: NonNullable<Bundle<FhirResource>['entry']>): Issue[] {
  const extensions = (list.extension ?? []).map(({ url }) => url);
  const items = (list.entry ?? []).map(({ item }) => item.reference);
  const documents = entry.filter(({ resource }) => resource?.resourceType === 'DocumentReference');
  const missing = [
    ...(list.contained?.length ? [] : ['contained']),
    ...(list.source === undefined ? ['source'] : []),
    ...(list.subject === undefined ? ['subject'] : []),
    ...(list.date === undefined ? ['date'] : []),
    ...(list.mode === 'working' ? [] : ['mode']),
    ...(list.code?.coding?.some(({ code }) => code === 'submissionset') ? [] : ['code']),
    ...((list.identifier?.length ?? 0) >= 2 ? [] : ['identifier']),
    ...['designationType', 'sourceId'].filter(
      (name) => !extensions.some((url) => url.endsWith(`ihe-${name}`)),
    ),
    ...(documents.every(({ fullUrl }) => items.includes(fullUrl)) ? [] : ['entry']),
  ];
  return missing.map((name) => ({ code: 'required', expression: `List.${name}` }));
}

function checkDocument(document: DocumentReference, bytes: Buffer | undefined): Issue[] {
  const { context, custodian, date, author = [], contained = [], securityLabel = [] } = document;
  const attachment = document.content?.[0]?.attachment;
  const held = new Set(contained.map(({ id }) => `#${id}`));
  const missing = [
    ...(document.masterIdentifier?.value?.startsWith('urn:') ? [] : ['masterIdentifier']),
    ...(custodian === undefined ? ['custodian'] : []),
    ...(date === undefined ? ['date'] : []),
    ...(author.length > 0 && author.every(({ reference }) => held.has(reference ?? '')) ? [] : ['author']),
    ...(document.type?.coding?.[0]?.code === undefined ? ['type'] : []),
    ...(document.category?.[0]?.coding?.[0]?.code === undefined ? ['category'] : []),
    ...(securityLabel.length === 0 ? ['securityLabel'] : []),
    ...(attachment?.title === undefined ? ['content.attachment.title'] : []),
    ...(attachment?.creation === undefined ? ['content.attachment.creation'] : []),
    ...(attachment?.language === 'fr-FR' ? [] : ['content.attachment.language']),
    ...(context?.period?.start === undefined ? ['context.period.start'] : []),
    ...(context?.facilityType === undefined ? ['context.facilityType'] : []),
    ...(context?.practiceSetting === undefined ? ['context.practiceSetting'] : []),
  ];
  return [
    ...missing.map((name) => ({ code: 'required' as const, expression: `DocumentReference.${name}` })),
    ...checkSubject(document),
    ...checkBytes(document, bytes),
  ];
}

function checkSubject({ subject }: DocumentReference): Issue[] {
  const { system = '', value = '' } = subject?.identifier ?? {};
  if (INS.test(system) && MATRICULE.test(value) && hasItsKey(value)) return [];
  return [{ code: 'value', expression: 'DocumentReference.subject' }];
}

/** 97 − (13 first characters mod 97), Corsica 2A → 19 and 2B → 18. */
function hasItsKey(matricule: string): boolean {
  const digits = matricule.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97n - (BigInt(digits) % 97n) === BigInt(matricule.slice(13));
}

function checkBytes({ content }: DocumentReference, bytes: Buffer | undefined): Issue[] {
  const { size, hash } = content?.[0]?.attachment ?? {};
  if (bytes === undefined) return [{ code: 'required', expression: 'Binary' }];
  const sha1 = createHash('sha1').update(bytes).digest('base64');
  return size === bytes.length && hash === sha1
    ? []
    : [{ code: 'invariant', expression: 'DocumentReference.content.attachment.hash' }];
}
