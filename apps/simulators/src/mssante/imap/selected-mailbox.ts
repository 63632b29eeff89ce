/** A mailbox as one client has it open: SELECT, SEARCH, FETCH, STORE, and what IDLE tells. */
import type { StoredMail, StoredMailbox } from '../mail-store.ts';
import type { ImapBehaviour } from './misbehave.ts';
import type { Section, Word, Words } from './words.ts';

let validity = 0;

export class SelectedMailbox {
  #idles = false;
  /** mails that the client was told of */
  #told = 0;
  readonly #arrival = () => {
    if (this.#idles) this.#exists();
  };

  constructor(
    private readonly mailbox: StoredMailbox,
    private readonly write: (bytes: Buffer) => void,
    private readonly behaviour: () => ImapBehaviour,
  ) {
    mailbox.on('arrival', this.#arrival);
  }

  leave(): void {
    this.mailbox.off('arrival', this.#arrival);
  }

  idles(idles: boolean): void {
    this.#idles = idles;
    // what came since the last command is told first
    if (idles && this.#told < this.mailbox.mails.length) this.#exists();
  }

  select(): void {
    const { noKeywords, otherUidValidity } = this.behaviour();
    const flags = '\\Seen \\Flagged \\Answered \\Deleted';
    validity += 1;
    const { uidValidity, uidNext } = this.mailbox;
    this.#say(`* FLAGS (${flags})`);
    this.#say(`* OK [PERMANENTFLAGS (${flags}${noKeywords === true ? '' : ' \\*'})]`);
    this.#exists();
    this.#say(`* OK [UIDVALIDITY ${otherUidValidity === true ? uidValidity + validity : uidValidity}]`);
    this.#say(`* OK [UIDNEXT ${uidNext}]`);
  }

  /** @returns false for a command that is not known here */
  answers(command: string, words: Words): boolean {
    if (command === 'UID SEARCH') this.#search(words);
    else if (command === 'UID FETCH') this.#fetch(words);
    else if (command === 'UID STORE') this.#store(words);
    else return false;
    return true;
  }

  #search(words: Words): void {
    if (this.behaviour().endlessLine === true) {
      this.#endless();
      return;
    }
    const wanted = (mail: StoredMail) => {
      for (let i = 0; i < words.length; i++) {
        const word = String(words[i]).toUpperCase();
        const negated = word === 'NOT';
        const key = negated ? String(words[++i]).toUpperCase() : word;
        if (key === 'UNKEYWORD' && mail.flags.has(String(words[++i]))) return false;
        if (key === 'UNSEEN' && mail.flags.has('\\Seen')) return false;
        if (key === 'UNFLAGGED' && mail.flags.has('\\Flagged')) return false;
        if (key === 'SEEN' && mail.flags.has('\\Seen') === negated) return false;
        if (key === 'FLAGGED' && mail.flags.has('\\Flagged') === negated) return false;
      }
      return true;
    };
    const found = this.mailbox.mails.filter(wanted).map(({ uid }) => ` ${uid}`);
    this.#say(`* SEARCH${found.join('')}`);
  }

  #fetch([range, items]: Words): void {
    for (const [index, mail] of this.mailbox.mails.entries()) {
      if (!inRange(String(range), mail.uid)) continue;
      this.write(Buffer.from(`* ${index + 1} FETCH (UID ${mail.uid}`));
      for (const item of Array.isArray(items) ? (items as readonly Word[]) : [items as Word])
        this.#item(mail, item);
      this.write(Buffer.from(')\r\n'));
    }
  }

  #item(mail: StoredMail, item: Word): void {
    if (item === 'RFC822.SIZE') this.write(Buffer.from(` RFC822.SIZE ${mail.raw.length}`));
    if (item === 'FLAGS') this.write(Buffer.from(` FLAGS (${[...mail.flags].join(' ')})`));
    if (typeof item !== 'object' || Array.isArray(item)) return;
    const { from, length } = item as Section;
    const bytes = mail.raw.subarray(from, from + length);
    const announced = this.behaviour().literalBytes ?? bytes.length;
    this.write(Buffer.from(` BODY[]<${from}> {${announced}}\r\n`));
    this.write(bytes);
  }

  #store([range, operation, flags]: Words): void {
    const words = (Array.isArray(flags) ? flags : [flags]).map(String);
    for (const mail of this.mailbox.mails) {
      if (!inRange(String(range), mail.uid)) continue;
      const remove = String(operation).startsWith('-');
      const kept = [...mail.flags].filter((flag) => !words.includes(flag));
      this.mailbox.setFlags(mail.uid, remove ? kept : [...kept, ...words]);
    }
  }

  #endless(): void {
    const piece = Buffer.from(` ${'9'.repeat(65_535)}`);
    this.write(Buffer.from('* SEARCH'));
    for (let sent = 0; sent < 512; sent++) this.write(piece);
  }

  #exists(): void {
    this.#told = this.mailbox.mails.length;
    this.#say(`* ${this.mailbox.mails.length} EXISTS`);
  }

  #say(line: string): void {
    this.write(Buffer.from(`${line}\r\n`));
  }
}

/** `1,3:5,7:*` */
function inRange(range: string, uid: number): boolean {
  return range.split(',').some((piece) => {
    const [from = '', to = from] = piece.split(':');
    return uid >= Number(from) && (to === '*' || uid <= Number(to));
  });
}
