/** ITI-67 and ITI-68: documents of a person looked up, and read. */
import { createHash } from 'node:crypto';
import type { Client } from 'fhir-kit-client';
import type {
  Attachment,
  Bundle,
  BundleEntry,
  DocumentReference,
  DocumentReferenceContent,
  FhirResource,
} from 'fhir-types/r4.js';
import { BrokerError } from '#core';

export interface Sought {
  /** `urn:oid:…` and matricule of 15 */
  patient: { system: string; value: string };
  status: 'current' | 'superseded';
  /** masterIdentifier or identifier, an urn */
  identifier?: string;
}

/** By POST: a matricule has no place in an address, which servers write down. @throws what fhir-kit-client throws */
export async function findDocuments(
  client: Pick<Client, 'search'>,
  { patient, status, identifier }: Sought,
  signal?: AbortSignal,
): Promise<DocumentReference[]> {
  const found: unknown = await client.search({
    resourceType: 'DocumentReference',
    searchParams: {
      'patient.identifier': `${patient.system}|${patient.value}`,
      status,
      ...(identifier === undefined ? {} : { identifier: `urn:ietf:rfc:3986|${identifier}` }),
    },
    options: { postSearch: true, ...(signal === undefined ? {} : { signal }) },
  });
  return referencesIn(found);
}

/** What a server says it found. @throws BrokerError `transport.bad-answer` when it is no bundle of references */
export function referencesIn(found: unknown): DocumentReference[] {
  const { resourceType, entry = [] } = (found ?? {}) as Bundle<FhirResource>;
  if (resourceType !== 'Bundle' || !Array.isArray(entry)) throw notUnderstood();
  return (entry as (BundleEntry<FhirResource> | null)[]).flatMap((one) => {
    const resource = one?.resource;
    if (resource?.resourceType !== 'DocumentReference') return [];
    if (typeof attachmentOf(resource) !== 'object') throw notUnderstood();
    return [resource];
  });
}

function attachmentOf({ content }: Partial<DocumentReference>): Attachment | undefined {
  const [first] = Array.isArray(content) ? (content as (DocumentReferenceContent | null)[]) : [];
  return first?.attachment ?? undefined;
}

/**
 * The bytes that a reference tells of.
 * @throws BrokerError `transport.bad-answer` when they are not there, or are others than it says
 */
export async function readDocument(
  client: Pick<Client, 'request' | 'baseUrl'>,
  reference: DocumentReference,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { url, size, hash } = attachmentOf(reference) ?? {};
  if (typeof url !== 'string' || !isThere(url, client.baseUrl)) throw notUnderstood();
  const binary: unknown = await client.request(url, signal === undefined ? {} : { options: { signal } });
  const { resourceType, data } = (binary ?? {}) as { resourceType?: unknown; data?: unknown };
  if (resourceType !== 'Binary' || typeof data !== 'string') throw notUnderstood();
  const bytes = Buffer.from(data, 'base64');
  const sha1 = createHash('sha1').update(bytes).digest('base64');
  if (bytes.byteLength !== size || sha1 !== hash) throw notUnderstood();
  return bytes;
}

/** A reference may send its reader nowhere else than to the server that it came from. */
function isThere(url: string, base: string): boolean {
  const root = base.endsWith('/') ? base : `${base}/`;
  return URL.parse(url, root)?.href.startsWith(root) === true;
}

function notUnderstood(): BrokerError {
  return new BrokerError('transport.bad-answer', { next: 'stop' });
}
