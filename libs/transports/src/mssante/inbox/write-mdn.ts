/**
 * What Relais answers to a mail that it has read: an MDN where one was asked for (second form of ANS's volet: error in a
 * field of its own, the original in part 3 only), else a plain mail. nodemailer writes the MIME.
 */
import MimeNode from 'nodemailer/lib/mime-node';
import { BrokerError } from '#core';
import { APPLICATION_ERRORS, type ApplicationError } from './application-error.ts';

export interface MailAnswer {
  /** our mailbox, which read the mail */
  from: string;
  to: string;
  /** of the answer, without brackets: the same for the same mail, so that a repeat is known as one */
  messageId: string;
  at: Date;
  /** of the mail that is answered */
  original: { raw: Uint8Array; subject: string; messageId?: string };
  error?: ApplicationError;
}

/** RFC 8098, to the Disposition-Notification-To address. */
export function writeMdn(answer: MailAnswer): Promise<Buffer> {
  const { from, original, error } = answer;
  const report = rootOf(answer, 'multipart/report; report-type=disposition-notification');
  report.createChild('text/plain; charset=utf-8').setContent(words(error));
  const fields = [
    'Reporting-UA: Relais; Relais',
    `Original-Recipient: rfc822;${from}`,
    `Final-Recipient: rfc822;${from}`,
    ...(original.messageId === undefined ? [] : [`Original-Message-ID: <${original.messageId}>`]),
    `Disposition: automatic-action/MDN-sent-automatically; processed${error === undefined ? '' : '/error'}`,
    ...(error === undefined ? [] : [`Error: ${error}^${ascii(APPLICATION_ERRORS[error])}`]),
  ];
  report.createChild('message/disposition-notification').setContent(`${fields.join('\r\n')}\r\n`);
  return built(report, original.raw);
}

/** Where no MDN may be sent. */
export function writeNotice(answer: MailAnswer): Promise<Buffer> {
  const mail = rootOf(answer, 'multipart/mixed');
  mail.createChild('text/plain; charset=utf-8').setContent(words(answer.error));
  return built(mail, answer.original.raw);
}

function rootOf({ from, to, messageId, at, original, error }: MailAnswer, type: string): MimeNode {
  const kept = original.subject.replace(/\s+/g, ' ').slice(0, LONGEST_SUBJECT);
  return new MimeNode(type, { newline: 'win', disableFileAccess: true, disableUrlAccess: true }).setHeader([
    { key: 'From', value: { address: from } },
    { key: 'To', value: { address: to } },
    {
      key: 'Subject',
      value: error === undefined ? kept : `[KO Intégration système !][${error}] ${kept}`,
    },
    { key: 'Date', value: at },
    { key: 'Message-ID', value: `<${messageId}>` },
    ...(original.messageId === undefined
      ? []
      : [
          { key: 'In-Reply-To', value: `<${original.messageId}>` },
          { key: 'References', value: `<${original.messageId}>` },
        ]),
    // RFC 3834: nobody's program answers this one
    { key: 'Auto-Submitted', value: 'auto-replied' },
  ]);
}

async function built(root: MimeNode, original: Uint8Array): Promise<Buffer> {
  const isAscii = original.every((byte) => byte < 128);
  root
    .createChild('message/rfc822')
    .setHeader('Content-Transfer-Encoding', isAscii ? '7bit' : '8bit')
    .setContent(Buffer.from(original));
  try {
    return await root.build();
  } catch (cause) {
    throw new BrokerError('internal', { cause });
  }
}

function words(error: ApplicationError | undefined): string {
  return error === undefined
    ? 'Le document transmis a été pris en charge automatiquement.\n'
    : `Le document transmis n’a pas été pris en charge automatiquement.\nMotif : ${error}, ${APPLICATION_ERRORS[error]}.\n`;
}

/** Fields of a report are ASCII (RFC 8098 §3.1). */
function ascii(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/’/g, "'");
}

const LONGEST_SUBJECT = 400;
