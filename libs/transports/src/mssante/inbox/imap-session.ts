/**
 * One IMAP connection to one mailbox: STARTTLS always, nothing said before it, everything bounded. What the server sends
 * is hostile until it has been measured.
 */
import type { ConnectionOptions } from 'node:tls';
import { BrokerError, type MailServer } from '#core';
import { ImapLogin } from './imap-login.ts';
import { imapProblem } from './imap-problem.ts';

export interface ImapOptions {
  /** where to connect: an address that was looked at before, or a name */
  server: MailServer;
  /** mailbox to open, and who opens it: the certificate of `tls`, or the bearer of this token */
  address: string;
  token?: string;
  /** authorities of the trust space and no other, the name wanted, the client's pair */
  tls: {
    options: ConnectionOptions;
    /** why the certificate shown was refused, once it was */
    fault(): string | undefined;
  };
  /** a larger mail is never read */
  mailBytes: number;
  /** ms to connect, greet and protect */
  connectMs: number;
  /** ms without a byte while an answer is awaited */
  silenceMs: number;
}

/** What stands in a mailbox and was not looked at yet. */
export interface WaitingMail {
  uid: number;
  bytes: number;
}

/** `done`: handled. `left`: for a person, who sees it unread and flagged. */
export type Mark = 'done' | 'left';

/** Ours alone: that somebody read a mail elsewhere says nothing of what Relais did with it. */
const LOOKED_AT = '$Relais';
const INBOX = 'INBOX';
/** mails told of at a time; the others come at the next look */
const AT_ONCE = 50;
/** of an answer beside the mail in it */
const ANSWER_BYTES = 4 << 20;

export class ImapSession {
  #news = true;
  #wake: (() => void) | undefined;
  #open = true;
  /** why the connection ended, when it did by something that came over it */
  #fault: Error | undefined;

  private constructor(
    private readonly client: ImapLogin,
    private readonly options: ImapOptions,
  ) {
    const end = () => {
      this.#open = false;
      this.#wake?.();
    };
    client.on('error', (error: Error) => {
      this.#fault ??= error;
      end();
    });
    client.on('close', end);
    client.on('exists', () => {
      this.#news = true;
      this.#wake?.();
    });
  }

  /** @throws BrokerError `mail.tls-refused`, `mail.server-untrusted`, `mail.access-refused`, `transport.unreachable`, `transport.bad-answer` */
  static async open(options: ImapOptions): Promise<ImapSession> {
    const client = clientOf(options);
    const session = new ImapSession(client, options);
    try {
      await client.connect();
      await client.mailboxOpen(INBOX);
      return session;
    } catch (error) {
      client.close();
      if (options.tls.fault() !== undefined) throw new BrokerError('mail.server-untrusted', { cause: error });
      throw imapProblem(error);
    }
  }

  get isOpen(): boolean {
    return this.#open && this.client.usable;
  }

  /** Uids hold under one of these only. */
  get uidValidity(): string {
    return String(this.client.mailbox === false ? '' : this.client.mailbox.uidValidity);
  }

  /**
   * Oldest first, some at a time.
   * @param notNow asked of every one that stands there; one that is left out holds back none behind it
   */
  async waiting(notNow: (uid: number) => boolean = () => false): Promise<WaitingMail[]> {
    return this.#asked(async () => {
      this.#news = false;
      const query = this.#keepsKeywords() ? { unKeyword: LOOKED_AT } : { seen: false, flagged: false };
      const found = await this.client.search(query, { uid: true });
      if (found === undefined || found === false) throw new BrokerError('transport.bad-answer');
      const due = found.sort((a, b) => a - b).filter((uid) => !notNow(uid));
      const uids = due.slice(0, AT_ONCE);
      if (uids.length === 0) return [];
      if (uids.length < due.length) this.#news = true;
      const mails: WaitingMail[] = [];
      for await (const { uid, size } of this.client.fetch(uids.join(','), { size: true }, { uid: true }))
        if (uids.includes(uid) && size !== undefined) mails.push({ uid, bytes: size });
      return mails.sort((a, b) => a.uid - b.uid);
    });
  }

  /** The whole mail, left unread. @throws BrokerError `body.too-large` | `not-found` */
  async mail(uid: number): Promise<Buffer> {
    const { mailBytes } = this.options;
    const fetched = await this.#asked(() =>
      // one byte more than allowed tells an honest server's large mail from one of exactly that size
      this.client.fetchOne(String(uid), { source: { start: 0, maxLength: mailBytes + 1 } }, { uid: true }),
    );
    const source = fetched === false ? undefined : fetched?.source;
    if (source === undefined) throw new BrokerError('not-found');
    if (source.length > mailBytes) throw new BrokerError('body.too-large');
    return source;
  }

  async mark(uid: number, mark: Mark): Promise<void> {
    const flags = mark === 'done' ? [LOOKED_AT, '\\Seen'] : [LOOKED_AT, '\\Flagged'];
    const stored = await this.#asked(() => this.client.messageFlagsAdd(String(uid), flags, { uid: true }));
    if (!stored) throw new BrokerError('transport.refused', { next: 'retry' });
  }

  /** Until something came, the connection ended, or that many ms went by. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#news || !this.isOpen || signal.aborted) return;
    // ended by the next command; a server that refuses IDLE is asked again after the pause
    this.client.idle().catch(() => undefined);
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        // a mailbox is watched for months under one signal
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#wake = end;
      signal.addEventListener('abort', end, { once: true });
    });
    this.#wake = undefined;
  }

  async close(): Promise<void> {
    if (this.isOpen) await this.client.logout().catch(() => undefined);
    this.client.close();
  }

  #keepsKeywords(): boolean {
    const flags = this.client.mailbox === false ? undefined : this.client.mailbox.permanentFlags;
    return flags === undefined || flags.has('\\*') || flags.has(LOOKED_AT);
  }

  async #asked<T>(work: () => Promise<T>): Promise<T> {
    if (!this.isOpen) throw new BrokerError('transport.unreachable');
    try {
      return await work();
    } catch (error) {
      // a command that fails with its connection may be told first
      await new Promise((resolve) => setImmediate(resolve));
      const problem = imapProblem(this.#fault ?? error);
      // what could not be understood once leaves nothing to trust on that connection
      this.client.close();
      throw problem;
    }
  }
}

function clientOf({ server, address, token, tls, mailBytes, connectMs, silenceMs }: ImapOptions): ImapLogin {
  const client = new ImapLogin({
    host: server.host,
    port: server.port,
    secure: false,
    doSTARTTLS: true,
    tls: tls.options,
    auth: { user: address, ...(token === undefined ? {} : { accessToken: token }) },
    // traffic is health data, and the token
    logger: false,
    // a few bytes may become any number
    disableCompression: true,
    disableAutoEnable: true,
    disableAutoIdle: true,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: silenceMs,
    maxLineLength: ANSWER_BYTES,
    maxLiteralSize: mailBytes + 1,
    maxResponseSize: mailBytes + ANSWER_BYTES,
  });
  if (token === undefined) client.external = address;
  return client;
}
