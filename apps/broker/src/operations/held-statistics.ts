/** How a cell does: what waits, what it settled, how long that took. Figures of messages, never of whom. */
import { ERROR_CODES, type ErrorCode, type PartnerId, type SettledDoubt } from '#core';
import { reasonWords } from '#identity';

export interface HeldStatistics {
  from: string;
  to: string;
  waiting: { messages: number; oldest?: string };
  settled: {
    messages: number;
    byVerdict: Record<Outcome, number>;
    byReason: readonly (Count & { says?: string })[];
    byEvidence: readonly Count[];
    /** the other side of the message, by its name as long as it is a partner */
    byPartner: readonly (Count & { says?: string })[];
    /** of what a person settled; absent when nobody did */
    hours?: { median: number; longest: number };
  };
  /** calendar weeks of Paris from Monday on, the one that `from` is in first */
  weeks: readonly ({ monday: string } & Record<Outcome, number>)[];
}

/** `lapsed`: time ran out before anybody decided */
type Outcome = 'released' | 'refused' | 'lapsed';

interface Count {
  code: string;
  messages: number;
}

/** What comes with a doubt and is none: told beside it, not counted. */
const NO_DOUBT: ReadonlySet<string> = new Set([
  ...['insi.found', 'insi.nia', 'ins.confirmed', 'ins.replaced'],
  ...['evidence.accepted', 'environment.test'],
]);

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PARIS = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' });

export function heldStatistics(
  waiting: { waiting: number; oldest?: string },
  settled: readonly SettledDoubt[],
  { from, to }: { from: Date; to: Date },
  nameOf: (partner: PartnerId) => string | undefined,
): HeldStatistics {
  const byPersons = settled.filter(({ lapsed }) => !lapsed);
  const hours = byPersons
    .map(({ heldAt, at }) => Math.max(0, Date.parse(at) - Date.parse(heldAt)) / HOUR_MS)
    .sort((a, b) => a - b);
  const longest = hours.at(-1);
  const weeks = new Map(mondaysOf(from, to).map((monday) => [monday, nothing()]));
  for (const one of settled) {
    const week = weeks.get(mondayOf(new Date(one.at)));
    if (week !== undefined) week[outcomeOf(one)] += 1;
  }
  const byVerdict = nothing();
  for (const one of settled) byVerdict[outcomeOf(one)] += 1;
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    waiting: {
      messages: waiting.waiting,
      ...(waiting.oldest === undefined ? {} : { oldest: waiting.oldest }),
    },
    settled: {
      messages: settled.length,
      byVerdict,
      byReason: counted(
        settled.flatMap(({ reasons }) => [...new Set(reasons)].filter((code) => !NO_DOUBT.has(code))),
      ).map((one) => said(one, wordsOf(one.code))),
      // where nobody's identity is in doubt there is none
      byEvidence: counted(byPersons.flatMap(({ evidence }) => (evidence === '' ? [] : [evidence]))),
      byPartner: counted(settled.flatMap(({ partners }) => [...new Set(partners)])).map((one) =>
        said(one, nameOf(one.code)),
      ),
      ...(longest === undefined
        ? {}
        : { hours: { median: tenths(medianOf(hours)), longest: tenths(longest) } }),
    },
    weeks: [...weeks].map(([monday, counts]) => ({ monday, ...counts })),
  };
}

function outcomeOf({ verdict, lapsed }: SettledDoubt): Outcome {
  if (lapsed) return 'lapsed';
  return verdict === 'release' ? 'released' : 'refused';
}

function nothing(): Record<Outcome, number> {
  return { released: 0, refused: 0, lapsed: 0 };
}

function wordsOf(code: string): string | undefined {
  return reasonWords(code) ?? ERROR_CODES[code as ErrorCode]?.[1];
}

function said(count: Count, says: string | undefined): Count & { says?: string } {
  return says === undefined ? count : { ...count, says };
}

/** The most frequent first. */
function counted(codes: readonly string[]): Count[] {
  return [...Map.groupBy(codes, (code) => code)]
    .map(([code, all]) => ({ code, messages: all.length }))
    .sort((a, b) => b.messages - a.messages || (a.code < b.code ? -1 : 1));
}

/** @param sorted at least one */
function medianOf(sorted: readonly number[]): number {
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]] as [number, number];
  return (low + high) / 2;
}

function tenths(hours: number): number {
  return Math.round(hours * 10) / 10;
}

function mondayOf(instant: Date): string {
  const day = new Date(PARIS.format(instant));
  return new Date(day.getTime() - ((day.getUTCDay() + 6) % 7) * DAY_MS).toISOString().slice(0, 10);
}

function mondaysOf(from: Date, to: Date): string[] {
  const mondays: string[] = [];
  const last = mondayOf(to);
  for (let monday = mondayOf(from); monday <= last; ) {
    mondays.push(monday);
    monday = new Date(Date.parse(monday) + 7 * DAY_MS).toISOString().slice(0, 10);
  }
  return mondays;
}
