import { readFileSync } from 'node:fs';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoAgreement } from '../../apps/cli/src/demo/channels/channel.ts';
import type { DemoHome } from '../../apps/cli/src/demo/demo-home.ts';
import {
  MailAccounts,
  MailStore,
  type StoredMailbox,
  type SubmissionSimulator,
  startImap,
  startSubmission,
} from '../../apps/simulators/src/mssante/index.ts';
import { pdfOf } from '../../libs/documents/fixtures/pdf.ts';
import { createClinicalDocuments } from '../../libs/documents/src/index.ts';
import { subjectOf } from '../builders/certificate-subject.ts';
import {
  aDmst,
  answerBy,
  asked,
  type ExchangeRow,
  exchangesOf,
  type Json,
  rows,
} from '../builders/portability.ts';
import { aRelais, eventually, keeperTurn, type TestRelais } from '../builders/relais.ts';

const BOX = {
  /** of service a's own software, and of its doctors at b */
  a: 'dossiers@spsti-a.mssante.fr',
  b: 'medecins@spsti-b.mssante.fr',
  /** which Relais writes from */
  relaisA: 'relais@spsti-a.mssante.fr',
  relaisB: 'relais@spsti-b.mssante.fr',
} as const;
const HOUR = 3_600_000;
const clinical = createClinicalDocuments({ inspect: async () => [] });

