/**
 * Software of a service that is reached by secure health mail alone: reads its mailbox, notifies that it has, answers a
 * request with the dossier that it holds, or says that it holds none.
 */
import MailComposer from 'nodemailer/lib/mail-composer';
import MimeNode from 'nodemailer/lib/mime-node';
import { type Letter, readLetter } from './letter.ts';
import { archiveOf, dossierCda, type ReplyDossier } from './reply-documents.ts';

export interface ServiceByMailOptions {
  address: string;
  /** mails that have come since the last look */
  fetch(): Promise<readonly Buffer[]>;
  /** gives a mail to the operator, in the name of `address` */
  submit(to: string, raw: Buffer): Promise<void>;
  /** `<BIRTH NAME> <YYYYMMDD>` → dossier */
  dossiers: Readonly<Record<string, ReplyDossier>>;
  /** answers in another way than by mail */
  answer?(letter: Letter): Promise<void>;
  /** ms between two looks */
  everyMs?: number;
  /** takes and answers nothing more than a notification */
  silent?: boolean;
}

export interface ServiceByMail {
  /** mails read so far, oldest first; what machines say left out */
  readonly letters: readonly Letter[];
  /** mails that could not be read or answered */
  readonly failures: readonly unknown[];
  close(): Promise<void>;
}

export function startServiceByMail(options: ServiceByMailOptions): ServiceByMail {
  const letters: Letter[] = [];
  const failures: unknown[] = [];
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  let looking = Promise.resolve();

  const look = async () => {
    try {
      for (const raw of await options.fetch()) {
        const letter = await readLetter(raw);
        if (letter === undefined) continue;
        letters.push(letter);
        if (letter.notifyTo !== undefined)
          await options.submit(letter.notifyTo, await notification(options, letter));
        if (options.answer !== undefined) await options.answer(letter);
        else if (options.silent !== true && letter.cda !== undefined) await answer(options, letter);
      }
    } catch (error) {
      failures.push(error);
    }
  };
  const turn = () => {
    looking = look().then(() => {
      if (!ended) timer = setTimeout(turn, options.everyMs ?? 100);
    });
  };
  turn();
  return {
    letters,
    failures,
    close: async () => {
      ended = true;
      clearTimeout(timer);
      await looking;
      clearTimeout(timer);
    },
  };
}

async function answer({ address, submit, dossiers }: ServiceByMailOptions, letter: Letter): Promise<void> {
  const { cda, from, messageId } = letter;
  if (cda === undefined) return;
  const dossier = dossiers[`${cda.patient.birthName} ${cda.patient.birthTime}`];
  const head = { from: address, to: from, inReplyTo: messageId, references: [messageId], newline: 'windows' };
  const nobody = { 'X-MSS-NIL': 'FICTIF-A' };
  if (dossier === undefined) {
    const words = 'Nous ne détenons pas de dossier transmissible pour cette personne.';
    const mail = new MailComposer({
      ...head,
      subject: 'Réponse à votre demande',
      text: words,
      headers: nobody,
    });
    return submit(from, await mail.compile().build());
  }
  const { cda: document, id, pdf } = await dossierCda(cda, dossier);
  const { birthName, firstName, birthTime = '' } = cda.patient;
  const born = birthTime.replace(/^(\d{4})(\d{2})(\d{2}).*/, '$3/$2/$1');
  const mail = new MailComposer({
    ...head,
    subject: `XDM/1.0/DDM+Synthèse ${birthName} ${firstName} ${born}`,
    text: 'Veuillez trouver le dossier demandé.',
    headers: {
      ...nobody,
      'X-MSS-CODECDA': 'SYNTH',
      'X-MSS-INS': 'O',
      'Disposition-Notification-To': address,
    },
    attachments: [
      {
        filename: 'IHE_XDM.zip',
        contentType: 'application/zip',
        content: await archiveOf(document, id, cda),
      },
      {
        filename: `${dossier.lastVisit.replaceAll('-', '')}_Synthèse_${birthName}_${firstName}.pdf`,
        contentType: 'application/pdf',
        content: pdf,
      },
    ],
  });
  await submit(from, await mail.compile().build());
}

/** RFC 8098, the newer form of the MSSanté volet. */
function notification(
  { address }: ServiceByMailOptions,
  { from, messageId, subject }: Letter,
): Promise<Buffer> {
  const report = new MimeNode('multipart/report; report-type=disposition-notification', {
    newline: 'windows',
  });
  report.setHeader('From', address);
  report.setHeader('To', from);
  report.setHeader('Subject', subject);
  report.setHeader('In-Reply-To', messageId);
  report.setHeader('References', messageId);
  report
    .createChild('text/plain; charset=utf-8')
    .setContent('Votre message a été traité par notre logiciel.');
  const fields = [
    'Reporting-UA: spsti-a.example; logiciel fictif',
    `Final-Recipient: rfc822;${address}`,
    `Original-Message-ID: ${messageId}`,
    'Disposition: automatic-action/MDN-sent-automatically; processed',
    '',
  ];
  report.createChild('message/disposition-notification').setContent(fields.join('\r\n'));
  return report.build();
}
