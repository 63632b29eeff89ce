/** The Renderer port on worker threads: neither a long dossier nor a hostile PDF holds up the event loop. */
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { BrokerError, type DocumentModel, type Finding, type PdfProfile, type Renderer } from '#core';
import { refusal } from './findings.ts';

export interface RendererOptions {
  /** worker threads, started when needed */
  threads: number;
  /** longest rendering of one document, milliseconds of work (default 60 000) */
  renderMs?: number;
  /** longest inspection of one received PDF, milliseconds of work (default 10 000) */
  inspectMs?: number;
  /** largest received PDF, bytes (default 50 MiB) */
  inspectBytes?: number;
}

const source = import.meta.url.endsWith('.ts');
const WORKER = new URL(source ? './worker.ts' : './worker.js', import.meta.url).href;

/** The JavaScript heap of a worker; one that wants more is ended alone, with its task */
const HEAP_MB = 512;

/** @returns the port and `close()`, which lets the work under way finish */
export function createRenderer(options: RendererOptions): Renderer & { close(): Promise<void> } {
  const { threads, renderMs = 60_000, inspectMs = 10_000, inspectBytes = 50 << 20 } = options;
  const pool = new Piscina({
    filename: WORKER,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: 60_000,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    execArgv: source ? ['--conditions=source'] : [],
  });

  /** The time limit runs from the moment when a worker begins, not while the task waits for one. */
  async function run<T>(name: string, task: object, milliseconds: number): Promise<T | 'exhausted'> {
    const { port1: begun, port2 } = new MessageChannel();
    const limit = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    begun.once('message', () => {
      timer = setTimeout(() => limit.abort(), milliseconds);
    });
    try {
      return (await pool.run(
        { ...task, begun: port2 },
        { name, signal: limit.signal, transferList: [port2] },
      )) as T;
    } catch (error) {
      if (limit.signal.aborted || isOutOfMemory(error)) return 'exhausted';
      throw error;
    } finally {
      clearTimeout(timer);
      begun.close();
    }
  }

  return {
    async render(model: DocumentModel, profile: PdfProfile): Promise<Uint8Array> {
      const result = await run<Uint8Array | Finding>('render', { model, profile }, renderMs);
      if (result instanceof Uint8Array) return result;
      const finding = result === 'exhausted' ? refusal('document.too-long') : result;
      throw new BrokerError('content.invalid', { findings: [finding], detail: finding.detail });
    },
    async inspect(pdf: Uint8Array): Promise<Finding[]> {
      if (pdf.byteLength > inspectBytes) return [refusal('pdf.too-large')];
      const result = await run<Finding[]>('inspect', { pdf }, inspectMs);
      return result === 'exhausted' ? [refusal('pdf.too-complex')] : result;
    },
    close: () => pool.close(),
  };
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