describe('what leaves by MSSanté', () => {
  let relais: TestRelais;
  let submission: SubmissionSimulator;
  let closeImap: () => Promise<void>;
  const store = new MailStore();
  const box = (name: keyof typeof BOX): StoredMailbox => store.create(BOX[name]);
  const mails = (name: keyof typeof BOX) => Promise.all(box(name).mails.map(({ raw }) => simpleParser(raw)));
  const read = (path: string) => readFileSync(path, 'utf8');

  async function agreements({ paths, home }: DemoHome): Promise<Record<string, DemoAgreement>> {
    const pairs = { a: paths.insi.mandate('spsti-a').mailbox, b: paths.insi.mandate('spsti-b').mailbox };
    for (const name of Object.keys(BOX)) box(name as keyof typeof BOX);
    const accounts = new MailAccounts([
      { address: BOX.relaisA, certificateSubject: subjectOf(read(pairs.a.crt)) },
      { address: BOX.relaisB, certificateSubject: subjectOf(read(pairs.b.crt)) },
    ]);
    const server = paths.insi.server('mssante');
    const tls = { cert: read(server.crt), key: read(server.key), ca: read(paths.insi.ca.crt) };
    submission = await startSubmission({ tls, store, accounts });
    const imap = await startImap({ tls, store, accounts });
    closeImap = () => imap.close();
    const at = (port: number) => ({ host: 'localhost', port });
    const mandate = (address: string, { crt, key }: { crt: string; key: string }, to: string) => ({
      mailbox: {
        address,
        certificate: { file: crt.slice(home.length + 1) },
        key: { file: key.slice(home.length + 1) },
        operator: { submission: at(submission.port), imap: at(imap.port) },
        nil: 'FICTIF-0001',
        from: '2026-01-01T00:00:00.000Z',
        to,
      },
    });
    return {
      'spsti-a': {
        channels: { mssante: { address: BOX.a } },
        mandate: mandate(BOX.relaisA, pairs.a, '2036-01-01T00:00:00.000Z'),
      },
      'spsti-b': {
        channels: { mssante: { address: BOX.b, readers: 'health' } },
        mandate: mandate(BOX.relaisB, pairs.b, '2036-01-01T00:00:00.000Z'),
      },
    };
  }

  beforeAll(async () => {
    relais = await aRelais({ RELAIS_MSSANTE_LOOPBACK: 'on' }, { agreements });
  });
  afterAll(async () => {
    await relais.close();
    await closeImap();
    await submission.close();
  });

  const deliveryOf = (messageId: string) =>
    rows(
      relais,
      'SELECT id, state, receipt FROM delivery WHERE message_id = ? AND recipient NOT LIKE ?',
      messageId,
      'portal:%',
    )[0];
  const byMessage = async (name: keyof typeof BOX, deliveryId: unknown) =>
    (await mails(name)).find(({ messageId = '' }) => messageId.startsWith(`<${String(deliveryId)}@`));

  async function request(): Promise<{ exchange: ExchangeRow; delivery: Json }> {
    const id = await asked(relais);
    const exchange = await eventually(async () => exchangesOf(relais, id)[0]);
    const delivery = await eventually(async () => deliveryOf(exchange.request_id));
    return { exchange, delivery };
  }

  async function answered(answer: Parameters<typeof answerBy>[3], exchange: ExchangeRow) {
    // a report on the request may be written at that moment: 503, and a partner says it again
    const { status, json } = await eventually(async () => {
      const said = await answerBy(relais, 'spsti-a', exchange, answer);
      return said.status !== 503 && said;
    });
    if (status !== 202) throw new Error(JSON.stringify(json));
    const { id } = await eventually(async () => deliveryOf(String(json['id'])));
    const mail = await eventually(() => byMessage('b', id));
    return { mail, delivery: id };
  }

  it('is a request whose operator’s report says that it arrived', async () => {
    const { exchange, delivery } = await request();
    const mail = await eventually(() => byMessage('a', delivery['id']));
    expect(mail.from?.value[0]).toEqual({ address: BOX.relaisB, name: 'SPSTI B (fictif)' });
    expect(mail.subject).toBe("XDM/1.0/DDM+Lettre d'adressage ADRUN ZOE 31/12/1975");
    expect(mail.headers.get('x-relais-exchange')).toBe(exchange.id);
    expect(submission.submitted().find(({ envelopeId }) => envelopeId === delivery['id'])).toMatchObject({
      from: BOX.relaisB,
      to: [BOX.a],
      by: 'certificate',
      notify: expect.arrayContaining(['SUCCESS', 'FAILURE']) as string[],
    });
    const settled = await eventually(async () => {
      const now = deliveryOf(exchange.request_id);
      return now?.['state'] === 'delivered' && now;
    });
    expect(JSON.parse(String(settled['receipt']))).toMatchObject({ outcome: 'received' });
  });

  it('is a dossier: one archive, one PDF, in the thread of its request', async () => {
    const { exchange, delivery } = await request();
    const { mail } = await answered({ body: aDmst() }, exchange);
    expect(mail.inReplyTo).toBe(`<${String(delivery['id'])}@spsti-b.mssante.fr>`);
    expect(mail.from?.value[0]?.address).toBe(BOX.relaisA);
    const [archive, twin] = mail.attachments;
    expect(mail.attachments.map(({ filename }) => filename)).toEqual([
      'IHE_XDM.zip',
      '20260511_Synthèse_ADRUN_ZOE.pdf',
    ]);
    const { documents, patient } = await clinical.openXdm(archive?.content ?? Buffer.alloc(0));
    expect(patient.ins?.value).toBe('2751263220749');
    expect(Buffer.from(documents[0]?.cda.body?.bytes ?? []).equals(twin?.content ?? Buffer.alloc(0))).toBe(
      true,
    );
    expect(documents[0]?.cda.author).toMatchObject({ family: 'PATRON', given: ['Anne'] });
  });

  it('is a vendor’s PDF as it is, which no header announces for a CDA', async () => {
    const { exchange } = await request();
    const body = pdfOf('(dossier)');
    const { mail } = await answered({ mediaType: 'application/pdf', body }, exchange);
    expect(
      mail.attachments.map(({ filename, content }) => [filename, content.equals(Buffer.from(body))]),
    ).toEqual([['document.pdf', true]]);
    expect(mail.headers.has('x-mss-codecda')).toBe(false);
    expect(mail.subject).toBe('Dossier transmis (Relais)');
  });

  it('is a refusal that tells an opposition and an unknown worker in the same words', async () => {
    const raws: string[] = [];
    for (const code of ['R01', 'R03']) {
      const { exchange } = await request();
      const { delivery } = await answered({ object: 'refusal', body: JSON.stringify({ code }) }, exchange);
      const raw =
        box('b')
          .mails.find((one) => one.raw.includes(String(delivery)))
          ?.raw.toString() ?? '';
      raws.push(
        raw
          .replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
          .replace(/^Date: .*$/m, ''),
      );
    }
    const [opposition = '', unknown = ''] = raws;
    expect(opposition).toContain('(R03)');
    expect(opposition).toBe(unknown);
  });

  it('is a reminder by which Relais speaks for who asked, in the thread of the request', async () => {
    submission.behave({ noReports: true });
    const { delivery } = await request();
    await eventually(() => byMessage('a', delivery['id']));
    relais.advance(121 * HOUR);
    await keeperTurn(relais);
    const thread = `<${String(delivery['id'])}@spsti-b.mssante.fr>`;
    const reminder = await eventually(async () =>
      (await mails('a')).find(
        ({ inReplyTo, subject = '' }) => inReplyTo === thread && subject.startsWith('Rappel'),
      ),
    );
    expect(reminder.from?.value[0]?.address).toBe(BOX.relaisB);
    expect(reminder.text).toContain('Rappel : la demande qui vous a été adressée le');
    expect(reminder.headers.has('x-mss-ins')).toBe(false);
    // the operator said nothing more: nobody claims that it arrived
    expect(
      deliveryOf(
        rows(relais, 'SELECT message_id AS id FROM delivery WHERE id = ?', String(delivery['id']))[0]?.[
          'id'
        ] as string,
      )?.['state'],
    ).toBe('available');
  });

  it('is counted: with a structured document or not, with a qualified identity or not', async () => {
    const metrics = await (await fetch(`${relais.healthUrl}/metrics`)).text();
    const count = (labels: string) =>
      Number(new RegExp(`^relais_mssante_sent_total\\{${labels}\\} (\\d+)`, 'm').exec(metrics)?.[1] ?? 0);
    expect(count('flow="dmst-portability",structured="true",ins="O"')).toBeGreaterThanOrEqual(6);
    expect(count('flow="dmst-portability",structured="false",ins="N"')).toBeGreaterThanOrEqual(4);
  });

  it('leaves neither a name nor an address in the log', () => {
    expect(relais.logged()).not.toMatch(/ADRUN|2751263220749|mssante\.fr/);
  });
});
