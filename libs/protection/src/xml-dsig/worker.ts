/**
 * What runs in the threads. Node loads this file as it stands when the sources run, so it and all that it
 * imports have types only: no decorator, no parameter property, and of `#core` its types alone.
 */
import type { VerifiedXml, XmlPlace, XmlSignOrder, XmlVerifyRule } from '#core';
import type { Begun } from '../worker-threads.ts';
import { XmlRefusal, type XmlRefusalReason } from '../xml/xml-refusal.ts';
import { claimedSignerOf } from './claimed-signer.ts';
import { signXml } from './sign.ts';
import { verifyXml } from './verify.ts';

interface Tasks {
  sign: [XmlSignOrder, string];
  verify: [XmlVerifyRule, VerifiedXml];
  claimedSigner: [XmlPlace, string];
}
export type TaskName = keyof Tasks;
export type Order<T extends TaskName> = Tasks[T][0];
export type Result<T extends TaskName> = Tasks[T][1];
export type Outcome<T> = { done: T } | { refused: XmlRefusalReason };

interface Task<T> extends Begun {
  xml: string;
  order: T;
}

export const sign = (task: Task<XmlSignOrder>) => told(task, signXml);
export const verify = (task: Task<XmlVerifyRule>) => told(task, verifyXml);
export const claimedSigner = (task: Task<XmlPlace>) => told(task, claimedSignerOf);

/** A refusal crosses back as a value: an exception would lose its class on the way. */
function told<T, R>({ xml, order, begun }: Task<T>, work: (xml: string, order: T) => R): Outcome<R> {
  begun.postMessage('begun');
  try {
    return { done: work(xml, order) };
  } catch (error) {
    if (error instanceof XmlRefusal) return { refused: error.reason };
    throw error;
  }
}
