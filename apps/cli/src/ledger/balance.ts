/** The equation of the ledger, and its comparison with what partners kept: pure, so that a test can break it. */
import type { Ledger, TransportName } from '#core';
import { CHANNEL_TRANSPORTS } from '#core/partner';
import { madeAt } from '../made-at.ts';

export type Outcome = Exclude<keyof Ledger, 'accepted'>;

/** A message for one recipient, fixed when it was accepted. */
export interface Unit {
  messageId: string;
  sender: string;
  senderId: string;
  recipient: string;
  state: Outcome;
  /** a channel with a wire of its own is received by a mailbox or a server, not by whoever writes the file */
  transport?: TransportName;
}

/** What the store holds, all at one moment. */
export interface Books {
  units: readonly Unit[];
  /** what the journal says was accepted */
  journalled: readonly { messageId: string; sender: string; recipients: readonly string[] }[];
  /**
   * units whose rows were removed when nobody needed to know them any more, less those whose acceptance went with a month
   * of the journal: as the journal counts both
   */
  forgotten: number;
  /** instant up to which months of the journal were purged: of messages that old nothing is known when they are not here */
  purgedUntil?: string;
  /** what waits although no job will ever move it; without a recipient, the whole message */
  stranded: readonly { messageId: string; recipient?: string }[];
}

/** Receipts that a sender kept. */
export interface SentFile {
  partner: string;
  receipts: readonly { id: string; senderId: string }[];
}

/** Lines that a receiver wrote before it answered. */
export interface ReceivedFile {
  partner: string;
  lines: readonly { messageId: string; attempt: number; outcome: string; repeat: boolean }[];
}

export type TroubleCode =
  | 'receipt-unknown'
  | 'journalled-unknown'
  | 'purged-unforgotten'
  | 'not-received'
  | 'stranded'
  | 'receipt-differs'
  | 'not-journalled'
  | 'received-unknown'
  | 'received-though'
  | 'unmarked'
  | 'handled-twice';

export interface Trouble {
  code: TroubleCode;
  messageId: string;
  partner: string;
}

export interface Balance {
  /** messages of partners, and those that Relais or INSi started; `accepted` as the journal counts it */
  partners: Ledger;
  own: Ledger;
  /** receipts kept, messages received, repeats that said so, units delivered that no file here can tell of */
  compared: { receipts: number; received: number; repeats: number; deliveredElsewhere: number };
  lost: Trouble[];
  unexplained: Trouble[];
  twice: Trouble[];
  balanced: boolean;
}

/** Who speaks for Relais itself. */
const OWN = new Set(['relais', 'insi']);
const NOTHING: Ledger = {
  accepted: 0,
  delivered: 0,
  refused: 0,
  held: 0,
  dead: 0,
  expired: 0,
  cancelled: 0,
  waiting: 0,
};

