/**
 * A real Dovecot as MSSanté operator: IMAP and submission under STARTTLS, mailboxes opened by a certificate of the trust
 * space (EXTERNAL), by a Pro Santé Connect token that it introspects (XOAUTH2), or by a password; delivery by LMTP.
 * Its own folder, its own ports, nothing of /etc.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { freePorts } from './free-ports.ts';

export interface DovecotOptions {
  /** PEM files of the server, and the authority of client certificates */
  tls: { cert: string; key: string; ca: string };
  /** address → password: mailboxes of other people's software */
  passwords: Readonly<Record<string, string>>;
  /** mailboxes `<national id of the person>@…` open to the token of that person: RFC 7662 endpoint, credentials in it */
  introspection?: string;
}

export interface Dovecot {
  imap: number;
  submission: number;
  /** raw mails relayed so far */
  relayed(): readonly Buffer[];
  log(): string;
  close(): Promise<void>;
}

const MAIL_USER = 'dovecot';

export async function startDovecot(options: DovecotOptions): Promise<Dovecot> {
  const [imap = 0, submission = 0, lmtp = 0, relayPort = 0] = await freePorts(4);
  // Dovecot's own users must get there, and its sockets' paths be short
  const folder = mkdtempSync(join(tmpdir(), 'relais-dovecot-'));
  mkdirSync(join(folder, 'mail'), { recursive: true });
  for (const path of [folder, join(folder, 'mail')]) chmodSync(path, 0o777);
  const relayed: Buffer[] = [];
  const relay = await startRelay(relayPort, lmtp, relayed);
  const configuration = join(folder, 'dovecot.conf');
  write(join(folder, 'users'), passwordFile(options.passwords));
  if (options.introspection !== undefined)
    write(join(folder, 'oauth2.conf'), introspection(options.introspection));
  write(configuration, configurationOf(folder, options, { imap, submission, lmtp, relay: relayPort }));
  const dovecot = spawn('dovecot', ['-F', '-c', configuration], { stdio: 'ignore' });
  const log = () => readIfThere(join(folder, 'dovecot.log'));
  try {
    for (const port of [imap, submission, lmtp]) await listens(port, dovecot, log);
  } catch (error) {
    dovecot.kill('SIGTERM');
    relay.close();
    throw error;
  }
  return {
    imap,
    submission,
    relayed: () => relayed,
    log,
    close: async () => {
      const ended = new Promise((resolve) => dovecot.once('exit', resolve));
      dovecot.kill('SIGTERM');
      await ended;
      await new Promise<void>((resolve) => relay.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configurationOf(
  folder: string,
  { tls, introspection }: DovecotOptions,
  ports: { imap: number; submission: number; lmtp: number; relay: number },
): string {
  const asRoot = userInfo().uid === 0;
  const me = userInfo().username;
  const mailUser = asRoot ? MAIL_USER : me;
  return `
protocols = imap submission lmtp
base_dir = ${folder}/run
state_dir = ${folder}/state
instance_name = relais-test
log_path = ${folder}/dovecot.log
auth_verbose = yes
listen = 127.0.0.1
hostname = localhost
mail_location = maildir:${folder}/mail/%Lu
mail_uid = ${mailUser}
mail_gid = ${mailUser}
first_valid_uid = 1
first_valid_gid = 1
${asRoot ? '' : `default_internal_user = ${me}\ndefault_internal_group = ${me}\ndefault_login_user = ${me}`}
ssl = required
ssl_cert = <${tls.cert}
ssl_key = <${tls.key}
ssl_ca = <${tls.ca}
ssl_require_crl = no
ssl_min_protocol = TLSv1.2
ssl_verify_client_cert = yes
ssl_cert_username_field = commonName
auth_ssl_username_from_cert = yes
disable_plaintext_auth = yes
auth_mechanisms = plain xoauth2 external
auth_failure_delay = 0
passdb {
  driver = static
  mechanisms = external
  args = nopassword=y
}
passdb {
  driver = passwd-file
  mechanisms = plain
  args = scheme=PLAIN username_format=%Lu ${folder}/users
}
${
  introspection === undefined
    ? ''
    : `passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = ${folder}/oauth2.conf
}`
}
userdb {
  driver = static
  args = uid=${mailUser} gid=${mailUser} home=${folder}/mail/%Lu allow_all_users=yes
}
namespace inbox {
  inbox = yes
  separator = /
}
service imap-login {
  ${asRoot ? '' : 'chroot ='}
  inet_listener imap {
    port = ${ports.imap}
  }
  inet_listener imaps {
    port = 0
  }
}
service submission-login {
  ${asRoot ? '' : 'chroot ='}
  inet_listener submission {
    port = ${ports.submission}
  }
}
service lmtp {
  inet_listener lmtp {
    port = ${ports.lmtp}
  }
}
service anvil {
  ${asRoot ? '' : 'chroot ='}
  # refusals here are on purpose: no waiting for them
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
${asRoot ? '' : 'service stats {\n  chroot =\n}\nservice imap-urlauth-login {\n  chroot =\n}'}
submission_relay_host = 127.0.0.1
submission_relay_port = ${ports.relay}
submission_relay_ssl = no
submission_relay_trusted = no
`;
}

/** The part before the @ must be the person whom the token is of. */
function introspection(url: string): string {
  return `introspection_mode = post
introspection_url = ${url}
active_attribute = active
active_value = true
username_attribute = SubjectNameID
username_format = %n
`;
}

function passwordFile(passwords: Readonly<Record<string, string>>): string {
  return Object.entries(passwords)
    .map(([address, password]) => `${address}:{PLAIN}${password}::::::\n`)
    .join('');
}

/** What an operator's own relay does: mail for its mailboxes goes to them. */
async function startRelay(port: number, lmtp: number, relayed: Buffer[]): Promise<SMTPServer> {
  const mailboxes = createTransport({
    host: '127.0.0.1',
    port: lmtp,
    lmtp: true,
    secure: false,
    ignoreTLS: true,
  });
  const relay = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    disableReverseLookup: true,
    onData: (stream, { envelope }, done) => {
      const deliver = async () => {
        const raw = await buffer(stream);
        relayed.push(raw);
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        await mailboxes.sendMail({
          envelope: { from, to: envelope.rcptTo.map(({ address }) => address) },
          raw,
        });
      };
      deliver().then(
        () => done(),
        (error: Error) => done(error),
      );
    },
  });
  relay.on('error', () => undefined);
  await new Promise<void>((resolve) => relay.listen(port, '127.0.0.1', resolve));
  return relay;
}

async function listens(port: number, process: ChildProcess, log: () => string): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (process.exitCode !== null) throw new Error(`dovecot ended: ${log()}`);
    const is = await new Promise<boolean>((found) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        found(true);
      });
      socket.once('error', () => found(false));
    });
    if (is) return;
    await pause(100);
  }
  throw new Error(`dovecot does not listen: ${log()}`);
}

function write(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o644 });
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
