/**
 * A thread for each search, ended with it: ldapts reads some malformed answers for ever, synchronously, and one
 * message behind the other by calling itself. Nothing of that reaches the event loop, or the next search.
 */
import { EventEmitter, once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { LdapOrder, LdapOutcome } from './ldap-search.ts';

export interface LdapThreadsOptions {
  /** longest search, its pages together, milliseconds; past it the thread is ended */
  searchMs: number;
  /** at once; who comes later waits */
  threads: number;
}

/** Of objects, MiB: what is not read yet is bounded by bytes, see `ldap-search.ts`. Past it the thread is ended. */
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 };

const source = import.meta.url.endsWith('.ts');
const WORKER = new URL(source ? './ldap-worker.ts' : './ldap-worker.js', import.meta.url);

export class LdapThreads {
  readonly #options: LdapThreadsOptions;
  readonly #running = new Set<Promise<unknown>>();
  readonly #turns = new EventEmitter().setMaxListeners(0);
  readonly #closing = new AbortController();

  constructor(options: LdapThreadsOptions) {
    this.#options = options;
  }

  /** @throws what ended the search: `signal`, the limits, close(), or what the worker threw */
  async search(order: LdapOrder, signal: AbortSignal): Promise<LdapOutcome> {
    const ending = AbortSignal.any([signal, this.#closing.signal]);
    while (this.#running.size >= this.#options.threads) await once(this.#turns, 'free', { signal: ending });
    ending.throwIfAborted();
    const work = this.#run(order, ending);
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
      this.#turns.emit('free');
    }
  }

  /** Cuts short what is under way: a search leaves nothing behind. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#running);
  }

  async #run(order: LdapOrder, ending: AbortSignal): Promise<LdapOutcome> {
    const worker = new Worker(WORKER, {
      workerData: order,
      resourceLimits: LIMITS,
      execArgv: source ? ['--conditions=source'] : [],
    });
    let timer: NodeJS.Timeout | undefined;
    const over = new AbortController();
    try {
      return await new Promise<LdapOutcome>((resolve, reject) => {
        ending.addEventListener('abort', () => reject(ending.reason), { signal: over.signal });
        worker.on('message', (told: 'begun' | LdapOutcome) => {
          if (told !== 'begun') resolve(told);
          else timer = setTimeout(() => reject(new SearchTooLong()), this.#options.searchMs);
        });
        worker.on('error', reject);
        worker.on('exit', () => reject(new SearchCut()));
      });
    } finally {
      clearTimeout(timer);
      over.abort();
      await worker.terminate();
    }
  }
}

/** The search took longer than its limit. */
export class SearchTooLong extends Error {
  constructor() {
    super('search took too long');
    this.name = 'SearchTooLong';
  }
}

/** The thread ended without an answer. */
export class SearchCut extends Error {
  constructor() {
    super('search was cut');
    this.name = 'SearchCut';
  }
}
