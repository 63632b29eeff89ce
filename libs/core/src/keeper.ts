/** Clocks, expiry and purge: what time does to messages. Every step is idempotent and bounded; call it often. */
import { asBrokerError } from './errors.ts';
import { rewrite } from './exchange.ts';
import type { Groups } from './groups.ts';
import { type JournalEntry, type RecordedEntry, recordEntry } from './journal.ts';
import { prepareLane } from './lanes.ts';
import { lapsed } from './lapsed.ts';
import { type Delivery, type Exchange, UNDER_WAY } from './message.ts';
import type { OwnMessages } from './own-messages.ts';
import type { PartnerId } from './partner.ts';
import { type KeeperRecords, WriteConflict } from './ports.ts';
import { purgeOf } from './register.ts';
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

const BATCH = 200;
/** chunks stored ahead of a message that was never accepted */
const ORPHAN_MS = 3_600_000;
/** parts deleted in one transaction */
const TRIMMED = 32;
const CLOCKS_DIFFER_MS = 86_400_000;

type Facts = Pick<JournalEntry, 'messageId' | 'deliveryId' | 'exchangeId' | 'flow' | 'details'>;

export class Keeper {
  constructor(
    private readonly stages: Stages,
    private readonly records: KeeperRecords,
    private readonly groups: Groups,
    private readonly own: OwnMessages,
  ) {}

