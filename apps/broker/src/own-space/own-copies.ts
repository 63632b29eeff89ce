/** The copies that are somebody's own: listed without opening, opened for that person alone, every opening journalled. */
import {
  accessOf,
  again,
  BrokerError,
  copyFor,
  type Delivery,
  type Directory,
  giveReceipt,
  parseEventType,
  type Receipt,
  recordEntry,
  write,
} from '#core';
import type { PseudonymKey, TenantKeys } from '#protection';
import type { Engine } from '../engine/engine.ts';
import type { Page } from '../http/page.ts';
import type { Reader } from './reader.ts';

const GONE = 'Ce document n’est plus conservé ici. Votre service de santé au travail peut vous le remettre.';
const ALTERED =
  'Ce document a changé depuis qu’il a été déposé : il n’est pas montré. Prévenez votre service.';

/** of somebody's copies, newest first, for what each service said last */
const LOOKED_THROUGH = 100;

/** What a list says of a copy. */
export interface CopyCard {
  id: string;
  service: { id: string; name: string };
  topic: string;
  publishedAt: string;
  /** first opened; absent = never */
  openedAt?: string;
  /** false: its time is over, it can no longer be opened here */
  kept: boolean;
}

export class OwnCopies {
  constructor(
    private readonly engine: Engine,
    private readonly tenantKeys: TenantKeys,
    private readonly key: PseudonymKey,
  ) {}

  async list(reader: Reader, flow: string, page: Page): Promise<CopyCard[]> {
    const copies = await this.#copies(reader, flow, page);
    return Promise.all(copies.map((copy) => this.card(copy)));
  }

  async card(copy: Delivery): Promise<CopyCard> {
    const { directory, records } = this.engine.stages;
    const message = await records.message(copy.messageId);
    const { id, topic = '', createdAt: publishedAt, receipt } = copy;
    const parts = await records.partFacts(id);
    return {
      id,
      service: serviceOf(message?.sender ?? '', directory),
      topic,
      publishedAt,
      ...(receipt === undefined ? {} : { openedAt: receipt.at }),
      kept: parts.length > 0,
    };
  }

  /** Those that can still be opened here, newest first. */
  async *kept(
    reader: Reader,
    flow: string,
  ): AsyncGenerator<{ copy: Delivery; service: CopyCard['service'] }> {
    for (const copy of await this.#copies(reader, flow, { limit: LOOKED_THROUGH })) {
      const { service, kept } = await this.card(copy);
      if (kept) yield { copy, service };
    }
  }

  /** @throws BrokerError `not-found`: of somebody else, or none */
  async copy({ portal, subject }: Reader, flow: string, id: string): Promise<Delivery> {
    const copy = await this.engine.stages.records.delivery(id);
    const isOwn = copy?.recipient === copyFor(portal.id) && copy.subject === subject && copy.flow === flow;
    if (!isOwn) throw notHere();
    return copy;
  }

  /** The data of a copy, not its page. @throws BrokerError `not-found` once it is purged, `jwe.*` when it was altered */
  async json({ portal }: Pick<Reader, 'portal'>, copy: Delivery): Promise<unknown> {
    const parts = await this.engine.stages.records.parts(copy.id);
    if (parts.length === 0) throw new BrokerError('not-found', { detail: GONE });
    const opened = parts
      .sort((a, b) => a.n - b.n)
      .map(({ jwe }) => this.#open(portal.id, jwe))
      .filter(({ mediaType }) => mediaType === 'application/json');
    return JSON.parse(Buffer.concat(opened.map(({ content }) => content)).toString());
  }

  /** In the journal, and for a worker in the register of accesses too, before anything is shown. */
  async record(reader: Reader, copy: Delivery, part: string): Promise<void> {
    const { person, portal, subject } = reader;
    const { clock, ids, unitOfWork } = this.engine.stages;
    const topic = copy.topic ?? parseEventType(copy.type)?.object ?? '';
    const entry = recordEntry({
      id: ids.next(),
      at: clock.now().toISOString(),
      kind: 'own-space.opened',
      actor: await this.#actor(reader, copy),
      messageId: copy.messageId,
      deliveryId: copy.id,
      flow: copy.flow,
      details: { partner: portal.id, role: person.role, topic, part },
    });
    await unitOfWork.commit([
      write('journal.entry', { entry }),
      ...(person.role === 'worker' ? [accessOf(entry, portal.id, subject)] : []),
    ]);
  }

  /**
   * The proof that it was read, for the service that published it: on the copy, and on what the portal's software got of
   * the same message. What that software has not taken yet stays there for it: only where there is none is it taken here.
   */
  async opened(reader: Reader, copy: Delivery): Promise<void> {
    const { portal } = reader;
    const actor = await this.#actor(reader, copy);
    const { clock, records } = this.engine.stages;
    const receipt: Receipt = { outcome: 'opened', at: clock.now().toISOString() };
    const give = (id: string, when: (delivery: Delivery) => boolean) =>
      again(async () => {
        const delivery = await records.delivery(id);
        if (delivery === undefined || !when(delivery)) return;
        await giveReceipt(this.engine.stages, this.engine.own, delivery, receipt, actor);
      });
    await give(copy.id, () => true);
    const siblings = await records.deliveries(copy.messageId);
    const own = siblings.find(({ recipient }) => recipient === portal.id);
    const isAlone = portal.client === undefined;
    if (own !== undefined)
      await give(own.id, ({ state }) => state === 'delivered' || (isAlone && state === 'available'));
  }

  /** Auditors of every service read the journal: the same reader is somebody else there for each service. */
  async #actor({ person, portal }: Reader, { messageId }: Delivery): Promise<string> {
    const message = await this.engine.stages.records.message(messageId);
    if (message === undefined) throw notHere();
    return `person:${this.key.of(JSON.stringify(['own-space-reader', portal.id, message.sender, person.pseudonym]))}`;
  }

  #copies({ portal, subject }: Reader, flow: string, page: Page): Promise<Delivery[]> {
    return this.engine.stages.records.ownCopies({ recipient: copyFor(portal.id), subject, flow, ...page });
  }

  #open(portal: string, jwe: Uint8Array): { mediaType: string; content: Buffer } {
    try {
      return this.tenantKeys.openPart(portal, jwe);
    } catch (cause) {
      if (cause instanceof BrokerError && cause.code.startsWith('jwe.'))
        throw new BrokerError(cause.code, { detail: ALTERED, cause });
      throw cause;
    }
  }
}

/** The same words for what is somebody else's and for what does not exist. */
export function notHere(): BrokerError {
  return new BrokerError('not-found', { detail: 'Il n’y a rien à cette adresse dans votre espace.' });
}

export function serviceOf(id: string, directory: Pick<Directory, 'partner'>): { id: string; name: string } {
  return { id, name: directory.partner(id)?.name ?? id };
}
