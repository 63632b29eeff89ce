/** Mailboxes of the simulated operator, in memory: what comes in by submission is what IMAP shows. */
import { EventEmitter } from 'node:events';

export interface StoredMail {
  /** grows within a mailbox, never used twice */
  uid: number;
  /** as it came, CRLF line ends */
  raw: Buffer;
  /** INTERNALDATE */
  at: Date;
  /** `\Seen`, `\Deleted`, keywords */
  flags: Set<string>;
}

interface MailboxEvents {
  arrival: [StoredMail];
  /** its place in the mailbox (from 1) just before it went */
  expunge: [mail: StoredMail, sequence: number];
  flags: [StoredMail];
}

/** The INBOX of one address. */
export class StoredMailbox extends EventEmitter<MailboxEvents> {
  readonly #mails: StoredMail[] = [];
  #uidNext = 1;

  constructor(
    readonly address: string,
    /** changes with each start of the operator: what was read before is no use after */
    readonly uidValidity: number,
  ) {
    super();
    this.setMaxListeners(0);
  }

  get uidNext(): number {
    return this.#uidNext;
  }

  /** in the order of uids: place in the list + 1 = sequence number */
  get mails(): readonly StoredMail[] {
    return this.#mails;
  }

  append(raw: Buffer, at = new Date()): StoredMail {
    const mail: StoredMail = { uid: this.#uidNext, raw, at, flags: new Set() };
    this.#uidNext += 1;
    this.#mails.push(mail);
    this.emit('arrival', mail);
    return mail;
  }

  setFlags(uid: number, flags: Iterable<string>): void {
    const mail = this.#mails.find((one) => one.uid === uid);
    if (mail === undefined) return;
    mail.flags = new Set(flags);
    this.emit('flags', mail);
  }

  /** Removes one for good. */
  expunge(uid: number): void {
    const place = this.#mails.findIndex((one) => one.uid === uid);
    const [mail] = place < 0 ? [] : this.#mails.splice(place, 1);
    if (mail !== undefined) this.emit('expunge', mail, place + 1);
  }
}

export class MailStore {
  readonly #mailboxes = new Map<string, StoredMailbox>();
  readonly #uidValidity = Math.floor(Date.now() / 1000);

  /** Makes the mailbox when it is not there. */
  create(address: string): StoredMailbox {
    const known = this.mailbox(address);
    if (known !== undefined) return known;
    const made = new StoredMailbox(address, this.#uidValidity);
    this.#mailboxes.set(address.toLowerCase(), made);
    return made;
  }

  mailbox(address: string): StoredMailbox | undefined {
    return this.#mailboxes.get(address.toLowerCase());
  }
}