export function balance(books: Books, sent: readonly SentFile[], received: readonly ReceivedFile[]): Balance {
  const units = new Map(books.units.map((unit) => [key(unit.messageId, unit.recipient), unit]));
  const forgotten = forgottenOf(books, units);
  const forgottenIds = new Set([...forgotten].map((unit) => unit.split(' ')[0]));
  const messages = new Map(books.units.map((unit) => [unit.messageId, unit]));
  const partners = ledgerOf(books, forgotten, (sender) => !OWN.has(sender));
  const own = ledgerOf(books, forgotten, (sender) => OWN.has(sender));
  const lines = linesOf(received);
  const files = new Set(received.map(({ partner }) => partner));
  const isInAFile = ({ recipient, transport }: Unit) =>
    files.has(recipient) && (transport === undefined || !CHANNEL_TRANSPORTS.includes(transport));
  const isPurged = (id: string) => books.purgedUntil !== undefined && madeAt(id) <= books.purgedUntil;
  const isKnown = (unit: string) => units.has(unit) || forgotten.has(unit);
  const lost = [
    ...sent.flatMap(({ partner, receipts }) =>
      receipts
        .filter(({ id }) => !messages.has(id) && !forgottenIds.has(id) && !isPurged(id))
        .map(({ id }) => trouble('receipt-unknown', id, partner)),
    ),
    ...books.journalled.flatMap(({ messageId, recipients }) =>
      recipients
        .filter((recipient) => !isKnown(key(messageId, recipient)))
        .map((recipient) => trouble('journalled-unknown', messageId, recipient)),
    ),
    ...(books.forgotten < 0 ? [trouble('purged-unforgotten', '', '')] : []),
    ...books.units
      .filter((unit) => unit.state === 'delivered' && isInAFile(unit))
      .filter(({ messageId, recipient }) => !lines.has(key(messageId, recipient)))
      .map(({ messageId, recipient }) => trouble('not-received', messageId, recipient)),
    ...books.stranded.map(({ messageId, recipient }) => trouble('stranded', messageId, recipient ?? '')),
  ];
  const journalled = new Set(
    books.journalled.flatMap(({ messageId, recipients }) =>
      recipients.map((recipient) => key(messageId, recipient)),
    ),
  );
  const unexplained = [
    ...books.units
      .filter(({ messageId, recipient }) => !journalled.has(key(messageId, recipient)))
      .map(({ messageId, recipient }) => trouble('not-journalled', messageId, recipient)),
    ...sent.flatMap(({ partner, receipts }) =>
      receipts
        .filter(({ id, senderId }) => {
          const unit = messages.get(id);
          return unit !== undefined && (unit.sender !== partner || unit.senderId !== senderId);
        })
        .map(({ id }) => trouble('receipt-differs', id, partner)),
    ),
    ...[...lines.values()].flatMap(({ messageId, partner, said }) => {
      const unit = units.get(key(messageId, partner));
      if (forgotten.has(key(messageId, partner))) return [];
      if (unit === undefined && isPurged(messageId)) return [];
      if (unit === undefined) return [trouble('received-unknown', messageId, partner)];
      return explains(unit.state, said) ? [] : [trouble('received-though', messageId, partner)];
    }),
  ];
  const twice = [...lines.values()].flatMap(({ messageId, partner, firstAttempts, handled }) => [
    ...(firstAttempts > 1 ? [trouble('unmarked', messageId, partner)] : []),
    ...(handled > 1 ? [trouble('handled-twice', messageId, partner)] : []),
  ]);
  return {
    partners,
    own,
    compared: {
      receipts: sent.reduce((sum, { receipts }) => sum + receipts.length, 0),
      received: lines.size,
      repeats: [...lines.values()].reduce((sum, { count, firstAttempts }) => {
        // one of them is the first, whichever number it bears
        return sum + count - Math.max(1, firstAttempts);
      }, 0),
      deliveredElsewhere: books.units.filter((unit) => unit.state === 'delivered' && !isInAFile(unit)).length,
    },
    lost,
    unexplained,
    twice,
    balanced: [lost, unexplained, twice].every(({ length }) => length === 0) && [partners, own].every(adds),
  };
}

/** accepted = delivered + refused + held + dead + expired + cancelled + waiting */
export function adds({ accepted, ...states }: Ledger): boolean {
  return accepted === Object.values(states).reduce((sum, count) => sum + count, 0);
}

/** A line may be ahead of the store (its receipt is on its way), never against it. */
function explains(state: Outcome, said: ReadonlySet<string>): boolean {
  if (state === 'refused') return said.has('refused');
  return state === 'delivered' || state === 'waiting';
}

/** States from the tables, but `accepted` from the journal: two accounts of the same facts. */
function ledgerOf(
  { units, journalled }: Books,
  forgotten: ReadonlySet<string>,
  counts: (sender: string) => boolean,
): Ledger {
  const ledger = { ...NOTHING };
  for (const { messageId, sender, recipients } of journalled)
    if (counts(sender))
      ledger.accepted += recipients.filter((recipient) => !forgotten.has(key(messageId, recipient))).length;
  for (const { sender, state } of units) if (counts(sender)) ledger[state] += 1;
  return ledger;
}

/** The oldest that are no longer there, as many as the journal says were forgotten: one more is lost. */
function forgottenOf(books: Books, units: ReadonlyMap<string, Unit>): Set<string> {
  const gone = books.journalled.flatMap(({ messageId, recipients }) =>
    recipients.map((recipient) => key(messageId, recipient)).filter((unit) => !units.has(unit)),
  );
  return new Set(gone.slice(0, Math.max(0, books.forgotten)));
}

interface Lines {
  messageId: string;
  partner: string;
  count: number;
  /** lines that did not say that they may be a repeat */
  firstAttempts: number;
  /** lines of work done, not of a repeat recognised */
  handled: number;
  said: Set<string>;
}

function linesOf(received: readonly ReceivedFile[]): Map<string, Lines> {
  const all = new Map<string, Lines>();
  for (const { partner, lines } of received)
    for (const { messageId, attempt, repeat, outcome } of lines) {
      const at = key(messageId, partner);
      const known = all.get(at) ?? {
        messageId,
        partner,
        count: 0,
        firstAttempts: 0,
        handled: 0,
        said: new Set<string>(),
      };
      known.count += 1;
      if (attempt <= 1) known.firstAttempts += 1;
      if (!repeat) known.handled += 1;
      known.said.add(outcome);
      all.set(at, known);
    }
  return all;
}

function trouble(code: TroubleCode, messageId: string, partner: string): Trouble {
  return { code, messageId, partner };
}

function key(messageId: string, partner: string): string {
  return `${messageId} ${partner}`;
}
