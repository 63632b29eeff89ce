/**
 * What runs in the threads. Node loads this file as it stands when the sources run, so it and all that it
 * imports have types only: no decorator, no parameter property, and of `#core` its types alone.
 */
import type { MailSealOrder, OpenedMail } from '#core';
import type { Begun } from '../worker-threads.ts';
import { CmsRefusal } from './cms-refusal.ts';
import { type OpenOrder, openMail } from './open.ts';
import { sealMail } from './seal.ts';

interface Task<T> extends Begun {
  mime: Uint8Array;
  order: T;
}

/** Nothing says why: the answer to who sent the envelope is one bit. */
export type Outcome<T> = { done: T } | { refused: true };

export function seal({ mime, order, begun }: Task<MailSealOrder>): Promise<Uint8Array | undefined> {
  begun.postMessage('begun');
  return sealMail(mime, order);
}

export async function open({ mime, order, begun }: Task<OpenOrder>): Promise<Outcome<OpenedMail>> {
  begun.postMessage('begun');
  try {
    return { done: await openMail(mime, order) };
  } catch (error) {
    if (error instanceof CmsRefusal) return { refused: true };
    throw error;
  }
}
