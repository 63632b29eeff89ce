/**
 * Safe replay: dead deliveries go back to their queue under the same message id, spread over time, journalled with who
 * and why. What a recipient can no longer open is sealed anew, while the original exists.
 */
import { again } from './again.ts';
import { afterCheckFindings } from './checks/after-check.ts';
import { asBrokerError, BrokerError, type ErrorCode, type Finding } from './errors.ts';
import { recordEntry } from './journal.ts';
import type { Delivery, Job, Message } from './message.ts';
import type { DeadFilter } from './operating.ts';
import { CHANNEL_TRANSPORTS, type Partner } from './partner.ts';
import type { OperationsRecords } from './ports.ts';
import { exchangeAfterReplay } from './receipts.ts';
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

export interface ReplayOrder {
  filter: DeadFilter;
  /** true: tells what would be done, changes nothing */
  dryRun: boolean;
  /** French, short, about no person: goes in the journal */
  reason: string;
  /** `person:<pseudonym>` */
  actor: string;
}

export interface ReplayedDelivery {
  delivery: Delivery;
  replay: 'as-sealed' | 're-sealed' | 'no';
  /** why not */
  code?: ErrorCode;
  /** when it is due */
  runAt?: string;
}

export interface ReplayReport {
  dryRun: boolean;
  /** counts of what was looked at */
  matched: number;
  asSealed: number;
  resealed: number;
  refused: number;
  /** the first ones, oldest first */
  deliveries: ReplayedDelivery[];
  /** true: others match beyond what one order takes; the same order again goes on with them */
  more: boolean;
}

const PAGE = 200;
/** deliveries that one order sends again */
const MOST = 5_000;
const LISTED = 500;
const AT_ONCE = 16;

export class Replay {
  constructor(
    private readonly stages: Stages,
    private readonly operations: Pick<OperationsRecords, 'deadDeliveries' | 'plannedUntil'>,
    /** deliveries a minute for one recipient: it has just come back */
    private readonly perMinute: number,
  ) {}

  /** @throws BrokerError `content.invalid` for a filter that names nothing, or a reason that may name somebody */
  async run(order: ReplayOrder): Promise<ReplayReport> {
    const { dryRun } = order;
    const findings = [...filterFindings(order.filter), ...(dryRun ? [] : reasonFindings(order.reason))];
    if (findings.length > 0) throw new BrokerError('content.invalid', { findings });
    const report: ReplayReport = {
      dryRun,
      matched: 0,
      asSealed: 0,
      resealed: 0,
      refused: 0,
      deliveries: [],
      more: false,
    };
    const turns = new Turns(this.stages, this.operations, this.perMinute);
    const replay = this.stages.ids.next();
    for (let afterId = ''; ; ) {
      const page = await this.operations.deadDeliveries(order.filter, PAGE, afterId);
      for (let at = 0; at < page.length; at += AT_ONCE) {
        const some = page.slice(at, at + AT_ONCE);
        // in the order of their ids, which is that of their turns
        const due: (string | undefined)[] = [];
        for (const { recipient } of some) due.push(dryRun ? undefined : await turns.next(recipient));
        const done = await Promise.all(some.map((one, i) => this.#one(one, order, replay, due[i])));
        for (const one of done) if (one !== undefined) count(report, one);
        if (report.asSealed + report.resealed >= MOST) {
          report.more = true;
          return report;
        }
      }
      const last = page.at(-1)?.id;
      if (last === undefined || page.length < PAGE) return report;
      afterId = last;
    }
  }

  /** undefined = somebody else moved it meanwhile */
  #one(
    seen: Delivery,
    order: ReplayOrder,
    replay: string,
    runAt: string | undefined,
  ): Promise<ReplayedDelivery | undefined> {
    const { bell, records, unitOfWork } = this.stages;
    return again(async () => {
      const delivery = await records.delivery(seen.id);
      const message = await records.message(seen.messageId);
      if (delivery?.state !== 'dead' || message === undefined) return undefined;
      const planned = await this.#plan(delivery, message);
      if (planned.replay === 'no' || runAt === undefined) return planned;
      const exchange = await exchangeAfterReplay(this.stages, delivery, message);
      if (exchange === undefined) return { delivery, replay: 'no', code: 'exchange.closed' };
      const job = this.#job(planned, runAt);
      await unitOfWork.commit([
        write('delivery.update', { id: delivery.id, from: ['dead'], state: 'queued', nextTryAt: runAt }),
        write('job.insert', { job }),
        write('message.settle', { id: message.id }),
        ...exchange,
        this.#entry('delivery.replayed', delivery, order, { replay, how: planned.replay }),
      ]);
      bell.ring(job.lane);
      return { ...planned, runAt };
    });
  }

  async #plan(delivery: Delivery, message: Message): Promise<ReplayedDelivery> {
    const { clock, directory, records } = this.stages;
    const no = (code: ErrorCode): ReplayedDelivery => ({ delivery, replay: 'no', code });
    if (Date.parse(delivery.expiresAt) <= clock.now().getTime()) return no('message.expired');
    const recipient = directory.partner(delivery.recipient);
    if (recipient === undefined) return no('recipient.unknown');
    if ((await exchangeAfterReplay(this.stages, delivery, message)) === undefined)
      return no('exchange.closed');
    const acts = delivery.transport === 'insi';
    if (!acts && (await this.#opensStill(delivery, recipient))) return { delivery, replay: 'as-sealed' };
    const original = await records.payloadSize(message.id);
    if (original === undefined || original.atRest.wrappedKey === null) return no('message.resend-needed');
    return { delivery, replay: acts ? 'as-sealed' : 're-sealed' };
  }

  /** Everything is there, sealed to keys that its recipient still has. */
  async #opensStill(delivery: Delivery, { keys }: Partner): Promise<boolean> {
    const { protection, records } = this.stages;
    const parts = await records.partFacts(delivery.id);
    const own = CHANNEL_TRANSPORTS.includes(delivery.transport);
    return (
      parts.length > 0 &&
      parts.length === delivery.partCount &&
      parts.every(({ kid, audience }) => protection.opens(kid, keys[audience] ?? [], own))
    );
  }

  #job({ delivery, replay }: ReplayedDelivery, runAt: string): Job {
    const reseal = replay === 're-sealed';
    return {
      id: this.stages.ids.next(),
      // of the second stage with a delivery: sealed anew, for that one
      stage: reseal ? 'prepare' : 'deliver',
      lane: reseal ? 'prepare' : delivery.recipient,
      rank: delivery.priority === 'interactive' ? 0 : 1,
      messageId: delivery.messageId,
      deliveryId: delivery.id,
      ...(reseal || delivery.orderKey === undefined ? {} : { orderKey: delivery.orderKey }),
      runAt,
      attempts: 0,
    };
  }

