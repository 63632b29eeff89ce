/** Submission of the simulated operator: STARTTLS, then a client certificate or a Pro Santé Connect token (XOAUTH2). */
import type { X509Certificate } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import type { MailAccounts } from '../accounts.ts';
import type { MailStore } from '../mail-store.ts';
import { deliveryReport } from './delivery-report.ts';
import { startFront } from './front.ts';
import type { SubmissionBehaviour } from './misbehave.ts';

export interface SubmissionOptions {
  /** of the server; `ca` = who signs the client certificates of mailboxes */
  tls: { cert: string; key: string; ca: string };
  store: MailStore;
  accounts: MailAccounts;
  /** 0 = a free one */
  port?: number;
}

/** One mail as its client gave it. */
export interface SubmittedMail {
  from: string;
  to: readonly string[];
  /** how the client proved whose mailbox it is */
  by: 'certificate' | 'token';
  envelopeId?: string;
  notify: readonly string[];
  raw: Buffer;
}

export interface SubmissionSimulator {
  port: number;
  /** from the next connection on */
  behave(behaviour: SubmissionBehaviour): void;
  /** the last thousand, oldest first */
  submitted(): readonly SubmittedMail[];
  close(): Promise<void>;
}

type Done = (error?: Error | null) => void;

const MIB = 1 << 20;

export async function startSubmission(options: SubmissionOptions): Promise<SubmissionSimulator> {
  const { tls, store, accounts } = options;
  const submitted: SubmittedMail[] = [];
  const certificates = new WeakMap<SMTPServerSession, X509Certificate>();
  let behaviour: SubmissionBehaviour = {};

  const server = new SMTPServer({
    ...tls,
    minVersion: 'TLSv1.2',
    requestCert: true,
    // a person's mailbox opens by a token, without a certificate
    rejectUnauthorized: false,
    authMethods: ['XOAUTH2'],
    authOptional: true,
    // off by default in smtp-server
    hideDSN: false,
    size: 64 * MIB,
    logger: false,
    disableReverseLookup: true,
    onSecure: (socket, session, done) => {
      const certificate = (socket as TLSSocket).getPeerX509Certificate();
      if ((socket as TLSSocket).authorized && certificate !== undefined)
        certificates.set(session, certificate);
      done();
    },
    onAuth: ({ username = '', accessToken = '' }, _session, done) => {
      accounts.opensByToken(username, accessToken).then(
        (opens) =>
          done(opens ? null : answer(535, '5.7.8 Authentication credentials invalid'), { user: username }),
        () => done(answer(454, '4.7.0 Temporary authentication failure')),
      );
    },
    onMailFrom: ({ address }, session, done) => done(refusal('MAIL') ?? mayNotSend(address, session)),
    onRcptTo: ({ address }, _session, done) =>
      done(refusal('RCPT') ?? (store.mailbox(address) ? null : answer(550, '5.1.1 Unknown mailbox'))),
    onData: (stream, session, done) => {
      take(session, buffer(stream)).then((problem) => done(problem), done as Done);
    },
  });
  server.on('error', () => undefined);

  function refusal(to: NonNullable<SubmissionBehaviour['answers']>['to']): Error | undefined {
    const { answers } = behaviour;
    return answers?.to === to ? answer(answers.code, answers.text) : undefined;
  }

  function mayNotSend(address: string, session: SMTPServerSession): Error | null {
    if (!session.secure) return answer(530, '5.7.0 Must issue a STARTTLS command first');
    const user: unknown = session.user;
    // a notification has no sender (RFC 8098 §2.1): who gives it is known all the same
    if (address === '' && behaviour.needsSender === true) return answer(550, '5.1.7 Sender needed');
    if (address === '' && (typeof user === 'string' || certificates.has(session))) return null;
    if (typeof user === 'string' && user.toLowerCase() === address.toLowerCase()) return null;
    if (accounts.opensByCertificate(address, certificates.get(session))) return null;
    return answer(530, '5.7.0 Authentication required');
  }

  async function take(session: SMTPServerSession, content: Promise<Buffer>): Promise<Error | null> {
    const raw = await content;
    const problem = refusal('DATA');
    if (problem !== undefined) return problem;
    const { mailFrom, rcptTo } = session.envelope;
    const from = mailFrom === false ? '' : mailFrom.address;
    const envelopeId = (session.envelope as { dsn?: { envid?: string | null } }).dsn?.envid ?? undefined;
    const reports = rcptTo.map((one) => ({
      address: one.address,
      ...(one as { dsn?: { notify?: string[]; orcpt?: string } }).dsn,
    }));
    submitted.push({
      from,
      to: rcptTo.map(({ address }) => address),
      by: certificates.has(session) ? 'certificate' : 'token',
      ...(envelopeId === undefined ? {} : { envelopeId }),
      notify: reports.flatMap(({ notify = [] }) => notify),
      raw,
    });
    if (submitted.length > 1000) submitted.shift();
    const now = behaviour;
    for (const { address, notify = [], orcpt } of reports) {
      if (now.loses !== true) store.mailbox(address)?.append(raw);
      if (!notify.includes('SUCCESS') || now.noReports === true || now.loses === true) continue;
      const report = await deliveryReport({
        to: from,
        recipient: address,
        action: 'delivered',
        status: '2.0.0',
        ...(envelopeId === undefined ? {} : { envelopeId }),
        ...(orcpt === undefined ? {} : { originalRecipient: orcpt }),
        headers: headersOf(raw),
      });
      store.mailbox(from)?.append(report);
    }
    if (now.drops === 'after-data') {
      for (const connection of server.connections) connection._socket?.destroy();
    }
    return null;
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const inner = (server.server.address() as { port: number }).port;
  const front = await startFront(
    options.port ?? 0,
    () => inner,
    () => behaviour,
  );
  return {
    port: front.port,
    behave: (next) => {
      behaviour = next;
      const { noStartTls = false, shows = tls } = next;
      Object.assign(server.options, {
        hideSTARTTLS: noStartTls,
        disabledCommands: noStartTls ? ['STARTTLS'] : [],
      });
      server.updateSecureContext({ ...securityOf(server.options), cert: shows.cert, key: shows.key });
    },
    submitted: () => [...submitted],
    close: async () => {
      await front.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function securityOf({
  ca,
  minVersion,
  requestCert,
  rejectUnauthorized,
}: SMTPServerOptions): SMTPServerOptions {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(requestCert === undefined ? {} : { requestCert }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
}

function headersOf(raw: Buffer): string {
  const text = raw.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  return end < 0 ? text : text.slice(0, end + 2);
}

function answer(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}
