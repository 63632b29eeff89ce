/**
 * Several sources asked about one worker: the best so far is shown, and when all have answered or time is up only the
 * most recent dossier is released; an older one is purged unread.
 */
import type { DmstRequest } from './dmst-request.ts';
import { asBrokerError } from './errors.ts';
import { awaitsAnswer, hasEnded, rewrite } from './exchange.ts';
import { recordEntry } from './journal.ts';
import type { Exchange } from './message.ts';
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

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
    if (request?.state !== 'open') return;
    const exchanges = await records.exchanges({ groupId });
    const best = mostRecent(exchanges);
    const timeIsUp = Date.parse(request.expiresAt) <= clock.now().getTime();
    const pending = exchanges.some(awaitsAnswer) || exchanges.some(refusalPending);
    try {
      if (pending && !timeIsUp) {
        if (best?.answerId === undefined || best.answerId === request.best) return;
        await unitOfWork.commit([
          write('dmst-request.update', { id: groupId, from: 'open', state: 'open', best: best.answerId }),
        ]);
        return;
      }
      const { writes, release } = await this.#close(request, exchanges, best, timeIsUp);
      await unitOfWork.commit(writes);
      if (release) bell.ring(request.partner);
    } catch (error) {
      // somebody else settled it at the same time: what they wrote stands
      if (asBrokerError(error).code !== 'writer.fenced') throw error;
    }
  }

  async #close(
    request: DmstRequest,
    exchanges: readonly Exchange[],
    best: Exchange | undefined,
    timeIsUp: boolean,
  ) {
    const now = this.stages.clock.now();
    const writes: Write[] = [
      write('dmst-request.update', {
        id: request.id,
        from: 'open',
        state: timeIsUp && best === undefined ? 'expired' : 'closed',
        ...(best?.answerId === undefined ? {} : { best: best.answerId }),
      }),
    ];
    let release = false;
    for (const exchange of exchanges) {
      if (exchange.answerId === undefined || exchange.lastVisit === undefined) continue;
      const keep = exchange.id === best?.id;
      for (const delivery of await this.stages.records.deliveries(exchange.answerId)) {
        if (keep) {
          if (delivery.state !== 'queued') continue;
          release = true;
          writes.push(write('job.release', { deliveryId: delivery.id, runAt: now.toISOString() }));
        } else writes.push(...this.#purge(delivery.id, exchange.answerId));
      }
      if (!keep) {
        writes.push(write('message.settle', { id: exchange.answerId }));
        if (!hasEnded(exchange.state)) writes.push(rewrite(exchange, now, { state: 'CLOSED' }));
        writes.push(this.#entry('message.superseded', request, exchange));
      }
    }
    return { writes, release };
  }

  /** Older dossier, or one that the worker opposed: gone from the queue and from the portal, unread. */
  #purge(deliveryId: string, messageId: string): Write[] {
    return [
      write('job.cancel', { messageId, deliveryId }),
      write('delivery.update', { id: deliveryId, from: [...OPEN], state: 'cancelled', nextTryAt: null }),
      write('delivery.purge-parts', { deliveryId }),
    ];
  }

  /** Stops a request: nothing more goes out, what came is purged. Open exchanges become CANCELLED. */
  async cancel(request: DmstRequest, reason: 'opposition' | 'error', actor: string): Promise<void> {
    const { records, unitOfWork, clock } = this.stages;
    const now = clock.now();
    const exchanges = await records.exchanges({ groupId: request.id });
    const writes: Write[] = [
      write('dmst-request.update', {
        id: request.id,
        from: request.state,
        state: 'cancelled',
        cancelReason: reason,
      }),
    ];
    const cancellable = ['queued', 'available', 'sending', 'retrying', 'dead'];
    for (const exchange of exchanges) {
      for (const messageId of [exchange.requestId, exchange.answerId]) {
        if (messageId === undefined) continue;
        writes.push(write('job.cancel', { messageId }));
        const message = await records.message(messageId);
        const deliveries = await records.deliveries(messageId);
        const isAnswer = messageId === exchange.answerId;
        if (deliveries.length === 0 && message !== undefined) {
          writes.push(
            write('message.status', { id: messageId, status: 'cancelled', reason }),
            write('payload.purge', { messageId }),
          );
        }
        for (const delivery of deliveries) {
          const isPortalCopy = isAnswer && delivery.transport === 'portal';
          if (isPortalCopy || cancellable.includes(delivery.state))
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

function mostRecent(exchanges: readonly Exchange[]): Exchange | undefined {
  return exchanges
    .filter((exchange) => exchange.answerId !== undefined && exchange.lastVisit !== undefined)
    .sort(
      (a, b) =>
        (b.lastVisit as string).localeCompare(a.lastVisit as string) ||
        (b.answerId as string).localeCompare(a.answerId as string),
    )[0];
}
