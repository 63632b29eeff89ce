/** What the registry asks of a lot's metadata (CI-SIS): every required entry, hash and size of the bytes, one patient. */
import { createHash } from 'node:crypto';
import type { LotEntry, LotSet, ReadLot } from './read-lot.ts';

export interface LotFault {
  errorCode: string;
  /** element or rule, never a value */
  context: string;
}

const ENTRY = {
  author: 'urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d',
  class: 'urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a',
  confidentiality: 'urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f',
  format: 'urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d',
  facility: 'urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1',
  practice: 'urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead',
  type: 'urn:uuid:f0306f51-975f-434e-a61c-c59651d33983',
  patientId: 'urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427',
  uniqueId: 'urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab',
} as const;
const SET = {
  contentType: 'urn:uuid:aa543740-bdda-424e-8c96-df4873be8500',
  patientId: 'urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446',
  sourceId: 'urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832',
  uniqueId: 'urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8',
} as const;

export const RPLC = 'urn:ihe:iti:2007:AssociationType:RPLC';
const HAS_MEMBER = 'urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember';
const CODES = ['class', 'confidentiality', 'format', 'facility', 'practice', 'type'] as const;
const SLOTS = [
  'creationTime',
  'hash',
  'languageCode',
  'legalAuthenticator',
  'serviceStartTime',
  'size',
  'sourcePatientId',
] as const;
const OID = /^[0-2](\.(0|[1-9]\d*))+$/;
const TIME = /^\d{4}(\d{2}){0,5}$/;

export const uniqueIdOf = ({ externals }: Pick<LotEntry, 'externals'>): string =>
  externals.get(ENTRY.uniqueId) ?? '';
export const setIdOf = ({ externals }: Pick<LotSet, 'externals'>): string =>
  externals.get(SET.uniqueId) ?? '';
export const classOf = ({ codes }: Pick<LotEntry, 'codes'>): string => codes.get(ENTRY.class)?.[0]?.[0] ?? '';

/** @param patient CX that the caller's assertion named */
export function checkLot(lot: ReadLot, parts: ReadonlyMap<string, Buffer>, patient: string): LotFault[] {
  const ids = [setIdOf(lot.set), ...lot.entries.map(uniqueIdOf)];
  return [
    ...checkSet(lot.set),
    ...(lot.entries.length < 2 ? [fault('XDSRegistryMetadataError', 'DocumentEntry')] : []),
    ...lot.entries.flatMap((entry) => [...checkEntry(entry), ...checkBytes(entry, parts)]),
    ...(ids.some((id) => !OID.test(id)) ? [fault('XDSRegistryMetadataError', 'uniqueId')] : []),
    ...(new Set(ids).size < ids.length ? [fault('XDSRegistryDuplicateUniqueIdInMessage', 'uniqueId')] : []),
    ...checkPatients(lot, patient),
    ...checkMembers(lot),
    ...(parts.size > lot.entries.length ? [fault('XDSMissingDocumentMetadata', 'Document')] : []),
  ];
}

function checkSet({ codes, author, externals, slots }: LotSet): LotFault[] {
  const missing = [
    ...(codes.get(SET.contentType)?.[0]?.[0] ? [] : ['SubmissionSet.contentTypeCode']),
    ...(author.get('authorPerson')?.[0] ? [] : ['SubmissionSet.author']),
    ...(externals.get(SET.patientId) ? [] : ['SubmissionSet.patientId']),
    ...(OID.test(externals.get(SET.sourceId) ?? '') ? [] : ['SubmissionSet.sourceId']),
    ...(TIME.test(slots.get('submissionTime')?.[0] ?? '') ? [] : ['SubmissionSet.submissionTime']),
  ];
  return missing.map((context) => fault('XDSRegistryMetadataError', context));
}

function checkEntry({ id, codes, slots, author, title, mimeType }: LotEntry): LotFault[] {
  const missing = [
    ...CODES.filter((name) => codes.get(ENTRY[name])?.some(([code, scheme]) => !code || !scheme) !== false),
    ...SLOTS.filter((name) => !slots.get(name)?.[0]),
    ...(author.get('authorPerson')?.[0] ? [] : ['authorPerson']),
    ...(title === '' ? ['title'] : []),
    ...(mimeType === 'text/xml' ? [] : ['mimeType']),
    ...(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? [] : ['entryUUID']),
    ...['creationTime', 'serviceStartTime'].filter((name) => !TIME.test(slots.get(name)?.[0] ?? '')),
  ];
  return missing.map((name) => fault('XDSRegistryMetadataError', `DocumentEntry.${name}`));
}

function checkBytes({ contentId, slots }: LotEntry, parts: ReadonlyMap<string, Buffer>): LotFault[] {
  const bytes = parts.get(contentId ?? '');
  if (bytes === undefined) return [fault('XDSMissingDocument', 'Document')];
  const sha1 = createHash('sha1').update(bytes).digest('hex');
  const isSame =
    slots.get('hash')?.[0]?.toLowerCase() === sha1 && slots.get('size')?.[0] === String(bytes.length);
  return isSame ? [] : [fault('XDSRepositoryMetadataError', 'hash, size')];
}

function checkPatients({ set, entries }: ReadLot, patient: string): LotFault[] {
  const named = [
    set.externals.get(SET.patientId),
    ...entries.map((one) => one.externals.get(ENTRY.patientId)),
  ];
  return named.every((one) => one === patient) ? [] : [fault('XDSPatientIdDoesNotMatch', 'patientId')];
}

function checkMembers({ set, entries, associations }: ReadLot): LotFault[] {
  const members = associations.filter(({ type, source }) => type === HAS_MEMBER && source === set.id);
  const isWhole = entries.every(({ id }) => members.some(({ target }) => target === id));
  return isWhole ? [] : [fault('XDSRegistryMetadataError', 'HasMember')];
}

function fault(errorCode: string, context: string): LotFault {
  return { errorCode, context };
}
