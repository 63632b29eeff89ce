/**
 * The job table with RabbitMQ in front of it, for many processes: the table stays the truth (leases, fencing,
 * retries), RabbitMQ carries ids only, so that any process of the right role acts at once.
 */
import type { Job, Records, Slot, Write } from '#core';
import type { JobQueue, JobQueueOptions, QueueState } from '../job-queue.ts';
import { runUntilEmpty } from '../run-until-empty.ts';
import { Link } from './link.ts';
import { type Announced, Publisher } from './publisher.ts';
import { RabbitLane } from './rabbit-lane.ts';
import { Relay } from './relay.ts';
import { Timetable } from './timetable.ts';
import { Topology } from './topology.ts';

export interface RabbitQueueOptions extends JobQueueOptions {
  /** amqp: or amqps:, with the credentials and the virtual host */
  url: string;
  /** first word of every name in RabbitMQ; `relais` */
  prefix?: string;
  /** how RabbitMQ's own tools name this process */
  name?: string;
  records: JobQueueOptions['records'] & Pick<Records, 'dueJobs'>;
  /** lanes known before they hold a job */
  lanes?(): readonly string[];
  /** a job due for so long whose id is nowhere is announced again; 2 s */
  relayAfterMs?: number;
  /** W3C trace context of the work at hand */
  traceparent?(): string | undefined;
}

const GRACE_MS = 5_000;
const RELAY_AFTER_MS = 2_000;
/** jobs claimed here whose lane is remembered for their retry */
const HELD = 10_000;

export class RabbitQueue implements JobQueue {
  readonly #topology: Topology;
  readonly #lanes = new Map<string, RabbitLane>();
  readonly #held = new Map<string, Announced>();
  readonly #timetable: Timetable<Announced>;
  readonly #publishing: Link;
  readonly #consuming: Link;
  readonly #publisher: Publisher;
  readonly #relay: Relay;
  #closing = new AbortController();
  #stop = new AbortController();
  #poll: NodeJS.Timeout | undefined;

  constructor(private readonly options: RabbitQueueOptions) {
    const { name = 'relais', prefix = 'relais', url } = options;
    const failed = (lane: string, error: unknown) => options.onFailure({ id: '', lane }, error);
    this.#topology = new Topology(prefix);
    // two connections: one that is blocked for publishing still acknowledges
    this.#publishing = new Link({
      url,
      name: `${name} publishes`,
      up: () => this.#publisher.open(),
      failed: (error) => failed('*', error),
    });
    const look = () => {
      this.#look().catch((error: unknown) => failed('*', error));
    };
    this.#consuming = new Link({
      url,
      name: `${name} consumes`,
      // one lane whose queue does not answer must not keep the others waiting
      up: async () => look(),
      failed: (error) => failed('*', error),
    });
    const traceparent = () => options.traceparent?.();
    this.#publisher = new Publisher(this.#publishing, this.#topology, traceparent, failed);
    this.#timetable = new Timetable(options.clock, (job) => this.#announce(job));
    this.#relay = new Relay({
      clock: options.clock,
      records: options.records,
      publisher: this.#publisher,
      relayAfterMs: options.relayAfterMs ?? RELAY_AFTER_MS,
    });
  }

  start(): void {
    this.#closing = new AbortController();
    this.#stop = new AbortController();
    this.#lanes.clear();
    const look = () => {
      this.#look().catch((error: unknown) => this.options.onFailure({ id: '', lane: '*' }, error));
    };
    this.#poll = setInterval(look, this.options.pollMs);
    this.#poll.unref();
    for (const link of [this.#publishing, this.#consuming])
      link.open().catch((error: unknown) => this.options.onFailure({ id: '', lane: '*' }, error));
  }

  async stop(graceMs = this.options.graceMs ?? GRACE_MS): Promise<void> {
    clearInterval(this.#poll);
    this.#poll = undefined;
    this.#closing.abort();
    this.#timetable.clear();
    const stop = this.#stop;
    const grace = setTimeout(() => stop.abort(), graceMs);
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()));
    clearTimeout(grace);
    await this.#consuming.close();
    await this.#publishing.close();
  }

  /** the commit that made the work has told of it: all that is left is to listen */
  ring(lane: string): void {
    if (this.#serves(lane)) this.#lane(lane);
  }

  reserve(lane: string): Slot | undefined {
    return this.#serves(lane) ? this.#lane(lane).reserve() : undefined;
  }

  tried(lane: string, reached: boolean): void {
    this.#lanes.get(lane)?.tried(reached);
  }

  runUntilEmpty(): Promise<number> {
    return runUntilEmpty(this.options, this.#stop.signal);
  }

  state(): QueueState {
    return this.#consuming.state === 'down' ? 'down' : this.#publishing.state;
  }

  committed(writes: readonly Write[]): void {
    for (const { write, values } of writes) {
      if (write === 'job.insert') this.#inserted(values.job);
      else if (write === 'job.retry') this.#retried(values.id, values.runAt);
      else if (write === 'job.finish') this.#held.delete(values.id);
    }
  }

  claimed(jobs: readonly Job[]): void {
    for (const { id, lane, rank } of jobs) {
      this.#held.set(id, { id, lane, rank });
      // fenced ones never end here: the oldest are forgotten
      const [oldest] = this.#held.keys();
      if (this.#held.size > HELD && oldest !== undefined) this.#held.delete(oldest);
    }
  }

  async relay(): Promise<void> {
    if (this.#publishing.state === 'up') await this.#relay.tick();
  }

  #inserted(job: Job): void {
    if (job.lease !== undefined) this.claimed([job]);
    else this.#timetable.at(job.runAt, { id: job.id, lane: job.lane, rank: job.rank });
  }

  #retried(id: string, runAt: string): void {
    const job = this.#held.get(id);
    this.#held.delete(id);
    if (job !== undefined) this.#timetable.at(runAt, job);
  }

  /** RabbitMQ carries a job only when another process must act. */
  #announce(job: Announced): void {
    if (this.#serves(job.lane) && this.#lane(job.lane).offer(job.id, job.rank)) return;
    void this.#publisher.publish(job);
  }

  #serves(lane: string): boolean {
    return this.#poll !== undefined && this.options.serves?.(lane) !== false;
  }

  /** Every lane that holds a job, or is known to come, is consumed. */
  async #look(): Promise<void> {
    const { lanes, records } = this.options;
    const found = new Set([...this.#lanes.keys(), ...(lanes?.() ?? []), ...(await records.lanes())]);
    const served = [...found].filter((lane) => this.#serves(lane));
    await Promise.all(served.map((name) => this.#open(this.#lane(name))));
  }

  async #open(lane: RabbitLane): Promise<void> {
    try {
      if (this.#consuming.connected) await lane.open();
    } catch (error) {
      this.options.onFailure({ id: '', lane: lane.name }, error);
    }
  }

  #lane(name: string): RabbitLane {
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      const { signal } = this.#closing;
      lane = new RabbitLane(name, this.options, this.#consuming, this.#topology, signal, this.#stop.signal);
      this.#lanes.set(name, lane);
      void this.#open(lane);
    }
    return lane;
  }
}
