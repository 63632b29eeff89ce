/** MSSanté against a mail server that we did not write: a dossier asked for and brought back through Dovecot, receipts included. */
import { spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DemoAgreement } from '../../apps/cli/src/demo/channels/channel.ts';
import type { DemoHome } from '../../apps/cli/src/demo/demo-home.ts';
import { Authority } from '../../apps/cli/src/pki/authority.ts';
import {
  openByImap,
  type ServiceByMail,
  startServiceByMail,
  submitBySmtp,
} from '../../apps/simulators/src/mssante/index.ts';
import { asked, exchangesOf, journal, rows, until } from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';
import { type Dovecot, startDovecot } from '../services/dovecot.ts';
import { preflight } from './preflight.ts';
import { judgedBy, run } from './programs.ts';

const A = 'dossiers@spsti-a.mssante.fr';
const B = 'dmst@spsti-b.mssante.fr';
/** of doctor-b, by national id */
const PERSON = '899900000020@medecin.mssante.fr';
const PASSWORD = 'mot-de-passe-fictif';
const DATES = { from: '2026-01-01T00:00:00.000Z', to: '2036-01-01T00:00:00.000Z' };

/** The certificate of the mailbox bears its address: Dovecot's EXTERNAL knows no table from structures to mailboxes. */
async function mailboxCertificate({ paths, home }: DemoHome): Promise<{ certificate: object; key: object }> {
  const read = (path: string) => readFileSync(path, 'utf8');
  const { crt, key } = paths.insi.ca;
  const authority = await Authority.open(read(crt), read(key), new Date());
  const own = paths.insi.mandate('spsti-b').mailbox.key;
  const certificate = await authority.issue({
    subject: [{ C: ['FR'] }, { O: ['SPSTI B'] }, { OU: ['3990000002'] }, { CN: [B] }],
    profile: 'client',
    publicKey: createPrivateKey(read(own)),
  });
  writeFileSync(join(home, 'boite-b.crt'), certificate);
  return { certificate: { file: 'boite-b.crt' }, key: { file: own.slice(home.length + 1) } };
}

