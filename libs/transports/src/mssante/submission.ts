/** One mail given to the operator of its sender's mailbox: SMTP on 587, STARTTLS before anything else. */
import type { Socket } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { BrokerError, type Clock, type MailServer } from '#core';
import { type IgcTls, type IgcTrust, igcTls } from './igc-tls.ts';
import type { MailNetwork } from './network.ts';
import { failureOf, type RecipientRefusal } from './smtp-answers.ts';

export interface SubmissionOptions {
  network: MailNetwork;
  trust: IgcTrust;
  clock: Clock;
}

export interface SubmissionOrder {
  server: MailServer;
  from: string;
  to: string;
  /** id of the delivery: comes back in delivery reports (RFC 3461). Absent: nobody is to report on it */
  envelopeId?: string;
  /** MAIL FROM, where it is not `from`; empty for a notification (RFC 8098 §2.1) */
  returnPath?: string;
  raw: Buffer;
  /** ORG AUTH_CLI pair, or a person's access token */
  identity: { certificate: string; key: string } | { token: string };
}

export interface Submitted {
  /** the operator says what becomes of mail: delivery reports may come */
  reports: boolean;
}

/** @throws BrokerError; what the recipient's side refuses for good comes back as a value */
export async function submit(
  options: SubmissionOptions,
  order: SubmissionOrder,
  signal: AbortSignal,
): Promise<Submitted | RecipientRefusal> {
  const { server, identity } = order;
  const byToken = 'token' in identity;
  const tls = igcTls({ ...options, host: server.host, ...(byToken ? {} : identity) });
  const socket = await options.network.open(server.host, server.port, signal);
  const connection = connectionOver(socket, server, tls);
  const close = () => connection.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    return await converse(connection, order);
  } catch (error) {
    if (signal.aborted) throw new BrokerError('transport.unreachable');
    const failure = failureOf(error, { untrusted: tls.fault(), byToken, secure: connection.secure });
    if (failure instanceof BrokerError) throw failure;
    return failure;
  } finally {
    signal.removeEventListener('abort', close);
    connection.close();
    socket.destroy();
  }
}

function connectionOver(socket: Socket, { host, port }: MailServer, tls: IgcTls): SMTPConnection {
  return new SMTPConnection({
    connection: socket,
    host,
    port,
    secure: false,
    requireTLS: true,
    tls: tls.options,
    // what a server says is never logged: it may repeat addresses
    logger: false,
    name: 'relais',
    greetingTimeout: 15_000,
    socketTimeout: 60_000,
    customAuth: {
      EXTERNAL: async ({ auth, sendCommand }) => {
        const user = Buffer.from(auth.credentials.user).toString('base64');
        const { status, text } = await sendCommand(`AUTH EXTERNAL ${user}`);
        if (status < 200 || status > 299) throw new Error(text);
        return true;
      },
    },
  });
}

async function converse(connection: SMTPConnection, order: SubmissionOrder): Promise<Submitted> {
  await connected(connection);
  // belt and braces: not one byte of a person before the handshake
  if (!connection.secure) throw new BrokerError('mail.tls-refused');
  const offered = offeredBy(connection);
  await login(connection, order, offered.auth);
  await sent(connection, order);
  connection.quit();
  return { reports: offered.dsn };
}

function connected(connection: SMTPConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    // stays: what is emitted later, and nobody listens to, would end the process
    connection.on('error', reject);
    connection.once('end', () => reject(new Error('connection ended')));
    connection.connect((error) => (error === undefined ? resolve() : reject(error)));
  });
}

/** Read from the answer to EHLO under TLS: what was said before does not count. */
function offeredBy(connection: SMTPConnection): { auth: readonly string[]; dsn: boolean } {
  const lines = String(connection.lastServerResponse || '')
    .split(/\r?\n/)
    .map((line) => line.slice(4).trim());
  const auth =
    lines
      .find((line) => /^AUTH[ =]/i.test(line))
      ?.slice(5)
      .toUpperCase()
      .split(/\s+/) ?? [];
  return { auth, dsn: lines.some((line) => line.toUpperCase() === 'DSN') };
}

/** The certificate shown in the handshake may be all that the operator asks; where it offers EXTERNAL, it asks for it. */
function login(
  connection: SMTPConnection,
  { from, identity }: SubmissionOrder,
  offered: readonly string[],
): Promise<void> {
  if (!('token' in identity) && !offered.includes('EXTERNAL')) return Promise.resolve();
  const auth =
    'token' in identity
      ? { type: 'OAuth2', method: 'XOAUTH2', user: from, oauth2: new Token(from, identity.token) }
      : { type: 'custom', method: 'EXTERNAL', user: from };
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    connection.login(auth as unknown as Parameters<SMTPConnection['login']>[0], (error) =>
      error ? reject(error) : resolve(),
    );
  });
}

/** The token of a session that lives elsewhere: nodemailer is never to renew it, nor to hold on to it. */
class Token {
  constructor(
    private readonly user: string,
    private readonly value: string,
  ) {}

  getToken(renew: boolean, done: (error: Error | null, token?: string) => void): void {
    if (renew) done(new Error('token refused'));
    else done(null, this.value);
  }

  /** Source document 002: `user=` … SOH `auth=Bearer ` … SOH SOH. Its shape is public; `token` may be a mask for a log. */
  buildXOAuth2Token(token: string): string {
    return Buffer.from(`user=${this.user}\u0001auth=Bearer ${token}\u0001\u0001`).toString('base64');
  }
}

function sent(
  connection: SMTPConnection,
  { from, returnPath = from, to, envelopeId, raw }: SubmissionOrder,
): Promise<void> {
  const envelope: SMTPConnection.Envelope = {
    from: returnPath,
    to,
    size: raw.length,
    dsn:
      envelopeId === undefined
        ? { notify: ['NEVER'] }
        : { ret: 'HDRS', envid: envelopeId, notify: ['SUCCESS', 'FAILURE'], orcpt: `rfc822;${to}` },
  };
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    connection.send(envelope, raw, (error) => (error ? reject(error) : resolve()));
  });
}
