import { type Folded, fold } from './fold.ts';
import type { Trace, TraceKind } from './traces-of.ts';

/** A trace found. Never the value: who reads it looks at the place. */
export interface Find {
  kind: TraceKind;
  /** offset in the bytes hunted; of the encoded run when it is encoded */
  at: number;
  encoded?: 'base64' | 'hex';
}

interface Shelf {
  /** hashes of the first four bytes: a byte each, so that nearly every place is passed over at once */
  readonly starts: Uint8Array;
  readonly kinds: Map<string, TraceKind>;
  /** lengths of the traces that start so */
  readonly lengths: Map<number, number[]>;
}

const STARTS = 1 << 20;
const SHORT_NAME = 5;
/** an instant goes on after its day */
const LETTER_T = 0x74;
const NAMES: readonly TraceKind[] = ['birth-name', 'first-name', 'used-name'];
const BASE64 = /[A-Za-z0-9+/_-](?:\r?\n?[A-Za-z0-9+/_-]){5,}/g;
const HEX = /[0-9A-Fa-f]{8,}/g;
/** a digest: nobody's base64 is only of these characters for so long */
const ALL_HEX = /^(?:[0-9a-f]{32,}|[0-9A-F]{32,})$/;
/** between decoded runs, so that what is around a word is of its own run */
const APART = Buffer.from('\n'.repeat(4));

/** Traces of many people, ready to hunt: built once, used on any number of outputs. Holds identities: not to be kept. */
export class TraceSet {
  readonly #words = shelf();
  readonly #anywhere = shelf();

  constructor(traces: Iterable<Trace>) {
    for (const { kind, text, where } of traces) {
      const { kinds, starts, lengths } = where === 'word' ? this.#words : this.#anywhere;
      if (kinds.has(text)) continue;
      kinds.set(text, kind);
      const start = startOf(Buffer.from(text, 'latin1'), 0);
      starts[start] = 1;
      lengths.set(start, [...new Set([...(lengths.get(start) ?? []), text.length])]);
    }
  }

  /** Finds in bytes read as text. */
  *findsIn(bytes: Uint8Array): Generator<{ kind: TraceKind; at: number }> {
    const folded = fold(bytes);
    yield* scan(folded, this.#words, (at, length, kind) => {
      const { text, from } = folded;
      const begins = at === 0 || text[at - 1] === 0x20;
      const end = at + length;
      const ends =
        end === text.length || text[end] === 0x20 || (kind === 'birth-date' && text[end] === LETTER_T);
      if (!begins || !ends) return false;
      return !NAMES.includes(kind) || length > SHORT_NAME || isAmongWords(bytes, from[at] ?? 0, length);
    });
    yield* scan(squeeze(folded), this.#anywhere, () => true);
  }
}

/**
 * Which kinds of traces stand in these bytes, and where: as text of any case and accents in UTF-8, Latin-1, UTF-16 or
 * JSON escapes, and within runs of base64 (any alignment, both alphabets, folded lines) or hexadecimal, twice over.
 *
 * A name of 4 or 5 letters alone counts only among words: inside a digest or compressed bytes chance writes it.
 * Not seen: what is compressed or encrypted (open it first: zip, PDF streams), percent and HTML entities.
 */
export function hunt(bytes: Uint8Array, traces: TraceSet | Iterable<Trace>): Find[] {
  const set = traces instanceof TraceSet ? traces : new TraceSet(traces);
  const finds: Find[] = [...set.findsIn(bytes)];
  const told = new Set<string>();
  const within = (
    inner: Uint8Array,
    placeOf: (at: number) => number,
    depth: number,
    as: Find['encoded'],
  ): void => {
    for (const { bytes: decoded, rawAt, encoded } of decodings(inner)) {
      const place = (at: number): number => placeOf(rawAt(at));
      const outermost = as ?? encoded;
      for (const { kind, at } of set.findsIn(decoded)) {
        const find: Find = { kind, at: place(at), encoded: outermost };
        const key = `${kind} ${find.at}`;
        if (!told.has(key)) finds.push(find);
        told.add(key);
      }
      if (depth > 1) within(decoded, place, depth - 1, outermost);
    }
  };
  within(bytes, (at) => at, 2, undefined);
  return finds;
}

