/** From what arrived to what may be used: every link from the event to the content is checked, or nothing is shown. */
import { compactDecrypt } from 'jose';
import type { RelaisEvent } from './cloud-event.ts';
import { NotGenuine } from './errors.ts';
import type { Audience, ReaderKeys } from './reader-keys.ts';
import { digestOf } from './receipt.ts';
import { requireExact, type TrustedKeys } from './trusted-keys.ts';

export interface OpenedPart {
  n: number;
  total: number;
  audience: Audience;
  datacontenttype: string;
  content: Buffer;
  /** detached JWS of the sender, unbroken, when it signed */
  senderSignature?: string;
}

export interface OpenedDelivery {
  event: RelaisEvent;
  flow: string;
  /** in order, those this software can read */
  parts: readonly OpenedPart[];
  /** parts for readers whose keys are elsewhere */
  closed: readonly { n: number; audience: Audience }[];
}

export interface Opener {
  /** partner id of this software */
  self: string;
  keys: ReaderKeys;
  trusted: TrustedKeys;
  /** `GET /v1/deliveries/{deliveryId}/parts/{n}` */
  fetchPart: (deliveryId: string, n: number) => Promise<Uint8Array>;
}

/** A delivery whose signature holds; several parts are fetched only when it is opened. */
export interface GenuineDelivery {
  event: RelaisEvent;
  flow: string;
  /** everything at once: for what fits in memory */
  open(): Promise<OpenedDelivery>;
  /** in order, those this software can read, each fetched when it is asked for */
  parts(): AsyncGenerator<OpenedPart>;
  /** parts for readers whose keys are elsewhere */
  closed: readonly { n: number; audience: Audience }[];
}

interface ManifestPart {
  n: number;
  audience: Audience;
  size: number;
  digest: string;
}

export const SEALED = 'application/jose';
export const MANIFEST = 'application/vnd.relais.manifest+jws';

/** @throws NotGenuine; RelaisProblem or RelaisUnreachable when a part cannot be fetched */
export async function openDelivery(
  event: RelaisEvent,
  data: Uint8Array,
  opener: Opener,
): Promise<OpenedDelivery> {
  return (await checkDelivery(event, data, opener)).open();
}

export async function checkDelivery(
  event: RelaisEvent,
  data: Uint8Array,
  opener: Opener,
): Promise<GenuineDelivery> {
  const flow = flowOf(event);
  if (event.source !== 'urn:relais:broker') throw refused('not from Relais');
  if (event.datacontenttype === SEALED) {
    const part = await openPart(event, data, { n: 1, total: 1 }, opener);
    return genuine(event, flow, [], async function* () {
      yield part;
    });
  }
  if (event.datacontenttype !== MANIFEST) throw refused('neither sealed nor a manifest');
  const manifest = await readManifest(event, data, opener.trusted);
  const closed = manifest
    .filter(({ audience }) => !opener.keys.holds(audience))
    .map(({ n, audience }) => ({ n, audience }));
  return genuine(event, flow, closed, () => openParts(event, manifest, opener));
}

function genuine(
  event: RelaisEvent,
  flow: string,
  closed: GenuineDelivery['closed'],
  parts: () => AsyncGenerator<OpenedPart>,
): GenuineDelivery {
  return {
    event,
    flow,
    closed,
    parts,
    async open() {
      const opened: OpenedPart[] = [];
      for await (const part of parts()) opened.push(part);
      return { event, flow, parts: opened, closed };
    },
  };
}

async function* openParts(
  event: RelaisEvent,
  manifest: readonly ManifestPart[],
  opener: Opener,
): AsyncGenerator<OpenedPart> {
  for (const { n, audience, size, digest } of manifest) {
    if (!opener.keys.holds(audience)) continue;
    const jwe = await opener.fetchPart(event.relaisdelivery, n);
    if (jwe.length !== size || digestOf(jwe) !== digest) throw refused(`part ${n} is not the one announced`);
    const part = await openPart(event, jwe, { n, total: manifest.length }, opener);
    if (part.audience !== audience) throw refused(`part ${n} is sealed to other readers`);
    yield part;
  }
}

