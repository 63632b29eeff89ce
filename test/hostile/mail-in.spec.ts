/** What an operator, or somebody before it, may do to a mailbox's reader; what a partner's mail may hold. Each has its code. */
import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BrokerError } from '#core';
import { readDsn, readMail, readMdn } from '#transports';
import { CDA_WHOLE } from '../../libs/documents/fixtures/cda.ts';
import { pdfOf } from '../../libs/documents/fixtures/pdf.ts';
import { anImap, type TestImap } from '../builders/imap.ts';
import {
  aCda,
  aLetter,
  anArchive,
  anOperator,
  isHandled,
  mismatched,
  type Operator,
  type Writing,
  zipOf,
} from '../builders/mssante.ts';
import { asked, type Entry, exchangesOf, journal, OTHER_INS, rows } from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

describe('between Relais and a mailbox', () => {
  let test: TestImap;
  beforeAll(async () => {
    test = await anImap(1_000_000);
  });
  afterEach(() => {
    test.imap.behave({});
    for (const { uid } of [...test.mailbox.mails]) test.mailbox.expunge(uid);
  });
  afterAll(() => test.close());

  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: unknown) => (error instanceof BrokerError ? error.code : error),
    );

  it.each([
    ['STARTTLS stripped on the way', { noStartTls: true }],
    ['STARTTLS refused', { refusesStartTls: true }],
    ['plaintext slipped in before the handshake', { injects: true }],
  ])('%s: nothing is said in the clear', async (_, behaviour) => {
    const before = test.imap.logins(test.options.address);
    test.imap.behave(behaviour);
    expect(await codeOf(test.open())).toBe('mail.tls-refused');
    expect(test.imap.logins(test.options.address)).toBe(before);
  });

  it('a server of another authority is not believed, whatever it says its name is', async () => {
    const { options } = test.options.tls;
    const tls = { fault: () => undefined, options: { ...options, ca: options.cert as string } };
    expect(await codeOf(test.open({ tls }))).toBe('mail.server-untrusted');
  });

  it('a server of the trust space with another name is not believed', async () => {
    const { options } = test.options.tls;
    const tls = { fault: () => undefined, options: { ...options, servername: 'other.mssante.fr' } };
    expect(await codeOf(test.open({ tls }))).toBe('mail.server-untrusted');
  });

  it('a mail larger than allowed is not read', async () => {
    const { uid } = test.mailbox.append(randomBytes(1_000_001));
    const session = await test.open();
    expect(await codeOf(session.mail(uid))).toBe('body.too-large');
    expect(session.isOpen).toBe(true);
  });

  it('a literal of 4 GB behind a size of a few bytes is refused unread, and the connection with it', async () => {
    const { uid } = test.mailbox.append(Buffer.from('From: a@b.fr\r\n\r\nx'));
    const session = await test.open();
    test.imap.behave({ literalBytes: 4_000_000_000 });
    const before = process.memoryUsage().rss;
    expect(await codeOf(session.mail(uid))).toBe('body.too-large');
    expect(session.isOpen).toBe(false);
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
  });

  it('a line without end is cut', async () => {
    const session = await test.open();
    test.imap.behave({ endlessLine: true });
    expect(await codeOf(session.waiting())).toBe('body.too-large');
  });

  it('a server that falls silent is left', async () => {
    const session = await test.open({ silenceMs: 300 });
    test.imap.behave({ stalls: true });
    expect(['transport.unreachable', 'transport.bad-answer']).toContain(await codeOf(session.waiting()));
    expect(session.isOpen).toBe(false);
  });
});

