/**
 * `relais journal verify`: needs no broker, no database, and none of the writer's code. Reads an export as a stream
 * and stops at the first thing wrong.
 */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseCanonical } from './canonical.ts';
import { type EntryLine, type ExportLine, readLine, type SealLine } from './export-format.ts';
import { type Line, linesOf } from './lines.ts';
import { leafOf, sha256, treeHash } from './merkle.ts';
import { Purges } from './purges.ts';
import { readKeys, verifySigned } from './signatures.ts';
import type { BadPlace, Fault, JournalVerdict } from './verdict.ts';
import { Witnesses, type WitnessFile } from './witnesses.ts';

export interface VerifyOptions {
  /** files that partners kept: a seal, a receipt, a proof */
  witnesses?: readonly string[];
  /** kids of the only keys to believe, received by another way than the export */
  trustedKids?: readonly string[];
}

/** @throws only when a file cannot be read */
export async function verifyJournal(file: string, options: VerifyOptions = {}): Promise<JournalVerdict> {
  const witnesses = await Promise.all(
    (options.witnesses ?? []).map(async (path) => ({
      name: basename(path),
      text: await readFile(path, 'utf8'),
    })),
  );
  return verifyExport(createReadStream(file), witnesses, options.trustedKids);
}

export async function verifyExport(
  chunks: AsyncIterable<Uint8Array>,
  witnessFiles: readonly WitnessFile[] = [],
  trustedKids?: readonly string[],
): Promise<JournalVerdict> {
  const reading = new Reading(witnessFiles, trustedKids);
  for await (const line of linesOf(chunks)) {
    const bad = await reading.next(line);
    if (bad !== undefined) return reading.verdict(bad);
  }
  return reading.verdict(reading.end());
}

const NO_SEAL = '0'.repeat(64);

type Keys = NonNullable<Awaited<ReturnType<typeof readKeys>>>;

interface Leaf {
  hash: Buffer;
  /** where it says it belongs */
  seal: number;
  id: string;
  line: number;
}

class Reading {
  private keys: Keys | undefined;
  private witnesses: Witnesses | undefined;
  private leaves: Leaf[] = [];
  private last: { n: number; jws: string } | undefined;
  private from: number | undefined;
  private readonly purges = new Purges();
  private entries = 0;
  private seals = 0;
  private line = 0;

  constructor(
    private readonly witnessFiles: readonly WitnessFile[],
    private readonly trustedKids: readonly string[] | undefined,
  ) {}

  async next({ number, text }: Line): Promise<BadPlace | undefined> {
    this.line = number;
    if (text === undefined) return this.bad('line.malformed');
    const value = parseCanonical(text);
    if (value === undefined) return this.bad('line.not-canonical');
    const line = readLine(value);
    if (line === undefined) return this.bad('line.malformed');
    if (this.keys === undefined)
      return line.type === 'export' ? this.header(line) : this.bad('export.header');
    if (line.type === 'export') return this.bad('line.malformed');
    return line.type === 'entry' ? this.entry(line) : this.seal(line, this.keys);
  }

  end(): BadPlace | undefined {
    if (this.keys === undefined) return this.bad('export.header');
    if (this.seals === 0 || this.leaves.length > 0) return this.bad('export.unfinished');
    const unsaid = this.purges.unsaid();
    return unsaid === undefined ? undefined : { code: 'seal.emptied', ...unsaid };
  }

  verdict(firstBad: BadPlace | undefined): JournalVerdict {
    const purged = this.purges.facts();
    const witnesses = firstBad === undefined ? (this.witnesses?.conclude(purged?.until) ?? []) : [];
    return {
      ok: firstBad === undefined && witnesses.every(({ fault }) => fault === undefined),
      entries: this.entries,
      seals: this.seals,
      ...(this.from !== undefined && { from: this.from }),
      ...(this.last !== undefined && { to: this.last.n }),
      ...(firstBad === undefined && purged !== undefined && { purged }),
      ...(firstBad !== undefined && { firstBad }),
      witnesses,
    };
  }

