/** What an SMTP answer, or the want of one, means for the delivery. */
import { BrokerError } from '#core';
import { isCertificateError } from './discovery.ts';

/** What nodemailer throws. */
export interface SmtpFailure extends Error {
  code?: string;
  originalCode?: string;
  responseCode?: number;
  response?: string;
  command?: string;
}

export interface SmtpCase {
  /** why the certificate shown was refused */
  untrusted: string | undefined;
  /** the mailbox opens with a person's token */
  byToken: boolean;
  /** the connection is encrypted already */
  secure: boolean;
}

/** The recipient's own refusal, as a value: the mail stays refused however often it is sent. */
export interface RecipientRefusal {
  refused: string;
}

/** 5xx of RCPT or of the content, told by what the server said of it: class, subject, detail (RFC 3463), never its text. */
export function failureOf(error: unknown, at: SmtpCase): BrokerError | RecipientRefusal {
  if (error instanceof BrokerError) return error;
  const failure = error as SmtpFailure;
  const { responseCode, command = '' } = failure;
  if (at.untrusted !== undefined || isCertificateError(failure)) {
    const detail = at.untrusted ?? 'foreign';
    return new BrokerError('mail.server-untrusted', { detail, cause: unsaid(failure) });
  }
  if (!at.secure && isAboutTls(failure))
    return new BrokerError('mail.tls-refused', { cause: unsaid(failure) });
  if (responseCode === undefined || responseCode < 500) return temporary(failure, at);
  if (command.startsWith('AUTH') || [530, 534, 535, 538].includes(responseCode))
    return accessRefused(failure, at);
  // who may send from that mailbox is the operator's and the agreement's affair
  if (command === 'MAIL FROM' && responseCode !== 552)
    return new BrokerError('mail.access-refused', {
      next: 'stop',
      detail: statusOf(failure),
      cause: unsaid(failure),
    });
  if (command === 'RCPT TO' || command === 'DATA' || command === 'MAIL FROM')
    return { refused: statusOf(failure) };
  // a banner or a greeting that says no, a quarrel about order: not this mail's fault
  return new BrokerError('transport.unreachable', { detail: statusOf(failure), cause: unsaid(failure) });
}

/** 4xx, or silence: another try is worth it. A token that is refused for now is one that a new session makes good. */
function temporary(failure: SmtpFailure, { byToken }: SmtpCase): BrokerError {
  const isAuth = failure.code === 'EAUTH' || failure.command?.startsWith('AUTH') === true;
  if (isAuth && byToken && failure.responseCode === undefined)
    return new BrokerError('mail.session-needed', { next: 'retry', cause: unsaid(failure) });
  if (failure.code === 'EMESSAGE' && failure.responseCode === undefined && failure.command === 'MAIL FROM')
    return new BrokerError('body.too-large', { next: 'stop', cause: unsaid(failure) });
  return new BrokerError('transport.unreachable', { detail: statusOf(failure), cause: unsaid(failure) });
}

/** RFC 4954. With a token a person can open the mailbox again; with a certificate nobody can but by the agreement. */
function accessRefused(failure: SmtpFailure, { byToken }: SmtpCase): BrokerError {
  return byToken
    ? new BrokerError('mail.session-needed', {
        next: 'retry',
        detail: statusOf(failure),
        cause: unsaid(failure),
      })
    : new BrokerError('mail.access-refused', {
        next: 'stop',
        detail: statusOf(failure),
        cause: unsaid(failure),
      });
}

function isAboutTls({ code, command, originalCode }: SmtpFailure): boolean {
  return code === 'ETLS' || command === 'STARTTLS' || /^ERR_(SSL|TLS)/.test(originalCode ?? '');
}

/** What failed, without what the server said: it may repeat an address, and an error may be logged with its causes. */
function unsaid(failure: SmtpFailure): Error {
  const { code = '', originalCode = '', command = '' } = failure;
  return new Error(`${statusOf(failure)} ${command} ${code} ${originalCode}`.trim());
}

/** `550 5.1.1`: digits only, since the text may repeat an address. */
function statusOf({ responseCode, response = '' }: SmtpFailure): string {
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  return ['SMTP', responseCode ?? 'sans réponse', ...(enhanced === undefined ? [] : [enhanced])].join(' ');
}
