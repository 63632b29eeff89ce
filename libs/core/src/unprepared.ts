/** A message that has nothing to deliver yet and fails, or ends, refused or too late; and what becomes of the exchanges that it moved. */
import { asBrokerError, type BrokerError } from './errors.ts';
import { hasEnded, reopen, rewrite } from './exchange.ts';
import { recordEntry } from './journal.ts';
import { lapsed } from './lapsed.ts';
import { endOfLife } from './life.ts';
import { type Exchange, type Job, type Message, PARKED } from './message.ts';
import { nextTryAt } from './retry.ts';
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

/** pace of the tries of a job that others' writes keep fencing */
const FENCED = { firstMs: 50, maxMs: 10_000 };

export class Unprepared {
  constructor(private readonly stages: Stages) {}

  /** A rule of the contract broken → the message is refused. Anything else is tried again until its life ends. */
  async failed(job: Job, message: Message, problem: BrokerError): Promise<void> {
    const { clock, settings } = this.stages;
    if (problem.code === 'writer.fenced') return this.#again(job);
    const { id } = message;
    const refused = problem.next === 'reject';
    const next = nextTryAt(settings.retry, job.id, job.attempts, clock.now(), problem.retryAfter);
    const end = this.endOf(message).toISOString();
    const claimed = { id: job.id, lease: job.lease ?? '' };
    await this.#commit(job, [
      write('message.status', { id, status: refused ? 'refused' : 'preparing', reason: problem.code }),
      this.#failure(job, message, refused ? 'message.refused' : 'message.prepare-failed', problem.code),
      ...(refused
        ? [
            ...(await exchangesWithout(this.stages, message, 'refused')),
            ...(await this.#halfSealed(message, 'refused')),
            write('payload.purge', { messageId: id }),
            write('job.finish', claimed),
          ]
        : [write('job.retry', { ...claimed, runAt: next < end ? next : end })]),
    ]);
  }

  async #commit(job: Job, writes: readonly Write[]): Promise<void> {
    try {
      await this.stages.unitOfWork.commit(writes);
    } catch (error) {
      if (asBrokerError(error).code !== 'writer.fenced') throw error;
      await this.#again(job);
    }
  }

  /** An exchange or the message moved meanwhile: everything is read afresh, soon, unless the job was taken over. */
  async #again(job: Job): Promise<void> {
    const { bell, clock, unitOfWork } = this.stages;
    const runAt = nextTryAt(FENCED, job.id, job.attempts, clock.now());
    try {
      await unitOfWork.commit([write('job.retry', { id: job.id, lease: job.lease ?? '', runAt })]);
    } catch (error) {
      if (asBrokerError(error).code !== 'writer.fenced') throw error;
      return;
    }
    bell.ring(job.lane);
  }

  /** Waited too long for a destination, for the teleservice or for a person. */
  async expire(job: Job, message: Message): Promise<void> {
    const reason = message.reason ?? 'message.expired';
    await this.#commit(job, [
      write('message.status', { id: message.id, status: 'expired', reason }),
      ...(await lapsed(this.stages, message.id)),
      this.#failure(job, message, 'message.expired', reason),
      ...(await exchangesWithout(this.stages, message, 'expired')),
      ...(await this.#halfSealed(message, 'expired')),
      write('payload.purge', { messageId: message.id }),
      write('job.finish', { id: job.id, lease: job.lease ?? '' }),
    ]);
  }

  /** Deliveries of a bulk message whose parts were being sealed: nobody was shown them; the keeper purges the parts. */
  async #halfSealed({ id }: Message, state: 'refused' | 'expired'): Promise<Write[]> {
    const deliveries = await this.stages.records.deliveries(id);
    const now = this.stages.clock.now().toISOString();
    return deliveries.map((delivery) =>
      write('delivery.update', {
        id: delivery.id,
        from: ['queued'],
        state,
        nextTryAt: null,
        keptUntil: now,
      }),
    );
  }

  #failure(job: Job, message: Message, kind: string, code: string): Write {
    const { clock, ids } = this.stages;
    return write('journal.entry', {
      entry: recordEntry({
        id: ids.next(),
        at: clock.now().toISOString(),
        kind,
        actor: 'broker',
        messageId: message.id,
        flow: message.flow,
        details: { code, attempt: job.attempts },
      }),
    });
  }

  /** A flow that is no longer in force is a fault of the configuration: its messages wait for the next one. */
  endOf(message: Message): Date {
    const contract = this.stages.flows.of(message.flow, message.type)?.flow.contract.objects[message.object];
    return contract === undefined ? new Date(PARKED) : endOfLife(message, contract);
  }
}

/**
 * Those that it opened end with it: nobody was asked. The one that it answered awaits another answer, on the clocks
 * that it was opened with; when these have run out it is closed. What a person put aside stays aside.
 */
export async function exchangesWithout(
  { records, flows, clock, ids }: Pick<Stages, 'records' | 'flows' | 'clock' | 'ids'>,
  message: Message,
  ended: 'refused' | 'expired',
): Promise<Write[]> {
  const now = clock.now();
  const entry = (kind: string, { id, flow, responder }: Exchange) =>
    write('journal.entry', {
      entry: recordEntry({
        id: ids.next(),
        at: now.toISOString(),
        kind,
        actor: 'broker',
        messageId: message.id,
        exchangeId: id,
        flow,
        details: { responder },
      }),
    });

  const opened = (await records.exchanges({ requestId: message.id })).filter(({ state }) => !hasEnded(state));
  const state = ended === 'refused' ? 'CANCELLED' : 'EXPIRED';
  const writes = opened.flatMap((exchange) => [
    rewrite(exchange, now, { state }),
    entry(`exchange.${ended === 'refused' ? 'cancelled' : 'expired'}`, exchange),
  ]);

  const answered = message.correlationId && (await records.exchange(message.correlationId));
  if (!answered || answered.answerId !== message.id || hasEnded(answered.state)) return writes;
  const request = await records.message(answered.requestId);
  const opens = flows.of(answered.flow)?.flow.contract.objects[request?.object ?? '']?.opens;
  // an accepted answer had given it a longer one
  const hours = opens?.expiresAfterHours;
  const expiresAt =
    hours === undefined
      ? answered.expiresAt
      : new Date(Date.parse(answered.openedAt) + hours * 3_600_000).toISOString();
  return Date.parse(expiresAt) > now.getTime()
    ? [...writes, reopen(answered, expiresAt, now), entry('exchange.reopened', answered)]
    : [...writes, rewrite(answered, now, { state: 'CLOSED' }), entry('exchange.closed', answered)];
}
