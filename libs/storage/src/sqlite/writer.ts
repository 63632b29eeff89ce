/** The event loop's side of the writer thread: sends lists, gives each its outcome, starts it again when it dies. */
import { Worker } from 'node:worker_threads';
import { BrokerError } from '#core/errors';
import type { Outcome, Step, StepList } from '../named.ts';
import { packed } from './parcel.ts';
import type { WriterFile } from './writer-thread.ts';

export interface WriterLimits {
  /** lists under way, over which a new one is refused at once */
  lists: number;
  /** bytes of content under way; a single list may exceed it when it is alone */
  bytes: number;
}

interface Pending {
  bytes: number;
  resolve(outcome: Outcome): void;
  reject(error: BrokerError): void;
}

interface Thread {
  worker: Worker;
  /** of this turn of the event loop: they travel together */
  leaving: StepList[];
  pending: Map<number, Pending>;
  ended: Promise<void>;
}

const SOURCE = import.meta.url.endsWith('.ts');
const THREAD = new URL(SOURCE ? './writer-thread.ts' : './writer-thread.js', import.meta.url);

export class Writer {
  readonly #file: WriterFile;
  readonly #limits: WriterLimits;
  #thread: Thread | undefined;
  #closed = false;
  #lastId = 0;
  #lists = 0;
  #bytes = 0;

  constructor(file: WriterFile, limits: WriterLimits) {
    this.#file = file;
    this.#limits = limits;
  }

  /** @throws BrokerError `store.unavailable` when too much is under way, after close(), or when the thread died */
  run(steps: readonly Step[]): Promise<Outcome> {
    const bytes = countBytes(steps);
    const full =
      this.#lists >= this.#limits.lists || (this.#lists > 0 && this.#bytes + bytes > this.#limits.bytes);
    if (this.#closed || full) return Promise.reject(new BrokerError('store.unavailable', { retryAfter: 1 }));
    this.#thread ??= this.#start();
    const thread = this.#thread;
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      if (thread.leaving.push({ id, steps }) === 1) setImmediate(post, thread);
      thread.pending.set(id, { bytes, resolve, reject });
      this.#lists += 1;
      this.#bytes += bytes;
    });
  }

  /** What is under way is finished first. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#thread !== undefined) post(this.#thread);
    this.#thread?.worker.postMessage('close');
    await this.#thread?.ended;
  }

  #start(): Thread {
    const worker = new Worker(THREAD, {
      workerData: this.#file,
      // few objects, many bytes: a large nursery would only stand empty
      resourceLimits: { maxYoungGenerationSizeMb: 6 },
      execArgv: SOURCE ? ['--conditions=source'] : [],
    });
    const pending = new Map<number, Pending>();
    let cause: unknown;
    worker.on('message', (outcomes: Outcome[]) => {
      for (const outcome of outcomes) this.#take(pending, outcome.id)?.resolve(outcome);
    });
    worker.on('error', (error) => {
      cause = error;
    });
    const ended = new Promise<void>((resolve) => {
      worker.on('exit', () => {
        if (this.#thread?.worker === worker) this.#thread = undefined;
        for (const id of [...pending.keys()])
          this.#take(pending, id)?.reject(new BrokerError('store.unavailable', { retryAfter: 1, cause }));
        resolve();
      });
    });
    return { worker, leaving: [], pending, ended };
  }

  #take(pending: Map<number, Pending>, id: number): Pending | undefined {
    const found = pending.get(id);
    if (found === undefined) return undefined;
    pending.delete(id);
    this.#lists -= 1;
    this.#bytes -= found.bytes;
    return found;
  }
}

function countBytes(steps: readonly Step[]): number {
  let bytes = 0;
  for (const { params } of steps)
    for (const value of Object.values(params)) if (value instanceof Uint8Array) bytes += value.byteLength;
  return bytes;
}

function post({ worker, leaving }: Thread): void {
  if (leaving.length === 0) return;
  const parcel = packed(leaving.splice(0));
  worker.postMessage(
    parcel,
    parcel.bytes.map(({ buffer }) => buffer),
  );
}
