/** What becomes of one mail: a receipt, an answer, or something for a person. */
import { asBrokerError, type Directory } from '#core';
import { type ReadMail, readMail } from '#transports';
import { type Box, partnerAt } from './box.ts';
import { type Handled, left } from './handled.ts';
import type { Notices } from './notices.ts';
import type { Replies } from './replies.ts';
import type { SealedMail } from './sealed-mail.ts';

export class MailDesk {
  constructor(
    private readonly directory: Pick<Directory, 'all'>,
    private readonly notices: Pick<Notices, 'handle'>,
    private readonly replies: Pick<Replies, 'handle'>,
    private readonly sealed: Pick<SealedMail, 'open'>,
  ) {}

  /** @throws BrokerError when it cannot be decided now: nothing was done */
  async handle(
    box: Box,
    raw: Uint8Array,
    signal: AbortSignal,
  ): Promise<{ mail?: ReadMail; handled: Handled }> {
    let mail: ReadMail;
    try {
      mail = await readMail(raw);
    } catch (error) {
      return { handled: left(asBrokerError(error).code) };
    }
    return { mail, handled: await this.#read(box, mail, raw, signal) };
  }

  async #read(box: Box, mail: ReadMail, raw: Uint8Array, signal: AbortSignal): Promise<Handled> {
    if (mail.report !== undefined) return this.notices.handle(box, mail);
    const sender = partnerAt(this.directory, mail.from);
    // whoever is no partner, or one's own mailbox: nothing is answered to it
    if (sender === undefined || sender.id === box.partner.id) return left('source.mismatch');
    if (mail.automatic) return left('content.invalid', { sender: sender.id });
    let opened = mail;
    try {
      if (mail.sealed) opened = await this.sealed.open(box, sender, mail, raw);
    } catch (error) {
      const problem = asBrokerError(error);
      if (problem.next !== 'reject') throw problem;
      return left(problem.code, { sender: sender.id, answer: 906 });
    }
    return this.replies.handle(box, sender, opened, signal);
  }
}
