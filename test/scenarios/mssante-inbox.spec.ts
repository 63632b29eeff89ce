import { randomUUID } from 'node:crypto';
import { simpleParser } from 'mailparser';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  A_BOX,
  aCda,
  aLetter,
  anArchive,
  anOperator,
  aPdf,
  B_BOX,
  isHandled,
  type Operator,
  type Writing,
} from '../builders/mssante.ts';
import {
  arrived,
  asked,
  exchangesOf,
  type Json,
  journal,
  rows,
  seen,
  until,
} from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

/** Service a answers by mail; what a mail does wrong on purpose is in test/hostile/mail-in.spec.ts. */
describe('a dossier that comes back by MSSanté', () => {
  let relais: TestRelais;
  let operator: Operator;
  beforeAll(async () => {
    relais = await aRelais(
      { RELAIS_MSSANTE_LOOPBACK: 'on' },
      {
        agreements: async (demo) => {
          operator = await anOperator(demo);
          return operator.agreements;
        },
      },
    );
  });
  afterEach(() => {
    operator.imap.behave({});
    operator.submission.behave({});
  });
  afterAll(async () => {
    await relais.close();
    await operator.close();
  });

  /** A request, and the Message-ID of the mail that carried it. */
  async function request(): Promise<{ id: string; exchange: string; mail: string }> {
    const id = await asked(relais);
    const exchange = await eventually(async () => exchangesOf(relais, id)[0]);
    const delivery = await eventually(
      async () => rows(relais, 'SELECT id FROM delivery WHERE message_id = ?', exchange.request_id)[0],
    );
    return { id, exchange: exchange.id, mail: `<${delivery['id']}@spsti-b.mssante.fr>` };
  }

  const handled = async (writing: Writing) => {
    const mail = operator.b.append(await aLetter(writing));
    await eventually(async () => isHandled(mail));
    return mail;
  };
  const entriesOf = (what: string) =>
    journal(relais).filter(({ kind, details }) => kind === 'mail.read' && details?.['what'] === what);
  /** what Relais answered to that mail */
  const answered = async (original: string) =>
    eventually(async () => {
      for (const { raw } of operator.a.mails) {
        const mail = await simpleParser(raw, { keepDeliveryStatus: true });
        if (mail.inReplyTo === original) return mail;
      }
      return undefined;
    });

  it('is the answer of its exchange: the PDF of the CDA, the day of the act, and a notification', async () => {
    const { id, mail } = await request();
    const messageId = `<${randomUUID()}@spsti-a.mssante.fr>`;
    const letter = await handled({ answers: mail, archive: await anArchive([aCda()]), messageId });
    expect(letter.flags).toEqual(new Set(['$Relais', '\\Seen']));
    const view = await until(relais, id, ({ best }) => best !== undefined);
    expect(view.best).toMatchObject({ partner: 'spsti-a', lastVisit: '2026-05-12' });
    const pdf = await relais.by('doctor-b')(`/v1/dmst-requests/${id}/summary.pdf`);
    expect(Buffer.from(aPdf('dossier')).equals(pdf.bytes)).toBe(true);
    const notification = await answered(messageId);
    expect(notification.subject).toBe('XDM/1.0/DDM+Synthèse ADRUN ZOE 31/12/1975');
    expect(notification.attachments[0]?.content.toString()).toContain(
      'Disposition: automatic-action/MDN-sent-automatically; processed\r\n',
    );
    expect(entriesOf('answer').at(-1)).toMatchObject({
      actor: 'spsti-a',
      messageId: view.best?.messageId,
      details: { mailbox: 'spsti-b', told: 'mdn' },
    });
  });
});
