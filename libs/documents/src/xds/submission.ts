/**
 * ebRIM 3.0 SubmitObjectsRequest of one lot: its submission set, an entry a document, what each replaces. What an
 * entry says is read in the document itself, so that the two cannot differ. Masking is said here and only here.
 */
import { createHash } from 'node:crypto';
import { BrokerError, type ReadCda, type Submission, type SubmissionOrder } from '#core';
import type { CdaCode } from '#core/cda-document';
import { readCda } from '../cda/read-cda.ts';
import { samePatient } from '../xdm/same-patient.ts';
import { writeXml, type XmlTree } from '../xml/write-xml.ts';
import { authorSlots, type Entry, extrinsicObject, patientCx } from './document-entry.ts';
import {
  association,
  coded,
  described,
  external,
  HAS_MEMBER,
  kindOf,
  LCM,
  Marks,
  name,
  REPLACES,
  RIM,
  SCHEMES,
  slot,
} from './ebrim.ts';
import { utc } from './hl7v2.ts';
import {
  CLASS_BY_DEFAULT,
  CLASS_OF_TYPE,
  FORMAT_BY_DEFAULT,
  FORMAT_OF_BODY,
  FORMAT_OF_TEMPLATE,
} from './mapping.ts';
import { entryIdOf, oidOf, uniqueIdOf } from './oid.ts';
import { refuseLacking } from './required.ts';

const CONFIDENTIALITY = '2.16.840.1.113883.5.25';
const LEVELS: Readonly<Record<string, string>> = { N: 'Normal', R: 'Restreint', V: 'Très restreint' };

/** @param status availabilityStatus, where no registry is there to give it: an archive */
export function submission(order: SubmissionOrder, status?: string): Submission {
  const headers = order.documents.map(readCda);
  const [main] = headers;
  if (main === undefined) throw lacking('Une soumission porte au moins un document.');
  for (const one of headers) {
    refuseLacking(one);
    if (!samePatient(one.patient, main.patient))
      throw lacking('Une soumission ne porte que sur une personne.');
  }
  const documents = [
    ...order.documents.map((bytes, at) => documentEntry(order, headers[at] as ReadCda, bytes, at)),
    ...(order.attached ?? []).map((one, at) => attachedEntry(order, main, one, at)),
  ];
  const uniqueId = oidOf(order.id);
  return {
    xml: new TextDecoder().decode(
      request(
        order,
        main,
        uniqueId,
        documents.map(({ entry }) => entry),
        status,
      ),
    ),
    uniqueId,
    documents: documents.map(({ entry, bytes }) => ({
      entryId: entry.id,
      uniqueId: entry.uniqueId,
      mimeType: entry.mimeType,
      uri: entry.uri,
      bytes,
      sha1: entry.sha1,
      class: entry.class,
      format: entry.format,
    })),
  };
}

interface Described {
  entry: Entry;
  bytes: Uint8Array;
}

function documentEntry(order: SubmissionOrder, header: ReadCda, bytes: Uint8Array, at: number): Described {
  const uniqueId = uniqueIdOf(header.id);
  const code = header.confidentiality;
  return {
    bytes,
    entry: {
      id: entryIdOf(uniqueId),
      uniqueId,
      mimeType: 'text/xml',
      uri: `DOC${number(at)}.XML`,
      ...digestOf(bytes),
      title: header.title,
      class: CLASS_OF_TYPE[header.type.code] ?? CLASS_BY_DEFAULT,
      type: header.type,
      format: formatOf(header),
      ...placeOf(order, header),
      confidentiality: [
        { code, codeSystem: CONFIDENTIALITY, displayName: LEVELS[code] ?? code },
        ...(order.flags ?? []),
      ],
      header,
      events: header.act.codes,
    },
  };
}

