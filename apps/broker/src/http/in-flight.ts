/**
 * What requests take until they are answered: turns and memory, of one partner and of all. Who takes more than its share
 * is told to wait, so that the others' requests find the same room as ever.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BrokerError, type Partner, type PartnerId } from '#core';
import { type Listener, listenerOf } from './listeners.ts';

export interface Shares {
  /** requests of one partner at a time, unless its entry says otherwise */
  requests: number;
  /** bytes of bodies of one partner at a time, unless its entry says otherwise; one body alone may take more */
  bytes: number;
  /** of all bodies, of partners and of people apart: a stranger must not silence a partner */
  totalBytes: number;
}

interface Taken {
  requests: number;
  bytes: number;
}

interface Held {
  listener: Listener;
  partner: Partner | undefined;
  bytes: number;
}

const HELD = Symbol('held');
type Marked = FastifyRequest & { [HELD]?: Held };

export class InFlight {
  readonly #partners = new Map<PartnerId, Taken>();
  readonly #totals = new Map<Listener, number>();
  #requests = 0;
  readonly #awaitingEnd: (() => void)[] = [];

  constructor(private readonly shares: Shares) {}

  /** Resolves when every request is answered, or its line cut, those of health apart. */
  async ended(): Promise<void> {
    while (this.#requests > 0) await new Promise<void>((resolve) => this.#awaitingEnd.push(resolve));
  }

  /** What one partner has taken at this moment. */
  takenBy(partner: PartnerId): Readonly<Taken> {
    return this.#partners.get(partner) ?? { requests: 0, bytes: 0 };
  }

  /**
   * Until the answer has left, or the line was cut.
   * @param partner undefined = nobody's share is counted
   * @throws BrokerError `rate.exceeded`: its requests take all its turns, or their bodies all its memory
   */
  enter(request: FastifyRequest, reply: FastifyReply, partner: Partner | undefined): void {
    const held: Held = { listener: listenerOf(request), partner, bytes: 0 };
    if (held.listener === 'health') return;
    if (partner !== undefined) this.#take(partner);
    this.#requests += 1;
    (request as Marked)[HELD] = held;
    reply.raw.once('close', () => this.#leave(held));
  }

  /**
   * Some more bytes of a body came.
   * @returns why they must not be kept: `rate.exceeded` its sender's share is full, `store.unavailable` everybody's is
   */
  hold(request: FastifyRequest, bytes: number): BrokerError | undefined {
    const held = (request as Marked)[HELD];
    if (held === undefined) return undefined;
    const before = held.bytes;
    held.bytes += bytes;
    const total = (this.#totals.get(held.listener) ?? 0) + bytes;
    this.#totals.set(held.listener, total);
    const { partner } = held;
    if (partner !== undefined) {
      const taken = this.#of(partner);
      const others = taken.bytes - before;
      taken.bytes += bytes;
      if (others > 0 && taken.bytes > this.#bytesOf(partner)) return tooMuch();
    }
    return total > this.shares.totalBytes
      ? new BrokerError('store.unavailable', { retryAfter: 5 })
      : undefined;
  }

  /** A body that is not kept after all. */
  letGo(request: FastifyRequest): void {
    const held = (request as Marked)[HELD];
    if (held !== undefined) this.#giveBack(held);
  }

  #take(partner: Partner): void {
    const taken = this.#of(partner);
    if (taken.requests >= (partner.requestsAtOnce ?? this.shares.requests)) throw tooMuch();
    taken.requests += 1;
    this.#partners.set(partner.id, taken);
  }

  #leave(held: Held): void {
    this.#giveBack(held);
    this.#requests -= 1;
    if (this.#requests === 0) for (const tell of this.#awaitingEnd.splice(0)) tell();
    if (held.partner === undefined) return;
    const taken = this.#of(held.partner);
    taken.requests -= 1;
    if (taken.requests === 0) this.#partners.delete(held.partner.id);
  }

  #giveBack(held: Held): void {
    this.#totals.set(held.listener, (this.#totals.get(held.listener) ?? 0) - held.bytes);
    if (held.partner !== undefined) this.#of(held.partner).bytes -= held.bytes;
    held.bytes = 0;
  }

  #of({ id }: Partner): Taken {
    return this.#partners.get(id) ?? { requests: 0, bytes: 0 };
  }

  #bytesOf({ megabytesAtOnce }: Partner): number {
    return megabytesAtOnce === undefined ? this.shares.bytes : megabytesAtOnce * 1_000_000;
  }
}

function tooMuch(): BrokerError {
  return new BrokerError('rate.exceeded', {
    detail: 'Trop de demandes à la fois : attendez la réponse des premières.',
    retryAfter: 1,
  });
}
