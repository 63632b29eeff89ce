/** What a partner with no inbound endpoint fetches, and the receipts that any partner gives. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  asBrokerError,
  BrokerError,
  type Delivery,
  giveReceipt,
  type OperationsRecords,
  type Partner,
  type Receipt,
  recordEntry,
  type SealedPart,
  traced,
  write,
} from '#core';
import { deliveryAttributes } from '#transports';
import type { Engine } from '../engine/engine.ts';

const LOOK_MS = 200;
/** of a line: beyond, an exact figure would cost more than it tells */
const MOST_COUNTED = 10_000;
/** others that may write the same delivery at once are few */
const TURNS = 5;

export interface MailboxQuery {
  flow?: string;
  /** what answers this exchange, or belongs to it */
  exchangeId?: string;
  limit: number;
  waitSeconds: number;
  /** the caller hung up */
  gone(): boolean;
}

export class MailboxService {
  constructor(
    private readonly engine: Engine,
    private readonly operations: OperationsRecords,
    /** what was shown and not acknowledged is shown again after this long, marked */
    private readonly leaseMs: number,
  ) {}

  async lease(partner: Partner, query: MailboxQuery): Promise<object[]> {
    const { clock } = this.engine.stages;
    const end = clock.now().getTime() + query.waitSeconds * 1000;
    for (;;) {
      const leased = await this.#leaseNow(partner, query);
      const over = clock.now().getTime() >= end || query.gone() || this.engine.stopping;
      if (leased.length > 0 || over) return leased;
      await pause(LOOK_MS);
      // the store may be closed by now
      if (this.engine.stopping) return [];
    }
  }

  /** How many wait for a partner and since when: a line that grows is news to whoever should have fetched. */
  async queueOf(partner: Partner): Promise<{ waiting: number; more?: true; oldestSeconds?: number }> {
    const now = this.engine.stages.clock.now().toISOString();
    const look = { recipient: partner.id, now, most: MOST_COUNTED + 1 };
    const { waiting, ...age } = await this.operations.queueOf(look);
    return waiting > MOST_COUNTED ? { waiting: MOST_COUNTED, more: true, ...age } : { waiting, ...age };
  }

  /** A push may be recording its 2xx at this very moment: what it wrote is read again, and the receipt added. */
  async receipt(partner: Partner, deliveryId: string, given: Omit<Receipt, 'at'>): Promise<object> {
    const { stages, own } = this.engine;
    const { outcome, code, detail } = given;
    const receipt: Receipt = {
      outcome,
      at: stages.clock.now().toISOString(),
      ...(code === undefined ? {} : { code }),
      ...(detail === undefined ? {} : { detail }),
    };
    for (let turn = 1; ; turn++) {
      const delivery = await this.#own(partner, deliveryId);
      try {
        const after = await giveReceipt(stages, own, delivery, receipt, partner.id);
        return { deliveryId, state: after.state, receipt: after.receipt };
      } catch (error) {
        if (asBrokerError(error).code !== 'writer.fenced' || turn === TURNS) throw error;
      }
    }
  }

  async part(partner: Partner, deliveryId: string, n: number): Promise<SealedPart> {
    const delivery = await this.#own(partner, deliveryId);
    // not shown yet, and perhaps never: an older dossier is purged unread
    if (delivery.state === 'queued') throw new BrokerError('not-found');
    const part = await this.engine.stages.records.part(delivery.id, n);
    if (part === undefined) throw new BrokerError('not-found');
    return part;
  }

  /** Whoever is not the recipient learns nothing. */
  async #own(partner: Partner, deliveryId: string): Promise<Delivery> {
    const delivery = await this.engine.stages.records.delivery(deliveryId);
    if (delivery === undefined || delivery.recipient !== partner.id) throw new BrokerError('not-found');
    return delivery;
  }

  async #leaseNow(partner: Partner, { exchangeId, flow, limit }: MailboxQuery): Promise<object[]> {
    const { clock, unitOfWork } = this.engine.stages;
    const now = clock.now();
    const look = { recipient: partner.id, now: now.toISOString(), ...(flow === undefined ? {} : { flow }) };
    if (!(await this.operations.mailboxHolds(look))) return [];
    const lease = randomUUID();
    const deliveries = await unitOfWork.leaseMailbox({
      lane: partner.id,
      limit,
      lease,
      now: now.toISOString(),
      until: new Date(now.getTime() + this.leaseMs).toISOString(),
      ...(flow === undefined ? {} : { flow }),
      ...(exchangeId === undefined ? {} : { exchangeId }),
    });
    if (deliveries.length === 0) return [];
    await unitOfWork.commit(deliveries.map((delivery) => this.#entry(delivery)));
    return Promise.all(deliveries.map((delivery) => this.#event(delivery, lease)));
  }

  async #event(delivery: Delivery, lease: string): Promise<object> {
    const { stages } = this.engine;
    const { records } = stages;
    const message = await records.message(delivery.messageId);
    if (message === undefined) throw new BrokerError('internal');
    const exchange =
      delivery.exchangeId === undefined ? undefined : await records.exchange(delivery.exchangeId);
    const { id: messageId, flow, object } = message;
    const { id: deliveryId, recipient, transport, attempts: attempt } = delivery;
    const facts = { messageId, deliveryId, flow, object, recipient, transport, attempt, outcome: 'shown' };
    return traced(stages, 'deliver', facts, message.traceparent, async ({ traceparent }) => {
      const data =
        delivery.manifest ?? Buffer.from((await records.part(deliveryId, 1))?.jwe ?? []).toString('latin1');
      const shown = traceparent === undefined ? message : { ...message, traceparent };
      return { ...deliveryAttributes(shown, delivery, attempt, exchange), relaislease: lease, data };
    });
  }

  #entry(delivery: Delivery) {
    const { clock, ids } = this.engine.stages;
    return write('journal.entry', {
      entry: recordEntry({
        id: ids.next(),
        at: clock.now().toISOString(),
        kind: 'delivery.attempted',
        actor: delivery.recipient,
        messageId: delivery.messageId,
        deliveryId: delivery.id,
        flow: delivery.flow,
        details: { recipient: delivery.recipient, attempt: delivery.attempts, transport: 'mailbox' },
      }),
    });
  }
}
