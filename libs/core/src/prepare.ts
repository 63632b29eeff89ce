/**
 * Second stage: verify the identity, apply the confidentiality transform, make the documents, protect them for each
 * destination, write one delivery per destination. One transaction; every network call stands before it.
 */
import type { NamedFlow } from './checks/flow.ts';
import { parseJson } from './checks/json.ts';
import { bareMediaType } from './checks/media-type.ts';
import type { Content, HookContext, Part } from './contract.ts';
import type { Deliver } from './deliver.ts';
import { doubtOf, hold, otherPerson } from './doubt.ts';
import { asBrokerError, BrokerError } from './errors.ts';
import { advance, rewrite } from './exchange.ts';
import type { Groups } from './groups.ts';
import type { IdentityVerdict } from './identity.ts';
import { recordEntry } from './journal.ts';
import type { Delivery, Exchange, Job, Message } from './message.ts';
import type { Outbound, Task } from './outbound.ts';
import type { Partner } from './partner.ts';
import type { Slot } from './ports.ts';
import { nextTryAt } from './retry.ts';
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

const INLINE_TIMEOUT_MS = 30_000;

export interface Inline {
  writes: Write[];
  run(): void;
  release(): void;
}

export class Prepare {
  constructor(
    private readonly stages: Stages,
    private readonly outbound: Outbound,
    private readonly deliver: Deliver,
    private readonly groups: Groups,
  ) {}

  /** The job of this stage. Fenced: a second worker on the same job changes nothing. */
  async run(job: Job, signal: AbortSignal): Promise<void> {
    const { records, unitOfWork, bell } = this.stages;
    const message = await records.message(job.messageId);
    if (message === undefined || !['accepted', 'preparing'].includes(message.status)) {
      await unitOfWork.commit([write('job.finish', { id: job.id, lease: job.lease ?? '' })]);
      return;
    }
    try {
      const task = await this.#load(message);
      const { writes, lanes } = await this.#plan(task, signal);
      await unitOfWork.commit([...writes, write('job.finish', { id: job.id, lease: job.lease ?? '' })]);
      for (const lane of lanes) bell.ring(lane);
      const groupId = task.answered?.groupId;
      if (groupId !== undefined) await this.groups.settle(groupId);
    } catch (error) {
      await this.#failed(job, message, asBrokerError(error));
    }
  }

  /**
   * The same stage inside the accepting commit: when the verdict is known without a call, there is nothing slow to
   * make, no order to keep and every lane is free. Two commits a message instead of four.
   */
  async inline(task: Task): Promise<Inline | undefined> {
    const { contract } = task.named;
    if (contract.discreet === true || task.message.orderKey !== undefined) return undefined;
    if (task.answered?.groupId !== undefined) return undefined;
    const verdict = await this.#knownVerdict(task);
    if (verdict === 'unknown' || verdict?.inDoubt === true) return undefined;
    const divided = this.#divide(task, verdict);
    if (divided.parts.some((part) => part.document !== undefined)) return undefined;
    const slots = this.#reserve(task.recipients);
    if (slots === undefined) return undefined;
    try {
      const outgoing = await this.outbound.protect(task, divided.parts);
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
        writes: [
          write('message.status', { id: message.id, status: 'delivering' }),
          ...ready.flatMap(({ job, ...out }) => this.outbound.writes(out, job)),
          this.#entry(task, verdict, divided.removed, outgoing.length),
          ...ready.map(({ delivery }) => this.deliver.attemptEntry(delivery)),
        ],
        run: () => {
          for (const { delivery, parts, recipient, job, slot } of ready) {
            const signal = AbortSignal.timeout(INLINE_TIMEOUT_MS);
            slot.run(job, () => this.deliver.send(job, { message, delivery, parts, recipient }, signal));
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

  /** Writes of the accepting transaction that mark an exchange as answered. */
  answerAccepted(message: Message, named: NamedFlow, exchange: Exchange, now: Date): Write[] {
    if (named.contract.discreet === true) {
      return [rewrite(exchange, now, { answerId: message.id, sourceState: 'REFUSED' })];
    }
    return advance(exchange, 'SENT', now, {
      answerId: message.id,
      sourceState: 'SENT',
      // an answer of the last day is there to be received and opened too
      expiresAt: new Date(now.getTime() + named.contract.lifeHours * 3_600_000).toISOString(),
      ...(message.lastVisit === undefined ? {} : { lastVisit: message.lastVisit }),
    });
  }

  async #load(message: Message): Promise<Task> {
    const { records, vault, flows, directory } = this.stages;
    const stored = await records.payload(message.id);
    const inForce = flows.of(message.flow);
    const contract = inForce?.flow.contract.objects[message.object];
    if (stored === undefined || inForce === undefined || contract === undefined) {
      throw new BrokerError('internal', { next: 'stop' });
    }
    const bytes = vault.open(stored, message.id);
    const mediaType = contentMediaType(message.datacontenttype);
    const content: Content = { mediaType, bytes };
    if (mediaType === 'application/json') content.json = parseJson(bytes);
    const recipients = message.recipients.map((id) => {
      const recipient = directory.partner(id);
      if (recipient === undefined) throw new BrokerError('configuration.invalid');
      return recipient;
    });
    const answered =
      contract.answers === true ? await records.exchange(message.correlationId ?? '') : undefined;
    const exchanges = contract.opens === undefined ? [] : await records.exchanges({ requestId: message.id });
    const named = { inForce, flow: message.flow, object: message.object, contract };
    return { message, content, named, recipients, exchanges, answered };
  }

  async #plan(task: Task, signal: AbortSignal): Promise<{ writes: Write[]; lanes: string[] }> {
    const { clock } = this.stages;
    const verdict = await this.#verdict(task, signal);
    const doubt =
      verdict?.inDoubt === true
        ? doubtOf(task, verdict, this.#question(task))
        : await otherPerson(this.stages, task);
    if (doubt !== undefined && !(await this.#released(task))) {
      return { writes: hold(this.stages, task.message, doubt), lanes: [] };
    }
    const divided = this.#divide(task, verdict);
    const outgoing = await this.outbound.protect(task, divided.parts);
    const discreet = task.named.contract.discreet === true;
    const refusal = task.named.inForce.flow.hooks[task.named.object]?.publicRefusal?.(task.content);
    const writes = [
      ...outgoing.flatMap((out) => this.outbound.writes(out, this.outbound.job(task, out.delivery))),
      this.#entry(task, verdict, divided.removed, outgoing.length),
      ...(discreet && task.answered !== undefined && refusal !== undefined
        ? advance(task.answered, 'REFUSED', clock.now(), { refusal })
        : []),
      // a person released it
      ...(task.answered?.state === 'QUARANTINED'
        ? [rewrite(task.answered, clock.now(), { state: 'SENT', sourceState: 'SENT' })]
        : []),
      write('message.settle', { id: task.message.id }),
    ];
    const lanes = outgoing.filter((out) => out.delivery.state === 'queued').map((out) => out.recipient.id);
    return { writes, lanes };
  }

  // --- identity -------------------------------------------------------------------------------------------------

  #question(task: Task) {
    if (task.named.contract.identity !== 'verify') return undefined;
    return task.named.inForce.flow.hooks[task.named.object]?.identity?.(task.content, task.message.sender);
  }

  async #verdict(task: Task, signal: AbortSignal): Promise<IdentityVerdict | undefined> {
    const question = this.#question(task);
    if (question === undefined) return undefined;
    const verdict = await this.stages.identity.verify(question, signal);
    if (verdict.outcome === 'unavailable') throw new BrokerError('insi.unavailable');
    return verdict;
  }

  async #knownVerdict(task: Task): Promise<IdentityVerdict | undefined | 'unknown'> {
    const question = this.#question(task);
    if (question === undefined) return undefined;
    return (await this.stages.identity.cached(question)) ?? 'unknown';
  }

  async #released(task: Task): Promise<boolean> {
    const held = await this.stages.records.held(task.message.id);
    return held?.decision?.verdict === 'release';
  }

