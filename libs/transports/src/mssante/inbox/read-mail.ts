/**
 * A mail as hostile input: mailparser within bounds, ambiguous headers refused, embedded messages not opened. A subject
 * and file names hold the name of a patient: they are for answers, never for a log.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type AttachmentStream, type HeaderLines, MailParser, type MailParserOptions } from 'mailparser';
import { BrokerError } from '#core';
import { idsIn, oneAddress, valuesOf } from './mail-headers.ts';

export interface MailPart {
  /** lower case, without parameters */
  mediaType: string;
  name?: string;
  bytes: Buffer;
}

export interface ReadMail {
  /** the one mailbox in From */
  from?: string;
  messageId?: string;
  /** SHA-256 of the whole, hex: names a mail that has no id */
  fingerprint: string;
  /** ids that it answers, the nearest first */
  answers: readonly string[];
  /** Disposition-Notification-To */
  notifyTo?: string;
  /** as the reader of a mail sees it; names people */
  subject: string;
  /** made by a program that wants no answer (RFC 3834, RFC 8098) */
  automatic: boolean;
  /** `report-type` of a multipart/report */
  report?: string;
  /** S/MIME, whole */
  sealed: boolean;
  /** what its sender says of the documents in it (ECO.2.4.1, 2.4.2) */
  announced: { ins?: boolean; cda: boolean };
  parts: readonly MailPart[];
}

/** splitter bounds that mailparser's typings leave out */
type Bounds = MailParserOptions & { maxChildNodes: number; maxHeadSize: number; ignoreEmbedded: boolean };

const BOUNDS: Bounds = {
  maxChildNodes: 40,
  maxHeadSize: 65_536,
  // what a report returns is not what its sender sends
  ignoreEmbedded: true,
  keepDeliveryStatus: true,
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
};
const LONGEST_MS = 20_000;
const SLICE = 65_536;
const LF = 0x0a;
/** a mail's words are for people: their bytes are not kept */
const TEXTS = ['text/plain', 'text/html'];
/** fields that say who, what and to whom: twice, two readers may believe two things */
const ONCE = ['from', 'message-id', 'in-reply-to', 'disposition-notification-to', 'content-type', 'subject'];

/** @throws BrokerError `mail.malformed` */
export async function readMail(raw: Uint8Array): Promise<ReadMail> {
  if (hasEndlessLine(raw)) throw new BrokerError('mail.malformed');
  const { lines, headers, parts } = await parsed(raw);
  if (ONCE.some((name) => valuesOf(lines, name).length > 1)) throw new BrokerError('mail.malformed');
  const text = (name: string) => valuesOf(lines, name)[0];
  const type = headers.get('content-type') as { value?: string; params?: Record<string, string> } | undefined;
  const mediaType = type?.value?.toLowerCase() ?? 'text/plain';
  const report = mediaType === 'multipart/report' ? type?.params?.['report-type']?.toLowerCase() : undefined;
  const from = oneAddress(text('from'));
  const notifyTo = oneAddress(text('disposition-notification-to'));
  const [messageId] = idsIn(text('message-id') ?? '');
  const submitted = text('auto-submitted')?.toLowerCase() ?? 'no';
  const subject = headers.get('subject');
  const ins = text('x-mss-ins')?.toUpperCase();
  return {
    ...(from === undefined ? {} : { from }),
    ...(messageId === undefined ? {} : { messageId }),
    ...(notifyTo === undefined ? {} : { notifyTo }),
    ...(report === undefined ? {} : { report }),
    fingerprint: createHash('sha256').update(raw).digest('hex'),
    answers: [...idsIn(text('in-reply-to') ?? ''), ...idsIn(text('references') ?? '').reverse()],
    subject: typeof subject === 'string' ? subject : '',
    automatic: report !== undefined || submitted !== 'no',
    sealed: mediaType === 'application/pkcs7-mime' || mediaType === 'application/x-pkcs7-mime',
    announced: {
      ...(ins === undefined ? {} : { ins: ins === 'O' }),
      cda: text('x-mss-codecda') !== undefined,
    },
    parts,
  };
}

/** Fields of a block of headers that stands alone: part 2 of a report. @throws BrokerError `mail.malformed` */
export async function readFields(block: Uint8Array): Promise<HeaderLines> {
  const { lines } = await parsed(
    Buffer.concat([block.subarray(0, BOUNDS.maxHeadSize), Buffer.from('\r\n\r\n')]),
  );
  return lines;
}

/** SMTP has lines of 1000 bytes; some decoders keep a whole one, several times over. */
function hasEndlessLine(raw: Uint8Array): boolean {
  for (let from = 0; from < raw.length; ) {
    const end = raw.indexOf(LF, from);
    if ((end < 0 ? raw.length : end) - from > SLICE) return true;
    if (end < 0) return false;
    from = end + 1;
  }
  return false;
}

interface Parsed {
  lines: HeaderLines;
  headers: Map<string, unknown>;
  parts: MailPart[];
}

function parsed(raw: Uint8Array): Promise<Parsed> {
  return new Promise((resolve, reject) => {
    const parser = new MailParser(BOUNDS);
    // a text is never read here: as an attachment it is not decoded, which could take seconds
    Object.assign(parser, { textTypes: [] });
    const read: Parsed = { lines: [], headers: new Map(), parts: [] };
    const fail = (cause: unknown) => {
      clearTimeout(late);
      parser.removeAllListeners().on('error', () => undefined);
      parser.destroy();
      reject(new BrokerError('mail.malformed', { cause }));
    };
    const late = setTimeout(() => fail(undefined), LONGEST_MS);
    parser.on('error', fail);
    parser.on('headers', (headers) => {
      read.headers = headers;
    });
    parser.on('headerLines', (lines) => {
      read.lines = lines;
    });
    parser.on('data', (part) => {
      if (part.type !== 'attachment') return;
      taken(part).then((one) => {
        if (!TEXTS.includes(one.mediaType)) read.parts.push(one);
      }, fail);
    });
    parser.on('end', () => {
      clearTimeout(late);
      resolve(read);
    });
    Readable.from(slices(raw)).on('error', fail).pipe(parser);
  });
}

/** Others have their turn between two. */
function* slices(raw: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < raw.length; at += SLICE) yield raw.subarray(at, at + SLICE);
}

/** The parser goes on once it is released. */
function taken(part: AttachmentStream): Promise<MailPart> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const kept = !TEXTS.includes(part.contentType.toLowerCase());
    part.content.on('data', (chunk: Buffer) => {
      if (kept) chunks.push(chunk);
    });
    part.content.on('error', reject);
    part.content.on('end', () => {
      resolve({
        mediaType: part.contentType.toLowerCase(),
        ...(part.filename === undefined ? {} : { name: part.filename }),
        bytes: Buffer.concat(chunks),
      });
      part.release();
    });
  });
}