async function readManifest(
  event: RelaisEvent,
  data: Uint8Array,
  trusted: TrustedKeys,
): Promise<readonly ManifestPart[]> {
  const claims = await trusted.verify(Buffer.from(data).toString(), 'manifest');
  const { messageId, parts } = claims;
  if (messageId !== event.id) throw refused('manifest of another message');
  requireContext(event, claims);
  const listed = (Array.isArray(parts) ? parts : []) as ManifestPart[];
  const inOrder = listed.every(({ n, audience }, index) => n === index + 1 && /^enc(-h)?$/.test(audience));
  if (listed.length === 0 || !inOrder) throw refused('manifest out of order');
  return listed;
}

async function openPart(
  event: RelaisEvent,
  data: Uint8Array,
  place: { n: number; total: number },
  opener: Opener,
): Promise<OpenedPart> {
  const { plaintext, header, audience } = await decrypt(data, opener.keys);
  const end = plaintext.indexOf(0x0a);
  if (end < 0) throw refused('no inner signature');
  const content = plaintext.subarray(end + 1);
  const claims = await opener.trusted.verify(plaintext.subarray(0, end).toString(), 'part');
  const { datacontenttype, senderSignature } = claims;
  const expected = {
    messageId: event.id,
    flow: flowOf(event),
    type: event.type,
    sender: event.relaissender,
    recipient: opener.self,
    part: place.n,
    total: place.total,
    digest: digestOf(content),
  };
  for (const [name, value] of Object.entries(expected))
    if (claims[name] !== value) throw refused(`${name} is not the one signed`);
  requireContext(event, claims);
  for (const name of ['messageId', 'part', 'total'] as const)
    if (header[name] !== expected[name]) throw refused(`${name} of the envelope is another`);
  if (event.others['recipient'] !== undefined && event.others['recipient'] !== opener.self)
    throw refused('addressed to another');
  if (typeof datacontenttype !== 'string') throw refused('no media type');
  return {
    ...place,
    audience,
    datacontenttype,
    content,
    ...(typeof senderSignature === 'string' && { senderSignature }),
  };
}

/** What the event says beside the content: taken away, added or changed, it is not what Relais signed. */
function requireContext({ relaisdelivery, others }: RelaisEvent, claims: Record<string, unknown>): void {
  const { correlationid, subjectref, lastvisit, expirytime } = others;
  const said = { relaisdelivery, correlationid, subjectref, lastvisit, expirytime };
  for (const [name, value] of Object.entries(said))
    if (claims[name] !== value) throw refused(`${name} is not the one signed`);
}

async function decrypt(data: Uint8Array, keys: ReaderKeys) {
  const jwe = Buffer.from(data).toString();
  requireExact(jwe, 5);
  const { alg, enc, kid, messageId, part, total, ...others } = protectedHeader(jwe);
  const reader = keys.find(typeof kid === 'string' ? kid : undefined);
  if (reader === undefined) throw refused('sealed to a key that is not ours');
  if (alg !== 'RSA-OAEP-256' || enc !== 'A256GCM' || Object.keys(others).length > 0)
    throw refused('sealed in another way');
  try {
    const { plaintext } = await compactDecrypt(jwe, reader.key, {
      keyManagementAlgorithms: ['RSA-OAEP-256'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    const header: Record<string, unknown> = { messageId, part, total };
    return { plaintext: Buffer.from(plaintext), header, audience: reader.audience };
  } catch {
    // Why it does not open is nobody's business: one answer for all.
    throw refused('does not open');
  }
}

function protectedHeader(jwe: string): Record<string, unknown> {
  try {
    return { ...JSON.parse(Buffer.from(jwe.slice(0, jwe.indexOf('.')), 'base64url').toString()) };
  } catch {
    throw refused('no envelope');
  }
}

function flowOf(event: RelaisEvent): string {
  const flow = /^fr\.relais-st\.([a-z0-9-]+)\.[a-z0-9-]+\.v[1-9]\d*$/.exec(event.type)?.[1];
  if (flow === undefined) throw refused('type unknown');
  return flow;
}

function refused(reason: string): NotGenuine {
  return new NotGenuine('delivery', reason);
}
