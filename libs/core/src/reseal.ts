/**
 * The second stage once more, for one delivery that is replayed and that its recipient can no longer open: its key
 * changed. The original is divided again and sealed to the keys of today, under the same message and delivery ids.
 */
import type { PrepareBulk } from './bulk/prepare-bulk.ts';
import type { Divided } from './contract.ts';
import { deliveryEntry } from './delivery-entry.ts';
import { dispatchOf } from './dispatch.ts';
import { asBrokerError, BrokerError } from './errors.ts';
import type { Delivery, Job, Message } from './message.ts';
import type { Outbound, Task } from './outbound.ts';
import { type Span, WriteConflict } from './ports.ts';
import { exchangeAfterDeath } from './receipts.ts';
import { nextTryAt } from './retry.ts';
import type { Stages } from './stages.ts';
import { traced } from './tracer.ts';
import { write } from './writes.ts';

export class Reseal {
  constructor(
    private readonly stages: Stages,
    private readonly outbound: Outbound,
    private readonly bulk: PrepareBulk,
    /** the content of a message, divided once more */
    private readonly divided: (
      message: Message,
      span: Span,
      signal: AbortSignal,
    ) => Promise<{ task: Task; divided: Divided }>,
  ) {}

  /** Fenced by the job's lease and by the delivery being `queued`: whatever ended it meanwhile stands. */
  async run(job: Job, deliveryId: string, message: Message, signal: AbortSignal): Promise<void> {
    const { records, unitOfWork } = this.stages;
    const delivery = await records.delivery(deliveryId);
    if (delivery?.state !== 'queued') {
      await unitOfWork.commit([write('job.finish', { id: job.id, lease: job.lease ?? '' })]);
      return;
    }
    const facts = { messageId: message.id, flow: message.flow, object: message.object };
    await traced(this.stages, 'prepare', facts, message.traceparent, (span) =>
      this.#again(job, delivery, message, span, signal),
    );
  }

  async #again(
    job: Job,
    delivery: Delivery,
    message: Message,
    span: Span,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const inForce = this.stages.flows.of(message.flow, message.type);
      if (inForce?.flow.contract.objects[message.object]?.bulk !== undefined)
        await this.#lines(job, delivery, message);
      else await this.#whole(job, delivery, await this.divided(message, span, signal));
      span.set({ outcome: 'prepared' });
    } catch (error) {
      const problem = asBrokerError(error);
      span.set({ outcome: 'failed', code: problem.code });
      await this.#failed(job, delivery, message, problem);
      if (!(error instanceof BrokerError || error instanceof WriteConflict)) throw error;
    }
  }

  async #whole(
    job: Job,
    delivery: Delivery,
    { task, divided }: { task: Task; divided: Divided },
  ): Promise<void> {
    const { bell, directory, unitOfWork } = this.stages;
    const recipient = directory.partner(delivery.recipient);
    if (recipient === undefined) throw new BrokerError('configuration.invalid');
    const { parts, ...manifest } = await this.outbound.protectAgain(task, divided.parts, recipient, delivery);
    await unitOfWork.commit([
      write('delivery.sealed', { id: delivery.id, partCount: parts.length, ...manifest }),
      write('delivery.trim-parts', { deliveryId: delivery.id, above: 0 }),
      ...parts.map((part) => write('delivery.part', { deliveryId: delivery.id, part })),
      write('job.insert', { job: this.outbound.job(task, delivery) }),
      deliveryEntry(this.stages, delivery, 'delivery.re-sealed', { parts: parts.length }),
      write('job.finish', { id: job.id, lease: job.lease ?? '' }),
    ]);
    bell.ring(delivery.recipient);
  }

  /** Part by part: nothing of it is sealed until it says so. */
  async #lines(job: Job, delivery: Delivery, message: Message): Promise<void> {
    const dispatch = await dispatchOf(this.stages, message);
    const recipients = dispatch.recipients.filter(({ id }) => id === delivery.recipient);
    await this.stages.unitOfWork.commit([
      write('job.extend', { id: job.id, lease: job.lease ?? '', until: job.leaseUntil ?? '' }),
      write('delivery.sealed', { id: delivery.id, partCount: 0 }),
    ]);
    await this.bulk.run(job, { ...dispatch, recipients }, () =>
      deliveryEntry(this.stages, delivery, 'delivery.re-sealed', {}),
    );
  }

  /** The network is ill: again, as long as it lives. Anything else: dead again, an operator sees why. */
  async #failed(job: Job, delivery: Delivery, message: Message, problem: BrokerError): Promise<void> {
    const { clock, settings, unitOfWork } = this.stages;
    const claimed = { id: job.id, lease: job.lease ?? '' };
    try {
      if (problem.next === 'retry') {
        const runAt = nextTryAt(settings.retry, job.id, job.attempts, clock.now(), problem.retryAfter);
        await unitOfWork.commit([write('job.retry', { ...claimed, runAt })]);
        return;
      }
      await unitOfWork.commit([
        write('delivery.update', {
          id: delivery.id,
          from: ['queued'],
          state: 'dead',
          lastError: problem.code,
          nextTryAt: null,
        }),
        write('message.settle', { id: message.id }),
        ...(await exchangeAfterDeath(this.stages, delivery, message, problem.code)),
        deliveryEntry(this.stages, delivery, 'delivery.dead', {
          attempt: delivery.attempts,
          code: problem.code,
        }),
        write('job.finish', claimed),
      ]);
    } catch (error) {
      // the lease, or the delivery, is somebody else's by now; else the lease ends and it is tried again
      if (asBrokerError(error).code !== 'writer.fenced') throw error;
    }
  }
}
