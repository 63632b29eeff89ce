/**
 * What runs in the threads. Node loads this file as it stands when the sources run, so it and all that it
 * imports have types only: no decorator, no parameter property, and of `#core` its types alone.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { MessagePort } from 'node:worker_threads';
import { move } from 'piscina';
import type { DocumentModel, Finding, PdfProfile } from '#core';
import { DocumentTooLong } from './document-too-long.ts';
import { refusal } from './findings.ts';
import { renderPdf } from './render.ts';

export interface RenderTask {
  model: DocumentModel;
  profile: PdfProfile;
  /** told when the work begins: the time limit is about work, not about waiting for a thread */
  begun: MessagePort;
}

export interface InspectTask {
  pdf: Uint8Array;
  milliseconds: number;
}

export async function render({ model, profile, begun }: RenderTask): Promise<unknown> {
  begun.postMessage('begun');
  try {
    return move(await renderPdf(model, profile));
  } catch (error) {
    if (error instanceof DocumentTooLong) return refusal(error.code);
    throw error;
  }
}

const source = import.meta.url.endsWith('.ts');
const INSPECTOR = fileURLToPath(
  new URL(source ? './inspect-process.ts' : './inspect-process.js', import.meta.url),
);
/** megabytes; V8 ends the whole process that outgrows its heap, which is why it is not this one */
const HEAP = 512;

export function inspect({ pdf, milliseconds }: InspectTask): Finding[] {
  const { status, signal, error, stdout } = spawnSync(
    process.execPath,
    [
      ...(source ? ['--conditions=source'] : []),
      `--max-old-space-size=${HEAP}`,
      '--permission',
      '--allow-fs-read=*',
      INSPECTOR,
    ],
    { input: pdf, env: {}, timeout: milliseconds, killSignal: 'SIGKILL', stdio: ['pipe', 'pipe', 'ignore'] },
  );
  if (signal !== null) return [refusal('pdf.too-complex')];
  if (error !== undefined || status !== 0)
    throw new Error(`PDF inspection ended with ${status}`, { cause: error });
  return JSON.parse(stdout.toString('utf8')) as Finding[];
}
