/** What Relais says to who wrote: an MDN where one was asked for, else a plain mail, and only when something is wrong. */
import { createHash } from 'node:crypto';
import { asBrokerError, BrokerError, type Clock, type MailTokens } from '#core';
import {
  domainOf,
  type MssanteDiscovery,
  type ReadMail,
  type SubmissionOptions,
  submit,
  writeMdn,
  writeNotice,
} from '#transports';
import type { Box } from './box.ts';
import type { Handled } from './handled.ts';

export interface MailAnswersOptions {
  submission: SubmissionOptions;
  discovery: Pick<MssanteDiscovery, 'servers'>;
  tokens: MailTokens;
  clock: Clock;
}

export type Told = 'mdn' | 'mail' | 'nothing';

export class MailAnswers {
  constructor(private readonly options: MailAnswersOptions) {}

  /** @throws BrokerError when it could not be given to the operator */
  async tell(
    box: Box,
    mail: ReadMail,
    raw: Uint8Array,
    handled: Handled,
    signal: AbortSignal,
  ): Promise<Told> {
    const { answer } = handled;
    const { from, notifyTo, messageId, subject } = mail;
    if (answer === undefined || from === undefined || mail.automatic) return 'nothing';
    // RFC 8098 §2.1: a notification goes to who wrote, and to nobody that they name
    const asked = notifyTo === from;
    const error = answer === 'taken' ? undefined : answer;
    if (!asked && error === undefined) return 'nothing';
    const written = await (asked ? writeMdn : writeNotice)({
      from: box.mandate.address,
      to: from,
      messageId: answerIdOf(box, mail, answer),
      at: this.options.clock.now(),
      original: { raw, subject, ...(messageId === undefined ? {} : { messageId }) },
      ...(error === undefined ? {} : { error }),
    });
    await this.#submit(box, from, written, signal);
    return asked ? 'mdn' : 'mail';
  }

  async #submit({ mandate }: Box, to: string, raw: Buffer, signal: AbortSignal): Promise<void> {
    const { discovery, submission, tokens } = this.options;
    const { certificate, key, address } = mandate;
    const token = certificate === undefined ? await tokens.tokenFor(address) : undefined;
    if (token === undefined && (certificate === undefined || key === undefined))
      throw new BrokerError('mail.session-needed', { next: 'retry' });
    const servers = await discovery.servers(mandate, signal);
    const identity =
      token === undefined ? { certificate: certificate as string, key: key as string } : { token };
    const order = { server: servers.submission, from: address, to, raw, identity };
    // that nobody there reads it, a value, is no reason to read the mail again
    try {
      await submit(submission, { ...order, returnPath: '' }, signal);
    } catch (error) {
      const problem = asBrokerError(error);
      // some operators take nothing without a sender: better a notification that could bounce than none
      if (problem.code !== 'mail.access-refused' || problem.next !== 'stop') throw problem;
      await submit(submission, order, signal);
    }
  }
}

/** The same for the same mail: who gets it twice knows it as one. */
function answerIdOf({ mandate }: Box, { messageId, fingerprint }: ReadMail, answer: string | number): string {
  const text = `${mandate.address.toLowerCase()}\n${messageId ?? fingerprint}\n${answer}`;
  return `mdn.${createHash('sha256').update(text).digest('hex').slice(0, 40)}@${domainOf(mandate.address)}`;
}