  private async header({ jwks }: ExportLine): Promise<BadPlace | undefined> {
    const { keys, ...others } = { ...jwks };
    if (!Array.isArray(keys) || Object.keys(others).length > 0) return this.bad('export.header');
    this.keys = await readKeys(keys);
    if (this.keys === undefined) return this.bad('export.header');
    const known = this.trustedKids;
    if (known !== undefined && [...this.keys.keys()].some((kid) => !known.includes(kid)))
      return this.bad('export.key-unknown');
    this.witnesses = await Witnesses.of(this.witnessFiles, this.keys);
    return undefined;
  }

  private entry({ seal, index, body, hash }: EntryLine): BadPlace | undefined {
    const entry = parseCanonical(body);
    const { id } = { ...(entry as Record<string, unknown> | undefined) };
    const place = { seal, index, ...(typeof id === 'string' && { entry: id }) };
    if ((this.last !== undefined && seal !== this.last.n + 1) || index !== this.leaves.length)
      return this.bad('entry.out-of-place', place);
    const leaf = leafOf(body);
    if (leaf.toString('hex') !== hash) return this.bad('entry.hash', place);
    if (typeof id !== 'string') return this.bad('entry.not-canonical', place);
    this.leaves.push({ hash: leaf, seal, id, line: this.line });
    this.purges.entry(entry as Record<string, unknown>, seal);
    this.witnesses?.entry(id, hash);
    return undefined;
  }

  private async seal({ n, jws }: SealLine, keys: Keys): Promise<BadPlace | undefined> {
    if (this.last !== undefined && n !== this.last.n + 1) return this.bad('seal.out-of-place', { seal: n });
    const signed = await verifySigned(jws, keys);
    if (signed?.kind !== 'seal') return this.bad('seal.signature', { seal: n });
    const { n: claimed, at, size, root, prev, ...others } = signed.claims;
    if (claimed !== n || typeof at !== 'string' || Object.keys(others).length > 0)
      return this.bad('seal.claims', { seal: n });
    const stray = this.leaves.findIndex((leaf) => leaf.seal !== n);
    if (stray >= 0 && size !== this.leaves.length) return this.bad('seal.out-of-place', { seal: n });
    if (stray >= 0) return this.badEntry('entry.out-of-place', n, stray);
    if (!this.follows(n, prev)) return this.bad('seal.chain', { seal: n });
    if (this.leaves.length === 0 && Number.isSafeInteger(size) && Number(size) > 0)
      this.purges.seal({ n, at, size: Number(size), line: this.line });
    else if (size !== this.leaves.length) return this.bad('seal.size', { seal: n });
    else if (root !== treeHash(this.leaves.map(({ hash }) => hash)).toString('hex')) return this.misplaced(n);
    this.from ??= n;
    this.last = { n, jws };
    this.entries += this.leaves.length;
    this.seals += 1;
    this.leaves = [];
    this.witnesses?.seal(n, jws);
    return undefined;
  }

  /** Where an export begins is its own affair; from there on each seal follows the one before. */
  private follows(n: number, prev: unknown): boolean {
    if (this.last !== undefined) return prev === sha256(Buffer.from(this.last.jws)).toString('hex');
    return (prev === NO_SEAL) === (n === 1) && /^[0-9a-f]{64}$/.test(String(prev));
  }

  /** Entries are sealed in the order of their ids, so one that breaks the order was put there afterwards. */
  private misplaced(n: number): BadPlace {
    const index = this.leaves.findIndex(({ id }, at) => id > (this.leaves[at + 1]?.id ?? id));
    return index < 0 ? this.bad('seal.root', { seal: n }) : this.badEntry('entry.order', n, index);
  }

  private badEntry(code: Fault, seal: number, index: number): BadPlace {
    const { line, id } = this.leaves[index] as Leaf;
    return { code, line, seal, index, entry: id };
  }

  private bad(code: Fault, place: Omit<BadPlace, 'code' | 'line'> = {}): BadPlace {
    return { code, line: this.line, ...place };
  }
}