judgedBy(['dovecot', 'unzip', 'xmllint', 'preflight', 'openssl'], 'Dovecot as MSSanté operator', () => {
  const folder = mkdtempSync(join(import.meta.dirname, '../../var/test/dv-'));
  let relais: TestRelais;
  let dovecot: Dovecot;
  let inbox: Awaited<ReturnType<typeof openByImap>>;
  let service: ServiceByMail;

  async function agreements(demo: DemoHome, issuer: string): Promise<Record<string, DemoAgreement>> {
    const server = demo.paths.insi.server('mssante');
    const ca = demo.paths.insi.ca.crt;
    const introspection = new URL(`${issuer}/protocol/openid-connect/token/introspect`);
    introspection.username = 'relais';
    introspection.password = demo.clientSecret;
    dovecot = await startDovecot({
      tls: { cert: server.crt, key: server.key, ca },
      passwords: { [A]: PASSWORD },
      introspection: introspection.href,
    });
    const way = { host: 'localhost', address: A, tls: { ca: readFileSync(ca, 'utf8') }, password: PASSWORD };
    inbox = await openByImap({ ...way, port: dovecot.imap }).catch((error: Error) => {
      throw new Error(dovecot.log(), { cause: error });
    });
    service = startServiceByMail({
      address: A,
      fetch: inbox.fetch,
      submit: submitBySmtp({ ...way, port: dovecot.submission }),
      dossiers: { 'ADRUN 19751231': { lastVisit: '2026-05-11', title: 'Dossier', lines: ['fictif'] } },
    });
    const at = (port: number) => ({ host: 'localhost', port });
    const operator = { submission: at(dovecot.submission), imap: at(dovecot.imap) };
    const pair = await mailboxCertificate(demo);
    return {
      'spsti-a': { channels: { mssante: { address: A } } },
      'spsti-b': { mandate: { mailbox: { address: B, ...pair, operator, nil: 'FICTIF-0001', ...DATES } } },
    };
  }

  beforeAll(async () => {
    relais = await aRelais(
      { RELAIS_MSSANTE_LOOPBACK: 'on' },
      { agreements: (demo, people) => agreements(demo, people.psc.issuer) },
    );
  }, 60_000);
  afterAll(async () => {
    await relais?.close();
    await service?.close();
    await inbox?.close();
    await dovecot?.close();
    rmSync(folder, { recursive: true });
  });

  it('carries the request, the dossier that answers it, and both notifications', async () => {
    const id = await asked(relais);
    const view = await until(relais, id, ({ best }) => best !== undefined, 25).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${service.failures.map(String).join('\n')}\n${dovecot.log()}`);
    });
    expect(view.best).toMatchObject({ partner: 'spsti-a', lastVisit: '2026-05-11' });
    const pdf = await relais.by('doctor-b')(`/v1/dmst-requests/${id}/summary.pdf`);
    expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-');
    const [exchange] = exchangesOf(relais, id);
    // what service a's software notified
    await eventually(async () => {
      const [delivery] = rows(
        relais,
        'SELECT state FROM delivery WHERE message_id = ?',
        exchange?.request_id ?? '',
      );
      return delivery?.['state'] === 'delivered';
    });
    // what Relais notified for service b
    const notified = await eventually(async () =>
      dovecot
        .relayed()
        .map(String)
        .find((raw) => raw.includes(`From: ${B}`) && raw.includes('report-type=disposition-notification')),
    );
    expect(notified).toContain('Disposition: automatic-action/MDN-sent-automatically; processed');
    expect(
      journal(relais).some(({ details }) => (details as { by?: string } | undefined)?.by === 'mssante'),
    ).toBe(true);
  }, 120_000);

  it('brought an archive that unzip opens, metadata that xmllint reads, and a PDF that Preflight finds to be PDF/A-1b', async () => {
    const letter = await eventually(async () => service.letters[0]);
    const out = join(folder, 'xdm');
    mkdirSync(out);
    const zip = join(out, 'IHE_XDM.zip');
    writeFileSync(zip, letter.archive ?? Buffer.alloc(0));
    expect(run('unzip', ['-t', zip]).toString()).toContain('No errors detected');
    run('unzip', ['-q', zip, '-d', out]);
    run('xmllint', ['--noout', '--nonet', join(out, 'IHE_XDM/SUBSET01/METADATA.XML')]);
    run('xmllint', ['--noout', '--nonet', join(out, 'IHE_XDM/SUBSET01/DOC0001.XML')]);
    const [twin] = letter.pdfs;
    expect(twin?.name).toMatch(/^\d{8}_Lettre d'adressage_ADRUN_ZOE\.pdf$/);
    expect(twin?.bytes.equals(letter.cda?.pdf ?? Buffer.alloc(0))).toBe(true);
    const file = join(out, 'twin.pdf');
    writeFileSync(file, twin?.bytes ?? Buffer.alloc(0));
    expect(preflight(out, [file])).toBe('VALID\n');
  }, 120_000);

  it('brought a mail that says what MSSanté asks for', async () => {
    const { subject, headers, notifyTo, text: words } = await eventually(async () => service.letters[0]);
    expect(subject).toBe("XDM/1.0/DDM+Lettre d'adressage ADRUN ZOE 31/12/1975");
    const said = Object.fromEntries(
      ['x-mss-nil', 'x-mss-codecda', 'x-mss-ins'].map((name) => [name, headers.get(name)]),
    );
    expect(said).toEqual({ 'x-mss-nil': 'FICTIF-0001', 'x-mss-codecda': '96349-6', 'x-mss-ins': 'O' });
    expect(notifyTo).toBe(B);
    expect(words).not.toMatch(/ADRUN|ZOE|1975/);
  });

  const xoauth2 = (token: string) =>
    Buffer.from(`user=${PERSON}\u0001auth=Bearer ${token}\u0001\u0001`).toString('base64');
  /** what a server says to these lines, under TLS, by the openssl program; Pro Santé Connect answers in this process meanwhile */
  async function said(protocol: 'imap' | 'smtp', port: number, lines: readonly string[]): Promise<string> {
    const client = spawn(
      'openssl',
      ['s_client', '-quiet', '-starttls', protocol, '-connect', `127.0.0.1:${port}`, '-crlf', '-ign_eof'],
      { stdio: ['pipe', 'pipe', 'ignore'], timeout: 20_000 },
    );
    client.stdin.end(`${lines.join('\n')}\n`);
    return text(client.stdout);
  }

  it('opens a mailbox to the token of its person, and to no other token: RFC 4954 and RFC 5530 codes', async () => {
    const token = await relais.people.tokenOf('doctor-b');
    const other = await relais.people.tokenOf('doctor-a');
    const imap = (shown: string) =>
      said('imap', dovecot.imap, [`a1 AUTHENTICATE XOAUTH2 ${xoauth2(shown)}`, '', 'a2 LOGOUT']);
    const smtp = (shown: string) =>
      said('smtp', dovecot.submission, ['EHLO essai', `AUTH XOAUTH2 ${xoauth2(shown)}`, '', 'QUIT']);
    expect(await imap(token)).toMatch(/^a1 OK/m);
    expect(await smtp(token)).toMatch(/^235 2\.7\.0/m);
    for (const bad of ['forged', other]) {
      expect(await imap(bad)).toMatch(/^a1 NO \[AUTHENTICATIONFAILED\]/m);
      expect(await smtp(bad)).toMatch(/^535 5\.7\.8/m);
    }
  }, 60_000);
});
