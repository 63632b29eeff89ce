/** ITI-65: one submission set (List), its DocumentReference and its bytes (Binary), all or nothing. */
import type { Binary, Bundle, DocumentReference, List } from 'fhir-types/r4.js';
import { v5 } from 'uuid';
import type { Submission } from '#core';
import { CDA_CODES } from '#core/cda-codes';
import { asUrn, concept, IHE, MHD_LIST, URI } from './systems.ts';

export interface SubmissionSet {
  /** OID of the set */
  uniqueId: string;
  sourceId: string;
  /** instant */
  at: string;
  title: string;
}

/** name space of the addresses inside a bundle: the same lot has the same */
const PLACES = '8f8c1c4e-6a0d-5f0e-9d52-0d8f6c7a1b65';

export function provideBundle(
  set: SubmissionSet,
  document: DocumentReference,
  { entryId, bytes, mimeType }: Submission['documents'][number],
): Bundle<List | DocumentReference | Binary> {
  const place = (name: string) => `urn:uuid:${v5(`${set.uniqueId}:${name}`, PLACES)}`;
  const [content] = document.content;
  const referenced: DocumentReference = {
    ...document,
    content: [{ ...content, attachment: { ...content?.attachment, url: place('binary') } }],
  };
  const binary: Binary = {
    resourceType: 'Binary',
    contentType: mimeType,
    data: Buffer.from(bytes).toString('base64'),
  };
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      created(place('set'), submissionSet(set, document, entryId)),
      created(entryId, referenced),
      created(place('binary'), binary),
    ],
  };
}

function created<R extends List | DocumentReference | Binary>(fullUrl: string, resource: R) {
  return { fullUrl, resource, request: { method: 'POST' as const, url: resource.resourceType } };
}

function submissionSet(set: SubmissionSet, document: DocumentReference, entryId: string): List {
  const { contained = [], subject } = document;
  return {
    resourceType: 'List',
    // who sends: the author's role, contained here too
    contained: contained.filter(({ id }) => ['author', 'author-role', 'organization'].includes(id ?? '')),
    extension: [
      {
        url: `${IHE}/ihe-designationType`,
        valueCodeableConcept: concept(CDA_CODES.activities.ambulatory),
      },
      {
        url: `${IHE}/ihe-sourceId`,
        valueIdentifier: { system: URI, value: asUrn(set.sourceId) },
      },
    ],
    identifier: [
      { use: 'usual', system: URI, value: asUrn(set.uniqueId) },
      { use: 'official', system: URI, value: `urn:uuid:${v5(`${set.uniqueId}:entry`, PLACES)}` },
    ],
    status: 'current',
    mode: 'working',
    title: set.title,
    code: { coding: [{ system: MHD_LIST, code: 'submissionset' }] },
    ...(subject === undefined ? {} : { subject }),
    date: set.at,
    source: { reference: '#author-role' },
    entry: [{ item: { reference: entryId } }],
  };
}

/** ITI-105: the reference alone, its bytes inside. */
export function simplifiedPublish(
  document: DocumentReference,
  { bytes }: Submission['documents'][number],
): DocumentReference {
  const [content] = document.content;
  const attachment = { ...content?.attachment, data: Buffer.from(bytes).toString('base64') };
  return { ...document, content: [{ ...content, attachment }] };
}
