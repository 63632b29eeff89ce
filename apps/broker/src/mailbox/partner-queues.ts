/** Queues of partners in RabbitMQ: declared when a process starts to deliver; the receipts that come back are given. */
import { IsString, MaxLength } from 'class-validator';
import { BrokerError, type Directory, type PartnerId } from '#core';
import { type AmqpQueue, ReceiptQueue, type ReceiptQueueOptions } from '#transports';
import type { Log } from '../engine/log.ts';
import type { Refusals } from '../errors/refusals.ts';
import { bodyAs } from '../http/dto.ts';
import type { MailboxService } from './mailbox.service.ts';
import { ReceiptBody } from './receipt-body.ts';

const MOST_BYTES = 8_192;

class QueuedReceipt extends ReceiptBody {
  @IsString()
  @MaxLength(64)
  deliveryId!: string;
}

export interface PartnerQueuesOptions {
  place: Pick<ReceiptQueueOptions, 'url' | 'name' | 'prefix' | 'failed'>;
  transport: Pick<AmqpQueue, 'declare' | 'close'>;
  directory: Directory;
  mailbox: Pick<MailboxService, 'receipt'>;
  refusals: Pick<Refusals, 'ofReceipt'>;
  log: Pick<Log, 'error'>;
}

export class PartnerQueues {
  readonly #receipts: ReceiptQueue;

  constructor(private readonly options: PartnerQueuesOptions) {
    this.#receipts = new ReceiptQueue({
      ...options.place,
      wanted: () => this.#partners().length > 0,
      take: (partner, body) => this.#take(partner, body),
      refused: (problem, partner) => this.#refused(problem, partner),
    });
  }

  start(): void {
    const partners = this.#partners();
    if (partners.length > 0) void this.options.transport.declare(partners);
    this.#receipts.start();
  }

  /** Takes no more receipts; those in hand are given. */
  stop(): Promise<void> {
    return this.#receipts.stop();
  }

  /** Nothing more can be delivered. */
  close(): Promise<void> {
    return this.options.transport.close();
  }

  #partners(): PartnerId[] {
    const all = this.options.directory.all();
    return all.filter(({ transport }) => transport === 'amqp').map(({ id }) => id);
  }

  async #take(id: PartnerId, body: Buffer): Promise<void> {
    const { directory, mailbox } = this.options;
    if (body.length > MOST_BYTES) throw new BrokerError('body.too-large');
    const partner = directory.partner(id);
    if (partner === undefined) throw new BrokerError('source.mismatch');
    const { deliveryId, ...receipt } = bodyAs(QueuedReceipt, body);
    await mailbox.receipt(partner, deliveryId, receipt);
  }

  async #refused(problem: BrokerError, sender: PartnerId | undefined): Promise<void> {
    const { directory, log, refusals } = this.options;
    if (problem.next === 'stop') log.error({ err: problem }, 'receipt not given');
    const isKnown = sender !== undefined && directory.partner(sender) !== undefined;
    await refusals.ofReceipt(problem, isKnown ? sender : 'unknown');
  }
}
