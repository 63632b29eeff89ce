/** The entry of one document (ExtrinsicObject): all that CI-SIS requires of it. */
import type { ReadCda, ReadPatient } from '#core';
import type { CdaCode } from '#core/cda-document';
import { isIns } from '../cda/read-patient.ts';
import type { XmlTree } from '../xml/write-xml.ts';
import { coded, described, external, type Marks, name, SCHEMES, slot } from './ebrim.ts';
import { cx, pidLines, utc, xcn, xon } from './hl7v2.ts';

export interface Entry {
  id: string;
  uniqueId: string;
  mimeType: string;
  uri: string;
  size: number;
  /** hex */
  sha1: string;
  title: string;
  class: CdaCode;
  type: CdaCode;
  format: CdaCode;
  facility: CdaCode;
  practiceSetting: CdaCode;
  /** HL7 confidentiality first, then the flags of visibility */
  confidentiality: readonly CdaCode[];
  /** header that it is told by: its own, or that of the document which it goes with */
  header: ReadCda;
  /** acts documented */
  events: readonly CdaCode[];
}

/** patientId: the matricule; a service's own identifier where there is none. */
export function patientCx({ ids }: ReadPatient): string | undefined {
  const id = ids.find(isIns) ?? ids.find(({ extension }) => extension !== undefined);
  return id === undefined ? undefined : cx(id);
}

/** sourcePatientId: the service's own identifier, or the matricule where there is none. */
export function sourcePatientCx({ ids }: ReadPatient): string | undefined {
  const local = ids.find((id) => !isIns(id) && id.extension !== undefined);
  return local === undefined ? patientCx({ ids }) : cx(local);
}

export function authorSlots({ author, organization }: ReadCda): (XmlTree | undefined)[] {
  const { code } = author;
  return [
    slot('authorPerson', xcn(author)),
    slot('authorInstitution', xon(organization)),
    slot('authorRole', author.role),
    slot('authorSpecialty', code && `${code.code}^${code.displayName}^${code.codeSystem}`),
  ];
}

export function extrinsicObject(marks: Marks, entry: Entry, status: string | undefined): XmlTree {
  const { id, header } = entry;
  const { patient, act, legalAuthenticator } = header;
  const { entry: scheme } = SCHEMES;
  return [
    'rim:ExtrinsicObject',
    [
      slot('URI', entry.uri),
      slot('creationTime', utc(header.effectiveTime)),
      slot('hash', entry.sha1),
      slot('languageCode', header.language),
      slot('legalAuthenticator', legalAuthenticator && xcn({ family: '', ...legalAuthenticator })),
      slot('serviceStartTime', utc(act.from ?? '')),
      slot('serviceStopTime', utc(act.to ?? '')),
      slot('size', String(entry.size)),
      slot('sourcePatientId', sourcePatientCx(patient)),
      slot('sourcePatientInfo', ...pidLines(patient)),
      name(entry.title),
      described(marks, id, scheme.author, authorSlots(header)),
      coded(marks, id, scheme.class, entry.class),
      ...entry.confidentiality.map((one) => coded(marks, id, scheme.confidentiality, one)),
      ...entry.events.map((one) => coded(marks, id, scheme.event, one)),
      coded(marks, id, scheme.format, entry.format),
      coded(marks, id, scheme.facility, entry.facility),
      coded(marks, id, scheme.practice, entry.practiceSetting),
      coded(marks, id, scheme.type, entry.type),
      external(marks, id, scheme.patientId, 'XDSDocumentEntry.patientId', patientCx(patient) ?? ''),
      external(marks, id, scheme.uniqueId, 'XDSDocumentEntry.uniqueId', entry.uniqueId),
    ],
    // a first version of an entry: its logical id is its own
    { id, lid: id, status, mimeType: entry.mimeType, objectType: scheme.object },
  ];
}
