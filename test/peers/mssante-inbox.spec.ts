/** A mailbox of a server that we did not write, opened by a Pro Santé Connect token; and our notifications read by Python's parser. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImapSession, type MailAnswer, writeMdn, writeNotice } from '#transports';
import { type DemoPeople, startDemoPeople } from '../../apps/cli/src/demo/people.ts';
import { pkiPaths } from '../../apps/cli/src/pki/pki-paths.ts';
import { submitBySmtp } from '../../apps/simulators/src/mssante/index.ts';
import { aCda, aLetter, anArchive } from '../builders/mssante.ts';
import { eventually } from '../builders/relais.ts';
import { aPki } from '../builders/rsa-keys.ts';
import { type Dovecot, startDovecot } from '../services/dovecot.ts';
import { judgedBy, run } from './programs.ts';

const VAR = join(import.meta.dirname, '../../var/test');
const A = 'dossiers@spsti-a.mssante.fr';
const PASSWORD = 'mot-de-passe-fictif';
const SECRET = 'secret-fictif';
/** of doctor b, by national id */
const PERSON = '899900000020@medecin.mssante.fr';

judgedBy(['dovecot'], 'a mailbox at Dovecot, opened by a token', () => {
  let folder: string;
  let people: DemoPeople;
  let dovecot: Dovecot;
  let ca: string;
  const sessions: ImapSession[] = [];

  beforeAll(async () => {
    mkdirSync(VAR, { recursive: true });
    folder = mkdtempSync(join(VAR, 'inbox-'));
    await aPki(join(folder, 'pki'), { partners: ['spsti-b'] });
    const { insi } = pkiPaths(join(folder, 'pki'));
    const server = insi.server('mssante');
    ca = readFileSync(insi.ca.crt, 'utf8');
    people = await startDemoPeople({ home: folder, port: 0, clientSecret: SECRET, peoplePort: 1 });
    const introspection = new URL(`${people.psc.issuer}/protocol/openid-connect/token/introspect`);
    introspection.username = 'relais';
    introspection.password = SECRET;
    dovecot = await startDovecot({
      tls: { cert: server.crt, key: server.key, ca: insi.ca.crt },
      passwords: { [A]: PASSWORD },
      introspection: introspection.href,
    });
  }, 120_000);
  afterAll(async () => {
    await Promise.all(sessions.map((session) => session.close()));
    await dovecot?.close();
    await people?.psc.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(token: string): Promise<ImapSession> {
    const session = await ImapSession.open({
      server: { host: '127.0.0.1', port: dovecot.imap },
      address: PERSON,
      token,
      tls: { fault: () => undefined, options: { ca, servername: 'localhost', minVersion: 'TLSv1.2' } },
      mailBytes: 5_000_000,
      connectMs: 20_000,
      silenceMs: 30_000,
    });
    sessions.push(session);
    return session;
  }
  const send = async (raw: Buffer) =>
    submitBySmtp({
      host: 'localhost',
      port: dovecot.submission,
      address: A,
      tls: { ca },
      password: PASSWORD,
    })(PERSON, raw);
  const never = new AbortController().signal;

  it('shows a mail byte for byte, wakes who waits, and keeps our marks for the next session', async () => {
    const token = await people.tokenOf('doctor-b');
    const session = await open(token);
    expect(await session.waiting()).toEqual([]);
    const raw = await aLetter({ archive: await anArchive([aCda()]) });
    const woken = session.pause(60_000, never);
    await send(raw);
    await woken;
    const [mail, ...others] = await eventually(async () => {
      const mails = await session.waiting();
      return mails.length > 0 && mails;
    });
    expect(others).toEqual([]);
    const source = await session.mail(mail?.uid ?? 0);
    expect(source.length).toBe(mail?.bytes);
    // what an operator adds stands before the mail
    expect(source.subarray(-raw.length).equals(raw)).toBe(true);
    await session.mark(mail?.uid ?? 0, 'done');
    expect(await session.waiting()).toEqual([]);
    const again = await open(token);
    expect(await again.waiting()).toEqual([]);
    expect(again.uidValidity).toBe(session.uidValidity);
  }, 120_000);

  it('stays shut to a forged token and to that of somebody else: one code', async () => {
    await expect(open('forged')).rejects.toMatchObject({ code: 'mail.access-refused' });
    await expect(open(await people.tokenOf('doctor-a'))).rejects.toMatchObject({
      code: 'mail.access-refused',
    });
  }, 60_000);

  it('that was left answers nothing any more', async () => {
    const session = await open(await people.tokenOf('doctor-b'));
    await session.close();
    expect(session.isOpen).toBe(false);
    await expect(session.waiting()).rejects.toMatchObject({ code: 'transport.unreachable' });
  }, 60_000);
});

/** Python's `email`, told to be strict about nothing: what it understands, most software does. */
const READER = `
import email, email.policy, json, sys
m = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
parts = list(m.iter_parts())
fields = [dict(b.items()) for p in parts if p.get_content_type() == 'message/disposition-notification' for b in [p.get_payload()[0] if isinstance(p.get_payload(), list) else email.message_from_string(p.get_payload())]]
inner = [p.get_payload()[0]['message-id'] for p in parts if p.get_content_type() == 'message/rfc822']
print(json.dumps({'type': m.get_content_type(), 'report': m.get_param('report-type'), 'subject': m['subject'], 'to': m['to'], 'parts': [p.get_content_type() for p in parts], 'fields': fields, 'inner': inner, 'defects': [type(d).__name__ for p in m.walk() for d in p.defects]}))
`;

judgedBy(['python3'], 'what Relais answers to a mail', () => {
  const raw = Buffer.from(
    'Message-ID: <m@spsti-a.mssante.fr>\r\nFrom: a@b.fr\r\nSubject: x\r\n\r\nbonjour\r\n',
  );
  const answer: MailAnswer = {
    from: 'dmst@spsti-b.mssante.fr',
    to: A,
    messageId: 'mdn.1@spsti-b.mssante.fr',
    at: new Date('2026-11-22T08:00:00Z'),
    original: { raw, subject: 'XDM/1.0/DDM+Synthèse ADRUN ZOÉ', messageId: 'm@spsti-a.mssante.fr' },
  };
  const read = (mail: Buffer) =>
    JSON.parse(run('/usr/bin/python3', ['-c', READER], mail).toString()) as Record<string, unknown>;

  describe('is read by Python’s email', () => {
    it('as a notification of what was processed', async () => {
      expect(read(await writeMdn(answer))).toEqual({
        type: 'multipart/report',
        report: 'disposition-notification',
        subject: 'XDM/1.0/DDM+Synthèse ADRUN ZOÉ',
        to: A,
        parts: ['text/plain', 'message/disposition-notification', 'message/rfc822'],
        fields: [
          {
            'Reporting-UA': 'Relais; Relais',
            'Original-Recipient': 'rfc822;dmst@spsti-b.mssante.fr',
            'Final-Recipient': 'rfc822;dmst@spsti-b.mssante.fr',
            'Original-Message-ID': '<m@spsti-a.mssante.fr>',
            Disposition: 'automatic-action/MDN-sent-automatically; processed',
          },
        ],
        inner: ['<m@spsti-a.mssante.fr>'],
        defects: [],
      });
    });

    it('as a notification of an error, its code in a field of its own', async () => {
      expect(read(await writeMdn({ ...answer, error: 903 }))).toMatchObject({
        subject: '[KO Intégration système !][903] XDM/1.0/DDM+Synthèse ADRUN ZOÉ',
        fields: [
          {
            Disposition: 'automatic-action/MDN-sent-automatically; processed/error',
            Error: '903^INS absente du document',
          },
        ],
        defects: [],
      });
    });

    it('as a plain mail where no notification may be sent', async () => {
      expect(read(await writeNotice({ ...answer, error: 906 }))).toMatchObject({
        type: 'multipart/mixed',
        parts: ['text/plain', 'message/rfc822'],
        inner: ['<m@spsti-a.mssante.fr>'],
        defects: [],
      });
    });
  });
});
