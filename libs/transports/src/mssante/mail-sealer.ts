/** S/MIME for what is sent, off unless the recipient's agreement asks for it: who signs, who may open, judged now. */
import { X509Certificate } from 'node:crypto';
import { BrokerError, type Clock, type MailboxMandate, type MailSealing, type MssanteChannel } from '#core';
import type { Seal } from './sealed-mail.ts';

export interface MailSealerOptions {
  sealing: Pick<MailSealing, 'seal'>;
  /** why a certificate of the trust space may not serve for that now; undefined = it may */
  fault(certificate: X509Certificate, purpose: 'seal' | 'encryption', at: Date): string | undefined;
  clock: Clock;
}

export class MailSealer {
  constructor(private readonly options: MailSealerOptions) {}

  /**
   * @returns undefined when nothing was agreed
   * @throws BrokerError `mandate.missing` without a signature in force of who sends; `recipient.key-invalid` when no
   * certificate of the recipient may be sealed to now: an agreed envelope is never left out
   */
  sealFor(
    { signature }: Pick<MailboxMandate, 'signature'>,
    { sealing }: Pick<MssanteChannel, 'sealing'>,
  ): Seal | undefined {
    if (sealing === undefined) return undefined;
    const { cipher, certificates } = sealing;
    if (signature === undefined)
      throw new BrokerError('mandate.missing', {
        next: 'stop',
        detail: 'Mail scellé demandé par l’accord : aucune signature dans le mandat de messagerie.',
      });
    const unfit = this.#fault(signature.certificate, 'seal');
    if (unfit !== undefined)
      throw new BrokerError('mandate.missing', {
        next: 'stop',
        detail: `Signature du mandat de messagerie refusée : ${unfit}`,
      });
    const faults = certificates.map((pem) => this.#fault(pem, 'encryption'));
    const recipients = certificates.filter((_, n) => faults[n] === undefined);
    if (recipients.length === 0)
      throw new BrokerError('recipient.key-invalid', {
        detail: `certificats de messagerie refusés : ${[...new Set(faults)].join(', ')}`,
      });
    return (mime) => this.options.sealing.seal(mime, { signer: signature, recipients, cipher });
  }

  #fault(pem: string, purpose: 'seal' | 'encryption'): string | undefined {
    try {
      return this.options.fault(new X509Certificate(pem), purpose, this.options.clock.now());
    } catch {
      return 'unreadable';
    }
  }
}
