/**
 * What runs in the threads. Node loads this file as it stands when the sources run, so it and all that it
 * imports have types only: no decorator, no parameter property, and of `#core` its types alone.
 */
import type { MessagePort } from 'node:worker_threads';
import { move } from 'piscina';
import type { DocumentModel, PdfProfile } from '#core';
import { DocumentTooLong } from './document-too-long.ts';
import { refusal } from './findings.ts';
import { renderPdf } from './render.ts';

export interface RenderTask {
  model: DocumentModel;
  profile: PdfProfile;
  /** told when the work begins: the time limit is about work, not about waiting for a thread */
  begun: MessagePort;
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
