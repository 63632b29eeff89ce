/** A mail as a service's software reads it: who asks, about whom. */
import { simpleParser } from 'mailparser';
import { fromBufferPromise } from 'yauzl';
import { type ReadCda, readCda } from '../../dmp/read-cda.ts';

export interface Letter {
  messageId: string;
  from: string;
  subject: string;
  headers: ReadonlyMap<string, unknown>;
  notifyTo: string | undefined;
  cda: ReadCda | undefined;
  /** as it lay in the archive */
  cdaBytes: Buffer | undefined;
  archive: Buffer | undefined;
  pdfs: readonly { name: string; bytes: Buffer }[];
  text: string;
}

/** @returns undefined for what a machine says: delivery reports, notifications */
export async function readLetter(raw: Buffer): Promise<Letter | undefined> {
  const mail = await simpleParser(raw, { keepDeliveryStatus: true });
  const type = (mail.headers.get('content-type') as { value?: string } | undefined)?.value;
  const from = mail.from?.value[0]?.address;
  if (type === 'multipart/report' || from === undefined || mail.messageId === undefined) return undefined;
  const archive = mail.attachments.find(({ filename = '' }) => /^IHE_XDM\.ZIP$/i.test(filename))?.content;
  const cdaBytes = archive === undefined ? undefined : await firstDocument(archive);
  const notifyTo = mail.headers.get('disposition-notification-to');
  return {
    messageId: mail.messageId,
    from,
    subject: mail.subject ?? '',
    headers: mail.headers,
    notifyTo: notifyTo === undefined ? undefined : from,
    cda: cdaBytes === undefined ? undefined : readCda(cdaBytes),
    cdaBytes,
    archive,
    pdfs: mail.attachments
      .filter(({ contentType }) => contentType === 'application/pdf')
      .map(({ filename = '', content }) => ({ name: filename, bytes: content })),
    text: mail.text ?? '',
  };
}

/** The first document of the first submission set. */
async function firstDocument(archive: Buffer): Promise<Buffer | undefined> {
  const zip = await fromBufferPromise(archive, { lazyEntries: true, autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      if (!/^IHE_XDM\/[^/]+\/DOC\d+\.XML$/i.test(entry.fileName)) continue;
      const chunks: Buffer[] = [];
      for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    }
    return undefined;
  } finally {
    zip.close();
  }
}
