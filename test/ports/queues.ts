/** The implementations of the queue port, each on a real store, with a clock that a test moves. */
import { type Bell, type Clock, type Job, type Stage, write } from '#core';
import { DatabaseQueue } from '#queue';
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
  pollMs?: number;
  graceMs?: number;
  serves?(lane: string): boolean;
}

export interface OpenedQueues {
  store: OpenedStore;
  clock: Clock;
  advance(ms: number): void;
  /** another process, as far as the store can tell */
  queue(settings: QueueSettings): Queue;
  /** what queues told of jobs that did not end well: lane and code */
  failures: string[];
  /** stops every queue, removes the store */
  remove(): Promise<void>;
}

/** Every implementation passes the same suite. */
export const QUEUES: readonly { name: string; open(): Promise<OpenedQueues> }[] = STORES.map(
  ({ name, open }) => ({
    name: `the job table on ${name}`,
    async open() {
      const store = await open();
      let ahead = 0;
      const clock = { now: () => new Date(Date.now() + ahead) };
      const failures: string[] = [];
      const queues: DatabaseQueue[] = [];
      return {
        store,
        clock,
        advance: (ms) => {
          ahead += ms;
        },
        queue: ({ handler, ...settings }) => {
          const queue = new DatabaseQueue({
            clock,
            records: store.records,
            unitOfWork: store.unitOfWork,
            handlers: { prepare: handler, deliver: handler } satisfies Record<Stage, Handler>,
            onFailure: ({ lane }, error) => failures.push(`${lane}: ${(error as Error).message}`),
            concurrency: 4,
            leaseMs: 60_000,
            pollMs: 60_000,
            ...settings,
          });
          queues.push(queue);
          return queue;
        },
        failures,
        remove: async () => {
          await Promise.all(queues.map((queue) => queue.stop()));
          await store.remove();
        },
      };
    },
  }),
);

/** The last write of every handler: fenced on the lease. */
export function finish({ id, lease }: Job) {
  return write('job.finish', { id, lease: lease ?? '' });
}
