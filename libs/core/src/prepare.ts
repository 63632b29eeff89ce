/**
 * Second stage: verify the identity, apply the confidentiality transform, make the documents, protect them for each
 * destination, write one delivery per destination. One transaction; every network call stands before it.
 */
import { PrepareBulk } from './bulk/prepare-bulk.ts';
import { checkIdentityStatus } from './checks/identity-status.ts';
import { parseJson } from './checks/json.ts';
import { bareMediaType } from './checks/media-type.ts';
import type { Content, Divided } from './contract.ts';
import type { Deliver } from './deliver.ts';
import { dispatchOf, hookContext } from './dispatch.ts';
import type { Doubts } from './doubts.ts';
import { asBrokerError, BrokerError } from './errors.ts';
import { advance, rewrite } from './exchange.ts';
import type { Groups } from './groups.ts';
import type { IdentityVerdict } from './identity.ts';
import { recordEntry } from './journal.ts';
import { type Delivery, type Job, type Message, UNDER_WAY } from './message.ts';
import type { Dispatch, Outbound, Task } from './outbound.ts';
import type { Partner } from './partner.ts';
import { isPoison } from './poison.ts';
import { type Slot, type Span, WriteConflict } from './ports.ts';
import { Reseal } from './reseal.ts';
import type { Stages } from './stages.ts';
import { traced } from './tracer.ts';
import { Unprepared } from './unprepared.ts';
import { type Write, write } from './writes.ts';

export interface Inline {
  /** as it stands once the writes are on disk */
  message: Message;
  writes: Write[];
  run(): void;
  release(): void;
}

interface Plan {
  writes: Write[];
  /** where a delivery is due now */
  lanes: string[];
  /** a person must decide first */
  held: boolean;
}

export class Prepare {
  readonly #bulk: PrepareBulk;
  readonly #unprepared: Unprepared;
  readonly #reseal: Reseal;

