/**
 * The Renderer port: rendering on worker threads, inspection in processes. Neither a long dossier nor a hostile
 * PDF holds up the event loop.
 */
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { BrokerError, type DocumentModel, type Finding, type PdfProfile, type Renderer } from '#core';
import { refusal } from './findings.ts';
import { Inspectors } from './inspectors.ts';
import type { RenderTask } from './worker.ts';

export interface RendererOptions {
  /** worker threads, and as many inspection processes, started when needed */
  threads: number;
  /** longest rendering of one document, milliseconds of work (default 60 000) */
  renderMs?: number;
  /** longest inspection of one received PDF, milliseconds of work (default 10 000) */
  inspectMs?: number;
  /** largest received PDF, bytes (default 50 MiB) */
  inspectBytes?: number;
  /** received PDFs that may wait for their inspection (default 256); beyond: store.unavailable */
  inspectWaiting?: number;
}

const source = import.meta.url.endsWith('.ts');
const WORKER = new URL(source ? './worker.ts' : './worker.js', import.meta.url).href;

/** @returns the port and `close()`, which lets the work under way finish */
export function createRenderer(options: RendererOptions): Renderer & { close(): Promise<void> } {
  const {
    threads,
    renderMs = 60_000,
    inspectMs = 10_000,
    inspectBytes = 50 << 20,
    inspectWaiting = 256,
  } = options;
  let made: Piscina | undefined;
  const pool = () => {
    made ??= new Piscina({
      filename: WORKER,
      // with none, what waits behind a thread that is ended would begin with the next document only
      minThreads: 1,
      maxThreads: threads,
      idleTimeout: 60_000,
      execArgv: source ? ['--conditions=source'] : [],
    });
    return made;
  };
  const inspectors = new Inspectors({
    processes: threads,
    waiting: inspectWaiting,
    milliseconds: inspectMs,
  });

  return {
    async render(model: DocumentModel, profile: PdfProfile): Promise<Uint8Array> {
      const result = await timed(pool(), { model, profile }, renderMs);
      if (result instanceof Uint8Array) return result;
      throw new BrokerError('content.invalid', { findings: [result], detail: result.detail });
    },
    async inspect(pdf: Uint8Array): Promise<Finding[]> {
      if (pdf.byteLength > inspectBytes) return [refusal('pdf.too-large')];
      return inspectors.inspect(pdf);
    },
    async close(): Promise<void> {
      await Promise.all([made?.close(), inspectors.close()]);
    },
  };
}

/** The time limit runs from the moment when a thread begins; past it the thread is ended. */
async function timed(
  pool: Piscina,
  task: Omit<RenderTask, 'begun'>,
  milliseconds: number,
): Promise<Uint8Array | Finding> {
  const { port1: begun, port2 } = new MessageChannel();
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  begun.once('message', () => {
    timer = setTimeout(() => limit.abort(), milliseconds);
  });
  try {
    const rendering: RenderTask = { ...task, begun: port2 };
    return await pool.run(rendering, { name: 'render', signal: limit.signal, transferList: [port2] });
  } catch (error) {
    if (limit.signal.aborted) return refusal('document.too-long');
    throw error;
  } finally {
    clearTimeout(timer);
    begun.close();
  }
}
