/** S/MIME received, off unless both ends agreed: opened by the mailbox's own pair, signed by whom the partner's agreement names. */
import { X509Certificate } from 'node:crypto';
import { BrokerError, type Clock, type MailSealing, type Partner } from '#core';
import { type ReadMail, readMail } from '#transports';
import type { Box } from './box.ts';

export interface SealedMailOptions {
  sealing: Pick<MailSealing, 'open'>;
  /** why a certificate of the trust space may not sign now; undefined = it may */
  fault(signer: X509Certificate, at: Date): string | undefined;
  clock: Clock;
}

export class SealedMail {
  constructor(private readonly options: SealedMailOptions) {}

  /** The same mail with what was in the envelope. @throws BrokerError `mail.envelope-invalid`, whatever is wrong */
  async open({ mandate }: Box, sender: Partner, mail: ReadMail, raw: Uint8Array): Promise<ReadMail> {
    const signers = sender.channels?.mssante?.signers ?? [];
    if (mandate.encryption === undefined || signers.length === 0) throw refusal();
    const { mime, signer } = await this.options.sealing.open(raw, mandate.encryption);
    const shown = new X509Certificate(signer);
    const agreed = signers.some((pem) => new X509Certificate(pem).fingerprint256 === shown.fingerprint256);
    if (!agreed || this.options.fault(shown, this.options.clock.now()) !== undefined) throw refusal();
    const { parts } = await readMail(mime);
    return { ...mail, parts };
  }
}

const refusal = () => new BrokerError('mail.envelope-invalid');
