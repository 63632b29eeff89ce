/** The implementations of the queue port, each on a real store, with a clock that a test moves. */
import { randomBytes } from 'node:crypto';
import { connect } from 'amqplib';
import { vi } from 'vitest';
import { type Bell, type Clock, type Job, type Stage, type UnitOfWork, write } from '#core';
import { announcing, DatabaseQueue, type JobQueueOptions, type QueueState, RabbitQueue } from '#queue';
import { Topology } from '../../libs/queue/src/rabbitmq/topology.ts';
import { judgedBy, type Program } from '../peers/programs.ts';
import { hasRabbit, rabbitUrl } from '../services/rabbitmq.ts';
import { type OpenedStore, STORES } from './stores.ts';

export type Handler = (job: Job, signal: AbortSignal) => Promise<void>;

export interface Queue extends Bell {
  start(): void;
  stop(): Promise<void>;
  runUntilEmpty(): Promise<number>;
}

export interface QueueSettings {
  handler: Handler;
  concurrency?: number;
  leaseMs?: number;
  /** also how old what nobody announced must be, where somebody looks for it */
  pollMs?: number;
  graceMs?: number;
  serves?(lane: string): boolean;
}

export interface OpenedQueues {
  /** what it commits is announced */
  store: OpenedStore;
  /** commits of a process that died before it could announce them */
  quiet: UnitOfWork;
  clock: Clock;
  advance(ms: number): void;
  /** another process, as far as the store can tell */
  queue(settings: QueueSettings): Queue;
  /** what queues told of jobs that did not end well: lane and code */
  failures: string[];
  /** stops every queue, removes the store */
  remove(): Promise<void>;
}

interface Implementation {
  name: string;
  /** what this machine must have */
  needs: readonly Program[];
  open(): Promise<OpenedQueues>;
}

const LANES = ['prepare', 'spsti-a', 'cnam', 'dmp', 'dead'];
const POLL_MS = 60_000;

/** A world that a test moves, and what every implementation is given in it. */
async function aWorld(open: () => Promise<OpenedStore>) {
  const store = await open();
  let ahead = 0;
  const clock = { now: () => new Date(Date.now() + ahead) };
  const failures: string[] = [];
  const queues: Queue[] = [];
  const optionsOf = ({ handler, ...settings }: QueueSettings): Omit<JobQueueOptions, 'records'> => ({
    clock,
    unitOfWork: store.unitOfWork,
    handlers: { prepare: handler, deliver: handler } satisfies Record<Stage, Handler>,
    onFailure: ({ lane }, error) => failures.push(`${lane}: ${(error as Error).message}`),
    concurrency: 4,
    leaseMs: 60_000,
    pollMs: POLL_MS,
    ...settings,
  });
  return {
    world: {
      store,
      quiet: store.unitOfWork,
      clock,
      advance: (ms: number) => {
        ahead += ms;
      },
      failures,
      remove: async () => {
        await Promise.all(queues.map((queue) => queue.stop()));
        await store.remove();
      },
    },
    optionsOf,
    queues,
  };
}

function onTable({ name, isThere, open }: (typeof STORES)[number]): Implementation {
  return {
    name: `the job table on ${name}`,
    needs: isThere ? [] : ['postgres'],
    async open() {
      const { world, optionsOf, queues } = await aWorld(open);
      const told: DatabaseQueue[] = [];
      // each process is told of its own commits; here they are one process to the store
      world.store.unitOfWork = announcing(world.quiet, () => ({
        committed: (writes) => {
          for (const queue of told) queue.committed(writes);
        },
        claimed: () => undefined,
      }));
      return {
        ...world,
        queue: (settings) => {
          const queue = new DatabaseQueue({ ...optionsOf(settings), records: world.store.records });
          told.push(queue);
          queues.push(queue);
          return queue;
        },
      };
    },
  };
}

export interface RabbitWorld extends OpenedQueues {
  url: string;
  topology: Topology;
  /** the process that takes messages in, and does nothing else */
  intake: RabbitQueue;
  queue(settings: QueueSettings): RelayedQueue;
}

/** Queues before a store, under names of their own on one RabbitMQ. */
export async function aRabbitWorld(open: () => Promise<OpenedStore>, url: string): Promise<RabbitWorld> {
  const prefix = `test-${randomBytes(6).toString('hex')}`;
  const { world, optionsOf, queues } = await aWorld(open);
  const { quiet } = world;
  const { records } = world.store;
  const intake = new RabbitQueue({
    ...optionsOf({ handler: () => Promise.reject(new Error('serves nothing')), serves: () => false }),
    url,
    prefix,
    records,
  });
  intake.start();
  queues.push(intake);
  await vi.waitUntil(() => intake.state() === 'up', { timeout: 20_000, interval: 5 });
  world.store.unitOfWork = announcing(quiet, () => intake);
  const topology = new Topology(prefix);
  return {
    ...world,
    url,
    topology,
    intake,
    queue: (settings) => {
      const { pollMs = POLL_MS } = settings;
      const queue = new RabbitQueue({ ...optionsOf(settings), url, prefix, records, relayAfterMs: pollMs });
      const relayed = relaying(queue, pollMs, (error) => world.failures.push((error as Error).message));
      queues.push(relayed);
      return relayed;
    },
    remove: async () => {
      await world.remove();
      const connection = await connect(url);
      const channel = await connection.createChannel();
      await channel.deleteExchange(topology.exchange);
      await channel.deleteQueue(topology.dead);
      for (const lane of LANES)
        for (const rank of [0, 1] as const) await channel.deleteQueue(topology.queue(lane, rank));
      await connection.close();
    },
  };
}

function onRabbit({ name, isThere, open }: (typeof STORES)[number]): Implementation {
  return {
    name: `RabbitMQ on ${name}`,
    needs: [...(isThere ? [] : (['postgres'] as const)), ...(hasRabbit() ? [] : (['rabbitmq'] as const))],
    open: async () => aRabbitWorld(open, await rabbitUrl()),
  };
}

export interface RelayedQueue extends Queue {
  state(): QueueState;
  /** one turn of the relay */
  relay(): Promise<void>;
}

/** With the relay beside it, which in a broker is the keeper's. */
function relaying(queue: RabbitQueue, everyMs: number, failed: (error: unknown) => void): RelayedQueue {
  let timer: NodeJS.Timeout | undefined;
  const turn = () => {
    timer = setTimeout(() => void queue.relay().catch(failed).finally(turn), everyMs);
  };
  return {
    start: () => {
      queue.start();
      turn();
    },
    stop: async () => {
      clearTimeout(timer);
      await queue.stop();
      clearTimeout(timer);
    },
    state: () => queue.state(),
    relay: () => queue.relay(),
    runUntilEmpty: () => queue.runUntilEmpty(),
    ring: (lane) => queue.ring(lane),
    reserve: (lane) => queue.reserve(lane),
  };
}

/** `suite` on every queue and store; what is missing is listed as not run, or fails when services are required. */
export function onEveryQueue(suite: (queue: Implementation) => void): void {
  for (const queue of [...STORES.map(onTable), ...STORES.map(onRabbit)]) {
    if (queue.needs.length === 0) suite(queue);
    else judgedBy(queue.needs, `a queue: ${queue.name}`, () => suite(queue));
  }
}

/** The last write of every handler: fenced on the lease. */
export function finish({ id, lease }: Job) {
  return write('job.finish', { id, lease: lease ?? '' });
}
