/**
 * The journal, verified here: every entry against its hash, every seal against its entries, its signature and the seal before.
 * Stops at the first thing wrong. The rules are those of the export's format (`relais journal verify`), written anew: a page
 * that shared the writer's code would share its mistakes. A test lets both judge the same journals.
 */
import { readCanonical } from './canonical.ts';
import { Emptied } from './emptied.ts';
import { hex, leafOf, rootOf, sha256, utf8 } from './hashes.ts';
import { type Line, linesOf, readLine } from './lines.ts';
import { type Keys, keysOf, readSeal, verifiedSeal } from './signatures.ts';
import type { Broken, JournalVerdict, WitnessVerdict } from './verdict.ts';

type Entry = Extract<Line, { type: 'entry' }>;
type Seal = Extract<Line, { type: 'seal' }>;

interface Leaf {
  hash: Uint8Array<ArrayBuffer>;
  /** where it says it belongs */
  seal: number;
  id: string;
  line: number;
}

const NO_SEAL = '0'.repeat(64);

/** @param witness a seal kept elsewhere, as it was given. @param told entries read so far, now and then */
export async function checkJournal(
  chunks: AsyncIterable<Uint8Array>,
  witness = '',
  told: (entries: number) => void = () => undefined,
): Promise<JournalVerdict> {
  const check = new Check(witness.trim());
  for await (const text of linesOf(chunks)) {
    const broken = await check.next(text);
    if (broken !== undefined) return check.verdict(broken);
    told(check.entries);
  }
  return check.verdict(check.end());
}

class Check {
  entries = 0;
  #keys: Keys | undefined;
  #leaves: Leaf[] = [];
  #last: { n: number; jws: string; at: string } | undefined;
  #from: number | undefined;
  #seals = 0;
  #line = 0;
  #witness: WitnessVerdict | undefined;
  readonly #emptied = new Emptied();
  /** number of the seal that the witness claims to be */
  readonly #awaited: number | undefined;

  constructor(private readonly witness: string) {
    const n = readSeal(witness)?.claims['n'];
    if (typeof n === 'number') this.#awaited = n;
    if (witness !== '') this.#witness = this.#awaited === undefined ? 'unreadable' : 'missing';
  }

  async next(text: string | undefined): Promise<Broken | undefined> {
    this.#line += 1;
    const line = text === undefined ? undefined : readLine(text);
    if (line === false) return this.#broken('line.not-canonical');
    if (line === undefined) return this.#broken('line.malformed');
    if (this.#keys === undefined) {
      if (line.type === 'export') this.#keys = await keysOf(line.jwks);
      return this.#keys === undefined ? this.#broken('export.header') : undefined;
    }
    if (line.type === 'export') return this.#broken('line.malformed');
    return line.type === 'entry' ? this.#entry(line) : this.#seal(line, this.#keys);
  }

  end(): Broken | undefined {
    if (this.#keys === undefined) return this.#broken('export.header');
    if (this.#seals === 0 || this.#leaves.length > 0) return this.#broken('export.unfinished');
    const unsaid = this.#emptied.unsaid();
    return unsaid === undefined ? undefined : { code: 'seal.emptied', ...unsaid };
  }

  verdict(broken: Broken | undefined): JournalVerdict {
    return {
      entries: this.entries,
      seals: this.#seals,
      emptied: this.#emptied.seals,
      ...(this.#from !== undefined && { from: this.#from }),
      ...(this.#last !== undefined && { last: { n: this.#last.n, at: this.#last.at } }),
      ...(broken !== undefined && { broken }),
      // of a journal that is broken nothing can be said by a witness
      ...(broken === undefined && this.#witness !== undefined && { witness: this.#witness }),
    };
  }

  async #entry({ body, hash, index, seal }: Entry): Promise<Broken | undefined> {
    const read = readCanonical(body);
    const id = read?.['id'];
    const place = { seal, index, ...(typeof id === 'string' && { entry: id }) };
    if ((this.#last !== undefined && seal !== this.#last.n + 1) || index !== this.#leaves.length)
      return this.#broken('entry.out-of-place', place);
    const leaf = await leafOf(body);
    if (hex(leaf) !== hash) return this.#broken('entry.hash', place);
    if (read === undefined || typeof id !== 'string') return this.#broken('entry.not-canonical', place);
    this.#leaves.push({ hash: leaf, seal, id, line: this.#line });
    this.#emptied.entry(read, seal);
    return undefined;
  }

  async #seal({ jws, n }: Seal, keys: Keys): Promise<Broken | undefined> {
    if (this.#last !== undefined && n !== this.#last.n + 1)
      return this.#broken('seal.out-of-place', { seal: n });
    const claims = await verifiedSeal(jws, keys);
    if (claims === undefined) return this.#broken('seal.signature', { seal: n });
    const { at, n: claimed, prev, root, size, ...others } = claims;
    if (claimed !== n || typeof at !== 'string' || Object.keys(others).length > 0)
      return this.#broken('seal.claims', { seal: n });
    const stray = this.#leaves.findIndex((leaf) => leaf.seal !== n);
    if (stray >= 0 && size !== this.#leaves.length) return this.#broken('seal.out-of-place', { seal: n });
    if (stray >= 0) return this.#brokenEntry('entry.out-of-place', n, stray);
    if (!(await this.#follows(n, prev))) return this.#broken('seal.chain', { seal: n });
    const without = this.#leaves.length === 0 && Number.isSafeInteger(size) && Number(size) > 0;
    if (without) this.#emptied.seal(n, this.#line);
    else if (size !== this.#leaves.length) return this.#broken('seal.size', { seal: n });
    else if (root !== hex(await rootOf(this.#leaves.map(({ hash }) => hash)))) return this.#misplaced(n);
    if (n === this.#awaited) this.#witness = jws === this.witness ? 'agrees' : 'differs';
    this.#from ??= n;
    this.#last = { n, jws, at };
    this.#seals += 1;
    this.entries += this.#leaves.length;
    this.#leaves = [];
    return undefined;
  }

  /** Where an export begins is its own affair; from there on each seal follows the one before. */
  async #follows(n: number, prev: unknown): Promise<boolean> {
    if (this.#last !== undefined) return prev === hex(await sha256(utf8(this.#last.jws)));
    return (prev === NO_SEAL) === (n === 1) && /^[0-9a-f]{64}$/.test(String(prev));
  }

  /** Entries are sealed in the order of their ids: one that breaks it was put there afterwards. */
  #misplaced(n: number): Broken {
    const index = this.#leaves.findIndex(({ id }, at) => id > (this.#leaves[at + 1]?.id ?? id));
    return index < 0 ? this.#broken('seal.root', { seal: n }) : this.#brokenEntry('entry.order', n, index);
  }

  #brokenEntry(code: Broken['code'], seal: number, index: number): Broken {
    const { id, line } = this.#leaves[index] as Leaf;
    return { code, line, seal, index, entry: id };
  }

  #broken(code: Broken['code'], place: Omit<Broken, 'code' | 'line'> = {}): Broken {
    return { code, line: this.#line, ...place };
  }
}
