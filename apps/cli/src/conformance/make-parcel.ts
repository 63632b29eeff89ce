/** One delivery as it travels, rightly made or changed in one place. */
import { type Audience, BrokerError, contextOf, digestOf, type SealRequest, type Signer } from '#core';
import { JWS_TYPES, JweProtection } from '#protection';
import { deliveryAttributes } from '#transports';
import { uuidv7 } from '../../../broker/src/engine/stage-ports.ts';
import type { Blueprint } from './blueprint.ts';
import type { Tools } from './tools.ts';

export interface Parcel {
  deliveryId: string;
  /** CloudEvents attributes, `datacontenttype` among them */
  attributes: Readonly<Record<string, string>>;
  data: Buffer;
  /** compact JWE by number, when `data` is a manifest */
  parts: ReadonlyMap<number, Buffer>;
}

export interface Listed {
  n: number;
  audience: Audience;
  size: number;
  digest: string;
}

/** What is done otherwise than the broker does it. Each member acts on what the one before it gave. */
export interface Change {
  /** who signs the parts, and what is signed */
  signer?: (genuine: Signer, messageId: string) => Signer;
  request?: (request: SealRequest) => SealRequest;
  jwe?: (jwe: string) => string;
  /** what the manifest announces */
  listed?: (parts: readonly Listed[]) => readonly Listed[];
  manifestSigner?: (genuine: Signer) => Signer;
  /** what is given for each part that was announced */
  served?: (jwe: Buffer) => Buffer;
  data?: (data: Buffer) => Buffer;
  attributes?: (attributes: Readonly<Record<string, string>>) => Record<string, string>;
}

/** Under ids of its own, whatever was made of the same blueprint before. */
export function makeParcel(blueprint: Blueprint, tools: Tools, change: Change = {}): Parcel {
  const { signing, encryption, trust, clock } = tools;
  const id = uuidv7.next();
  const deliveryId = uuidv7.next();
  const { message, exchange } = renamed(blueprint, id);
  const context = { relaisdelivery: deliveryId, ...contextOf(message, exchange) };
  const signer = change.signer?.(signing, id);
  const protection =
    signer === undefined ? tools.protection : new JweProtection(signer, encryption, trust, clock);
  const sealed = blueprint.requests.map((written) => {
    const request = { ...written, claims: { ...written.claims, messageId: id, ...context } };
    const part = protection.seal(change.request?.(request) ?? request);
    const text = Buffer.from(part.jwe).toString('latin1');
    const jwe = Buffer.from(change.jwe?.(text) ?? text, 'latin1');
    return { n: part.n, audience: part.audience, size: jwe.length, digest: digestOf(jwe), jwe };
  });
  const [only] = sealed;
  if (only === undefined) throw new BrokerError('internal', { detail: 'nothing sealed' });
  const listed = listedOf(sealed, change);
  const claims = { messageId: id, parts: listed, ...context };
  const manifest =
    listed === undefined
      ? undefined
      : (change.manifestSigner?.(signing) ?? signing).sign(claims, JWS_TYPES.manifest);
  const data = manifest === undefined ? only.jwe : Buffer.from(manifest, 'latin1');
  const { manifest: _, ...bare } = blueprint.delivery;
  const delivery = {
    ...bare,
    id: deliveryId,
    messageId: id,
    ...(manifest === undefined ? {} : { manifest }),
  };
  const attributes = deliveryAttributes(message, delivery, 1, exchange);
  return {
    deliveryId,
    attributes: change.attributes?.(attributes) ?? attributes,
    data: change.data?.(data) ?? data,
    parts: new Map(
      (listed ?? []).flatMap(({ n, digest }) =>
        sealed
          .filter((one) => one.digest === digest)
          .map(({ jwe }) => [n, change.served?.(jwe) ?? jwe] as const),
      ),
    ),
  };
}

/** The exchange that a message opens goes with its id. */
function renamed({ message, exchange }: Blueprint, id: string): Pick<Blueprint, 'message' | 'exchange'> {
  const opens = exchange?.requestId === message.id;
  return {
    message: { ...message, id },
    exchange: opens ? { ...exchange, id: uuidv7.next(), requestId: id } : exchange,
  };
}

/** undefined = one part alone, which needs no manifest */
function listedOf(sealed: readonly Listed[], change: Change): readonly Listed[] | undefined {
  if (sealed.length === 1) return undefined;
  const parts = sealed.map(({ n, audience, size, digest }) => ({ n, audience, size, digest }));
  return change.listed?.(parts) ?? parts;
}
