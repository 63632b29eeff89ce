/** DSN (RFC 3464): what an operator says of the delivery of a mail. */
import type { HeaderLines } from 'mailparser';
import { idsIn, oneValue } from './mail-headers.ts';
import { type MailPart, type ReadMail, readFields } from './read-mail.ts';
import { addressOf, type MailNotice } from './read-mdn.ts';

/** recipients told of in one report */
const MOST = 20;

/** One notice a recipient; none when it does not say of which mail. @throws BrokerError `mail.malformed` */
export async function readDsn({ report, parts }: ReadMail): Promise<MailNotice[]> {
  const status = parts.find(({ mediaType }) => mediaType === 'message/delivery-status');
  if (report !== 'delivery-status' || status === undefined) return [];
  const original = await originalOf(parts);
  if (original === undefined) return [];
  const notices: MailNotice[] = [];
  // the first block is of the message, each other of one recipient
  const [, ...recipients] = blocksOf(status.bytes);
  for (const block of recipients.slice(0, MOST)) notices.push(noticeOf(original, await readFields(block)));
  return notices;
}

function noticeOf(original: string, fields: HeaderLines): MailNotice {
  const recipient =
    addressOf(oneValue(fields, 'original-recipient') ?? '') ??
    addressOf(oneValue(fields, 'final-recipient') ?? '');
  const action = oneValue(fields, 'action')?.toLowerCase();
  const status = /^[245]\.\d{1,3}\.\d{1,3}/.exec(oneValue(fields, 'status') ?? '')?.[0];
  return {
    original,
    ...(recipient === undefined ? {} : { recipient }),
    ...(action === 'failed'
      ? { outcome: 'refused', code: `dsn.${status ?? 'failed'}` }
      : { outcome: action === 'delivered' ? 'received' : 'nothing' }),
  };
}

/** Of the mail that it returns, whole or its headers. */
async function originalOf(parts: readonly MailPart[]): Promise<string | undefined> {
  const returned = parts.find(({ mediaType }) => RETURNED.includes(mediaType));
  if (returned === undefined) return undefined;
  const end = returned.bytes.indexOf('\r\n\r\n');
  const head = end < 0 ? returned.bytes : returned.bytes.subarray(0, end + 2);
  return idsIn(oneValue(await readFields(head), 'message-id') ?? '')[0];
}

function blocksOf(bytes: Buffer): Buffer[] {
  const text = bytes.subarray(0, 65_536).toString('latin1').replace(/\r?\n/g, '\r\n');
  return text
    .split(/(?:\r\n){2,}/)
    .filter((block) => block.trim() !== '')
    .map((block) => Buffer.from(`${block}\r\n`, 'latin1'));
}

const RETURNED = ['message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers'];
