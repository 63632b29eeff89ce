/**
 * Months of the journal that are old enough go, whole seals at a time, oldest first. The seals stay: with the receipt or
 * the proof that a partner kept they still say what was there, and the chain is still whole.
 */
import { asBrokerError, BrokerError } from './errors.ts';
import { leafHash, merkleRoot, recordEntry } from './journal.ts';
import type { Clock, Ids, KeeperRecords, SealedEntry, SealFacts, UnitOfWork } from './ports.ts';
import { write } from './writes.ts';

/** of one transaction */
const MOST_SEALS = 200;
const MOST_ENTRIES = 5_000;

/** What an entry `journal.purged` tells. */
export interface PurgedFacts {
  /** every seal from here to `toSeal` is without entries from now on, those that earlier purges emptied included */
  fromSeal: number;
  toSeal: number;
  /** removed by this purge */
  entries: number;
  /** `YYYY-MM` in which they were sealed */
  month: string;
  /** when the last of them was sealed */
  until: string;
  /** of the ledger: units accepted less units forgotten, as the entries removed count them */
  units: number;
}

export class JournalPurge {
  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly unitOfWork: UnitOfWork,
    private readonly records: KeeperRecords,
    /** that follow the one in which an entry was sealed; 0 = the journal is kept for ever */
    private readonly months: number,
  ) {}

  /**
   * One transaction at most. Seals that hold an entry of a message which is still remembered wait, and those behind them.
   * @returns the number of entries removed
   * @throws BrokerError `internal` when entries are not what was sealed: that is evidence, and stays
   */
  async turn(): Promise<number> {
    if (this.months === 0) return 0;
    const old = await this.records.sealsToPurge(this.#before(), MOST_SEALS);
    const batch = await this.#free(together(old));
    const [first, last] = [batch[0], batch.at(-1)];
    if (first === undefined || last === undefined) return 0;
    const entries = await this.records.entriesOfSeals(first.n, last.n);
    // another purged meanwhile
    if (entries[0]?.seal !== first.n) return 0;
    for (const seal of batch) isWhole(seal, entries);
    const facts = factsOf(first, last, entries);
    const at = this.clock.now().toISOString();
    const entry = recordEntry({
      id: this.ids.next(),
      at,
      kind: 'journal.purged',
      actor: 'broker',
      details: { ...facts },
    });
    try {
      await this.unitOfWork.commit([
        // while the entries that say which are there
        write('register.purge', { fromSeal: first.n, toSeal: last.n }),
        write('journal.purge', { fromSeal: first.n, toSeal: last.n, entries: entries.length }),
        write('journal.entry', { entry }),
      ]);
    } catch (error) {
      if (asBrokerError(error).code === 'writer.fenced') return 0;
      throw error;
    }
    return entries.length;
  }

  /** The first instant of the oldest month that is kept. */
  #before(): string {
    const now = this.clock.now();
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - this.months)).toISOString();
  }

  /** Those before the first that a message needs. */
  async #free(seals: readonly SealFacts[]): Promise<readonly SealFacts[]> {
    const [first, last] = [seals[0], seals.at(-1)];
    if (first === undefined || last === undefined) return [];
    const needed = await this.records.firstSealNeeded(first.n, last.n);
    return needed === undefined ? seals : seals.filter(({ n }) => n < needed);
  }
}

const monthOf = ({ at }: SealFacts) => at.slice(0, 7);

/** The first ones, of one month and of so many entries together that others' writes pass between. */
function together(seals: readonly SealFacts[]): readonly SealFacts[] {
  const [first] = seals;
  if (first === undefined) return [];
  let entries = 0;
  const end = seals.findIndex((seal, i) => {
    entries += seal.size;
    return monthOf(seal) !== monthOf(first) || (i > 0 && entries > MOST_ENTRIES);
  });
  return end === -1 ? seals : seals.slice(0, end);
}

function isWhole({ n, size, root }: SealFacts, entries: readonly SealedEntry[]): void {
  const leaves = entries.filter(({ seal }) => seal === n).map(({ body }) => leafHash(Buffer.from(body)));
  if (leaves.length === size && merkleRoot(leaves).toString('hex') === root) return;
  throw new BrokerError('internal', {
    detail: `Sceau n° ${n} : ses entrées ne sont pas celles qu’il a scellées.`,
  });
}

function factsOf(first: SealFacts, last: SealFacts, entries: readonly SealedEntry[]): PurgedFacts {
  let units = 0;
  let fromSeal = first.n;
  for (const { body } of entries) {
    const { kind, details } = JSON.parse(body);
    if (kind === 'message.accepted') units += details.recipients.split(' ').length;
    else if (kind === 'message.forgotten') units -= details.units;
    else if (kind === 'journal.purged') {
      // it goes itself: what it said must still be said
      units += details.units;
      fromSeal = Math.min(fromSeal, details.fromSeal);
    }
  }
  return {
    fromSeal,
    toSeal: last.n,
    entries: entries.length,
    month: monthOf(first),
    until: last.at,
    units,
  };
}
