/** The XmlSignatures port: xml-crypto on worker threads, since 50 kB cost it a tenth of a second of work. */
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { BrokerError, type VerifiedXml, type XmlPlace, type XmlSignatures, type XmlVerifyRule } from '#core';
import type { Order, Outcome, Result, TaskName } from './worker.ts';
import { XmlRefusal, type XmlRefusalReason } from './xml-refusal.ts';

export interface XmlSignaturesOptions {
  /** worker threads at most, started when needed */
  threads: number;
  /** largest signed document, bytes, where the rule says nothing (default 512 KiB: seconds of work already) */
  maxBytes?: number;
  /** longest work on one document, milliseconds (default 30 000) */
  workMs?: number;
}

const source = import.meta.url.endsWith('.ts');
const WORKER = new URL(source ? './worker.ts' : './worker.js', import.meta.url).href;

/** @returns the port and `close()`, which lets the work under way finish */
export function createXmlSignatures({
  threads,
  maxBytes = 512 << 10,
  workMs = 30_000,
}: XmlSignaturesOptions): XmlSignatures & { close(): Promise<void> } {
  const pool = new Piscina({
    filename: WORKER,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: 60_000,
    execArgv: source ? ['--conditions=source'] : [],
  });

  async function run<T extends TaskName>(name: T, xml: string, order: Order<T>, limit = maxBytes) {
    if (Buffer.byteLength(xml) > limit) throw refused('too-large');
    const outcome = await timed<Result<T>>(pool, name, { xml, order }, workMs);
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
    close: () => pool.close(),
  };
}

/** The time limit runs from the moment when a thread begins; past it the thread is ended. */
async function timed<T>(
  pool: Piscina,
  name: TaskName,
  task: { xml: string; order: unknown },
  milliseconds: number,
): Promise<Outcome<T>> {
  const { port1: begun, port2 } = new MessageChannel();
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  begun.once('message', () => {
    timer = setTimeout(() => limit.abort(), milliseconds);
  });
  try {
    const order = { ...task, begun: port2 };
    return await pool.run(order, { name, signal: limit.signal, transferList: [port2] });
  } catch (error) {
    if (limit.signal.aborted) return { refused: 'too-long' };
    throw error;
  } finally {
    clearTimeout(timer);
    begun.close();
  }
}

function refused(reason: XmlRefusalReason): BrokerError {
  const cause = new XmlRefusal(reason);
  if (reason === 'too-large') return new BrokerError('body.too-large', { cause });
  if (reason === 'doctype') return new BrokerError('xml.doctype', { cause });
  return new BrokerError('xml.signature-invalid', { cause });
}
