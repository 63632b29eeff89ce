/** MDN (RFC 8098) as MSSanté software sends it: both forms, error in `Disposition` (2025-04) or in a field of its own. */
import { idsIn, mailbox, oneValue, valuesOf } from './mail-headers.ts';
import { type ReadMail, readFields } from './read-mail.ts';

/** What became of a mail at its reader's. */
export interface MailNotice {
  /** Message-ID of that mail, without brackets */
  original: string;
  /** whose mailbox speaks, where it says so */
  recipient?: string;
  outcome: 'received' | 'opened' | 'filed' | 'refused' | 'nothing';
  /** of a refusal: `mdn.904`, `dsn.5.1.1` */
  code?: string;
}

/** @returns undefined when it is no MDN, or does not say of what. @throws BrokerError `mail.malformed` */
export async function readMdn({ report, parts }: ReadMail): Promise<MailNotice | undefined> {
  const part = parts.find(({ mediaType }) => mediaType === 'message/disposition-notification');
  if (report !== 'disposition-notification' || part === undefined) return undefined;
  const fields = await readFields(part.bytes);
  const disposition = oneValue(fields, 'disposition');
  const [original] = idsIn(oneValue(fields, 'original-message-id') ?? '');
  if (disposition === undefined || original === undefined) return undefined;
  const recipient = addressOf(oneValue(fields, 'final-recipient') ?? '');
  return {
    original,
    ...(recipient === undefined ? {} : { recipient }),
    ...outcomeOf(disposition, valuesOf(fields, 'error')),
  };
}

/** `mode; type/modifier: text` */
function outcomeOf(disposition: string, errors: string[]): Pick<MailNotice, 'outcome' | 'code'> {
  const [, kind = '', modifiers = ''] =
    /;\s*([a-z]+)\s*(?:\/\s*(.*))?$/is.exec(disposition.slice(0, LONGEST)) ?? [];
  const type = kind.toLowerCase();
  const failed = /^(error|failure)\b/i.test(modifiers) || type === 'failed' || type === 'denied';
  if (failed) {
    const told = [modifiers, ...errors].map((text) => /\b(90[0-6])\s*\^/.exec(text.slice(0, LONGEST))?.[1]);
    return { outcome: 'refused', code: `mdn.${told.find((code) => code !== undefined) ?? 'error'}` };
  }
  if (type === 'processed') return { outcome: 'filed' };
  if (type === 'displayed') return { outcome: 'opened' };
  if (type === 'dispatched') return { outcome: 'received' };
  return { outcome: 'nothing' };
}

/** `rfc822; address` */
export function addressOf(value: string): string | undefined {
  const [kind = '', address] = value.split(';');
  if (kind.trim().toLowerCase() !== 'rfc822' || address === undefined) return undefined;
  return mailbox(address.trim().replace(/^<(.*)>$/, '$1'));
}

const LONGEST = 2_000;
