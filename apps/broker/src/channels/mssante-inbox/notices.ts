/** Receipts that come back by mail: MDN by whom we wrote to, DSN by an operator. */
import { asBrokerError, type Delivery, type Directory, type Partner, type Records } from '#core';
import { deliveryOf, domainOf, type MailNotice, mailbox, type ReadMail, readDsn, readMdn } from '#transports';
import type { MailboxService } from '../../mailbox/mailbox.service.ts';
import type { Box } from './box.ts';
import { type Handled, left } from './handled.ts';

export interface NoticesOptions {
  records: Pick<Records, 'delivery' | 'message'>;
  directory: Pick<Directory, 'partner'>;
  mailbox: Pick<MailboxService, 'receipt'>;
}

export class Notices {
  constructor(private readonly options: NoticesOptions) {}

  /** @throws BrokerError when it cannot be said now */
  async handle(box: Box, mail: ReadMail): Promise<Handled> {
    const isDsn = mail.report === 'delivery-status';
    const mdn = isDsn ? undefined : await readMdn(mail);
    const notices = isDsn ? await readDsn(mail) : mdn === undefined ? [] : [mdn];
    if (notices.length === 0) return left('mail.malformed');
    let handled: Handled = { what: 'nothing', mark: 'done' };
    for (const notice of notices) {
      const one = await this.#one(box, mail, notice);
      // of several recipients one is ours
      if (one.what !== 'nothing') handled = one;
    }
    return handled;
  }

  async #one(box: Box, mail: ReadMail, notice: MailNotice): Promise<Handled> {
    const found = await this.#delivery(box, notice);
    if (found === undefined) return { what: 'nothing', mark: 'done', code: 'not-found' };
    const { delivery, recipient, address } = found;
    const named = { sender: recipient.id, deliveryId: delivery.id, messageId: delivery.messageId };
    if (!mayGive(mail, notice, address, box)) {
      const { sender: _, ...told } = named;
      return { what: 'forged', mark: 'left', code: 'source.mismatch', ...told };
    }
    if (notice.outcome === 'nothing') return { what: 'nothing', mark: 'done', ...named };
    try {
      await this.options.mailbox.receipt(recipient, delivery.id, {
        outcome: notice.outcome,
        ...(notice.code === undefined ? {} : { code: notice.code }),
      });
    } catch (error) {
      const problem = asBrokerError(error);
      // a receipt given before says the contrary, or the delivery is over: a person may want to know
      if (problem.next === 'reject') return left(problem.code, named);
      throw problem;
    }
    return { what: 'receipt', mark: 'done', ...named };
  }

  /** One of those that left that mailbox by mail; of anything else no report may speak. */
  async #delivery({ partner, mandate }: Box, { original }: MailNotice) {
    const { records, directory } = this.options;
    const id = deliveryOf(original, mandate.address);
    const delivery: Delivery | undefined = id === undefined ? undefined : await records.delivery(id);
    if (delivery?.transport !== 'mssante') return undefined;
    const message = await records.message(delivery.messageId);
    const recipient: Partner | undefined = directory.partner(delivery.recipient);
    const address = mailbox(recipient?.channels?.mssante?.address ?? '');
    if (recipient === undefined || address === undefined) return undefined;
    // what Relais itself says is said from the mailbox of whoever asked
    if (message?.sender !== partner.id && message?.sender !== 'relais') return undefined;
    return { delivery, recipient, address };
  }
}

/** An MDN speaks for its own mailbox only; a DSN comes from the postmaster of one end or of the other. */
function mayGive(
  { report, from }: ReadMail,
  { recipient }: MailNotice,
  address: string,
  { mandate }: Box,
): boolean {
  if (from === undefined || (recipient !== undefined && recipient !== address)) return false;
  if (report !== 'delivery-status') return from === address;
  if (!/^(mailer-daemon|postmaster)@/i.test(from)) return false;
  const operator = domainOf(from);
  return [address, mandate.address].some(
    (end) => isWithin(operator, domainOf(end)) || isWithin(domainOf(end), operator),
  );
}

function isWithin(domain: string, other: string): boolean {
  return domain === other || (other.includes('.') && domain.endsWith(`.${other}`));
}
