/**
 * Third stage: claim one delivery and mark the attempt (commit), send it by its transport, record the receipt or plan
 * the next try (commit). What may be a repeat is sent with its attempt number.
 */
import { asBrokerError, BrokerError } from './errors.ts';
import { recordEntry } from './journal.ts';
import { type Delivery, type Job, type Message, type SealedPart, TERMINAL } from './message.ts';
import type { OwnMessages } from './own-messages.ts';
import type { Partner } from './partner.ts';
import type { Sent } from './ports.ts';
import { exchangeAfter, keptUntil } from './receipts.ts';
import { nextTryAt } from './retry.ts';
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

export interface Loaded {
  message: Message;
  delivery: Delivery;
  parts: readonly SealedPart[];
  recipient: Partner;
}

const OPEN = ['queued', 'available', 'sending', 'retrying'] as const;

export class Deliver {
  constructor(
    private readonly stages: Stages,
    private readonly own: OwnMessages,
  ) {}

  /** The job of this stage. */
  async run(job: Job, signal: AbortSignal): Promise<void> {
    const { records, unitOfWork, directory, clock } = this.stages;
    const lease = job.lease ?? '';
    const stored = await records.delivery(job.deliveryId ?? '');
    const message = await records.message(job.messageId);
    if (stored === undefined || message === undefined || TERMINAL.includes(stored.state)) {
      await unitOfWork.commit([write('job.finish', { id: job.id, lease })]);
      return;
    }
    if (Date.parse(stored.expiresAt) <= clock.now().getTime()) return this.#expire(job, stored);
    const delivery: Delivery = { ...stored, state: 'sending', attempts: stored.attempts + 1 };
    await unitOfWork.commit([
      write('job.extend', { id: job.id, lease, until: job.leaseUntil ?? '' }),
      write('delivery.update', {
        id: delivery.id,
        from: [...OPEN],
        state: 'sending',
        attempts: delivery.attempts,
        nextTryAt: null,
      }),
      this.attemptEntry(delivery),
    ]);
    const recipient = directory.partner(delivery.recipient);
    if (recipient === undefined) {
      return this.#failed(job, delivery, new BrokerError('configuration.invalid'));
    }
    const parts = await records.parts(delivery.id);
    await this.send(job, { message, delivery, parts, recipient }, signal);
  }

  /** Sends what is already marked as attempted: from the job above, or right after the accepting commit. */
  async send(job: Job, { message, delivery, parts, recipient }: Loaded, signal: AbortSignal): Promise<void> {
    const { records, vault, transports, settings } = this.stages;
    const exchange =
      delivery.exchangeId === undefined ? undefined : await records.exchange(delivery.exchangeId);
    try {
      const sent = await transports.for(delivery.transport).send(
        {
          delivery,
          message,
          recipient,
          parts,
          attempt: delivery.attempts,
          ...(exchange === undefined ? {} : { exchange }),
          open: async () => {
            const stored = await records.payload(message.id);
            if (stored === undefined) throw new BrokerError('message.resend-needed');
            return vault.open(stored, message.id);
          },
        },
        AbortSignal.any([signal, AbortSignal.timeout(settings.attemptTimeoutMs)]),
      );
      await this.#sent(job, message, delivery, sent);
    } catch (error) {
      await this.#failed(job, delivery, asBrokerError(error));
    }
  }

  /** Journal entry of one attempt. */
  attemptEntry(delivery: Delivery): Write {
    return this.#entry(delivery, 'delivery.attempted', {
      attempt: delivery.attempts,
      transport: delivery.transport,
    });
  }

  async #sent(job: Job, message: Message, delivery: Delivery, sent: Sent | undefined): Promise<void> {
    const { unitOfWork, bell, waiters } = this.stages;
    const finish = write('job.finish', { id: job.id, lease: job.lease ?? '' });
    if (sent === undefined) {
      await unitOfWork.commit([
        // counted at each lease of the mailbox, not when put there
        write('delivery.update', {
          id: delivery.id,
          from: ['sending'],
          state: 'available',
          attempts: delivery.attempts - 1,
        }),
        finish,
        this.#entry(delivery, 'delivery.available', {}),
      ]);
      return;
    }
    const waited = sent.answer !== undefined && waiters.claim(message.id);
    const answer =
      sent.answer === undefined || waited
        ? []
        : this.own.compose({
            flow: message.flow,
            object: sent.answer.object,
            from: delivery.recipient,
            to: message.sender,
            senderId: `answer:${message.id}`,
            correlationId: message.id,
            json: sent.answer.json,
          });
    const { outcome, code } = sent.receipt;
    // several parts are fetched after the manifest was taken: only an explicit receipt says that they were
    const kept = delivery.partCount > 1 ? undefined : keptUntil(this.stages, message, outcome);
    await unitOfWork.commit([
      write('delivery.update', {
        id: delivery.id,
        from: ['sending'],
        state: outcome === 'refused' ? 'refused' : 'delivered',
        receipt: sent.receipt,
        lastError: null,
        ...(kept === undefined ? {} : { keptUntil: kept }),
      }),
      write('message.settle', { id: message.id }),
      ...(await exchangeAfter(this.stages, delivery, message, outcome)),
      this.#entry(delivery, `delivery.${outcome}`, {
        attempt: delivery.attempts,
        ...(code === undefined ? {} : { code }),
        ...(waited ? { answered: 'inline' } : {}),
      }),
      ...answer,
      finish,
    ]);
    if (waited) waiters.settle(message.id, sent.answer?.json);
    if (sent.problem !== undefined) waiters.refuse(message.id, sent.problem);
    if (answer.length > 0) bell.ring('prepare');
  }

  async #failed(job: Job, delivery: Delivery, problem: BrokerError): Promise<void> {
    const { clock, unitOfWork, settings } = this.stages;
    if (problem.code === 'writer.fenced') return;
    const lease = job.lease ?? '';
    const gaveUp = problem.next !== 'retry' || delivery.attempts >= settings.retry.attempts;
    const runAt = nextTryAt(settings.retry, delivery.id, delivery.attempts, clock.now(), problem.retryAfter);
    await unitOfWork.commit([
      write('delivery.update', {
        id: delivery.id,
        from: ['sending'],
        state: gaveUp ? 'dead' : 'retrying',
        lastError: problem.code,
        nextTryAt: gaveUp ? null : runAt,
      }),
      this.#entry(delivery, gaveUp ? 'delivery.dead' : 'delivery.failed', {
        attempt: delivery.attempts,
        code: problem.code,
      }),
      gaveUp ? write('job.finish', { id: job.id, lease }) : write('job.retry', { id: job.id, lease, runAt }),
      ...(gaveUp ? [write('message.settle', { id: delivery.messageId })] : []),
    ]);
  }

  async #expire(job: Job, delivery: Delivery): Promise<void> {
    await this.stages.unitOfWork.commit([
      write('delivery.update', { id: delivery.id, from: [...OPEN], state: 'expired', nextTryAt: null }),
      write('message.settle', { id: delivery.messageId }),
      this.#entry(delivery, 'delivery.expired', {}),
      write('job.finish', { id: job.id, lease: job.lease ?? '' }),
    ]);
  }

  #entry(delivery: Delivery, kind: string, details: Record<string, string | number>): Write {
    const { clock, ids } = this.stages;
    return write('journal.entry', {
      entry: recordEntry({
        id: ids.next(),
        at: clock.now().toISOString(),
        kind,
        actor: 'broker',
        messageId: delivery.messageId,
        deliveryId: delivery.id,
        flow: delivery.flow,
        details: { recipient: delivery.recipient, ...details },
      }),
    });
  }
}