  /**
   * An operator gives a dead delivery up: it is `cancelled`, what waited behind it goes, and with the last delivery of
   * its message the original.
   *
   * @throws BrokerError `not-found`, `state.conflict` when it is not dead, `content.invalid`
   */
  async close(
    deliveryId: string,
    { reason, actor }: Pick<ReplayOrder, 'reason' | 'actor'>,
  ): Promise<Delivery> {
    const { bell, clock, records, unitOfWork } = this.stages;
    const findings = reasonFindings(reason);
    if (findings.length > 0) throw new BrokerError('content.invalid', { findings });
    const delivery = await records.delivery(deliveryId);
    if (delivery === undefined) throw new BrokerError('not-found');
    if (delivery.state !== 'dead')
      throw new BrokerError('state.conflict', { detail: 'Seule une remise morte se clôt.' });
    try {
      await unitOfWork.commit([
        write('delivery.update', {
          id: delivery.id,
          from: ['dead'],
          state: 'cancelled',
          nextTryAt: null,
          // the keeper purges its parts, some at a time
          keptUntil: clock.now().toISOString(),
        }),
        write('message.settle', { id: delivery.messageId }),
        this.#entry('delivery.closed', delivery, { reason, actor }, {}),
      ]);
    } catch (error) {
      if (asBrokerError(error).code === 'writer.fenced')
        throw new BrokerError('state.conflict', { detail: 'Seule une remise morte se clôt.' });
      throw error;
    }
    bell.ring(delivery.recipient);
    return { ...delivery, state: 'cancelled' };
  }

  #entry(
    kind: string,
    { id, messageId, flow, recipient, attempts }: Delivery,
    { actor, reason }: Pick<ReplayOrder, 'actor' | 'reason'>,
    details: Record<string, string>,
  ): Write {
    const { clock, ids } = this.stages;
    return write('journal.entry', {
      entry: recordEntry({
        id: ids.next(),
        at: clock.now().toISOString(),
        kind,
        actor,
        messageId,
        deliveryId: id,
        flow,
        details: { recipient, attempts, reason: reason.trim(), ...details },
      }),
    });
  }
}

/** When the next delivery to each recipient may go, after what is already planned for it. */
class Turns {
  readonly #next = new Map<string, number>();

  constructor(
    private readonly stages: Pick<Stages, 'clock'>,
    private readonly operations: Pick<OperationsRecords, 'plannedUntil'>,
    private readonly perMinute: number,
  ) {}

  async next(recipient: string): Promise<string> {
    const step = 60_000 / this.perMinute;
    let at = this.#next.get(recipient);
    if (at === undefined) {
      const now = this.stages.clock.now().getTime();
      const planned = await this.operations.plannedUntil(recipient);
      at = planned === undefined ? now : Math.max(now, Date.parse(planned) + step);
    }
    this.#next.set(recipient, at + step);
    return new Date(at).toISOString();
  }
}

function count(report: ReplayReport, one: ReplayedDelivery): void {
  report.matched += 1;
  if (one.replay === 'as-sealed') report.asSealed += 1;
  else if (one.replay === 're-sealed') report.resealed += 1;
  else report.refused += 1;
  if (report.deliveries.length < LISTED) report.deliveries.push(one);
}

function filterFindings(filter: DeadFilter): Finding[] {
  if (Object.values(filter).some((value) => value !== undefined)) return [];
  return [
    {
      pointer: '/filter',
      code: 'replay.filter-empty',
      detail: 'Le filtre nomme au moins un message, un flux, un partenaire, une période ou l’état dead.',
    },
  ];
}

const LONGEST_REASON = 200;

/** The journal names nobody, and this goes there. */
function reasonFindings(reason: string): Finding[] {
  const text = reason.trim();
  if (text.length < 3 || text.length > LONGEST_REASON)
    return [
      {
        pointer: '/reason',
        code: 'replay.reason',
        detail: `Le motif est obligatoire (3 à ${LONGEST_REASON} caractères).`,
      },
    ];
  return afterCheckFindings({ shapes: ['ins', 'email', 'phone'], except: [] }, { reason: text });
}
