import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { simpleParser } from 'mailparser';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CdaDocument } from '#core/cda-document';
import { CDA_WHOLE } from '../../libs/documents/fixtures/cda.ts';
import {
  A_BOX,
  aCda,
  aLetter,
  anArchive,
  anOperator,
  aPdf,
  aSealedLetter,
  B_BOX,
  isHandled,
  type Operator,
  type Writing,
} from '../builders/mssante.ts';
import {
  asked,
  type Entry,
  exchangesOf,
  type Json,
  journal,
  OTHER_INS,
  rows,
  until,
  ZOE,
  ZOE_INS,
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
  // reports come when a test wants them: what was read last is then what the test wrote
  beforeEach(() => operator.submission.behave({ noReports: true }));
  afterEach(() => operator.imap.behave({}));
  afterAll(async () => {
    await relais.close();
    await operator.close();
  });

  interface Asked {
    /** dmst-request */
    id: string;
    exchange: string;
    delivery: string;
    /** Message-ID of the mail that carried it */
    mail: string;
  }

  async function request(changes: Json = {}): Promise<Asked> {
    const id = await asked(relais, changes);
    const exchange = await eventually(async () => exchangesOf(relais, id)[0]);
    const delivery = await eventually(
      async () =>
        rows(relais, 'SELECT id FROM delivery WHERE message_id = ?', exchange.request_id)[0]?.['id'],
    );
    return {
      id,
      exchange: exchange.id,
      delivery: delivery as string,
      mail: `<${delivery}@spsti-b.mssante.fr>`,
    };
  }

  const aMessageId = () => `<${randomUUID()}@spsti-a.mssante.fr>`;
  const handled = async (raw: Buffer) => {
    const mail = operator.b.append(raw);
    await eventually(async () => isHandled(mail));
    return mail;
  };
  const written = async (writing: Writing) => handled(await aLetter(writing));
  /** of the last mail that was handled */
  const lastRead = () => journal(relais).findLast(({ kind }) => kind === 'mail.read') as Entry;
  const stateOf = ({ id }: Asked) => exchangesOf(relais, id)[0]?.state;
  /** what Relais answered to that mail, so far */
  async function answersTo(original: string) {
    const mails = await Promise.all(
      operator.a.mails.map(({ raw }) => simpleParser(raw, { keepDeliveryStatus: true })),
    );
    return mails.filter(({ inReplyTo }) => inReplyTo === original);
  }
  const answered = (original: string) => eventually(async () => (await answersTo(original))[0]);
  const fieldsOf = (mail: Awaited<ReturnType<typeof simpleParser>>) =>
    mail.attachments
      .find(({ contentType }) => contentType === 'message/disposition-notification')
      ?.content.toString();

  it('is the answer of its exchange: the PDF of the CDA, the day of the act, and a notification', async () => {
    const { id, mail } = await request();
    const messageId = aMessageId();
    const letter = await written({ answers: mail, archive: await anArchive([aCda()]), messageId });
    expect(letter.flags).toEqual(new Set(['$Relais', '\\Seen']));
    const view = await until(relais, id, ({ best }) => best !== undefined);
    expect(view.best).toMatchObject({ partner: 'spsti-a', lastVisit: '2026-05-12' });
    const pdf = await relais.by('doctor-b')(`/v1/dmst-requests/${id}/summary.pdf`);
    expect(Buffer.from(aPdf('dossier')).equals(pdf.bytes)).toBe(true);
    const notification = await answered(messageId);
    expect(notification.subject).toBe('XDM/1.0/DDM+Synthèse ADRUN ZOE 31/12/1975');
    expect(fieldsOf(notification)).toContain(
      'Disposition: automatic-action/MDN-sent-automatically; processed\r\n',
    );
    expect(operator.submission.submitted().findLast(({ to }) => to.includes(A_BOX))).toMatchObject({
      from: '',
      by: 'certificate',
      notify: ['NEVER'],
    });
    expect(lastRead()).toMatchObject({
      actor: 'spsti-a',
      messageId: view.best?.messageId,
      details: { mailbox: 'spsti-b', what: 'answer', told: 'mdn' },
    });
    const accepted = journal(relais).find(
      ({ kind, messageId: about }) => kind === 'message.accepted' && about === view.best?.messageId,
    );
    expect(accepted).toMatchObject({ actor: 'spsti-a', details: { by: 'mssante' } });
  });

  it('without a wish for a notification gets none', async () => {
    const { id, mail } = await request();
    const messageId = aMessageId();
    await written({ answers: mail, archive: await anArchive([aCda()]), messageId, notify: false });
    await until(relais, id, ({ best }) => best !== undefined);
    expect(lastRead().details).toMatchObject({ what: 'answer', told: 'nothing' });
    expect(await answersTo(messageId)).toEqual([]);
  });

  it('read twice is one message', async () => {
    const { id, mail } = await request();
    const letter = await aLetter({
      answers: mail,
      archive: await anArchive([aCda()]),
      messageId: aMessageId(),
    });
    await handled(letter);
    const { best } = await until(relais, id, (view) => view.best !== undefined);
    await handled(letter);
    expect(lastRead()).toMatchObject({ messageId: best?.messageId, details: { what: 'answer' } });
    expect(
      rows(relais, 'SELECT id FROM message WHERE correlation_id = ?', exchangesOf(relais, id)[0]?.id ?? ''),
    ).toHaveLength(1);
  });

  it('whose mark was lost, as by a crash once it was accepted, is read again and is one message', async () => {
    const { id, exchange, mail } = await request();
    const messageId = aMessageId();
    operator.imap.behave({ dropsStore: true });
    const letter = operator.b.append(
      await aLetter({ answers: mail, archive: await anArchive([aCda()]), messageId }),
    );
    await until(relais, id, ({ best }) => best !== undefined);
    await eventually(async () => (await answersTo(messageId)).length > 1);
    expect(isHandled(letter)).toBe(false);
    operator.imap.behave({});
    await eventually(async () => isHandled(letter));
    expect(rows(relais, 'SELECT id FROM message WHERE correlation_id = ?', exchange)).toHaveLength(1);
    // whoever gets the notification again knows it by its id
    expect(new Set((await answersTo(messageId)).map((one) => one.messageId))).toHaveLength(1);
  });

  it('whose notification cannot be given waits, and is told once it can', async () => {
    const { id, mail } = await request();
    const messageId = aMessageId();
    operator.submission.behave({ drops: 'connect', noReports: true });
    const letter = operator.b.append(
      await aLetter({ answers: mail, archive: await anArchive([aCda()]), messageId }),
    );
    await until(relais, id, ({ best }) => best !== undefined);
    expect(isHandled(letter)).toBe(false);
    operator.submission.behave({ noReports: true });
    await eventually(async () => isHandled(letter));
    expect(await answersTo(messageId)).toHaveLength(1);
  });

  describe('in an S/MIME envelope', () => {
    const read = (path: string) => readFileSync(path, 'utf8');
    const sealed = async (answers: string, by: 'spsti-a' | 'spsti-b', messageId = aMessageId()) => {
      const { paths } = relais.demo;
      const { crt, key } = paths.insi.mandate(by).seal;
      return aSealedLetter(await aLetter({ answers, archive: await anArchive([aCda()]), messageId }), {
        signer: { certificate: read(crt), key: read(key) },
        recipient: read(paths.partner('spsti-b').enc.crt),
      });
    };

    it('is opened when who was agreed on signed it', async () => {
      const { id, mail } = await request();
      await handled(await sealed(mail, 'spsti-a'));
      await until(relais, id, ({ best }) => best !== undefined);
      expect(lastRead().details).toMatchObject({ what: 'answer', told: 'mdn' });
    });

    it('is refused when anybody else did, even of the trust space', async () => {
      const { mail } = await request();
      await handled(await sealed(mail, 'spsti-b'));
      expect(lastRead().details).toMatchObject({ what: 'left', code: 'mail.envelope-invalid', error: 906 });
    });
  });

  it('is notified from the mailbox itself where its operator takes nothing without a sender', async () => {
    const { mail } = await request();
    const messageId = aMessageId();
    operator.submission.behave({ needsSender: true, noReports: true });
    await written({ answers: mail, archive: await anArchive([aCda()]), messageId });
    expect(fieldsOf(await answered(messageId))).toContain('; processed');
    expect(operator.submission.submitted().at(-1)).toMatchObject({ from: B_BOX, notify: ['NEVER'] });
  });

  it('structured, comes as the PDF beside it', async () => {
    const { id, mail } = await request();
    const structured = Buffer.from(
      Buffer.from(aCda({}, aPdf('inside')))
        .toString()
        .replace('mediaType="application/pdf"', 'mediaType="text/plain"'),
    );
    await written({ answers: mail, archive: await anArchive([structured]), pdfs: [aPdf('beside')] });
    await until(relais, id, ({ best }) => best !== undefined);
    const pdf = await relais.by('doctor-b')(`/v1/dmst-requests/${id}/summary.pdf`);
    expect(Buffer.from(aPdf('beside')).equals(pdf.bytes)).toBe(true);
  });

  describe('about somebody who may be another is held for a person, and its sender is told the code', () => {
    const { ins: _, ...nameless } = CDA_WHOLE.patient;
    const zoe = { ...CDA_WHOLE.patient, firstNames: ['ZOE'] };
    const cases: [number, string, CdaDocument['patient']][] = [
      [903, 'ins.absent', { ...nameless, localIds: [{ root: '2.25.30', extension: 'A-1' }] }],
      [904, 'ins.differs', { ...zoe, ins: OTHER_INS }],
      [904, 'subject.differs', { ...zoe, birthName: 'ADRUNE' }],
    ];

    it.each(cases)('%s, %s', async (code, reason, patient) => {
      const one = await request();
      const messageId = aMessageId();
      const letter = await written({
        answers: one.mail,
        archive: await anArchive([aCda({ patient })]),
        messageId,
      });
      expect(letter.flags).toEqual(new Set(['$Relais', '\\Seen']));
      expect(stateOf(one)).toBe('QUARANTINED');
      expect((await relais.by('doctor-b')(`/v1/dmst-requests/${one.id}/summary.pdf`)).status).toBe(404);
      const list = (await relais.by('vigilance-b')('/v1/operations/held')).json as unknown as Json[];
      const item = list.find((each) => each['messageId'] === lastRead().messageId);
      expect(item).toMatchObject({
        reasons: [reason],
        details: { by: 'source', sent: { traits: ZOE, ins: ZOE_INS }, found: { traits: { sex: 'F' } } },
      });
      const notification = await answered(messageId);
      expect(fieldsOf(notification)).toMatch(new RegExp(`processed/error\\r\\nError: ${code}\\^`));
      expect(notification.subject).toMatch(new RegExp(`^\\[KO Intégration système !\\]\\[${code}\\] `));
      expect(lastRead().details).toMatchObject({ what: 'held', error: code, told: 'mdn' });
    });

    it('905: a name is missing', async () => {
      const one = await request();
      const messageId = aMessageId();
      const unnamed = Buffer.from(aCda())
        .toString()
        .replace(/<family qualifier="BR">[^<]*<\/family>/, '');
      await written({ answers: one.mail, archive: await anArchive([Buffer.from(unnamed)]), messageId });
      expect(stateOf(one)).toBe('QUARANTINED');
      expect(fieldsOf(await answered(messageId))).toContain('Error: 905^');
      expect((await relais.by('vigilance-b')('/v1/operations/held')).status).toBe(200);
    });

    it('and is given to the doctor once that person has released it', async () => {
      const one = await request();
      await written({
        answers: one.mail,
        archive: await anArchive([aCda({ patient: cases[2]?.[2] as never })]),
      });
      const decided = await relais.by('vigilance-b')(`/v1/operations/held/${lastRead().messageId}/decision`, {
        body: JSON.stringify({ verdict: 'release', evidence: 'CN', reason: 'Nom revu avec la personne' }),
      });
      expect(decided.status).toBe(200);
      await until(relais, one.id, ({ best }) => best !== undefined);
      expect((await relais.by('doctor-b')(`/v1/dmst-requests/${one.id}/summary.pdf`)).status).toBe(200);
    });

    it('and goes nowhere once that person has refused it', async () => {
      const one = await request();
      await written({
        answers: one.mail,
        archive: await anArchive([aCda({ patient: cases[1]?.[2] as never })]),
      });
      const decided = await relais.by('vigilance-b')(`/v1/operations/held/${lastRead().messageId}/decision`, {
        body: JSON.stringify({ verdict: 'refuse', evidence: 'CN', reason: 'Une autre personne' }),
      });
      expect(decided.status).toBe(200);
      expect((await relais.by('doctor-b')(`/v1/dmst-requests/${one.id}/summary.pdf`)).status).toBe(404);
      expect(stateOf(one)).toBe('QUARANTINED');
    });
  });

  describe('and receipts of what was asked', () => {
    const receiptOf = ({ delivery }: Asked) =>
      rows(relais, 'SELECT state, receipt FROM delivery WHERE id = ?', delivery)[0] as {
        state: string;
        receipt: string | null;
      };
    const outcomeOf = (one: Asked) => JSON.parse(receiptOf(one).receipt ?? '{}') as Json;
    const bare = (id: string) => id.slice(1, -1);

    /** An MDN by the software of a mailbox. */
    function anMdn(original: string, lines: readonly string[], from = A_BOX): Buffer {
      const text = [
        `From: ${from}`,
        `To: ${B_BOX}`,
        `Message-ID: ${aMessageId()}`,
        'Subject: XDM/1.0/DDM+Demande ADRUN ZOE',
        'Content-Type: multipart/report; report-type=disposition-notification; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain',
        '',
        'Lu',
        '--b',
        'Content-Type: message/disposition-notification',
        '',
        `Final-Recipient: rfc822;${from}`,
        `Original-Message-ID: ${original}`,
        ...lines,
        '',
        '--b--',
        '',
      ];
      return Buffer.from(text.join('\r\n'));
    }
    const PROCESSED = 'Disposition: automatic-action/MDN-sent-automatically; processed';
    const DISPLAYED = 'Disposition: manual-action/MDN-sent-manually; displayed';

    function aDsn(original: string, action: string, from = 'MAILER-DAEMON@spsti-a.mssante.fr'): Buffer {
      const text = [
        `From: ${from}`,
        `To: ${B_BOX}`,
        'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
        '',
        '--b',
        'Content-Type: message/delivery-status',
        '',
        'Reporting-MTA: dns; mx.spsti-a.mssante.fr',
        '',
        `Final-Recipient: rfc822; ${A_BOX}`,
        `Action: ${action}`,
        'Status: 5.1.1',
        '',
        '--b',
        'Content-Type: text/rfc822-headers',
        '',
        `Message-ID: ${original}`,
        '',
        '--b--',
        '',
      ];
      return Buffer.from(text.join('\r\n'));
    }

    /** asked by mail, whose operator gives no report by itself */
    async function mailed(): Promise<Asked> {
      const one = await request();
      await eventually(async () =>
        operator.submission.submitted().some(({ envelopeId }) => envelopeId === one.delivery),
      );
      await eventually(async () => receiptOf(one).state === 'available');
      return one;
    }

    it('a delivery report of the operator says received, and the clock of the exchange goes on', async () => {
      operator.submission.behave({});
      const one = await request();
      await eventually(async () => outcomeOf(one)['outcome'] === 'received');
      await eventually(async () => stateOf(one) === 'DELIVERED');
    });

    it('displayed says opened, processed says filed, and neither goes back', async () => {
      const one = await mailed();
      await handled(anMdn(one.mail, [DISPLAYED]));
      expect(outcomeOf(one)).toMatchObject({ outcome: 'opened' });
      await handled(anMdn(one.mail, [PROCESSED]));
      expect(outcomeOf(one)).toMatchObject({ outcome: 'filed' });
      await handled(anMdn(one.mail, [DISPLAYED]));
      expect(outcomeOf(one)).toMatchObject({ outcome: 'filed' });
      expect(lastRead()).toMatchObject({
        actor: 'spsti-a',
        deliveryId: one.delivery,
        details: { what: 'receipt' },
      });
    });

    it.each([
      ['in a field', [`${PROCESSED}/error`, 'Error: 902^Patient inconnu ADRUN']],
      ['in Disposition', [`${PROCESSED}/Error: 902^Patient inconnu ADRUN`]],
    ])('an error %s says refused with its code, and whoever asked sees it', async (_, lines) => {
      const one = await mailed();
      await handled(anMdn(one.mail, lines));
      expect(receiptOf(one).state).toBe('refused');
      expect(outcomeOf(one)).toMatchObject({ outcome: 'refused', code: 'mdn.902' });
      expect(stateOf(one)).toBe('QUARANTINED');
    });

    it('a delivery report of failure says refused', async () => {
      const one = await mailed();
      await handled(aDsn(one.mail, 'failed'));
      expect(outcomeOf(one)).toMatchObject({ outcome: 'refused', code: 'dsn.5.1.1' });
      expect(stateOf(one)).toBe('QUARANTINED');
    });

    it.each([
      [
        'a notification of another mailbox',
        (one: Asked) => anMdn(one.mail, [`${PROCESSED}/error`], 'x@spsti-a.mssante.fr'),
      ],
      [
        'a delivery report of a stranger',
        (one: Asked) => aDsn(one.mail, 'failed', 'MAILER-DAEMON@example.fr'),
      ],
      [
        'a delivery report of a neighbour',
        (one: Asked) => aDsn(one.mail, 'failed', 'eve@spsti-a.mssante.fr'),
      ],
    ])('%s is forged: journalled, left, and changes nothing', async (_, forge) => {
      const one = await mailed();
      const mail = await handled(forge(one));
      expect(mail.flags).toEqual(new Set(['$Relais', '\\Flagged']));
      expect(receiptOf(one)).toMatchObject({ state: 'available', receipt: null });
      expect(lastRead()).toMatchObject({
        actor: 'unknown',
        deliveryId: one.delivery,
        details: { what: 'forged', code: 'source.mismatch' },
      });
    });

    it('of a delivery that is not of that mailbox change nothing', async () => {
      const one = await mailed();
      await handled(anMdn(`<${bare(one.mail).replace('spsti-b', 'spsti-c')}>`, [PROCESSED]));
      await handled(anMdn(`<${randomUUID()}@spsti-b.mssante.fr>`, [PROCESSED]));
      expect(receiptOf(one)).toMatchObject({ state: 'available', receipt: null });
      expect(lastRead().details).toMatchObject({ what: 'nothing' });
    });

    it('that contradict each other are left for a person', async () => {
      const one = await mailed();
      await handled(anMdn(one.mail, [PROCESSED]));
      await handled(aDsn(one.mail, 'failed'));
      expect(lastRead().details).toMatchObject({ what: 'left', code: 'state.conflict' });
      expect(outcomeOf(one)).toMatchObject({ outcome: 'filed' });
    });
  });

  describe('is left in the mailbox, flagged and unread, for a person', () => {
    const LEFT = new Set(['$Relais', '\\Flagged']);

    it('when it answers nothing that was asked: 902', async () => {
      const messageId = aMessageId();
      const letter = await written({ archive: await anArchive([aCda()]), messageId });
      expect(letter.flags).toEqual(LEFT);
      expect(fieldsOf(await answered(messageId))).toContain('Error: 902^');
      expect(lastRead().details).toMatchObject({ what: 'left', code: 'exchange.unknown', error: 902 });
    });

    it('when it answers what somebody else was asked', async () => {
      const { mail } = await request({ sources: ['spsti-a'] });
      const foreign = mail.replace('spsti-b.mssante.fr', 'spsti-c.mssante.fr');
      await written({ answers: foreign, archive: await anArchive([aCda()]) });
      expect(lastRead().details).toMatchObject({ what: 'left', code: 'exchange.unknown' });
    });

    it('when the exchange has had its answer: 906, and 900 for what replaces it', async () => {
      const { id, mail } = await request();
      await written({ answers: mail, archive: await anArchive([aCda()]) });
      await until(relais, id, ({ best }) => best !== undefined);
      await written({ answers: mail, archive: await anArchive([aCda()]) });
      expect(lastRead().details).toMatchObject({ what: 'left', code: 'exchange.closed', error: 906 });
      const newer = aCda({ version: 2, replaces: randomUUID() });
      await written({ answers: mail, archive: await anArchive([newer]) });
      expect(lastRead().details).toMatchObject({ what: 'left', code: 'exchange.closed', error: 900 });
    });

    it('when it holds words only: nobody is answered', async () => {
      const one = await request();
      const messageId = aMessageId();
      const letter = await written({ answers: one.mail, messageId });
      expect(letter.flags).toEqual(LEFT);
      expect(lastRead().details).toMatchObject({ what: 'left', told: 'nothing' });
      expect(stateOf(one)).not.toBe('QUARANTINED');
      expect(await answersTo(messageId)).toEqual([]);
    });

    it('when nothing says whom its PDF is about: 903', async () => {
      const { mail } = await request();
      await written({ answers: mail, pdfs: [aPdf('dossier')] });
      expect(lastRead().details).toMatchObject({ what: 'left', error: 903 });
    });

    it('when it holds several documents', async () => {
      const { mail } = await request();
      await written({ answers: mail, archive: await anArchive([aCda(), aCda()]) });
      expect(lastRead().details).toMatchObject({ what: 'left', code: 'content.invalid', error: 906 });
    });

    it('when no partner has that address, which is not answered', async () => {
      const { mail } = await request();
      const from = 'dmst@spsti-a.mssante.fr.example.fr';
      await written({ answers: mail, archive: await anArchive([aCda()]), from });
      expect(lastRead()).toMatchObject({
        actor: 'unknown',
        details: { what: 'left', code: 'source.mismatch', told: 'nothing' },
      });
      expect(operator.submission.submitted().some(({ to }) => to.includes(from))).toBe(false);
    });

    it('with a plain mail to its sender when no notification was asked for', async () => {
      const messageId = aMessageId();
      await written({ archive: await anArchive([aCda()]), messageId, notify: false });
      const answer = await answered(messageId);
      expect(answer.subject).toMatch(/^\[KO Intégration système !\]\[902\] /);
      expect(fieldsOf(answer)).toBeUndefined();
      expect(answer.from?.value[0]?.address).toBe(B_BOX);
    });
  });

  it('counts what bears an INS and what is structured, and tells who reads which mailbox', async () => {
    const metrics = await (await fetch(`${relais.healthUrl}/metrics`)).text();
    expect(metrics).toMatch(/relais_mssante_documents_received_total\{ins="O",level="N1"\} [1-9]/);
    expect(metrics).toMatch(/relais_mssante_documents_received_total\{ins="N",level="N1"\} [1-9]/);
    expect(metrics).toMatch(/relais_mssante_documents_received_total\{ins="O",level="N3"\} 1/);
    expect(metrics).toContain('relais_mssante_mailbox_open{mailbox="spsti-b"} 1');
    expect(metrics).not.toMatch(/ADRUN|2751263220749/);
  });

  it('leaves no name in any log', () => {
    expect(relais.logged()).not.toMatch(/ADRUN|2751263220749|XDM\/1\.0|synthese\.pdf/);
  });
});
