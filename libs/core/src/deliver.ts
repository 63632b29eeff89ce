/**
 * Third stage: claim one delivery and mark the attempt (commit), send it by its transport, record the receipt or plan
 * the next try (commit). What may be a repeat is sent with its attempt number.
 */
import { answerAtOnce } from './answer-at-once.ts';
import { deliveryEntry } from './delivery-entry.ts';
import { BrokerError, type ErrorCode } from './errors.ts';
import { prepareLane } from './lanes.ts';
import {
  type Delivery,
  type Exchange,
  type Job,
  type Message,
  type SealedPart,
  TERMINAL,
} from './message.ts';
import type { OwnMessages } from './own-messages.ts';
import { CHANNEL_TRANSPORTS, type Partner } from './partner.ts';
import { isPoison } from './poison.ts';
import type { Parcel, Sent, Span } from './ports.ts';
import { exchangeAfter, exchangeAfterDeath, keptUntil } from './receipts.ts';
import { record } from './record.ts';
import { nextTryAt } from './retry.ts';
import type { Stages } from './stages.ts';
import { traced } from './tracer.ts';
import { within } from './within.ts';
import { type Write, write } from './writes.ts';

export interface Loaded {
  message: Message;
  delivery: Delivery;
  parts: readonly SealedPart[];
  recipient: Partner;
  /** that the commit just before has opened: whoever changed it since fences what is written on it */
  exchange?: Exchange;
}