/** What goes with the documents (a signature) is told by the header of the first. */
function attachedEntry(
  order: SubmissionOrder,
  header: ReadCda,
  attached: NonNullable<SubmissionOrder['attached']>[number],
  at: number,
): Described {
  const uniqueId = oidOf(attached.id);
  return {
    bytes: attached.bytes,
    entry: {
      id: entryIdOf(uniqueId),
      uniqueId,
      mimeType: attached.mimeType,
      uri: `ATT${number(at)}.${attached.mimeType.endsWith('xml') ? 'XML' : 'BIN'}`,
      ...digestOf(attached.bytes),
      title: attached.title,
      class: attached.class,
      type: attached.type,
      format: attached.formatCode,
      ...placeOf(order, header),
      confidentiality: [{ code: 'N', codeSystem: CONFIDENTIALITY, displayName: 'Normal' }],
      header: { ...header, effectiveTime: `${utcOf(order.at)}+0000` },
      events: [],
    },
  };
}

function placeOf(order: SubmissionOrder, { facility, practiceSetting }: ReadCda) {
  // both are there: refuseLacking saw to it
  return { facility: order.facility ?? (facility as CdaCode), practiceSetting: practiceSetting as CdaCode };
}

function formatOf({ templates, body }: ReadCda): CdaCode {
  if (body !== undefined) return FORMAT_OF_BODY[body.mediaType] ?? FORMAT_BY_DEFAULT;
  const model = templates.find((one) => FORMAT_OF_TEMPLATE[one] !== undefined);
  return (model === undefined ? undefined : FORMAT_OF_TEMPLATE[model]) ?? FORMAT_BY_DEFAULT;
}

function request(
  order: SubmissionOrder,
  main: ReadCda,
  uniqueId: string,
  entries: readonly Entry[],
  status: string | undefined,
): Uint8Array {
  const marks = new Marks();
  const set = entryIdOf(`set:${uniqueId}`);
  const replaced = order.replaces ?? (main.replaces && entryIdOf(uniqueIdOf(main.replaces)));
  const list: XmlTree[] = [
    ...entries.map((entry) => extrinsicObject(marks, entry, status)),
    submissionSet(marks, set, uniqueId, order, main, status),
    kindOf(marks, set, SCHEMES.set.node),
    ...entries.map(({ id }) =>
      association(marks, HAS_MEMBER, set, id, [slot('SubmissionSetStatus', 'Original')]),
    ),
    ...(replaced === undefined || entries[0] === undefined
      ? []
      : [association(marks, REPLACES, entries[0].id, asUrn(replaced))]),
  ];
  return writeXml(['lcm:SubmitObjectsRequest', [['rim:RegistryObjectList', list]]], LCM, {
    lcm: LCM,
    rim: RIM,
  });
}

function submissionSet(
  marks: Marks,
  id: string,
  uniqueId: string,
  order: SubmissionOrder,
  main: ReadCda,
  status: string | undefined,
): XmlTree {
  const { set } = SCHEMES;
  return [
    'rim:RegistryPackage',
    [
      slot('submissionTime', utcOf(order.at)),
      name(order.title ?? main.title),
      described(marks, id, set.author, authorSlots(main)),
      coded(marks, id, set.contentType, order.contentType),
      external(marks, id, set.patientId, 'XDSSubmissionSet.patientId', patientCx(main.patient) ?? ''),
      external(marks, id, set.sourceId, 'XDSSubmissionSet.sourceId', oidOf(order.sourceId)),
      external(marks, id, set.uniqueId, 'XDSSubmissionSet.uniqueId', uniqueId),
    ],
    { id, status, objectType: 'urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:RegistryPackage' },
  ];
}

function utcOf(at: string): string {
  return utc(`${new Date(at).toISOString().slice(0, 19).replace(/[-:T]/g, '')}+0000`) ?? '';
}

function digestOf(bytes: Uint8Array): { size: number; sha1: string } {
  return { size: bytes.byteLength, sha1: createHash('sha1').update(bytes).digest('hex') };
}

function number(at: number): string {
  return String(at + 1).padStart(4, '0');
}

function asUrn(id: string): string {
  return id.startsWith('urn:') ? id : `urn:uuid:${id}`;
}

function lacking(detail: string): BrokerError {
  return new BrokerError('content.invalid', { detail });
}
