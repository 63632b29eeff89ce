/** An MSSanté operator for a test: the mailbox that service b entrusts to Relais, that of service a, and what a's software writes. */
import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import MailComposer from 'nodemailer/lib/mail-composer';
import { ZipFile } from 'yazl';
import type { SubmissionOrder } from '#core';
import type { CdaDocument } from '#core/cda-document';
import { createClinicalDocuments, writeCda } from '#documents';
import { createMailSealing } from '#protection';
import type { DemoAgreement } from '../../apps/cli/src/demo/channels/channel.ts';
import type { DemoHome } from '../../apps/cli/src/demo/demo-home.ts';
import type { DemoPeople } from '../../apps/cli/src/demo/people.ts';
import {
  type ImapSimulator,
  type Introspection,
  MailAccounts,
  MailStore,
  type StoredMail,
  type StoredMailbox,
  type SubmissionSimulator,
  startImap,
  startSubmission,
} from '../../apps/simulators/src/mssante/index.ts';
import { CDA_WHOLE } from '../../libs/documents/fixtures/cda.ts';
import { ORDER } from '../../libs/documents/fixtures/order.ts';
import { pdfOf } from '../../libs/documents/fixtures/pdf.ts';

export const A_BOX = 'dmst@spsti-a.mssante.fr';
export const B_BOX = 'dmst@spsti-b.mssante.fr';

export interface Operator {
  imap: ImapSimulator;
  submission: SubmissionSimulator;
  /** what Relais reads */
  b: StoredMailbox;
  /** what it writes to */
  a: StoredMailbox;
  agreements: Record<string, DemoAgreement>;
  close(): Promise<void>;
}

/** @param people whose tokens open b's mailbox to doctor b, when its certificate does not */
export async function anOperator(
  { home, paths, clientSecret }: DemoHome,
  people?: DemoPeople,
): Promise<Operator> {
  const text = (path: string) => readFileSync(path, 'utf8');
  const { crt, key } = paths.insi.mandate('spsti-b').mailbox;
  const subject = (path: string) => new X509Certificate(text(path)).subject;
  const store = new MailStore();
  const [a, b] = [store.create(A_BOX), store.create(B_BOX)];
  const introspection = people && {
    url: `${people.psc.issuer}/protocol/openid-connect/token/introspect`,
    clientId: 'relais',
    clientSecret,
  };
  const owner =
    people === undefined || introspection === undefined
      ? { certificateSubject: subject(crt) }
      : { people: [await subOf(introspection, await people.tokenOf('doctor-b'))] };
  const accounts = new MailAccounts(
    [
      { address: A_BOX, certificateSubject: subject(paths.insi.mandate('spsti-a').mailbox.crt) },
      { address: B_BOX, ...owner },
    ],
    introspection,
  );
  const server = paths.insi.server('mssante');
  const tls = { cert: text(server.crt), key: text(server.key), ca: text(paths.insi.ca.crt) };
  const imap = await startImap({ tls, store, accounts, tokenLookMs: 200 });
  const submission = await startSubmission({ tls, store, accounts });
  const file = (path: string) => ({ file: path.slice(home.length + 1) });
  const at = (port: number) => ({ host: 'localhost', port });
  return {
    imap,
    submission,
    a,
    b,
    agreements: {
      'spsti-a': {
        channels: { mssante: { address: A_BOX, signers: [file(paths.insi.mandate('spsti-a').seal.crt)] } },
      },
      'spsti-b': {
        mandate: {
          mailbox: {
            address: B_BOX,
            ...(people === undefined ? { certificate: file(crt), key: file(key) } : {}),
            operator: { submission: at(submission.port), imap: at(imap.port) },
            encryption: {
              certificate: file(paths.partner('spsti-b').enc.crt),
              key: file(paths.partner('spsti-b').enc.key),
            },
            nil: 'FICTIF-0001',
            from: '2026-01-01T00:00:00.000Z',
            to: '2036-01-01T00:00:00.000Z',
          },
        },
      },
    },
    close: async () => {
      await imap.close();
      await submission.close();
    },
  };
}

async function subOf({ url, clientId, clientSecret }: Introspection, token: string): Promise<string> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ token }),
  });
  return ((await answer.json()) as { sub: string }).sub;
}

const documents = createClinicalDocuments({ inspect: async () => [] });

/** What is in an inert PDF, told apart from any other by these words. */
export const aPdf = (words: string): Uint8Array => pdfOf(`(${words})`);