/** Waits for a person, who may come on Monday: no try of the few that a delivery has, and looked at often enough. */
const AWAITED: readonly ErrorCode[] = ['mail.session-needed'];
const AWAITED_MS = 300_000;
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
    // its last holder died without a word, and so may this one
    const spent = Math.min(stored.attempts, job.attempts - 1) >= this.stages.settings.retry.attempts;
    if (stored.state === 'sending' && (spent || isPoison(job)))
      return this.#failed(job, message, stored, new BrokerError('internal', { next: 'retry' }));
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
      return this.#failed(job, message, delivery, new BrokerError('configuration.invalid'));
    }
    const parts = isFetched(delivery) ? [] : await records.parts(delivery.id);
    await this.send(job, { message, delivery, parts, recipient }, signal);
  }

  /** Sends what is already marked as attempted: from the job above, or right after the accepting commit. */
  async send(job: Job, loaded: Loaded, signal?: AbortSignal): Promise<void> {
    const { message, delivery } = loaded;
    const facts = {
      messageId: message.id,
      deliveryId: delivery.id,
      flow: message.flow,
      object: message.object,
      recipient: delivery.recipient,
      transport: delivery.transport,
      attempt: delivery.attempts,
    };
    await traced(this.stages, 'deliver', facts, message.traceparent, (span) =>
      this.#send(job, loaded, span, signal),
    );
  }

  async #send(job: Job, loaded: Loaded, span: Span, signal?: AbortSignal): Promise<void> {
    const { delivery, parts, recipient } = loaded;
    const { directory, records, vault, transports, settings } = this.stages;
    const { traceparent } = span;
    // the recipient goes on from this attempt
    const message = traceparent === undefined ? loaded.message : { ...loaded.message, traceparent };
    let sent: Sent | 'placed' | undefined;
    try {
      const exchange = loaded.exchange ?? (await this.#exchangeOf(delivery));
      const sender = directory.partner(message.sender);
      const parcel: Parcel = {
        delivery,
        message,
        ...(sender === undefined ? {} : { sender }),
        recipient,
        parts,
        attempt: delivery.attempts,
        ...(exchange === undefined ? {} : { exchange }),
        readPart: (n) => records.part(delivery.id, n),
        open: async () => {
          const stored = await records.payload(message.id);
          if (stored === undefined) throw new BrokerError('message.resend-needed');
          return vault.open(stored, message.id);
        },
        openPart: (part) => this.stages.protection.openOwnPart(part),
      };
      const transport = transports.for(delivery.transport);
      const ms = transport.attemptTimeoutMs ?? settings.attemptTimeoutMs;
      sent = await within(ms, signal, (ending) => transport.send(parcel, ending));
    } catch (error) {
      if (error instanceof BrokerError) return this.#failed(job, message, delivery, error, span);
      // a bug of ours: as patient as with an ill destination, for there is no way back from dead; and told to whoever runs us
      await this.#failed(
        job,
        message,
        delivery,
        new BrokerError('internal', { next: 'retry', cause: error }),
        span,
      );
      throw error;
    }
    this.stages.bell.tried?.(job.lane, true);
    const given = sent === 'placed' ? undefined : sent;
    span.set({ outcome: given?.receipt.outcome ?? 'available' });
    // what was sent has not failed, whatever becomes of the recording
    if (given === undefined) await this.#left(job, delivery, sent === 'placed');
    else await this.#sent(job, { ...loaded, message }, given);
  }

  async #exchangeOf({ exchangeId }: Delivery): Promise<Exchange | undefined> {
    return exchangeId === undefined ? undefined : this.stages.records.exchange(exchangeId);
  }

  /** Journal entry of one attempt. */
  attemptEntry(delivery: Delivery): Write {
    return deliveryEntry(this.stages, delivery, 'delivery.attempted', {
      attempt: delivery.attempts,
      transport: delivery.transport,
    });
  }

  /** Waits for the recipient. In the mailbox: counted at each lease, not when put there. */
  async #left(job: Job, delivery: Delivery, isPlaced: boolean): Promise<void> {
    const available = [
      write('delivery.update', {
        id: delivery.id,
        from: ['sending'],
        state: 'available',
        attempts: isPlaced ? delivery.attempts : delivery.attempts - 1,
      }),
      write('job.finish', { id: job.id, lease: job.lease ?? '' }),
      deliveryEntry(this.stages, delivery, 'delivery.available', {}),
    ];
    await record(this.stages, job, delivery, async () => available);
  }

  async #sent(job: Job, { message, delivery, exchange }: Loaded, sent: Sent): Promise<void> {
    const { bell, waiters } = this.stages;
    let known = exchange;
    const waited = sent.answer !== undefined && waiters.claim(message.id);
    const answer =
      sent.answer === undefined || waited
        ? undefined
        : answerAtOnce(this.stages, this.own, { message, delivery }, sent.answer);
    const { outcome, code } = sent.receipt;
    // when a manifest was pushed, its parts are still to be fetched
    const kept = keptUntil(this.stages, delivery, message, isFetched(delivery) ? undefined : outcome);
    const moved = async () => {
      const first = known ?? (await this.#exchangeOf(delivery));
      // another look reads it
      known = undefined;
      const after = () => exchangeAfter(this.stages, delivery, message, outcome, first);
      return answer === undefined ? after() : answer.beside(first, after);
    };
    const compose = async () => [
      write('delivery.update', {
        id: delivery.id,
        from: ['sending'],
        state: outcome === 'refused' ? 'refused' : 'delivered',
        receipt: sent.receipt,
        lastError: null,
        ...(kept === undefined ? {} : { keptUntil: kept }),
      }),
      write('message.settle', { id: message.id }),
      ...(await moved()),
      deliveryEntry(this.stages, delivery, `delivery.${outcome}`, {
        attempt: delivery.attempts,
        ...(code === undefined ? {} : { code }),
        ...(waited ? { answered: 'inline' } : {}),
        ...sent.facts,
      }),
      write('job.finish', { id: job.id, lease: job.lease ?? '' }),
    ];
    let recorded = false;
    try {
      recorded = await record(this.stages, job, delivery, compose);
    } finally {
      if (waited && recorded) waiters.settle(message.id, sent.answer?.json);
      else if (waited) waiters.release(message.id);
    }
    if (recorded && sent.problem !== undefined) waiters.refuse(message.id, sent.problem);
    if (recorded && answer !== undefined) bell.ring(prepareLane(delivery.recipient));
  }

  async #failed(
    job: Job,
    message: Message,
    delivery: Delivery,
    problem: BrokerError,
    span?: Span,
  ): Promise<void> {
    const { bell, clock, settings } = this.stages;
    const lease = job.lease ?? '';
    // a refusal or a strange answer comes from somebody
    if (problem.code.startsWith('transport.'))
      bell.tried?.(job.lane, problem.code !== 'transport.unreachable');
    const awaited = AWAITED.includes(problem.code);
    // a replay counts its attempts on, and has all its tries
    const tries = Math.min(delivery.attempts, job.attempts);
    const gaveUp = problem.next !== 'retry' || (!awaited && tries >= settings.retry.attempts);
    span?.set({ outcome: gaveUp ? 'dead' : 'failed', code: problem.code });
    const pace = awaited
      ? { ...settings.retry, maxMs: Math.min(settings.retry.maxMs, AWAITED_MS) }
      : settings.retry;
    const runAt = nextTryAt(
      pace,
      delivery.id,
      awaited ? job.attempts : tries,
      clock.now(),
      problem.retryAfter,
    );
    // the first death opens the time for replays: another one does not make it longer
    const isReplay = delivery.attempts > job.attempts;
    const replayable = gaveUp && !isReplay ? this.#replayableUntil(message) : undefined;
    const failure = [
      write('delivery.update', {
        id: delivery.id,
        from: ['sending'],
        state: gaveUp ? 'dead' : 'retrying',
        // nothing left: the next one is no repeat
        ...(awaited ? { attempts: delivery.attempts - 1 } : {}),
        lastError: problem.code,
        nextTryAt: gaveUp ? null : runAt,
        ...(replayable === undefined ? {} : { expiresAt: replayable }),
      }),
      deliveryEntry(this.stages, delivery, gaveUp ? 'delivery.dead' : 'delivery.failed', {
        attempt: delivery.attempts,
        code: problem.code,
        ...problem.facts,
      }),
      gaveUp ? write('job.finish', { id: job.id, lease }) : write('job.retry', { id: job.id, lease, runAt }),
      ...(gaveUp ? [write('message.settle', { id: delivery.messageId })] : []),
    ];
    await record(this.stages, job, delivery, async () => [
      ...failure,
      ...(gaveUp ? await exchangeAfterDeath(this.stages, delivery, message, problem.code) : []),
    ]);
  }

  /** A dead delivery may be replayed until its `expirytime`, or for the days that its contract gives. */
  #replayableUntil({ flow, object, type, expiryTime }: Message): string | undefined {
    const { clock, flows } = this.stages;
    const days = flows.of(flow, type)?.flow.contract.objects[object]?.replayDays;
    if (days === undefined) return undefined;
    const end = clock.now().getTime() + days * 86_400_000;
    return new Date(expiryTime === undefined ? end : Math.min(end, Date.parse(expiryTime))).toISOString();
  }

  async #expire(job: Job, delivery: Delivery): Promise<void> {
    await this.stages.unitOfWork.commit([
      write('delivery.update', { id: delivery.id, from: [...OPEN], state: 'expired', nextTryAt: null }),
      write('delivery.purge-parts', { deliveryId: delivery.id }),
      write('message.settle', { id: delivery.messageId }),
      deliveryEntry(this.stages, delivery, 'delivery.expired', {}),
      write('job.finish', { id: job.id, lease: job.lease ?? '' }),
    ]);
  }
}

/** Parts that a manifest lists are fetched by the recipient, and may be more than memory holds; a channel carries its own. */
function isFetched({ manifest, transport }: Delivery): boolean {
  return manifest !== undefined && !CHANNEL_TRANSPORTS.includes(transport);
}
