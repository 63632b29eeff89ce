/** A mail whose headers stay outside, as routing, threads and receipts want them, and whose content is in an envelope. */
import MailComposer from 'nodemailer/lib/mail-composer';
import type Mail from 'nodemailer/lib/mailer';
import MimeNode from 'nodemailer/lib/mime-node';

/** @param mime an entity that holds the content alone. @returns an entity around it */
export type Seal = (mime: Uint8Array) => Promise<Uint8Array>;

export interface MailFile {
  filename: string;
  contentType: string;
  content: Buffer;
}

export async function sealedMail(
  head: Mail.Options,
  { text, attachments }: { text: string; attachments: readonly MailFile[] },
  seal: Seal,
): Promise<Buffer> {
  const rules = { newline: 'windows', disableFileAccess: true, disableUrlAccess: true } as const;
  // a child: a root would be given a date and a message id of its own
  const entity = new MimeNode('multipart/mixed', rules).createChild('multipart/mixed', rules);
  entity.createChild('text/plain; charset=utf-8', { ...rules, textEncoding: 'Q' }).setContent(text);
  for (const { filename, contentType, content } of attachments)
    entity
      .createChild(contentType, { ...rules, filename })
      .setHeader({ 'Content-Transfer-Encoding': 'base64', 'Content-Disposition': 'attachment' })
      .setContent(content);
  const outer = new MailComposer(head).compile();
  // the entity that follows says what it is
  outer.setHeader({ 'Content-Type': '', 'Content-Transfer-Encoding': '' });
  return Buffer.concat([Buffer.from(`${outer.buildHeaders()}\r\n`), await seal(await entity.build())]);
}