  constructor(
    private readonly stages: Stages,
    private readonly outbound: Outbound,
    private readonly deliver: Deliver,
    private readonly groups: Groups,
    private readonly doubts: Doubts,
  ) {
    this.#bulk = new PrepareBulk(stages, outbound);
    this.#unprepared = new Unprepared(stages);
    this.#reseal = new Reseal(stages, outbound, this.#bulk, (message, span, signal) =>
      this.#again(message, span, signal),
    );
  }

  /** The job of this stage. Fenced: a second worker on the same job changes nothing. */
  async run(job: Job, signal: AbortSignal): Promise<void> {
    const { records, unitOfWork } = this.stages;
    const claimed = { id: job.id, lease: job.lease ?? '' };
    const message = await records.message(job.messageId);
    if (message !== undefined && job.deliveryId !== undefined)
      return this.#reseal.run(job, job.deliveryId, message, signal);
    if (message === undefined || !UNDER_WAY.includes(message.status)) {
      await unitOfWork.commit([write('job.finish', claimed)]);
      return;
    }
    const end = this.#unprepared.endOf(message);
    if (end <= this.stages.clock.now()) return this.#unprepared.expire(job, message);
    // nothing says that it is this one's fault: it waits longer and longer, and ends with its life
    if (isPoison(job))
      return this.#unprepared.failed(job, message, new BrokerError('internal', { next: 'retry' }));
    if (message.status === 'held') {
      await unitOfWork.commit([write('job.retry', { ...claimed, runAt: end.toISOString() })]);
      return;
    }
    const facts = { messageId: message.id, flow: message.flow, object: message.object };
    await traced(this.stages, 'prepare', facts, message.traceparent, (span) =>
      this.#prepare(job, message, end, span, signal),
    );
  }

  async #prepare(job: Job, message: Message, end: Date, span: Span, signal: AbortSignal): Promise<void> {
    const { unitOfWork, bell } = this.stages;
    const claimed = { id: job.id, lease: job.lease ?? '' };
    try {
      if (this.#isBulk(message)) {
        const dispatch = await dispatchOf(this.stages, message);
        await this.#bulk.run(job, dispatch, (removed, deliveries) =>
          this.#entry(dispatch, undefined, removed, deliveries),
        );
        span.set({ outcome: 'prepared' });
        return;
      }
      const task = await this.#load(message);
      const waitsUntil = this.doubts.pools.waitsUntil(task);
      if (waitsUntil !== undefined && waitsUntil > this.stages.clock.now()) {
        await unitOfWork.commit([write('job.retry', { ...claimed, runAt: waitsUntil.toISOString() })]);
        span.set({ outcome: 'pooled' });
        return;
      }
      const plan = await this.#plan(task, span, signal);
      const { writes, lanes } = plan;
      // a held message waits for a person, but not longer than its life
      const then = plan.held
        ? write('job.retry', { ...claimed, runAt: end.toISOString() })
        : write('job.finish', claimed);
      await unitOfWork.commit([...writes, then]);
      span.set({ outcome: plan.held ? 'held' : 'prepared' });
      for (const lane of lanes) bell.ring(lane);
      const groupId = task.answered?.groupId;
      if (groupId !== undefined) await this.groups.settle(groupId);
    } catch (error) {
      const problem = asBrokerError(error);
      span.set({ outcome: problem.next === 'reject' ? 'refused' : 'failed', code: problem.code });
      await this.#unprepared.failed(job, message, problem);
      // a bug of ours is told to whoever runs us
      if (!(error instanceof BrokerError || error instanceof WriteConflict)) throw error;
    }
  }

  #isBulk({ flow, object, type }: Message): boolean {
    return this.stages.flows.of(flow, type)?.flow.contract.objects[object]?.bulk !== undefined;
  }

  /**
   * The same stage inside the accepting commit: when the verdict is known without a call, there is nothing slow to
   * make, no order to keep and every lane is free. Two commits a message instead of four.
   */
  async inline(task: Task): Promise<Inline | undefined> {
    const { contract } = task.named;
    if (contract.discreet === true || task.message.orderKey !== undefined) return undefined;
    if (task.answered?.groupId !== undefined || contract.pooled !== undefined) return undefined;
    if (this.outbound.copies(task).length > 0) return undefined;
    const verdict = await this.#knownVerdict(task);
    if (verdict === 'unknown' || verdict?.inDoubt === true) return undefined;
    checkIdentityStatus(contract, verdict);
    const divided = await this.#divide(task, verdict);
    if (this.outbound.carried(task, divided.parts).some(({ document }) => document !== undefined))
      return undefined;
    const slots = this.#reserve(task.recipients);
    if (slots === undefined) return undefined;
    try {
      const { id: messageId, flow, object, traceparent } = task.message;
      const outgoing = await traced(
        this.stages,
        'prepare',
        { messageId, flow, object, outcome: 'prepared' },
        traceparent,
        () => this.outbound.protect(task, divided),
      );
      const ready = outgoing.map((out, i) => {
        const slot = slots[i] as Slot;
        const delivery: Delivery = { ...out.delivery, state: 'sending', attempts: 1 };
        const job: Job = {
          ...this.outbound.job(task, delivery),
          attempts: 1,
          lease: slot.lease,
          leaseUntil: slot.leaseUntil,
        };
        return { ...out, delivery, job, slot };
      });
      const message: Message = { ...task.message, status: 'delivering' };
      return {
        message,
        writes: [
          ...ready.flatMap(({ job, ...out }) => this.outbound.writes(out, job)),
          this.#entry(task, verdict, divided.removed, outgoing.length),
          ...this.#remember(task, divided),
          ...ready.map(({ delivery }) => this.deliver.attemptEntry(delivery)),
        ],
        run: () => {
          for (const { job, slot, ...out } of ready) {
            const exchange = task.exchanges.find(({ id }) => id === out.delivery.exchangeId);
            const loaded = { ...out, message, ...(exchange === undefined ? {} : { exchange }) };
            slot.run(job, (signal) => this.deliver.send(job, loaded, signal));
          }
        },
        release: () => {
          for (const slot of slots) slot.release();
        },
      };
    } catch (error) {
      for (const slot of slots) slot.release();
      // what is wrong with a destination is the stage's affair, not the sender's
      if (asBrokerError(error).next === 'reject') throw error;
      return undefined;
    }
  }

  async #load(message: Message): Promise<Task> {
    const { records, vault } = this.stages;
    const stored = await records.payload(message.id);
    if (stored === undefined) throw new BrokerError('internal', { next: 'stop' });
    const bytes = vault.open(stored, message.id);
    const mediaType = contentMediaType(message.datacontenttype);
    const content: Content = { mediaType, bytes };
    if (mediaType === 'application/json') content.json = parseJson(bytes);
    return { ...(await dispatchOf(this.stages, message)), content };
  }

  async #plan(task: Task, span: Span, signal: AbortSignal): Promise<Plan> {
    const { clock } = this.stages;
    const question = this.#question(task);
    const found = await this.#verdict(task, span, signal);
    const doubt = await this.doubts.about(task, found, question);
    if (doubt !== undefined) return { writes: this.doubts.hold(task, doubt), lanes: [], held: true };
    const verdict = await this.doubts.settled(task, found, question);
    checkIdentityStatus(task.named.contract, verdict);
    const divided = await this.#divide(task, verdict);
    const outgoing = await this.outbound.protect(task, divided);
    const discreet = task.named.contract.discreet === true;
    const refusal = task.named.inForce.flow.hooks[task.named.object]?.publicRefusal?.(task.content);
    const writes = [
      ...outgoing.flatMap((out) => this.outbound.writes(out, this.outbound.job(task, out.delivery))),
      this.#entry(task, verdict, divided.removed, outgoing.length),
      ...this.#remember(task, divided),
      ...(discreet && task.answered !== undefined && refusal !== undefined
        ? advance(task.answered, 'REFUSED', clock.now(), { refusal })
        : []),
      // a person released it
      ...(task.answered?.state === 'QUARANTINED'
        ? [rewrite(task.answered, clock.now(), { state: 'SENT', sourceState: 'SENT' })]
        : []),
      // what was in the way is no longer
      write('message.status', { id: task.message.id, status: 'delivering' }),
      write('message.settle', { id: task.message.id }),
    ];
    const lanes = outgoing.filter((out) => out.delivery.state === 'queued').map((out) => out.recipient.id);
    return { writes, lanes, held: false };
  }

  /** What left once is made again. @throws BrokerError when it may not leave any more */
  async #again(message: Message, span: Span, signal: AbortSignal): Promise<{ task: Task; divided: Divided }> {
    const task = await this.#load(message);
    const question = this.#question(task);
    const found = await this.#verdict(task, span, signal);
    const doubt = await this.doubts.about(task, found, question);
    if (doubt !== undefined) throw new BrokerError(doubt.code);
    const verdict = await this.doubts.settled(task, found, question);
    checkIdentityStatus(task.named.contract, verdict);
    return { task, divided: await this.#divide(task, verdict) };
  }

  // --- identity -------------------------------------------------------------------------------------------------

  #question(task: Task) {
    if (task.named.contract.identity !== 'verify') return undefined;
    const { sender, recipients } = task.message;
    return task.named.inForce.flow.hooks[task.named.object]?.identity?.(task.content, sender, recipients);
  }

  async #verdict(task: Task, span: Span, signal: AbortSignal): Promise<IdentityVerdict | undefined> {
    const question = this.#question(task);
    if (question === undefined) return undefined;
    const { id: messageId, flow } = task.message;
    const facts = { messageId, flow };
    return traced(this.stages, 'verify-identity', facts, span.traceparent, async () => {
      const verdict = await this.stages.identity.verify(question, signal);
      if (verdict.outcome === 'unavailable') throw new BrokerError('insi.unavailable');
      return verdict;
    });
  }

  async #knownVerdict(task: Task): Promise<IdentityVerdict | undefined | 'unknown'> {
    const question = this.#question(task);
    if (question === undefined) return undefined;
    return (await this.stages.identity.cached(question)) ?? 'unknown';
  }

  // --- content --------------------------------------------------------------------------------------------------

  async #divide(task: Task, verdict: IdentityVerdict | undefined): Promise<Divided> {
    const { message, content, named } = task;
    const { divide, memoryKey } = named.inForce.flow.hooks[named.object] ?? {};
    if (divide === undefined) {
      const { audience } = named.contract;
      return { parts: [{ audience, mediaType: content.mediaType, bytes: content.bytes }], removed: 0 };
    }
    const key = memoryKey?.(content);
    const remembered =
      key === undefined ? undefined : await this.stages.records.remembered(message.flow, message.sender, key);
    const [opened] = task.exchanges;
    return divide(content, {
      ...hookContext(this.stages, task.message, verdict),
      ...(opened !== undefined && task.recipients.length === 1 ? { subjectRef: opened.subjectRef } : {}),
      ...(remembered === undefined ? {} : { remembered }),
    });
  }

  #remember({ message }: Task, { remember }: Divided): Write[] {
    if (remember === undefined) return [];
    const at = this.stages.clock.now().toISOString();
    return [write('memory.put', { flow: message.flow, partner: message.sender, ...remember, at })];
  }

  #entry(task: Dispatch, verdict: IdentityVerdict | undefined, removed: number, deliveries: number): Write {
    const { clock, ids } = this.stages;
    return write('journal.entry', {
      entry: recordEntry({
        id: ids.next(),
        at: clock.now().toISOString(),
        kind: 'message.prepared',
        actor: 'broker',
        messageId: task.message.id,
        flow: task.message.flow,
        details: { deliveries, removed, identity: verdict?.status ?? 'not-asked' },
      }),
    });
  }

  #reserve(recipients: readonly Partner[]): Slot[] | undefined {
    const slots: Slot[] = [];
    for (const { id } of recipients) {
      const slot = this.stages.bell.reserve(id);
      if (slot === undefined) {
        for (const taken of slots) taken.release();
        return undefined;
      }
      slots.push(slot);
    }
    return slots;
  }
}

/** `application/jose; cty="application/json"` → the inner type */
function contentMediaType(datacontenttype: string): string {
  const inner = /;\s*cty="([^"]+)"/.exec(datacontenttype)?.[1];
  return bareMediaType(inner ?? datacontenttype);
}