  /** @throws the first failure, after everything else was done: one bad row holds back none of the others */
  async tick(): Promise<void> {
    const now = this.stages.clock.now();
    const at = now.toISOString();
    const failures = [
      // before anything expires: what a request kept begins its life here
      ...(await each(this.records.dmstRequestsToSettle(at, BATCH), ({ id }) => this.groups.settle(id))),
      ...(await each(this.records.deliveriesToExpire(at, BATCH), (delivery) => this.#expire(delivery))),
      ...(await each(this.records.exchangesDue(at, BATCH), (exchange) => this.#clock(exchange, now))),
    ];
    failures.push(...(await this.#purge(now)));
    failures.push(...(await each(Promise.resolve([now]), () => this.#forget(now))));
    if (failures.length > 0) throw failures[0];
  }

  async #expire(delivery: Delivery): Promise<void> {
    // an attempt under way ends by itself, and is worth knowing; if its process died, the next holder of the job expires it
    if (delivery.state === 'sending') return;
    const isLarge = delivery.partCount > TRIMMED;
    await this.stages.unitOfWork.commit([
      write('delivery.update', {
        id: delivery.id,
        from: [delivery.state],
        state: 'expired',
        nextTryAt: null,
        // purged at the next turn, some parts at a time
        ...(isLarge ? { keptUntil: this.stages.clock.now().toISOString() } : {}),
      }),
      write('job.cancel', { messageId: delivery.messageId, deliveryId: delivery.id }),
      ...(isLarge ? [] : [write('delivery.purge-parts', { deliveryId: delivery.id })]),
      write('message.settle', { id: delivery.messageId }),
      this.#entry('delivery.expired', {
        messageId: delivery.messageId,
        deliveryId: delivery.id,
        flow: delivery.flow,
        details: { recipient: delivery.recipient, was: delivery.state },
      }),
    ]);
  }

  /** Reminder, then overdue, then expiry. */
  async #clock(exchange: Exchange, now: Date): Promise<void> {
    const due = (instant: string) => Date.parse(instant) <= now.getTime();
    const facts = {
      exchangeId: exchange.id,
      flow: exchange.flow,
      details: { responder: exchange.responder },
    };
    if (due(exchange.expiresAt) && exchange.answerId !== undefined) {
      // a refusal that waits for the common tick ends it by itself
      const answer = await this.stages.records.message(exchange.answerId);
      if (exchange.lastVisit === undefined && answer !== undefined && UNDER_WAY.includes(answer.status))
        return;
      await this.stages.unitOfWork.commit([
        rewrite(exchange, now, { state: 'CLOSED' }),
        this.#entry('exchange.closed', facts),
      ]);
      return;
    }
    if (due(exchange.expiresAt)) {
      await this.stages.unitOfWork.commit([
        rewrite(exchange, now, { state: 'EXPIRED', refusal: 'R09', overdue: true }),
        this.#entry('exchange.expired', facts),
        ...(await this.#unsent(exchange)),
      ]);
      if (exchange.groupId !== undefined) await this.groups.settle(exchange.groupId);
      return;
    }
    if (due(exchange.deadline) && !exchange.overdue) {
      await this.stages.unitOfWork.commit([
        rewrite(exchange, now, { overdue: true, reminded: true }),
        this.#entry('exchange.overdue', facts),
      ]);
      return;
    }
    if (due(exchange.reminderAt) && !exchange.reminded) {
      await this.stages.unitOfWork.commit([
        rewrite(exchange, now, { reminded: true }),
        this.#entry('exchange.reminded', facts),
        ...(await this.#reminder(exchange)),
      ]);
      this.stages.bell.ring(prepareLane('relais'));
    }
  }

  /** A request that never left the identity work list, or preparation, ends with its exchange. */
  async #unsent({ requestId }: Exchange): Promise<Write[]> {
    const message = await this.stages.records.message(requestId);
    if (message === undefined || !UNDER_WAY.includes(message.status)) return [];
    return [
      write('job.cancel', { messageId: requestId }),
      write('message.status', { id: requestId, from: UNDER_WAY, status: 'expired' }),
      ...(await lapsed(this.stages, requestId)),
      write('payload.purge', { messageId: requestId }),
    ];
  }

  async #reminder(exchange: Exchange): Promise<Write[]> {
    const { flows, records } = this.stages;
    const request = await records.message(exchange.requestId);
    const objects = flows.of(exchange.flow, request?.type)?.flow.contract.objects;
    // nobody is reminded of what never reached them
    const left = request !== undefined && !UNDER_WAY.includes(request.status) && request.status !== 'refused';
    const object = !left ? undefined : objects?.[request.object]?.opens?.remindedBy;
    if (object === undefined) return [];
    return this.own.compose({
      flow: exchange.flow,
      object,
      from: 'relais',
      to: exchange.responder,
      senderId: `reminder:${exchange.id}`,
      correlationId: exchange.id,
      json: {
        exchange: exchange.id,
        requester: exchange.requester,
        openedAt: exchange.openedAt,
        deadline: exchange.deadline,
      },
    });
  }

  async #purge(now: Date): Promise<unknown[]> {
    const deliveries = await this.records.deliveriesToPurge(now.toISOString(), BATCH);
    const failures = await each(deliveries, (delivery) => this.#trim(delivery));
    const before = new Date(now.getTime() - ORPHAN_MS).toISOString();
    await this.stages.unitOfWork.commit([
      ...deliveries.flatMap((delivery) => [
        write('delivery.purge-parts', { deliveryId: delivery.id }),
        ...this.#purged([delivery.recipient.replace(/^portal:/, '')], 'delivery.purged', {
          messageId: delivery.messageId,
          deliveryId: delivery.id,
          flow: delivery.flow,
        }),
      ]),
      write('payload.sweep', { before, now: now.toISOString() }),
      write('candidate.sweep', {}),
    ]);
    return failures;
  }

  /** Most of a large delivery goes ahead, some parts at a time: others' writes pass between. */
  async #trim({ id, partCount }: Delivery): Promise<void> {
    for (let above = partCount - TRIMMED; above > 0; above -= TRIMMED)
      await this.stages.unitOfWork.commit([write('delivery.trim-parts', { deliveryId: id, above })]);
  }

  /** Who was asked about in requests long closed, then messages whose ids need no memory: counted, not named. */
  async #forget(now: Date): Promise<void> {
    const requests = await this.records.dmstRequestsToErase(now.toISOString(), BATCH);
    // a repeat is told too old by its own `time`, and its sender's clock may be ahead
    const before = new Date(now.getTime() - CLOCKS_DIFFER_MS).toISOString();
    const messages = await this.records.messagesToForget(before, BATCH);
    const ids = messages.map(({ id }) => id);
    const units = messages.reduce((sum, message) => sum + message.units, 0);
    await this.stages.unitOfWork.commit([
      ...requests.map(({ id }) => write('dmst-request.erase', { id })),
      ...this.#erased(requests.map(({ partner }) => partner)),
      ...(ids.length === 0
        ? []
        : [
            write('message.detach', { ids }),
            write('message.forget', { ids }),
            this.#entry('message.forgotten', { details: { messages: ids.length, units } }),
          ]),
    ]);
  }

  /** Counted, in the register of each service whose workers they were. */
  #erased(partners: readonly PartnerId[]): Write[] {
    return [...new Set(partners)].flatMap((partner) => {
      const requests = partners.filter((one) => one === partner).length;
      return this.#purged([partner], 'dmst-request.erased', { details: { partner, requests } });
    });
  }

  /** In the register of each of these that is a service. */
  #purged(partners: readonly PartnerId[], kind: string, facts: Facts): Write[] {
    const entry = this.#recorded(kind, facts);
    const services = partners.filter((id) => this.stages.directory.partner(id)?.kind === 'spsti');
    return [write('journal.entry', { entry }), ...services.map((partner) => purgeOf(entry, partner))];
  }

  #entry(kind: string, facts: Facts): Write {
    return write('journal.entry', { entry: this.#recorded(kind, facts) });
  }

  #recorded(kind: string, facts: Facts): RecordedEntry {
    const { clock, ids } = this.stages;
    return recordEntry({ id: ids.next(), at: clock.now().toISOString(), kind, actor: 'broker', ...facts });
  }
}

/** What somebody else moved first is no failure: the next tick sees what they wrote. */
async function each<T>(
  due: readonly T[] | Promise<readonly T[]>,
  step: (one: T) => Promise<void>,
): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const one of await due) {
    try {
      await step(one);
    } catch (error) {
      if (!(error instanceof WriteConflict) && asBrokerError(error).code !== 'writer.fenced')
        failures.push(error);
    }
  }
  return failures;
}
