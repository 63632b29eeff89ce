/**
 * Puts ids of jobs in the queues of their lanes. Nothing that fails here is an error of the caller: the job is on
 * disk, and the relay finds it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { ConfirmChannel } from 'amqplib';
import type { Link } from './link.ts';
import type { Rank, Topology } from './topology.ts';

/** All that RabbitMQ ever learns of a job: its id, and by the queue its lane and rank. */
export interface Announced {
  id: string;
  lane: string;
  rank: Rank;
}

/** confirmations awaited at once: what comes above is left to the relay */
const OUTSTANDING = 5_000;
/** an id that came back because its queue was missing is sent so often in all */
const SENDS = 3;
const RETURN_MS = 1_000;

export class Publisher {
  #channel: ConfirmChannel | undefined;
  #outstanding = 0;
  #idlers: (() => void)[] = [];
  readonly #declared = new Map<string, Promise<unknown>>();
  /** ids that came back before their confirmation did */
  readonly #returned = new Set<string>();

  constructor(
    private readonly link: Link,
    private readonly topology: Topology,
    /** W3C trace context of the work at hand, if any */
    private readonly traceparent: () => string | undefined,
    private readonly failed: (lane: string, error: unknown) => void,
  ) {}

  /** A new connection: everything is declared again. @throws Error that names what stands otherwise */
  async open(): Promise<void> {
    this.#declared.clear();
    this.#returned.clear();
    const declaring = await this.link.channel();
    await this.topology.declare(declaring);
    await declaring.close();
    const channel = await this.link.confirmChannel();
    channel.on('return', ({ content }) => this.#returned.add(content.toString()));
    channel.on('close', () => {
      if (this.#channel === channel) this.#channel = undefined;
    });
    this.#channel = channel;
  }

  get isOpen(): boolean {
    return this.#channel !== undefined;
  }

  /** Resolves to whether RabbitMQ has it on disk. Never rejects. */
  async publish(job: Announced): Promise<boolean> {
    if (this.link.state !== 'up' || this.#outstanding >= OUTSTANDING) return false;
    this.#outstanding++;
    try {
      let kept = false;
      for (let sends = 0; !kept && sends < SENDS; sends++) {
        await this.#ready(job.lane);
        const outcome = await this.#send(job);
        kept = outcome === 'kept';
        if (outcome === 'failed') break;
        if (outcome !== 'returned') continue;
        // its queue was deleted: RabbitMQ tells the consumers only if they do not find it there again at once
        this.#declared.delete(job.lane);
        await pause(RETURN_MS);
      }
      return kept;
    } catch (error) {
      this.#declared.delete(job.lane);
      this.failed(job.lane, error);
      return false;
    } finally {
      this.#outstanding--;
      if (this.#outstanding === 0) for (const tell of this.#idlers.splice(0)) tell();
    }
  }

  /** Ids that wait in the queues of a lane; queues that are missing are declared. */
  async waiting(lane: string): Promise<Record<Rank, number>> {
    const channel = await this.link.channel();
    const waiting = await this.topology.declareLane(channel, lane);
    await channel.close();
    return waiting;
  }

  /** Everything published was confirmed, or given up. */
  async idle(): Promise<void> {
    while (this.#outstanding > 0) await new Promise<void>((resolve) => this.#idlers.push(resolve));
  }

  #ready(lane: string): Promise<unknown> {
    let declared = this.#declared.get(lane);
    if (declared === undefined) {
      declared = this.waiting(lane);
      this.#declared.set(lane, declared);
    }
    return declared;
  }

  async #send({ id, lane, rank }: Announced): Promise<'kept' | 'returned' | 'failed'> {
    const channel = this.#channel;
    if (channel === undefined) return 'failed';
    const body = JSON.stringify({ job: id });
    const traceparent = this.traceparent();
    const confirmed = await new Promise<boolean>((resolve) => {
      channel.publish(
        this.topology.exchange,
        this.topology.queue(lane, rank),
        Buffer.from(body),
        {
          persistent: true,
          mandatory: true,
          contentType: 'application/json',
          ...(traceparent === undefined ? {} : { headers: { traceparent } }),
        },
        (error) => resolve(error === null),
      );
    });
    // RabbitMQ sends what it could not route back before it confirms
    if (this.#returned.delete(body)) return 'returned';
    return confirmed ? 'kept' : 'failed';
  }
}
