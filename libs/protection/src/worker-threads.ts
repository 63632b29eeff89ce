/** Heavy work on worker threads: piscina, with a limit on the work itself. */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';

/** What a worker gets beside its own order. */
export interface Begun {
  /** told when the work begins: the time limit is about work, not about waiting for a thread */
  begun: MessagePort;
}

export interface WorkerThreadsOptions {
  /** the worker's file, seen from here, without its extension: `./xml-dsig/worker` */
  worker: string;
  /** at most, started when needed; all but one end after a minute without work */
  threads: number;
  /** longest work on one order, milliseconds; past it the thread is ended */
  workMs: number;
}

/** The work took longer than its limit. */
export class WorkTooLong extends Error {
  constructor() {
    super('work took too long');
    this.name = 'WorkTooLong';
  }
}

const source = import.meta.url.endsWith('.ts');

export class WorkerThreads {
  readonly #options: WorkerThreadsOptions;
  #made: Piscina | undefined;

  constructor(options: WorkerThreadsOptions) {
    this.#options = options;
  }

  /** Made with the first order: many brokers never have one. */
  get #pool(): Piscina {
    const { worker, threads } = this.#options;
    this.#made ??= new Piscina({
      filename: new URL(`${worker}.${source ? 'ts' : 'js'}`, import.meta.url).href,
      // with none, what waits behind a thread that is ended would begin with the next order only
      minThreads: 1,
      maxThreads: threads,
      idleTimeout: 60_000,
      execArgv: source ? ['--conditions=source'] : [],
    });
    return this.#made;
  }

  /** @throws WorkTooLong, or what the worker threw */
  async run<T>(name: string, order: object): Promise<T> {
    const { port1: begun, port2 } = new MessageChannel();
    const limit = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    begun.once('message', () => {
      timer = setTimeout(() => limit.abort(), this.#options.workMs);
    });
    try {
      const task = { ...order, begun: port2 };
      return await this.#pool.run(task, { name, signal: limit.signal, transferList: [port2] });
    } catch (error) {
      throw limit.signal.aborted ? new WorkTooLong() : error;
    } finally {
      clearTimeout(timer);
      begun.close();
    }
  }

  /** Lets the work under way finish. */
  async close(): Promise<void> {
    await this.#made?.close();
  }
}