/** A CDA N1 of service a about the worker, as its software makes it. */
export function aCda(changes: Partial<CdaDocument> = {}, pdf: Uint8Array = aPdf('dossier')): Uint8Array {
  const { replaces: _, ...whole } = CDA_WHOLE;
  return writeCda({ ...whole, id: randomUUID(), setId: randomUUID(), version: 1, ...changes }, pdf);
}

export function anArchive(cdas: readonly Uint8Array[], changes: Partial<SubmissionOrder> = {}) {
  return documents.packXdm({ ...ORDER, id: randomUUID(), documents: cdas, ...changes });
}

/** An archive of any files, as `zip` would make it. */
export async function zipOf(files: Readonly<Record<string, Uint8Array | string>>): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const [path, bytes] of Object.entries(files)) zip.addBuffer(Buffer.from(bytes as string), path);
  zip.end();
  return new Uint8Array(await buffer(zip.outputStream));
}

/** METADATA.XML of one document around another: sizes and digests are right, people are not the same. */
export function mismatched(announced: Uint8Array, inside: Uint8Array): Promise<Uint8Array> {
  const { xml, documents: told } = documents.submission({ ...ORDER, documents: [announced] });
  const sha1 = createHash('sha1').update(inside).digest('hex');
  const metadata = xml
    .replace(told[0]?.sha1 ?? '', sha1)
    .replace(`<rim:Value>${announced.length}<`, `<rim:Value>${inside.length}<`);
  return zipOf({ 'IHE_XDM/SUBSET01/METADATA.XML': metadata, 'IHE_XDM/SUBSET01/DOC0001.XML': inside });
}

export interface Writing {
  /** Message-ID of the request, with its brackets */
  answers?: string;
  archive?: Uint8Array;
  /** a second one */
  another?: Uint8Array;
  pdfs?: readonly Uint8Array[];
  from?: string;
  messageId?: string;
  /** asks for a notification; default yes */
  notify?: boolean;
  headers?: Record<string, string>;
}

/** A mail as service a's software would write it. */
export function aLetter({
  answers,
  archive,
  another,
  pdfs = [],
  from = A_BOX,
  messageId,
  notify = true,
  headers = {},
}: Writing) {
  return new MailComposer({
    from,
    to: B_BOX,
    subject: 'XDM/1.0/DDM+Synthèse ADRUN ZOE 31/12/1975',
    messageId: messageId ?? `<${randomUUID()}@spsti-a.mssante.fr>`,
    ...(answers === undefined ? {} : { inReplyTo: answers, references: [answers] }),
    headers: { ...(notify ? { 'Disposition-Notification-To': from } : {}), ...headers },
    text: 'Veuillez trouver le dossier demandé.',
    attachments: [
      ...[archive, another].flatMap((content) =>
        content === undefined
          ? []
          : [{ filename: 'IHE_XDM.ZIP', contentType: 'application/zip', content: Buffer.from(content) }],
      ),
      ...pdfs.map((content) => ({
        filename: 'synthese.pdf',
        contentType: 'application/pdf',
        content: Buffer.from(content),
      })),
    ],
    newline: 'windows',
  })
    .compile()
    .build();
}

/** The same in an S/MIME envelope: its headers stay outside, what they spoke of goes in. */
export async function aSealedLetter(
  letter: Buffer,
  order: {
    signer: { certificate: string; key: string };
    recipient: string;
    cipher?: 'aes-256-cbc' | 'aes-256-gcm';
  },
): Promise<Buffer> {
  const [head = '', body = ''] = splitOnce(letter.toString('latin1'), '\r\n\r\n');
  const lines = head.split(/\r\n(?![ \t])/);
  const isMime = (line: string) => /^(Content-|MIME-Version)/i.test(line);
  const inner = [...lines.filter(isMime), '', body].join('\r\n');
  const sealing = createMailSealing({ threads: 1 });
  try {
    const sealed = await sealing.seal(Buffer.from(inner, 'latin1'), {
      signer: order.signer,
      recipients: [order.recipient],
      cipher: order.cipher ?? 'aes-256-cbc',
    });
    const outer = lines.filter((line) => !isMime(line)).join('\r\n');
    return Buffer.concat([Buffer.from(`${outer}\r\nMIME-Version: 1.0\r\n`, 'latin1'), sealed]);
  } finally {
    await sealing.close();
  }
}

function splitOnce(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  return [text.slice(0, at), text.slice(at + by.length)];
}

export const isHandled = ({ flags }: StoredMail): boolean => flags.has('$Relais');
