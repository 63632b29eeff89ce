/**
 * Several sources asked about one worker: the best so far is shown, and when all have answered or time is up only the
 * most recent dossier is released; an older one is purged unread.
 */

import type { ObjectContract } from './contract.ts';
import type { DmstRequest } from './dmst-request.ts';
import { asBrokerError } from './errors.ts';
import { awaitsAnswer, hasEnded, rewrite } from './exchange.ts';
import { recordEntry } from './journal.ts';
import { type Delivery, type Exchange, PARKED, UNDER_WAY } from './message.ts';
import { accessOf } from './register.ts';
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

interface Answer {
  exchange: Exchange;
  messageId: string;
  lastVisit: string;
  deliveries: readonly Delivery[];
  /** accepted, not yet prepared: it may still turn out the most recent */
  underWay: boolean;
  /** waits for a person, who may come too late */
  held: boolean;
  contract: ObjectContract | undefined;
}

const OPEN = ['queued', 'available', 'sending', 'retrying', 'dead', 'delivered'] as const;

export class Groups {
  readonly #running = new Map<string, Promise<void>>();

  constructor(private readonly stages: Stages) {}

  /** Idempotent; one at a time for a group in this process, and fenced against another process. */
  async settle(groupId: string): Promise<void> {
    const before = this.#running.get(groupId) ?? Promise.resolve();
    const mine = before.then(() => this.#settle(groupId));
    const quiet = mine.catch(() => undefined);
    this.#running.set(groupId, quiet);
    try {
      await mine;
    } finally {
      if (this.#running.get(groupId) === quiet) this.#running.delete(groupId);
    }
  }

  async #settle(groupId: string): Promise<void> {
    const { records, unitOfWork, clock, bell } = this.stages;
    const request = await records.dmstRequest(groupId);
    if (request === undefined || request.state === 'cancelled') return;
    const exchanges = await records.exchanges({ groupId });
    const answers = await Promise.all(exchanges.filter(isAnswered).map((exchange) => this.#answer(exchange)));
    const best = mostRecent(answers);
    const timeIsUp = Date.parse(request.expiresAt) <= clock.now().getTime();
    const pending =
      // a crash came between: the others are still to be asked
      exchanges.length < request.sources.length ||
      exchanges.some(awaitsAnswer) ||
      exchanges.some(refusalPending) ||
      answers.some(({ held }) => held);
    try {
      if (request.state === 'open' && (answers.some(({ underWay }) => underWay) || (pending && !timeIsUp))) {
        if (best === undefined || best.messageId === request.best) return;
        await unitOfWork.commit([
          write('dmst-request.update', { id: groupId, from: 'open', state: 'open', best: best.messageId }),
        ]);
        return;
      }
      const kept = request.state === 'open' ? best?.messageId : request.best;
      const writes = [
        ...(request.state === 'open' ? [this.#end(request, kept, timeIsUp)] : []),
        ...answers.flatMap((answer) =>
          answer.messageId === kept ? this.#release(request, answer) : this.#supersede(request, answer),
        ),
      ];
      if (writes.length === 0) return;
      await unitOfWork.commit(writes);
      bell.ring(request.partner);
    } catch (error) {
      // somebody else settled it at the same time: what they wrote stands
      if (asBrokerError(error).code !== 'writer.fenced') throw error;
    }
  }

  async #answer(exchange: Exchange & { answerId: string; lastVisit: string }): Promise<Answer> {
    const { records } = this.stages;
    const message = await records.message(exchange.answerId);
    return {
      exchange,
      messageId: exchange.answerId,
      lastVisit: exchange.lastVisit,
      deliveries: await records.deliveries(exchange.answerId),
      underWay: message?.status === 'accepted' || message?.status === 'preparing',
      held: message?.status === 'held',
      contract: this.stages.flows.of(exchange.flow, message?.type)?.flow.contract.objects[
        message?.object ?? ''
      ],
    };
  }

  #end(request: DmstRequest, best: string | undefined, timeIsUp: boolean): Write {
    const { clock, settings } = this.stages;
    return write('dmst-request.update', {
      id: request.id,
      from: 'open',
      state: timeIsUp && best === undefined ? 'expired' : 'closed',
      // as long as the dossier itself may be read here
      keptUntil: new Date(clock.now().getTime() + settings.portalDays * 86_400_000).toISOString(),
      ...(best === undefined ? {} : { best }),
    });
  }

  /** Once, when the request ends: the lives of what is sent, of the portal's copy and of the exchange begin. */
  #release(request: DmstRequest, { exchange, deliveries, contract }: Answer): Write[] {
    if (request.state !== 'open' || contract === undefined) return [];
    const { clock, settings } = this.stages;
    const now = clock.now();
    const after = (days: number) => new Date(now.getTime() + days * 86_400_000).toISOString();
    const sent = {
      expiresAt: after(contract.lifeHours / 24),
      keptUntil: after(contract.retention.sealedDays),
    };
    const copy = { expiresAt: after(settings.portalDays), keptUntil: after(settings.portalDays) };
    return [
      ...deliveries
        .filter(isParked)
        .flatMap(({ id }) => [
          write('delivery.renew', { id, ...sent }),
          write('job.release', { deliveryId: id, runAt: now.toISOString() }),
        ]),
      ...deliveries
        .filter(({ transport }) => transport === 'portal')
        .map(({ id }) => write('delivery.renew', { id, ...copy })),
      ...(hasEnded(exchange.state) ? [] : [rewrite(exchange, now, { expiresAt: sent.expiresAt })]),
    ];
  }

  /** An older dossier is purged unread, in the queue and in the portal's copy. */
  #supersede(request: DmstRequest, { exchange, messageId, deliveries, held }: Answer): Write[] {
    const present = deliveries.filter(({ state, partCount }) => state !== 'cancelled' && partCount > 0);
    if (present.length === 0 && !held) return [];
    return [
      ...(held ? this.#stop(messageId, 'superseded') : []),
      ...present.flatMap((delivery) => this.#purge(delivery.id, messageId)),
      write('message.settle', { id: messageId }),
      ...(hasEnded(exchange.state) ? [] : [rewrite(exchange, this.stages.clock.now(), { state: 'CLOSED' })]),
      this.#entry('message.superseded', request, exchange),
    ];
  }

  /** Older dossier, or one that the worker opposed: gone from the queue and from the portal, unread. */
  #purge(deliveryId: string, messageId: string): Write[] {
    return [
      write('job.cancel', { messageId, deliveryId }),
      write('delivery.update', { id: deliveryId, from: [...OPEN], state: 'cancelled', nextTryAt: null }),
      write('delivery.purge-parts', { deliveryId }),
    ];
  }

  /** A message with no delivery yet goes no further, and its original is gone. */
  #stop(messageId: string, reason: string): Write[] {
    return [
      write('job.cancel', { messageId }),
      write('message.status', { id: messageId, from: UNDER_WAY, status: 'cancelled', reason }),
      write('payload.purge', { messageId }),
    ];
  }

  /** Stops a request: nothing more goes out, what came is purged. Open exchanges become CANCELLED. */
  async cancel(request: DmstRequest, reason: 'opposition' | 'error', actor: string): Promise<void> {
    const { records, unitOfWork, clock } = this.stages;
    const now = clock.now();
    const exchanges = await records.exchanges({ groupId: request.id });
    const entry = recordEntry({
      id: this.stages.ids.next(),
      at: now.toISOString(),
      kind: 'dmst-request.cancelled',
      actor,
      details: { request: request.id, partner: request.partner, reason },
    });
    const writes: Write[] = [
      write('dmst-request.update', {
        id: request.id,
        from: request.state,
        state: 'cancelled',
        cancelReason: reason,
      }),
      write('journal.entry', { entry }),
      accessOf(entry, request.partner, request.workerRef),
    ];
    const cancellable = ['queued', 'available', 'sending', 'retrying', 'dead'];
    for (const exchange of exchanges) {
      for (const messageId of [exchange.requestId, exchange.answerId]) {
        if (messageId === undefined) continue;
        const message = await records.message(messageId);
        const deliveries = await records.deliveries(messageId);
        if (message !== undefined && UNDER_WAY.includes(message.status)) {
          writes.push(...this.#stop(messageId, reason));
        }
        for (const delivery of deliveries) {
          // a dossier that came, and the request that the source's people read
          if (delivery.transport === 'portal' || cancellable.includes(delivery.state))
            writes.push(...this.#purge(delivery.id, messageId));
        }
        if (deliveries.length > 0) writes.push(write('message.settle', { id: messageId }));
      }
      if (!hasEnded(exchange.state)) writes.push(rewrite(exchange, now, { state: 'CANCELLED' }));
      writes.push(this.#entry('exchange.cancelled', request, exchange, actor, { reason }));
    }
    await unitOfWork.commit(writes);
  }

  #entry(
    kind: string,
    request: DmstRequest,
    exchange: Exchange,
    actor = 'broker',
    details: Record<string, string> = {},
  ): Write {
    const { clock, ids } = this.stages;
    return write('journal.entry', {
      entry: recordEntry({
        id: ids.next(),
        at: clock.now().toISOString(),
        kind,
        actor,
        exchangeId: exchange.id,
        ...(exchange.answerId === undefined ? {} : { messageId: exchange.answerId }),
        flow: exchange.flow,
        details: { request: request.id, ...details },
      }),
    });
  }
}

/** A refusal was accepted and waits for the common tick. */
function refusalPending(exchange: Exchange): boolean {
  return exchange.answerId !== undefined && exchange.lastVisit === undefined && !hasEnded(exchange.state);
}

function isAnswered(exchange: Exchange): exchange is Exchange & { answerId: string; lastVisit: string } {
  return exchange.answerId !== undefined && exchange.lastVisit !== undefined;
}

function isParked({ state, nextTryAt }: Delivery): boolean {
  return state === 'queued' && nextTryAt === PARKED;
}

/** By last visit, then by arrival; only what is prepared can be shown. */
function mostRecent(answers: readonly Answer[]): Answer | undefined {
  return answers
    .filter(({ deliveries }) => deliveries.some(({ state }) => state !== 'cancelled' && state !== 'expired'))
    .sort((a, b) => b.lastVisit.localeCompare(a.lastVisit) || b.messageId.localeCompare(a.messageId))[0];
}
