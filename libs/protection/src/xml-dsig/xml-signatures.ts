/** The XmlSignatures port: xml-crypto on worker threads, since 50 kB cost it a tenth of a second of work. */
import { BrokerError, type VerifiedXml, type XmlPlace, type XmlSignatures, type XmlVerifyRule } from '#core';
import { WorkerThreads, WorkTooLong } from '../worker-threads.ts';
import { XmlRefusal, type XmlRefusalReason } from '../xml/xml-refusal.ts';
import type { Order, Outcome, Result, TaskName } from './worker.ts';

export interface XmlSignaturesOptions {
  /** worker threads at most, started when needed */
  threads: number;
  /** largest signed document, bytes, where the rule says nothing (default 256 KiB: up to two seconds of work) */
  maxBytes?: number;
  /** longest work on one document, milliseconds (default 30 000) */
  workMs?: number;
}

/** @returns the port and `close()`, which lets the work under way finish */
export function createXmlSignatures({
  threads,
  maxBytes = 256 << 10,
  workMs = 30_000,
}: XmlSignaturesOptions): XmlSignatures & { close(): Promise<void> } {
  const workers = new WorkerThreads({ worker: './xml-dsig/worker', threads, workMs });

  async function run<T extends TaskName>(name: T, xml: string, order: Order<T>, limit = maxBytes) {
    if (Buffer.byteLength(xml) > limit) throw refused('too-large');
    const outcome = await workers.run<Outcome<Result<T>>>(name, { xml, order }).catch(tooLong);
    if ('refused' in outcome) throw refused(outcome.refused);
    return outcome.done;
  }

  return {
    async sign(xml, order) {
      try {
        return await run('sign', xml, order, Number.POSITIVE_INFINITY);
      } catch (error) {
        // what we sign is ours: that it cannot be signed is our fault, whoever asked
        throw new BrokerError('internal', { next: 'stop', cause: error });
      }
    },
    claimedSigner: (xml: string, place: XmlPlace): Promise<string> => run('claimedSigner', xml, place),
    verify: (xml: string, rule: XmlVerifyRule): Promise<VerifiedXml> =>
      run('verify', xml, rule, rule.maxBytes),
    close: () => workers.close(),
  };
}

function tooLong(error: unknown): { refused: XmlRefusalReason } {
  if (error instanceof WorkTooLong) return { refused: 'too-long' };
  throw error;
}

function refused(reason: XmlRefusalReason): BrokerError {
  const cause = new XmlRefusal(reason);
  if (reason === 'too-large') return new BrokerError('body.too-large', { cause });
  if (reason === 'doctype') return new BrokerError('xml.doctype', { cause });
  return new BrokerError('xml.signature-invalid', { cause });
}
