/**
 * What leaves: documents made, parts sealed for each destination, and the rows that carry them. Used by the second
 * stage, alone or inside the accepting commit.
 */

import { partsFor, routeOf } from './channels/route.ts';
import type { NamedFlow } from './checks/flow.ts';
import { type Context, contextOf } from './context.ts';
import type { Content, Divided, Part } from './contract.ts';
import { digestOf } from './digest.ts';
import { endOfLife } from './life.ts';
import { type Delivery, type Exchange, type Job, type Message, PARKED, type SealedPart } from './message.ts';
import { type Told, tenantOf } from './own-space.ts';
import { type Audience, CHANNEL_TRANSPORTS, type Partner, type TransportName } from './partner.ts';
import type { Settings, Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

export interface Task {
  message: Message;
  content: Content;
  named: NamedFlow;
  recipients: readonly Partner[];
  exchanges: readonly Exchange[];
  answered: Exchange | undefined;
}

/** A task whose content is not in memory. */
export type Dispatch = Omit<Task, 'content'>;

export interface Outgoing {
  delivery: Delivery;
  parts: SealedPart[];
  recipient: Partner;
  /** when the sealed parts go, whatever the receipt */
  keptUntil: string;
}

/** Attributes of the delivered event that its reader must find signed. */
export type SignedContext = Context & { relaisdelivery: string };

/** `typ` of a manifest */
export const MANIFEST_TYPE = 'vnd.relais.manifest+jws';

/** What a manifest says of the parts of one delivery, in their order. */
export function manifestClaims(
  messageId: string,
  parts: readonly Omit<SealedPart, 'jwe'>[],
  context: SignedContext,
): object {
  return {
    messageId,
    parts: parts.map(({ n, audience, size, digest }) => ({ n, audience, size, digest })),
    ...context,
  };
}

interface ReadyPart extends Pick<Part, 'audience' | 'mediaType' | 'only'> {
  bytes: Uint8Array;
}

/** beyond the end of its request, so that a parked delivery is there when the request is settled */
const PARKED_MARGIN_MS = 86_400_000;

type OutboundPorts = Pick<
  Stages,
  'clock' | 'ids' | 'directory' | 'identity' | 'renderer' | 'protection' | 'signer' | 'subjects'
> & { settings: Pick<Settings, 'partBytes'> };

export class Outbound {
  constructor(private readonly stages: OutboundPorts) {}

  /** Documents made, then everything sealed for every recipient (and the portal's copy of a person's request). */
  async protect(task: Task, { parts, told }: Pick<Divided, 'parts' | 'told'>): Promise<Outgoing[]> {
    const grouped = isGrouped(task);
    const recipients = [...task.recipients, ...this.copies(task)];
    const ways = recipients.map((recipient) => wayTo(task, recipient));
    // what no way carries is not made
    const wanted = new Set(ways.flatMap((way) => partsFor(parts, way)));
    const ready = await Promise.all([...wanted].map((part) => this.#bytesOf(part)));
    return recipients.map((recipient) => {
      const delivery = { ...this.newDelivery(task, recipient, grouped), ...this.#whose(recipient, told) };
      const mine = partsFor(ready, delivery.transport).filter(({ audience }) =>
        this.isFor(task, recipient, audience),
      );
      const context = this.contextFor(task, recipient, delivery.id);
      const sealed =
        delivery.transport === 'insi' ? [] : this.#seal(task, recipient, delivery, mine, context);
      const manifest = sealed.length > 1 ? this.manifest(task.message.id, sealed, context) : undefined;
      return {
        recipient,
        parts: sealed,
        keptUntil: this.keptUntil(task, delivery, grouped),
        delivery: {
          ...delivery,
          partCount: sealed.length,
          ...(manifest === undefined ? {} : { manifest }),
        },
      };
    });
  }

  /** The portal's copies: of the answer to a person's request, and of what a partner's people read at Relais. */
  copies(task: Pick<Dispatch, 'answered' | 'named' | 'recipients'>): Partner[] {
    const { onPages = false } = task.named.contract;
    return task.recipients
      .filter(({ pages = false }) => isGrouped(task) || (onPages && pages))
      .flatMap(({ id }) => this.stages.directory.partner(`portal:${id}`) ?? []);
  }

  /** A portal's copy is found by whoever it is for. */
  #whose({ id, transport }: Partner, told: Told | undefined): Pick<Delivery, 'subject' | 'topic'> {
    if (transport !== 'portal' || told === undefined) return {};
    const subject = this.stages.subjects.of(tenantOf(id), told.to);
    return subject === undefined ? {} : { subject, topic: told.topic };
  }

  /** The same for one recipient, under the delivery that it has. */
  async protectAgain(
    task: Task,
    parts: readonly Part[],
    recipient: Partner,
    delivery: Delivery,
  ): Promise<{ parts: SealedPart[]; manifest?: string }> {
    const mine = partsFor(parts, delivery.transport).filter(({ audience }) =>
      this.isFor(task, recipient, audience),
    );
    const ready = await Promise.all(mine.map((part) => this.#bytesOf(part)));
    const context = this.contextFor(task, recipient, delivery.id);
    const sealed = this.#seal(task, recipient, delivery, ready, context);
    return {
      parts: sealed,
      ...(sealed.length > 1 ? { manifest: this.manifest(task.message.id, sealed, context) } : {}),
    };
  }

  /** Those of the parts that one of the recipients' ways carries. */
  carried(task: Pick<Dispatch, 'named' | 'recipients'>, parts: readonly Part[]): Part[] {
    const wanted = new Set(task.recipients.flatMap((one) => partsFor(parts, wayTo(task, one))));
    return parts.filter((part) => wanted.has(part));
  }

  async #bytesOf(part: Part): Promise<ReadyPart> {
    const { audience, mediaType, only, bytes, document, profile = 'pdfa-3b' } = part;
    const kind = { audience, ...(only === undefined ? {} : { only }) };
    if (document === undefined) return { ...kind, mediaType, bytes: bytes ?? new Uint8Array() };
    const { ins, status } = document.identity;
    const insDatamatrix =
      ins !== undefined && status === 'QUAL'
        ? this.stages.identity.datamatrix(document.identity, ins)
        : undefined;
    const identity = { ...document.identity, ...(insDatamatrix === undefined ? {} : { insDatamatrix }) };
    const pdf = await this.stages.renderer.render({ ...document, identity }, profile);
    return part.wrap === undefined
      ? { ...kind, mediaType: 'application/pdf', bytes: pdf }
      : { ...kind, mediaType, bytes: part.wrap(pdf) };
  }

  #seal(
    task: Task,
    recipient: Partner,
    { transport }: Pick<Delivery, 'transport'>,
    ready: readonly ReadyPart[],
    context: SignedContext,
  ): SealedPart[] {
    const { settings } = this.stages;
    const pieces = ready.flatMap(({ audience, mediaType, bytes }) =>
      cut(bytes, settings.partBytes).map((content) => ({ audience, mediaType, content })),
    );
    return pieces.map((piece, i) =>
      this.sealPiece(task, { recipient, transport }, piece, i + 1, pieces.length, context),
    );
  }

  /** What the event says beside the content, signed with it. */
  contextFor(task: Dispatch, recipient: Partner, relaisdelivery: string): SignedContext {
    return { relaisdelivery, ...contextOf(task.message, exchangeWith(task, recipient)) };
  }

  /** Whether that recipient gets what is for those readers. */
  isFor({ named }: Dispatch, recipient: Partner, audience: Audience): boolean {
    const optional = named.contract.optionalAudiences?.includes(audience) === true;
    return !optional || (recipient.keys[audience]?.length ?? 0) > 0;
  }

  /** One part for one recipient. */
  sealPiece(
    { message, named }: Dispatch,
    { recipient, transport }: { recipient: Partner; transport: TransportName },
    { audience, mediaType, content }: { audience: Audience; mediaType: string; content: Uint8Array },
    part: number,
    total: number,
    context: SignedContext,
  ): SealedPart {
    return this.stages.protection.seal({
      claims: {
        messageId: message.id,
        flow: message.flow,
        type: message.type,
        sender: message.sender,
        recipient: recipient.id,
        datacontenttype: mediaType,
        digest: digestOf(content),
        // over the true content: whoever has only the public one could try the few possible contents against it
        ...(message.senderSignature === undefined ||
        (named.contract.discreet === true && audience !== 'enc-h')
          ? {}
          : { senderSignature: message.senderSignature }),
        ...context,
      },
      certificates: recipient.keys[audience] ?? [],
      audience,
      part,
      total,
      content,
      ...(CHANNEL_TRANSPORTS.includes(transport) ? { own: true } : {}),
    });
  }

  manifest(messageId: string, parts: readonly Omit<SealedPart, 'jwe'>[], context: SignedContext): string {
    return this.stages.signer.sign(manifestClaims(messageId, parts, context), MANIFEST_TYPE);
  }

  newDelivery(task: Dispatch, recipient: Partner, grouped = false): Delivery {
    const { clock, ids } = this.stages;
    const { message, named } = task;
    const now = clock.now();
    const transport = wayTo(task, recipient);
    const isPortal = transport === 'portal';
    const exchange = exchangeWith(task, recipient);
    // its life begins when its request is settled
    const parkedUntil = new Date(Date.parse(exchange?.expiresAt ?? '') + PARKED_MARGIN_MS);
    const expiresAt = grouped ? parkedUntil : endOfLife(message, named.contract);
    return {
      id: ids.next(),
      messageId: message.id,
      recipient: recipient.id,
      transport,
      flow: message.flow,
      type: message.type,
      state: isPortal ? 'delivered' : 'queued',
      // its first try says that it may be a repeat
      attempts: isPortal || message.restoredAt !== undefined ? 1 : 0,
      priority: message.priority,
      ...(message.orderKey === undefined ? {} : { orderKey: message.orderKey }),
      ...(exchange === undefined ? {} : { exchangeId: exchange.id }),
      createdAt: now.toISOString(),
      ...(isPortal ? {} : { nextTryAt: grouped ? PARKED : now.toISOString() }),
      expiresAt: expiresAt.toISOString(),
      partCount: 0,
    };
  }

  keptUntil({ named }: Pick<Task, 'named'>, { createdAt, expiresAt }: Delivery, grouped = false): string {
    const days = named.contract.retention.sealedDays;
    return grouped ? expiresAt : new Date(Date.parse(createdAt) + days * 86_400_000).toISOString();
  }

  job({ message }: Pick<Task, 'message'>, delivery: Delivery): Job {
    return {
      id: this.stages.ids.next(),
      stage: 'deliver',
      lane: delivery.recipient,
      rank: delivery.priority === 'interactive' ? 0 : 1,
      messageId: message.id,
      deliveryId: delivery.id,
      ...(delivery.orderKey === undefined ? {} : { orderKey: delivery.orderKey }),
      runAt: delivery.nextTryAt ?? delivery.createdAt,
      attempts: 0,
    };
  }

  writes({ delivery, parts, keptUntil }: Omit<Outgoing, 'recipient'>, job: Job): Write[] {
    return [
      write('delivery.insert', { delivery, keptUntil }),
      ...parts.map((part) => write('delivery.part', { deliveryId: delivery.id, part })),
      ...(delivery.transport === 'portal' ? [] : [write('job.insert', { job })]),
    ];
  }
}

/** A dossier waits until the most recent is known; a refusal hides nothing more by waiting. */
function isGrouped({ answered, named }: Pick<Dispatch, 'answered' | 'named'>): boolean {
  return answered?.groupId !== undefined && named.contract.discreet !== true;
}

function wayTo({ named }: Pick<Dispatch, 'named'>, recipient: Partner): TransportName {
  return routeOf(named.contract, recipient);
}

function exchangeWith({ answered, exchanges }: Dispatch, recipient: Partner): Exchange | undefined {
  return (
    answered ?? exchanges.find(({ responder }) => [responder, `portal:${responder}`].includes(recipient.id))
  );
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < bytes.byteLength; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}
