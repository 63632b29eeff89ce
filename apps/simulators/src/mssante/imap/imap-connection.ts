/** One client of the simulated IMAP server. What it says is parsed by imapflow's own parser; RFC 3501, 2177, 4422. */
import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type SecureContext, TLSSocket } from 'node:tls';
import { parser } from 'imapflow/lib/handler/imap-handler.js';
import type { MailAccounts } from '../accounts.ts';
import type { MailStore } from '../mail-store.ts';
import type { ImapBehaviour } from './misbehave.ts';
import { SelectedMailbox } from './selected-mailbox.ts';
import { type Words, wordsOf } from './words.ts';

export interface ConnectionOptions {
  store: MailStore;
  accounts: MailAccounts;
  context: SecureContext;
  behaviour(): ImapBehaviour;
  onLogin(address: string): void;
  tokenLookMs?: number;
}

const LONGEST_LINE = 65_536;
const SOH = '\u0001';

export class ImapConnection {
  /** of the mailbox, once it is open */
  address: string | undefined;
  #stream: Duplex;
  #buffered = '';
  #certificate: X509Certificate | undefined;
  #protected = false;
  #selected: SelectedMailbox | undefined;
  /** tag of an IDLE under way */
  #idle: string | undefined;
  /** what the next line answers, when it is no command */
  #awaited: ((line: string) => void) | undefined;
  #tokenLook: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly socket: Socket,
    private readonly options: ConnectionOptions,
  ) {
    this.#stream = socket;
    this.#listen(socket);
    this.#say(`* OK [CAPABILITY ${this.#capabilities()}] MSSanté`);
  }

  get isIdle(): boolean {
    return this.#idle !== undefined;
  }

  cut(): void {
    this.socket.destroy();
  }

  end(): void {
    clearInterval(this.#tokenLook);
    this.#selected?.leave();
    this.#idle = undefined;
    this.address = undefined;
  }

  #listen(stream: Duplex): void {
    stream.on('error', () => this.socket.destroy());
    stream.on('data', (chunk: Buffer) => {
      if (stream !== this.#stream) return;
      this.#buffered += chunk.toString('latin1');
      if (this.#buffered.length > LONGEST_LINE) return this.cut();
      for (let end = this.#buffered.indexOf('\r\n'); end >= 0; end = this.#buffered.indexOf('\r\n')) {
        const line = this.#buffered.slice(0, end);
        this.#buffered = this.#buffered.slice(end + 2);
        const awaited = this.#awaited;
        this.#awaited = undefined;
        if (awaited === undefined)
          this.#turn = this.#turn.then(() => this.#line(line)).catch(() => this.cut());
        else awaited(line);
      }
    });
  }

  async #line(line: string): Promise<void> {
    if (this.#idle !== undefined) return this.#endIdle(line);
    const { tag = '', command = '', attributes } = await parser(Buffer.from(line, 'latin1'));
    const words = wordsOf(attributes);
    if (this.options.behaviour().stalls === true && this.address !== undefined) return;
    await this.#command(String(tag), String(command).toUpperCase(), words);
  }

  async #command(tag: string, command: string, words: Words): Promise<void> {
    const [name = '', mechanism] = command.split(' ');
    switch (name) {
      case 'CAPABILITY':
        this.#say(`* CAPABILITY ${this.#capabilities()}`);
        return this.#say(`${tag} OK done`);
      case 'NOOP':
        return this.#say(`${tag} OK done`);
      case 'LOGOUT':
        this.#say('* BYE');
        this.#say(`${tag} OK done`);
        this.#stream.end();
        return;
      case 'STARTTLS':
        return this.#startTls(tag);
      case 'AUTHENTICATE':
        return this.#authenticate(tag, mechanism ?? String(words[0] ?? ''), words);
      default:
        return this.#authenticated(tag, command, words);
    }
  }

  async #authenticated(tag: string, command: string, words: Words): Promise<void> {
    if (this.address === undefined) return this.#say(`${tag} NO [PRIVACYREQUIRED] log in first`);
    if (command === 'NAMESPACE') {
      this.#say('* NAMESPACE (("" "/")) NIL NIL');
      return this.#say(`${tag} OK done`);
    }
    if (command === 'LIST') {
      this.#say('* LIST (\\HasNoChildren) "/" INBOX');
      return this.#say(`${tag} OK done`);
    }
    const mailbox = this.options.store.mailbox(this.address);
    if (mailbox === undefined) return this.#say(`${tag} NO [NONEXISTENT]`);
    if (command === 'SELECT') {
      this.#selected?.leave();
      this.#selected = new SelectedMailbox(mailbox, (bytes) => this.#write(bytes), this.options.behaviour);
      this.#selected.select();
      return this.#say(`${tag} OK [READ-WRITE] done`);
    }
    if (command === 'IDLE') {
      this.#idle = tag;
      this.#say('+ idling');
      this.#selected?.idles(true);
      if (this.options.behaviour().dropsIdle === true) this.cut();
      return;
    }
    if (command === 'UID STORE' && this.options.behaviour().dropsStore === true) return this.cut();
    const known = this.#selected?.answers(command, words) === true;
    this.#say(known ? `${tag} OK done` : `${tag} BAD unknown here`);
  }

  #endIdle(line: string): void {
    const tag = this.#idle ?? '*';
    this.#idle = undefined;
    this.#selected?.idles(false);
    this.#say(line.toUpperCase() === 'DONE' ? `${tag} OK done` : `${tag} BAD DONE awaited`);
  }

  // --- protection and login -------------------------------------------------------------------------------------

  #startTls(tag: string): void {
    const { behaviour, context } = this.options;
    if (this.#protected || behaviour().refusesStartTls === true) {
      this.#say(`${tag} NO`);
      return;
    }
    const slipped = behaviour().injects === true ? '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] injected\r\n' : '';
    this.#write(Buffer.from(`${tag} OK begin\r\n${slipped}`));
    // what a client says before the handshake was said by anybody
    this.#buffered = '';
    this.socket.removeAllListeners('data');
    const secured = new TLSSocket(this.socket, {
      isServer: true,
      secureContext: context,
      requestCert: true,
      rejectUnauthorized: false,
    });
    this.#stream = secured;
    this.#protected = true;
    secured.on('secure', () => {
      const shown = secured.getPeerCertificate().raw as Buffer | undefined;
      if (shown === undefined) return;
      const fault = (secured as unknown as { ssl: { verifyError(): Error | null } }).ssl.verifyError();
      if (fault === null) this.#certificate = new X509Certificate(shown);
      else this.cut();
    });
    this.#listen(secured);
  }

  async #authenticate(tag: string, mechanism: string, words: Words): Promise<void> {
    if (!this.#protected) return this.#say(`${tag} NO [PRIVACYREQUIRED] STARTTLS first`);
    const initial = words.map(String).find((word) => word !== mechanism);
    const told = initial ?? (await this.#asked('+ '));
    const text = Buffer.from(told === '=' ? '' : told, 'base64').toString();
    const address = await this.#opened(mechanism, text);
    if (address === undefined) {
      // RFC 7628-like: the reason, then an empty line of the client
      if (mechanism === 'XOAUTH2')
        await this.#asked(`+ ${Buffer.from('{"status":"401"}').toString('base64')}`);
      return this.#say(`${tag} NO [AUTHENTICATIONFAILED] Authentication failed`);
    }
    this.address = address;
    this.options.onLogin(address);
    this.#say(`${tag} OK [CAPABILITY ${this.#capabilities()}] Success`);
  }

  async #opened(mechanism: string, text: string): Promise<string | undefined> {
    const { accounts } = this.options;
    if (mechanism === 'EXTERNAL')
      return accounts.opensByCertificate(text, this.#certificate) ? text : undefined;
    if (mechanism !== 'XOAUTH2') return undefined;
    const [user = '', auth = ''] = text.split(SOH);
    const [address, token] = [user.replace(/^user=/, ''), auth.replace(/^auth=Bearer /, '')];
    if (text !== `user=${address}${SOH}auth=Bearer ${token}${SOH}${SOH}`) return undefined;
    if (!(await accounts.opensByToken(address, token))) return undefined;
    this.#tokenLook = setInterval(
      () => void this.#stillOpen(address, token),
      this.options.tokenLookMs ?? 1_000,
    );
    return address;
  }

  /** CONF.10: the session ends with the person's. */
  async #stillOpen(address: string, token: string): Promise<void> {
    if (await this.options.accounts.opensByToken(address, token).catch(() => false)) return;
    this.#say('* BYE [EXPIRED] session is over');
    this.#stream.end();
  }

  /** The client's next line. */
  #asked(prompt: string): Promise<string> {
    return new Promise((resolve) => {
      this.#awaited = resolve;
      this.#say(prompt);
    });
  }

  #capabilities(): string {
    const { noStartTls, noExternal } = this.options.behaviour();
    const always = 'IMAP4rev1 SASL-IR IDLE NAMESPACE UIDPLUS';
    if (this.address !== undefined) return always;
    if (!this.#protected)
      return `${always}${noStartTls === true ? ' AUTH=XOAUTH2 AUTH=EXTERNAL' : ' STARTTLS LOGINDISABLED'}`;
    return `${always} AUTH=XOAUTH2${noExternal === true ? '' : ' AUTH=EXTERNAL'}`;
  }

  #say(line: string): void {
    this.#write(Buffer.from(`${line}\r\n`));
  }

  #write(bytes: Buffer): void {
    if (this.#stream.writable) this.#stream.write(bytes);
  }
}
