/**
 * One mailbox, looked at for as long as Relais may: opened by its certificate or by a person's token, closed with the
 * session of that person, opened again without a word when there is a token again. What fails here disturbs nothing else.
 */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { asBrokerError, BrokerError, type Clock, inForce, type MailTokens } from '#core';
import type { ImapSession, ReadMail, WaitingMail } from '#transports';
import type { Log } from '../../engine/log.ts';
import type { MailMetrics } from '../../operations/metrics/mail-metrics.ts';
import type { Box } from './box.ts';
import { type Handled, left } from './handled.ts';
import { Later } from './later.ts';
import type { MailAnswers } from './mail-answers.ts';
import type { MailDesk } from './mail-desk.ts';
import type { MailJournal } from './mail-journal.ts';
import type { Turnstile } from './turnstile.ts';

export interface WatchOptions {
  /** as its agreement stands now; undefined = Relais has no such mailbox any more */
  box(): Box | undefined;
  /** this process leads now */
  may(): boolean;
  open(box: Box, token: string | undefined, signal: AbortSignal): Promise<ImapSession>;
  tokens: MailTokens;
  clock: Clock;
  desk: Pick<MailDesk, 'handle'>;
  answers: Pick<MailAnswers, 'tell'>;
  journal: Pick<MailJournal, 'write'>;
  metrics: Pick<MailMetrics, 'received' | 'opened'>;
  /** over all mailboxes: an operator that stalls holds one place, and not those who are read meanwhile */
  reading: Turnstile;
  answering: Turnstile;
  log: Pick<Log, 'warn' | 'info'>;
  /** a larger mail is left for a person, unread */
  mailBytes: number;
}

/** Longest wait for news: then the agreement, the lead and the token are looked at again. */
const NEWS_MS = 25_000;
/** of a mailbox that a person's session opens: it ends soon after that session */
const NEWS_BY_TOKEN_MS = 5_000;
const CLOSED_MS = 1_000;
const LONGEST_BACK_OFF_MS = 60_000;

export class MailboxWatch {
  readonly #ending = new AbortController();
  readonly #later = new Later();
  #watching: Promise<void> = Promise.resolve();
  #session: ImapSession | undefined;
  /** what opened it: another agreement opens it anew */
  #openedBy = '';
  /** fingerprint of a token that its operator refused */
  #refused: string | undefined;
  #failures = 0;

  constructor(
    private readonly id: string,
    private readonly options: WatchOptions,
  ) {}

  start(): void {
    this.#watching = this.#watch();
  }

  /** Takes no more mail; the one in hand is ended. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const ms = await this.#turn(signal).catch((error: unknown) => this.#failed(error));
      if (ms > 0) await pause(ms, undefined, { signal }).catch(() => undefined);
    }
    await this.#leave();
  }

  /** @returns ms to wait before the next */
  async #turn(signal: AbortSignal): Promise<number> {
    const box = this.options.may() ? this.options.box() : undefined;
    const session = box === undefined ? undefined : await this.#opened(box, signal);
    if (box === undefined || session === undefined) {
      await this.#leave();
      return CLOSED_MS;
    }
    let handled = 0;
    const there: string[] = [];
    const waiting = await session.waiting((uid) => {
      const key = keyOf(session, { uid });
      there.push(key);
      return this.#later.isTooSoon(key);
    });
    this.#later.keep(there);
    for (const mail of waiting) {
      if (signal.aborted || !this.options.may()) return 0;
      await this.#one(box, session, mail, signal);
      handled += 1;
    }
    if (this.#failures > 0) this.options.log.info({ mailbox: this.id }, 'mailbox read again');
    this.#failures = 0;
    if (handled > 0) return 0;
    const longest = box.mandate.certificate === undefined ? NEWS_BY_TOKEN_MS : NEWS_MS;
    await session.pause(Math.min(longest, this.#later.nextMs()), signal);
    return LOOK_MS;
  }

  async #one(box: Box, session: ImapSession, waiting: WaitingMail, signal: AbortSignal): Promise<void> {
    const key = keyOf(session, waiting);
    const { answers, journal, metrics, log, mailBytes, reading, answering } = this.options;
    try {
      const unread = waiting.bytes > mailBytes ? ('body.too-large' as const) : this.#later.givenUp(key);
      const { raw, mail, handled } =
        unread === undefined
          ? await reading.run(() => this.#handled(box, session, waiting, signal))
          : { handled: left(unread) };
      const told =
        mail === undefined || raw === undefined
          ? 'nothing'
          : await answering.run(() => answers.tell(box, mail, raw, handled, signal));
      await journal.write(box, waiting.bytes, mail?.messageId ?? mail?.fingerprint, handled, told);
      await session.mark(waiting.uid, handled.mark);
      this.#later.done(key);
      metrics.received(handled);
    } catch (error) {
      const problem = asBrokerError(error);
      if (signal.aborted) return;
      // somebody took it away meanwhile
      if (problem.code !== 'not-found') {
        this.#later.failed(key, problem);
        log.warn({ err: problem, mailbox: this.id }, 'mail not handled yet');
      }
      if (!session.isOpen) throw problem;
    }
  }

  async #handled(
    box: Box,
    session: ImapSession,
    { uid }: WaitingMail,
    signal: AbortSignal,
  ): Promise<{ raw?: Buffer; mail?: ReadMail; handled: Handled }> {
    const raw = await session.mail(uid);
    return { raw, ...(await this.options.desk.handle(box, raw, signal)) };
  }

  async #opened(box: Box, signal: AbortSignal): Promise<ImapSession | undefined> {
    const { clock, tokens, open, metrics } = this.options;
    const mandate = inForce(box.mandate, clock.now());
    const byToken = mandate.certificate === undefined;
    const token = byToken ? await tokens.tokenFor(mandate.address) : undefined;
    // CONF.10: the mailbox closes with the session of whoever opened it
    if (byToken && token === undefined) return undefined;
    const openedBy = fingerprint(JSON.stringify([mandate.address, mandate.certificate, mandate.operator]));
    if (this.#session?.isOpen === true && this.#openedBy === openedBy) return this.#session;
    if (token !== undefined && fingerprint(token) === this.#refused) return undefined;
    await this.#leave();
    try {
      this.#session = await open({ ...box, mandate }, token, signal);
    } catch (error) {
      // the same token would be refused again
      if (token !== undefined && asBrokerError(error).code === 'mail.access-refused')
        this.#refused = fingerprint(token);
      throw error;
    }
    this.#openedBy = openedBy;
    metrics.opened(this.id, true);
    return this.#session;
  }

  async #leave(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session === undefined) return;
    this.options.metrics.opened(this.id, false);
    await session.close();
  }

  /** Told once, tried less and less often. */
  async #failed(error: unknown): Promise<number> {
    await this.#leave();
    this.#failures += 1;
    if (this.#failures === 1 && !this.#ending.signal.aborted)
      this.options.log.warn({ err: asBrokerError(error), mailbox: this.id }, 'mailbox not read');
    // a session that its operator ends is opened again at once: theirs are short
    const first = error instanceof BrokerError && error.code === 'transport.unreachable' ? 250 : CLOSED_MS;
    return Math.min(first * 2 ** Math.min(this.#failures - 1, 10), LONGEST_BACK_OFF_MS);
  }
}

/** between two looks at a mailbox where something stays that is not handled now */
const LOOK_MS = 200;

function keyOf({ uidValidity }: ImapSession, { uid }: Pick<WaitingMail, 'uid'>): string {
  return `${uidValidity}:${uid}`;
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