interface Decoding {
  bytes: Buffer;
  encoded: 'base64' | 'hex';
  /** where the run began, for a place in the decoded bytes */
  rawAt: (at: number) => number;
}

/** All runs of an encoding decoded at one alignment, one after the other on lines of their own. */
function* decodings(bytes: Uint8Array): Generator<Decoding> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const base64 = [...text.matchAll(BASE64)]
    .map(({ 0: run, index }) => [run.replace(/[\r\n]/g, ''), index] as const)
    .filter(([run]) => !ALL_HEX.test(run));
  const hex = [...text.matchAll(HEX)].map(({ 0: run, index }) => [run, index] as const);
  for (let skip = 0; skip < 4; skip += 1) yield decoding('base64', base64, skip);
  for (let skip = 0; skip < 2; skip += 1) yield decoding('hex', hex, skip);
}

function decoding(
  encoded: 'base64' | 'hex',
  runs: readonly (readonly [run: string, index: number])[],
  skip: number,
): Decoding {
  const parts: Buffer[] = [];
  const starts: number[] = [];
  const places: number[] = [];
  let length = 0;
  for (const [run, index] of runs) {
    // A short run holds one value or none: it is read whole, or words would be decoded into chance letters.
    if (skip > 0 && run.length < 12) continue;
    const part = Buffer.from(run.slice(skip), encoded);
    if (encoded === 'base64' && run.length < 12 && part.toString('base64').replace(/=+$/, '') !== run)
      continue;
    parts.push(part, APART);
    starts.push(length);
    places.push(index);
    length += part.length + APART.length;
  }
  return {
    encoded,
    bytes: Buffer.concat(parts, length),
    rawAt: (at) => places[lastNotAfter(starts, at)] ?? 0,
  };
}

function lastNotAfter(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

function* scan(
  { text, from }: Folded,
  { starts, kinds, lengths }: Shelf,
  holds: (at: number, length: number, kind: TraceKind) => boolean,
): Generator<{ kind: TraceKind; at: number }> {
  for (let at = 0; at + 4 <= text.length; at += 1) {
    const start = startOf(text, at);
    if (starts[start] === 0) continue;
    for (const length of lengths.get(start) ?? []) {
      if (at + length > text.length) continue;
      const kind = kinds.get(text.toString('latin1', at, at + length));
      if (kind !== undefined && holds(at, length, kind)) yield { kind, at: from[at] ?? 0 };
    }
  }
}

/** Without its spaces: `2 75 12 63` reads `2751263`, `DUPONT;Jean` reads `dupontjean`. */
function squeeze({ text, from }: Folded): Folded {
  const squeezed = Buffer.allocUnsafe(text.length);
  const places = new Uint32Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at] ?? 0;
    if (byte === 0x20) continue;
    squeezed[length] = byte;
    places[length] = from[at] ?? 0;
    length += 1;
  }
  return { text: squeezed.subarray(0, length), from: places.subarray(0, length) };
}

function shelf(): Shelf {
  return { starts: new Uint8Array(STARTS), kinds: new Map(), lengths: new Map() };
}

function startOf(text: Uint8Array, at: number): number {
  const four =
    (text[at] ?? 0) | ((text[at + 1] ?? 0) << 8) | ((text[at + 2] ?? 0) << 16) | ((text[at + 3] ?? 0) << 24);
  return Math.imul(four, 0x9e3779b1) >>> 12;
}

/** Are the bytes around text, and not one long run as a digest or base64 has it? */
function isAmongWords(bytes: Uint8Array, at: number, length: number): boolean {
  const around = Buffer.from(bytes.subarray(Math.max(0, at - 24), at + length + 24)).toString('latin1');
  const near = Buffer.from(bytes.subarray(Math.max(0, at - 4), at + length + 4)).toString('latin1');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary from text
  if (/[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(near)) return false;
  if (near.length - near.replace(/[\x80-\xff]/g, '').length > near.length / 2) return false;
  const run = /[A-Za-z0-9+/_=-]{32,}/.exec(around)?.[0] ?? '';
  return !(/[0-9]/.test(run) && /[a-z]/.test(run) && /[A-Z]/.test(run));
}
