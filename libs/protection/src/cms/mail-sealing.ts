/** The MailSealing port: pkijs on worker threads, and `openssl cms` for the one type that pkijs lacks. */
import { BrokerError, type MailSealing, type OpenedMail } from '#core';
import { assertRsaRecipient } from '../certificates/rsa-recipient.ts';
import { WorkerThreads, WorkTooLong } from '../worker-threads.ts';
import type { Outcome } from './worker.ts';

export interface MailSealingOptions {
  /** worker threads at most, started when needed */
  threads: number;
  /** largest sealed mail, bytes (default 40 MiB) */
  maxBytes?: number;
  /** longest work on one mail, milliseconds (default 60 000) */
  workMs?: number;
}

/** @returns the port and `close()`, which lets the work under way finish */
export function createMailSealing({
  threads,
  maxBytes = 40 << 20,
  workMs = 60_000,
}: MailSealingOptions): MailSealing & { close(): Promise<void> } {
  const workers = new WorkerThreads({ worker: './cms/worker', threads, workMs });
  return {
    async seal(mime, order) {
      order.recipients.forEach(assertRsaRecipient);
      const sealed = await workers.run<Uint8Array | undefined>('seal', { mime, order });
      if (sealed !== undefined) return sealed;
      throw new BrokerError('configuration.invalid', {
        detail: 'AES-256-GCM demandé par l’accord : le programme openssl (3.0 ou plus) est introuvable.',
      });
    },
    async open(mime, order) {
      if (mime.byteLength > maxBytes) throw new BrokerError('mail.envelope-invalid');
      const outcome = await workers.run<Outcome<OpenedMail>>('open', { mime, order }).catch(tooLong);
      if ('done' in outcome) return outcome.done;
      throw new BrokerError('mail.envelope-invalid');
    },
    close: () => workers.close(),
  };
}

function tooLong(error: unknown): { refused: true } {
  if (error instanceof WorkTooLong) return { refused: true };
  throw error;
}