  // --- content --------------------------------------------------------------------------------------------------

  #divide(task: Task, verdict: IdentityVerdict | undefined): { parts: Part[]; removed: number } {
    const { message, content, named } = task;
    const divide = named.inForce.flow.hooks[named.object]?.divide;
    if (divide === undefined) {
      const part: Part = {
        audience: named.contract.audience,
        mediaType: content.mediaType,
        bytes: content.bytes,
      };
      return { parts: [part], removed: 0 };
    }
    const sender = this.stages.directory.partner(message.sender);
    const context: HookContext = {
      messageId: message.id,
      sender: { id: message.sender, name: sender?.name ?? message.sender },
      receivedAt: message.receivedAt,
      digest: message.digest,
      ...(verdict === undefined ? {} : { verdict }),
      ...(message.lastVisit === undefined ? {} : { lastVisit: message.lastVisit }),
      ...(message.subjectRef === undefined ? {} : { subjectRef: message.subjectRef }),
    };
    return divide(content, context);
  }

  #entry(task: Task, verdict: IdentityVerdict | undefined, removed: number, deliveries: number): Write {
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

  /** Identity refused → the message is refused. Anything else is tried again until the message's life ends. */
  async #failed(job: Job, message: Message, problem: BrokerError): Promise<void> {
    const { clock, ids, unitOfWork, settings, flows } = this.stages;
    if (problem.code === 'writer.fenced') return;
    const now = clock.now();
    const lease = job.lease ?? '';
    const life = flows.of(message.flow)?.flow.contract.objects[message.object]?.lifeHours ?? 0;
    const over = now.getTime() > Date.parse(message.receivedAt) + life * 3_600_000;
    const status = problem.next === 'reject' ? 'refused' : over ? 'expired' : 'preparing';
    const entry = recordEntry({
      id: ids.next(),
      at: now.toISOString(),
      kind: `message.${status === 'preparing' ? 'prepare-failed' : status}`,
      actor: 'broker',
      messageId: message.id,
      flow: message.flow,
      details: { code: problem.code, attempt: job.attempts },
    });
    await unitOfWork.commit([
      write('message.status', { id: message.id, status, reason: problem.code }),
      write('journal.entry', { entry }),
      ...(status === 'preparing'
        ? [
            write('job.retry', {
              id: job.id,
              lease,
              runAt: nextTryAt(settings.retry, job.id, job.attempts, now, problem.retryAfter),
            }),
          ]
        : [write('payload.purge', { messageId: message.id }), write('job.finish', { id: job.id, lease })]),
    ]);
  }
}

/** `application/jose; cty="application/json"` → the inner type */
function contentMediaType(datacontenttype: string): string {
  const inner = /;\s*cty="([^"]+)"/.exec(datacontenttype)?.[1];
  return bareMediaType(inner ?? datacontenttype);
}
