/**
 * What runs in the threads. Node loads this file as it stands when the sources run, so it and all that it
 * imports have types only: no decorator, no parameter property, and of `#core` its types alone.
 */
import type { Begun } from '../worker-threads.ts';
import { XmlRefusal } from '../xml/xml-refusal.ts';
import { type DecryptOrder, decryptXml } from './decrypt.ts';
import { type EncryptOrder, encryptXml } from './encrypt.ts';

interface Task<T> extends Begun {
  xml: string;
  order: T;
}

/** Nothing says why: the answer of a decryption is one bit. */
export type Outcome = { done: string } | { refused: true };

export const encrypt = (task: Task<EncryptOrder>) => told(task, encryptXml);
export const decrypt = (task: Task<DecryptOrder>) => told(task, decryptXml);

async function told<T>({ xml, order, begun }: Task<T>, work: (xml: string, order: T) => Promise<string>) {
  begun.postMessage('begun');
  try {
    return { done: await work(xml, order) };
  } catch (error) {
    if (error instanceof XmlRefusal) return { refused: true };
    throw error;
  }
}