describe('a mail that attacks who reads it', () => {
  const FROM = 'From: a@b.fr\r\n';
  const bombs: [string, () => Buffer][] = [
    [
      'half a million parts',
      () =>
        Buffer.from(
          `${FROM}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(500_000)}`,
        ),
    ],
    [
      'parts inside parts, five thousand deep',
      () =>
        Buffer.from(
          FROM +
            Array.from(
              { length: 5_000 },
              (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
            ).join(''),
        ),
    ],
    ['a header of five million bytes', () => Buffer.from(`${FROM}X: ${'a'.repeat(5e6)}\r\n\r\nx`)],
    ['ten thousand headers', () => Buffer.from(`${FROM}${'X: aaaaaaaa\r\n'.repeat(10_000)}\r\nx`)],
    [
      'one line of twenty-five million bytes',
      () =>
        Buffer.concat([
          Buffer.from(`${FROM}Content-Transfer-Encoding: quoted-printable\r\n\r\n`),
          Buffer.alloc(25e6, '=41'),
        ]),
    ],
  ];
  it.each(bombs)('%s: refused at once', async (_, make) => {
    const raw = make();
    const start = performance.now();
    await expect(readMail(raw)).rejects.toMatchObject({ code: 'mail.malformed' });
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it.each([
    ['every line a dash', Buffer.from('--c\r\n'.repeat(4_000_000))],
    ['a text in a charset that is slow to decode', Buffer.alloc(20e6, '<b>\r\n')],
  ])('%s: others have their turn meanwhile', async (_, body) => {
    const raw = Buffer.concat([
      Buffer.from(
        `${FROM}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=iso-2022-jp\r\n\r\n`,
      ),
      body,
    ]);
    let turns = 0;
    const others = setInterval(() => {
      turns += 1;
    }, 5);
    await readMail(raw);
    clearInterval(others);
    expect(turns).toBeGreaterThan(3);
  });

  it('whatever its bytes, is read or refused: nothing else', async () => {
    const line = fc.constantFrom(
      ...[
        'From: a@b.fr',
        'From: =?utf-8?B?PGE=?= <',
        'Content-Type: multipart/report; boundary=b; report-type=disposition-notification',
      ],
      ...[
        'Content-Type: multipart/mixed; boundary="b',
        '--b',
        '--b--',
        'Content-Type: message/disposition-notification',
      ],
      ...[
        'Content-Type: message/delivery-status',
        'Disposition: a/b; processed/error',
        'Original-Message-ID: <a@b>',
        '',
      ],
      ...[
        'Content-Transfer-Encoding: base64',
        '%%%=',
        'Final-Recipient: rfc822;;',
        'Action: failed',
        'Content-Type: text/rfc822-headers',
      ],
      ...[
        'Message-ID: <a',
        ' folded',
        'References: <<<>>>',
        "Content-Disposition: attachment; filename*=utf-8''%FF",
      ],
    );
    const mails = fc.oneof(
      fc.array(line, { maxLength: 40 }).map((lines) => Buffer.from(lines.join('\r\n'))),
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(mails, async (raw) => {
        const mail = await readMail(raw).catch((error: unknown) => error);
        if (mail instanceof BrokerError) return mail.code === 'mail.malformed';
        if (mail instanceof Error) throw mail;
        const notices = await Promise.all([readMdn(mail as never), readDsn(mail as never)]).catch(
          (error: unknown) => error,
        );
        return !(notices instanceof Error) || (notices as BrokerError).code === 'mail.malformed';
      }),
      { numRuns: 500 },
    );
  });
});

describe('a partner’s mail that is not what it says', () => {
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
    operator.submission.behave({ noReports: true });
  });
  afterEach(() => operator.imap.behave({}));
  afterAll(async () => {
    await relais.close();
    await operator.close();
  });

  /** Message-ID of a request that waits for its answer. */
  async function request(): Promise<{ exchange: string; mail: string }> {
    const id = await asked(relais);
    const { id: exchange, request_id } = await eventually(async () => exchangesOf(relais, id)[0]);
    const delivery = await eventually(
      async () => rows(relais, 'SELECT id FROM delivery WHERE message_id = ?', request_id)[0]?.['id'],
    );
    return { exchange, mail: `<${delivery}@spsti-b.mssante.fr>` };
  }
  const read = async (raw: Buffer): Promise<Entry> => {
    const mail = operator.b.append(raw);
    await eventually(async () => isHandled(mail));
    return journal(relais).findLast(({ kind }) => kind === 'mail.read') as Entry;
  };
  const written = async (writing: Writing) => read(await aLetter(writing));
  /** no answer came of it, and the broker lives */
  async function nothingOf(exchange: string) {
    expect(rows(relais, 'SELECT id FROM message WHERE correlation_id = ?', exchange)).toEqual([]);
    expect((await fetch(`${relais.healthUrl}/health/ready`)).status).toBe(200);
  }
  const edited = async (change: (zip: Uint8Array) => Uint8Array) => change(await anArchive([aCda()]));

  /** names of the same length */
  const renamed = (zip: Uint8Array, from: string, to: string) =>
    Buffer.from(Buffer.from(zip).toString('latin1').replaceAll(from, to), 'latin1');
  const OTHER = { ...CDA_WHOLE.patient, ins: OTHER_INS, birthName: 'AUTRE' };
  const archives: [string, string, () => Promise<Uint8Array>][] = [
    ['no archive at all', 'xdm.invalid', async () => randomBytes(2_000)],
    ['an archive cut short', 'xdm.invalid', () => edited((zip) => zip.subarray(0, zip.length - 40))],
    [
      'a document of somebody else than announced',
      'xdm.invalid',
      () => mismatched(aCda(), aCda({ patient: OTHER })),
    ],
    [
      'a path out of its folder',
      'xdm.invalid',
      async () => renamed(await zipOf({ 'a/bb/bb/x': 'x' }), 'a/bb/bb/x', 'a/../../x'),
    ],
    [
      'two hundred megabytes of nothing',
      'xdm.invalid',
      () => zipOf({ 'IHE_XDM/SUBSET01/METADATA.XML': Buffer.alloc(200 << 20) }),
    ],
    [
      'a PDF that acts',
      'content.active',
      () => anArchive([aCda({}, pdfOf('<</Type/Action/S/JavaScript/JS(app.alert\\(1\\))>>'))]),
    ],
    ['a PDF that cannot be read', 'content.active', () => anArchive([aCda({}, Buffer.from('no pdf'))])],
  ];
  it.each(archives)('%s: %s, told by 906', async (_, code, make) => {
    const { exchange, mail } = await request();
    const { actor, details } = await written({ answers: mail, archive: await make() });
    expect(actor).toBe('spsti-a');
    expect(details).toMatchObject({ what: 'left', code, error: 906 });
    await nothingOf(exchange);
  });

  it('two archives, of two people: for a person', async () => {
    const { exchange, mail } = await request();
    const { details } = await written({
      answers: mail,
      archive: await anArchive([aCda()]),
      another: await anArchive([aCda({ patient: OTHER })]),
    });
    expect(details).toMatchObject({ what: 'left', code: 'content.invalid', error: 906 });
    await nothingOf(exchange);
  });

  it('a bomb of parts: unread, for a person', async () => {
    const raw = Buffer.from(
      `From: dmst@spsti-a.mssante.fr\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(100_000)}`,
    );
    expect((await read(raw)).details).toMatchObject({ what: 'left', code: 'mail.malformed' });
  });

  it('two senders in one field: of nobody', async () => {
    const raw = Buffer.from(
      (await aLetter({ archive: await anArchive([aCda()]) }))
        .toString('latin1')
        .replace(/^From: .*$/m, 'From: dmst@spsti-a.mssante.fr, eve@example.fr'),
      'latin1',
    );
    expect(await read(raw)).toMatchObject({ actor: 'unknown', details: { code: 'source.mismatch' } });
  });

  it('one’s own mailbox as sender: no loop', async () => {
    const { details } = await written({
      from: 'dmst@spsti-b.mssante.fr',
      archive: await anArchive([aCda()]),
    });
    expect(details).toMatchObject({ what: 'left', code: 'source.mismatch', told: 'nothing' });
  });

  it('a notification to somebody else is not sent: who wrote gets a plain mail', async () => {
    const before = operator.submission.submitted().length;
    const { details } = await written({
      archive: await anArchive([aCda()]),
      notify: false,
      headers: { 'Disposition-Notification-To': 'victim@spsti-a.mssante.fr' },
    });
    expect(details).toMatchObject({ error: 902, told: 'mail' });
    expect(
      operator.submission
        .submitted()
        .slice(before)
        .flatMap(({ to }) => to),
    ).toEqual(['dmst@spsti-a.mssante.fr']);
  });

  it('a program’s own answer is not answered', async () => {
    const { details } = await written({
      archive: await anArchive([aCda()]),
      headers: { 'Auto-Submitted': 'auto-replied' },
    });
    expect(details).toMatchObject({ what: 'left', told: 'nothing' });
  });

  it('an S/MIME envelope that cannot be opened is left for a person', async () => {
    const raw = Buffer.from(
      'From: dmst@spsti-a.mssante.fr\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n',
    );
    expect((await read(raw)).details).toMatchObject({ what: 'left', code: 'mail.envelope-invalid' });
  });

  it('an id used twice for two documents: the second is refused', async () => {
    const { mail } = await request();
    const messageId = `<${randomUUID()}@spsti-a.mssante.fr>`;
    expect(
      (await written({ answers: mail, archive: await anArchive([aCda()]), messageId })).details,
    ).toMatchObject({
      what: 'answer',
    });
    const other = aCda({}, pdfOf('(autre)'));
    expect(
      (await written({ answers: mail, archive: await anArchive([other]), messageId })).details,
    ).toMatchObject({
      what: 'left',
      code: 'message.id-reused',
      error: 906,
    });
  });

  it('an operator that announces a mail of 4 GB: left unread, and the next mail is read', async () => {
    operator.imap.behave({ literalBytes: 4_000_000_000 });
    const bomb = operator.b.append(await aLetter({}));
    await eventually(async () => isHandled(bomb));
    expect(bomb.flags.has('\\Seen')).toBe(false);
    operator.imap.behave({});
    const { details } = await written({ archive: await anArchive([aCda()]) });
    expect(details).toMatchObject({ code: 'exchange.unknown' });
  });

  it('an operator that cuts every connection disturbs nothing else, and is read again', async () => {
    for (let i = 0; i < 5; i++) operator.imap.cut();
    expect((await relais.as('spsti-a')('/v1/partners')).status).toBe(200);
    const { details } = await written({ archive: await anArchive([aCda()]) });
    expect(details).toMatchObject({ what: 'left' });
  });

  it('an operator that counts its mails anew makes nothing happen twice', async () => {
    const { exchange, mail } = await request();
    const letter = await aLetter({ answers: mail, archive: await anArchive([aCda()]) });
    operator.imap.behave({ otherUidValidity: true });
    expect((await read(letter)).details).toMatchObject({ what: 'answer' });
    operator.imap.cut();
    operator.b.append(letter);
    await eventually(async () => operator.b.mails.every(isHandled));
    expect(rows(relais, 'SELECT id FROM message WHERE correlation_id = ?', exchange)).toHaveLength(1);
  });
});
