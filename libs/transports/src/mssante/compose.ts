/** One mail about one patient, as MSSanté wants it (facts/fr-documents §1). */
import MailComposer from 'nodemailer/lib/mail-composer';
import type Mail from 'nodemailer/lib/mailer';
import { BrokerError, type ReadCda } from '#core';
import { bodyOf } from './body.ts';
import { headerAddress, headerText } from './header-text.ts';
import { pdfNameOf, subjectOf } from './names.ts';
import { type MailFile, type Seal, sealedMail } from './sealed-mail.ts';
import { xMssHeaders } from './x-mss.ts';

export interface MailDocument {
  cda: ReadCda;
  /** PDF/A-1 that the CDA encapsulates, or that was made from it */
  pdf?: Uint8Array;
}

export interface MailOrder {
  from: { name: string; address: string };
  to: string;
  messageId: string;
  /** Message-ID of the mail that this one answers */
  inReplyTo?: string;
  attempt: number;
  /** exchange that it belongs to, and the reference to give back: for a recipient's software, which may answer otherwise */
  exchange?: { id: string; subjectRef: string };
  at: Date;
  nil: string;
  production: boolean;
  /** French title of the object */
  title: string;
  text?: string;
  documents: readonly MailDocument[];
  /** IHE_XDM.zip that holds them */
  archive?: Uint8Array;
  /** a PDF that no CDA could be made around: sent as it is */
  loosePdf?: Uint8Array;
  awaitsAnswer: boolean;
  /** a patient may not answer */
  closes: boolean;
}

/**
 * The message as it goes over the wire, CRLF.
 * @param seal S/MIME around all that is not a header
 * @throws BrokerError `mail.header-invalid` when a name or an address would leave its header; `content.invalid` when
 * documents speak of several patients
 */
export async function composeMail(order: MailOrder, seal?: Seal): Promise<Buffer> {
  const { documents, archive, loosePdf } = order;
  const cdas = documents.map(({ cda }) => cda);
  onePatient(cdas);
  const from = { name: headerText(order.from.name), address: headerAddress(order.from.address) };
  const attachments: MailFile[] = [
    ...(archive === undefined ? [] : [file('IHE_XDM.zip', 'application/zip', archive)]),
    ...documents.flatMap(({ cda, pdf }) =>
      pdf === undefined ? [] : [file(pdfNameOf(cda), 'application/pdf', pdf)],
    ),
    ...(loosePdf === undefined ? [] : [file('document.pdf', 'application/pdf', loosePdf)]),
  ];
  const head: Mail.Options = {
    from,
    to: headerAddress(order.to),
    // ECO.2.2.5: an applicative mailbox says where answers go
    replyTo: from.address,
    subject: cdas.length > 0 ? subjectOf(cdas) : headerText(`${order.title} (Relais)`),
    messageId: order.messageId,
    ...(order.inReplyTo === undefined ? {} : { inReplyTo: order.inReplyTo, references: [order.inReplyTo] }),
    date: order.at,
    headers: {
      ...xMssHeaders({
        nil: headerText(order.nil),
        documents: cdas,
        production: order.production,
        closes: order.closes,
      }),
      'Disposition-Notification-To': from.address,
      'X-Relais-Attempt': String(order.attempt),
      ...(order.exchange === undefined
        ? {}
        : {
            'X-Relais-Exchange': order.exchange.id,
            'X-Relais-Subject-Ref': order.exchange.subjectRef,
          }),
    },
    // as the texts write them: whoever counts may not know that case says nothing
    normalizeHeaderKey: (key) => (key.startsWith('X-Mss-') ? key.toUpperCase() : key),
    ...SAFE,
  };
  const content = {
    text: bodyOf({
      sender: from.name,
      ...(order.text === undefined ? {} : { text: order.text }),
      title: order.title,
      attachments: [
        ...(archive === undefined ? [] : (['archive'] as const)),
        ...(loosePdf !== undefined || documents.some(({ pdf }) => pdf !== undefined)
          ? (['pdf'] as const)
          : []),
      ],
      replaces: cdas.some(({ replaces }) => replaces !== undefined),
      awaitsAnswer: order.awaitsAnswer,
      attempt: order.attempt,
    }),
    attachments,
  };
  if (seal !== undefined) return sealedMail(head, content, seal);
  return new MailComposer({ ...head, ...content, textEncoding: 'quoted-printable' }).compile().build();
}

/** Nothing in a mail is fetched from a place that its content names. */
const SAFE = { disableFileAccess: true, disableUrlAccess: true, newline: 'windows' } as const;

function file(filename: string, contentType: string, content: Uint8Array): MailFile {
  return { filename, contentType, content: Buffer.from(content) };
}

/** ECO.2.1.1: the name alone does not tell two people apart. */
function onePatient(cdas: readonly ReadCda[]): void {
  const people = cdas.map(({ patient: { ins, birthName, firstName, birthDate, sex } }) =>
    [ins?.value, birthName, firstName, birthDate, sex].join('|'),
  );
  if (new Set(people).size > 1) throw new BrokerError('content.invalid');
}
