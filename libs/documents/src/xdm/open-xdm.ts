/** Opens an IHE_XDM archive that somebody sent. What is not announced in METADATA.XML is never inflated. */
import { createHash } from 'node:crypto';
import { BrokerError, type Finding, type OpenedXdm, type ReadCda, type ReadPatient } from '#core';
import { embeddedFiles, isPdf } from '../cda/embedded.ts';
import { readCdaIfAny } from '../cda/read-cda.ts';
import { sameUniqueId, uniqueIdOf } from '../xds/oid.ts';
import { type ReadEntry, type ReadSubmission, readSubmission } from '../xds/read-submission.ts';
import { type Archive, BOUNDS, inArchive } from './archive.ts';
import { refusal } from './refusal.ts';
import { samePatient } from './same-patient.ts';

/** What a PDF hides; the Renderer port. */
export type Inspect = (pdf: Uint8Array) => Promise<readonly Finding[]>;

const METADATA = /^(IHE_XDM\/[^/]+\/)METADATA\.XML$/;
const XML_TYPES = new Set(['text/xml', 'application/xml', 'application/xslt+xml', 'application/hl7-cda+xml']);

/** What CI-SIS lets a body be; a page or an office file could act when it is opened. */
const BODY_TYPES = new Set([
  'application/pdf',
  'text/plain',
  'image/jpeg',
  'image/tiff',
  'image/png',
  'image/gif',
]);

/** @throws BrokerError `xdm.invalid`, `content.active` */
export async function openXdm(zip: Uint8Array, inspect: Inspect): Promise<OpenedXdm> {
  const opened = await inArchive(zip, readLot);
  for (const { bytes } of opened.documents) {
    for (const file of asXml(bytes, embeddedFiles, 'xdm.cda')) {
      if (!BODY_TYPES.has(file.mediaType)) throw refusal('xdm.body');
      if (!isPdf(file)) continue;
      const findings = await inspect(file.bytes);
      if (findings.length > 0) throw new BrokerError('content.active', { findings });
    }
  }
  return opened;
}

async function readLot(archive: Archive): Promise<OpenedXdm> {
  const { folder, submission } = await metadataOf(archive);
  refuseSeveralPatients(submission);
  refuseRepeated(submission);
  const documents: OpenedXdm['documents'][number][] = [];
  for (const entry of submission.entries) {
    const bytes = await documentOf(archive, folder, entry);
    const cda = asCda(entry, bytes);
    if (cda === undefined) continue;
    if (entry.uniqueId === undefined || !sameUniqueId(entry.uniqueId, uniqueIdOf(cda.id)))
      throw refusal('xdm.id');
    if (!samePatient(cda.patient, entry.patient)) throw refusal('xdm.patient');
    documents.push({ cda, bytes, entryId: entry.id });
  }
  const [first] = documents;
  if (first === undefined) throw refusal('xdm.no-cda');
  if (documents.some(({ cda }) => !samePatient(cda.patient, first.cda.patient)))
    throw refusal('xdm.several-patients');
  return { documents, patient: patientOf(submission, first.entryId) };
}

async function metadataOf({ files }: Archive): Promise<{ folder: string; submission: ReadSubmission }> {
  const found = [...files.keys()].flatMap((path) => METADATA.exec(path)?.[1] ?? []);
  const [folder] = found;
  if (folder === undefined) throw refusal('xdm.no-metadata');
  if (found.length > 1) throw refusal('xdm.several-lots');
  const bytes = (await files.get(`${folder}METADATA.XML`)?.()) ?? new Uint8Array();
  const submission = asXml(bytes, readSubmission, 'xdm.metadata');
  if (submission === undefined || submission.entries.length === 0) throw refusal('xdm.metadata');
  if (submission.sets !== 1) throw refusal(submission.sets === 0 ? 'xdm.metadata' : 'xdm.several-lots');
  return { folder, submission };
}

function refuseSeveralPatients({ setPatients, entries }: ReadSubmission): void {
  const patients = new Set(
    [...setPatients, ...entries.flatMap(({ patientId }) => patientId ?? [])].map(bare),
  );
  if (patients.size > 1) throw refusal('xdm.several-patients');
  if (patients.size === 0 || entries.some(({ patientId }) => patientId === undefined))
    throw refusal('xdm.metadata');
}

/** One document announced a thousand times would be inflated and read a thousand times. */
function refuseRepeated({ entries }: ReadSubmission): void {
  if (entries.length > BOUNDS.files) throw refusal('xdm.too-many-files');
  const uris = entries.map(({ uri = '' }) => uri.toUpperCase());
  if (new Set(uris).size < uris.length) throw refusal('xdm.duplicate');
}

/** A CX without what some add after the kind: dates of effect. */
function bare(patientId: string): string {
  return patientId.split('^').slice(0, 4).join('^');
}

async function documentOf({ files }: Archive, folder: string, entry: ReadEntry): Promise<Uint8Array> {
  const { uri, hash, size } = entry;
  if (uri === undefined || hash === undefined || size === undefined) throw refusal('xdm.metadata');
  if (
    uri.startsWith('/') ||
    /[\\:]/.test(uri) ||
    uri.split('/').some((part) => part === '..' || part === '.')
  )
    throw refusal('xdm.path');
  const bytes = await files.get(`${folder}${uri.toUpperCase()}`)?.();
  if (bytes === undefined) throw refusal('xdm.no-document');
  if (bytes.byteLength !== size) throw refusal('xdm.size');
  // SHA-1 is what XDS has: it finds an accident; the mail's own channel and seals answer for the rest
  if (createHash('sha1').update(bytes).digest('hex') !== hash) throw refusal('xdm.hash');
  return bytes;
}

/** A signature, a PDF twin or a style sheet is no CDA: it is left. */
function asCda({ mimeType }: ReadEntry, bytes: Uint8Array): ReadCda | undefined {
  if (!XML_TYPES.has(mimeType.toLowerCase())) return undefined;
  return asXml(bytes, readCdaIfAny, 'xdm.cda');
}

function asXml<T>(bytes: Uint8Array, read: (xml: Uint8Array) => T, otherwise: 'xdm.metadata' | 'xdm.cda'): T {
  try {
    return read(bytes);
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    throw refusal(error.code === 'xml.doctype' ? 'xdm.doctype' : otherwise);
  }
}

function patientOf({ entries }: ReadSubmission, entryId: string): ReadPatient {
  return entries.find(({ id }) => id === entryId)?.patient ?? { ids: [] };
}
