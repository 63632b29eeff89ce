/** The XmlCipher port: xml-encryption on worker threads. */
import { BrokerError, type XmlCipher } from '#core';
import { assertRsaRecipient } from '../certificates/rsa-recipient.ts';
import { WorkerThreads, WorkTooLong } from '../worker-threads.ts';
import type { Outcome } from './worker.ts';

export interface XmlCipherOptions {
  /** worker threads at most, started when needed */
  threads: number;
  /** largest document to decrypt, bytes (default 64 MiB) */
  maxBytes?: number;
  /** longest work on one document, milliseconds (default 30 000) */
  workMs?: number;
}

/** @returns the port and `close()`, which lets the work under way finish */
export function createXmlCipher({
  threads,
  maxBytes = 64 << 20,
  workMs = 30_000,
}: XmlCipherOptions): XmlCipher & { close(): Promise<void> } {
  const workers = new WorkerThreads({ worker: './xml-enc/worker', threads, workMs });
  return {
    async encrypt(xml, order) {
      assertRsaRecipient(order.certificate);
      const outcome = await workers.run<Outcome>('encrypt', { xml, order });
      if ('done' in outcome) return outcome.done;
      // what we encrypt is ours: that it cannot be is our fault
      throw new BrokerError('internal', { next: 'stop' });
    },
    async decrypt(xml, order) {
      if (Buffer.byteLength(xml) > maxBytes) throw new BrokerError('xml.encryption-invalid');
      const outcome = await workers.run<Outcome>('decrypt', { xml, order }).catch(tooLong);
      if ('done' in outcome) return outcome.done;
      throw new BrokerError('xml.encryption-invalid');
    },
    close: () => workers.close(),
  };
}

function tooLong(error: unknown): Outcome {
  if (error instanceof WorkTooLong) return { refused: true };
  throw error;
}
