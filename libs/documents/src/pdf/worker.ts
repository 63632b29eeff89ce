/**
 * What runs in the threads. Node loads this file as it stands when the sources run, so it and all that it
 * imports have types only: no decorator, no parameter property, and of `#core` its types alone.
 */
import type { MessagePort } from 'node:worker_threads';
import { move } from 'piscina';
import type { DocumentModel, Finding, PdfProfile } from '#core';
import { DocumentTooLong } from './document-too-long.ts';
import { refusal } from './findings.ts';
import { inspectPdf } from './inspect.ts';
import { renderPdf } from './render.ts';

interface Begun {
  /** told when the work begins: the time limit is about work, not about waiting */
  begun: MessagePort;
}

export async function render(task: { model: DocumentModel; profile: PdfProfile } & Begun): Promise<unknown> {
  task.begun.postMessage('begun');
  try {
    return move(await renderPdf(task.model, task.profile));
  } catch (error) {
    if (error instanceof DocumentTooLong) return refusal(error.code);
    throw error;
  }
}

export async function inspect(task: { pdf: Uint8Array } & Begun): Promise<Finding[]> {
  task.begun.postMessage('begun');
  return inspectPdf(task.pdf);
}
