import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { readDsn } from './read-dsn.ts';
import { readMail } from './read-mail.ts';
import { readMdn } from './read-mdn.ts';
import { type MailAnswer, writeMdn, writeNotice } from './write-mdn.ts';

const A = 'dmst@spsti-a.mssante.fr';
const B = 'dmst@spsti-b.mssante.fr';
const ASKED = '0192f7a0-0000-7000-8000-00000000000a@spsti-b.mssante.fr';

function report(type: string, part: string, fields: string[], ...more: string[][]): Buffer {
  const text = [
    `From: ${A}`,
    `Content-Type: multipart/report; report-type=${type}; boundary=b`,
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'Bonjour',
    '--b',
    `Content-Type: ${part}`,
    '',
    ...fields,
    '',
    ...more.flatMap((lines) => ['--b', ...lines, '']),
    '--b--',
    '',
  ];
  return Buffer.from(text.join('\r\n'));
}

const mdn = async (...lines: string[]) =>
  readMdn(
    await readMail(
      report('disposition-notification', 'message/disposition-notification', [
        `Final-Recipient: rfc822; ${A}`,
        `Original-Message-ID: <${ASKED}>`,
        ...lines,
      ]),
    ),
  );

describe('an MDN received', () => {
  it.each([
    ['automatic-action/MDN-sent-automatically; processed', 'filed'],
    ['manual-action/MDN-sent-manually; displayed', 'opened'],
    ['automatic-action/MDN-sent-automatically; dispatched', 'received'],
    ['manual-action/MDN-sent-manually; deleted', 'nothing'],
    ['anything', 'nothing'],
  ])('%s means %s', async (disposition, outcome) => {
    expect(await mdn(`Disposition: ${disposition}`)).toEqual({ original: ASKED, recipient: A, outcome });
  });

  it.each([
    ['form of 2025', ['Disposition: automatic-action/MDN-sent-automatically; processed/Error: 904^INS diff']],
    ['form of RFC 8098', ['Disposition: automatic-action/x; processed/error', 'Error: 904^INS différente']],
    ['form of RFC 8098, folded', ['Disposition: automatic-action/x;\r\n processed/error', 'Error: 904^INS']],
  ])('tells why in its %s', async (_, lines) => {
    expect(await mdn(...lines)).toMatchObject({ outcome: 'refused', code: 'mdn.904' });
  });

  it('with an error of no table is refused all the same', async () => {
    expect(await mdn('Disposition: a/b; processed/error', 'Error: 12^ADRUN ZOE')).toMatchObject({
      outcome: 'refused',
      code: 'mdn.error',
    });
  });

  it('that says two things, or not of what, says nothing', async () => {
    expect(await mdn('Disposition: a/b; processed', 'Disposition: a/b; processed/error')).toBeUndefined();
    const anonymous = report('disposition-notification', 'message/disposition-notification', [
      'Disposition: a/b; processed',
    ]);
    expect(await readMdn(await readMail(anonymous))).toBeUndefined();
  });
});

describe('a DSN received', () => {
  const original = ['Content-Type: message/rfc822', '', `Message-ID: <${ASKED}>`, 'Subject: ADRUN', '', 'x'];
  const headers = ['Content-Type: text/rfc822-headers', '', `Message-ID: <${ASKED}>`];
  const recipient = (...lines: string[]) => [
    'Reporting-MTA: dns; mx',
    '',
    `Final-Recipient: rfc822; ${A}`,
    ...lines,
  ];

  it.each([
    ['delivered', '2.0.0', { outcome: 'received' }],
    ['failed', '5.1.1', { outcome: 'refused', code: 'dsn.5.1.1' }],
    ['delayed', '4.4.1', { outcome: 'nothing' }],
    ['relayed', '2.0.0', { outcome: 'nothing' }],
  ])('%s', async (action, status, expected) => {
    const fields = recipient(`Action: ${action}`, `Status: ${status} (some words)`);
    for (const returned of [original, headers]) {
      const raw = report('delivery-status', 'message/delivery-status', fields, returned);
      expect(await readDsn(await readMail(raw))).toEqual([{ original: ASKED, recipient: A, ...expected }]);
    }
  });

  it('that returns nothing of the mail is about none', async () => {
    const raw = report('delivery-status', 'message/delivery-status', recipient('Action: failed'));
    expect(await readDsn(await readMail(raw))).toEqual([]);
  });
});

describe('what Relais answers', () => {
  const raw = Buffer.from(`Message-ID: <m@a>\r\nFrom: ${A}\r\nSubject: x\r\n\r\né\r\n`);
  const answer: MailAnswer = {
    from: B,
    to: A,
    messageId: 'answer@spsti-b.mssante.fr',
    at: new Date('2026-11-22T08:00:00Z'),
    original: { raw, subject: 'XDM/1.0/DDM+Synthèse ADRUN\r\nBcc: all@x', messageId: 'm@a' },
  };

  it('is an MDN that our own reader and mailparser understand', async () => {
    const sent = await writeMdn(answer);
    expect(await readMdn(await readMail(sent))).toEqual({ original: 'm@a', recipient: B, outcome: 'filed' });
    const parsed = await simpleParser(sent, { keepDeliveryStatus: true });
    expect(parsed.subject).toBe('XDM/1.0/DDM+Synthèse ADRUN Bcc: all@x');
    expect(parsed.bcc).toBeUndefined();
    expect(parsed.inReplyTo).toBe('<m@a>');
    expect(parsed.attachments.map(({ contentType }) => contentType)).toEqual([
      'message/disposition-notification',
      'message/rfc822',
    ]);
    expect(parsed.attachments[1]?.content.toString()).toContain(raw.toString());
  });

  it('is an MDN of the second form when something is wrong: its code in a field of its own', async () => {
    const sent = await writeMdn({ ...answer, error: 904 });
    expect(sent.toString()).toContain(
      'Disposition: automatic-action/MDN-sent-automatically; processed/error\r\nError: 904^INS differente de celle detenue\r\n',
    );
    const { subject } = await readMail(sent);
    expect(subject).toBe('[KO Intégration système !][904] XDM/1.0/DDM+Synthèse ADRUN Bcc: all@x');
  });

  it('is a plain mail, with the original in it, where no MDN may be sent', async () => {
    const mail = await readMail(await writeNotice({ ...answer, error: 902 }));
    expect(mail).toMatchObject({ from: B, automatic: true });
    expect(mail.report).toBeUndefined();
    expect(mail.subject).toMatch(/^\[KO Intégration système !\]\[902\] /);
    expect(mail.parts.map(({ mediaType }) => mediaType)).toEqual(['message/rfc822']);
  });
});
