import { madeAt } from '../made-at.ts';
import { readSigned, type Signed, verifySigned } from './signatures.ts';
import type { WitnessVerdict } from './verdict.ts';

/** What a partner kept: a seal or a receipt, as compact JWS, or as the JSON file of a receipt store or a proof. */
export interface WitnessFile {
  name: string;
  text: string;
}

interface Expected {
  witness: WitnessVerdict;
  /** seal: the JWS itself; receipt: the leaf hash of its journal entry */
  value: string;
}

type Keys = Parameters<typeof verifySigned>[1];

/** Told of every entry and seal as the export is read; each witness must be met, and be the same. */
export class Witnesses {
  private readonly seals = new Map<number, Expected[]>();
  private readonly entries = new Map<string, Expected[]>();
  private readonly verdicts: WitnessVerdict[] = [];

  static async of(files: readonly WitnessFile[], keys: Keys): Promise<Witnesses> {
    const witnesses = new Witnesses();
    for (const file of files) await witnesses.add(file, keys);
    return witnesses;
  }

  entry(id: string, hash: string): void {
    meet(this.entries, id, hash);
  }

  seal(n: number, jws: string): void {
    meet(this.seals, n, jws);
  }

  /** Once the whole export was read. @param purgedUntil instant up to which entries were purged, when some were */
  conclude(purgedUntil?: string): WitnessVerdict[] {
    for (const { witness } of [...this.seals.values()].flat()) witness.fault ??= 'witness.missing';
    for (const [id, expected] of this.entries)
      for (const { witness } of expected)
        if (purgedUntil !== undefined && madeAt(id) <= purgedUntil) witness.purged = true;
        else witness.fault ??= 'witness.missing';
    return this.verdicts;
  }

  private async add({ name, text }: WitnessFile, keys: Keys): Promise<void> {
    const witness: WitnessVerdict = { name };
    this.verdicts.push(witness);
    const jws = jwsOf(text.trim());
    const signed = readSigned(jws);
    if (signed === undefined || !this.expect(signed, { witness, value: jws }))
      witness.fault = 'witness.unreadable';
    else if ((await verifySigned(jws, keys)) === undefined) witness.fault = 'witness.signature';
  }

  private expect({ kind, claims }: Signed, expected: Expected): boolean {
    const { n, journal } = claims;
    if (kind === 'seal' && typeof n === 'number') return push(this.seals, n, expected);
    const { entry, hash } = { ...(journal as Record<string, unknown> | undefined) };
    if (kind !== 'receipt' || typeof entry !== 'string' || typeof hash !== 'string') return false;
    return push(this.entries, entry, { ...expected, value: hash });
  }
}

function push<K>(map: Map<K, Expected[]>, key: K, expected: Expected): true {
  map.set(key, [...(map.get(key) ?? []), expected]);
  return true;
}

function meet<K>(map: Map<K, Expected[]>, key: K, value: string): void {
  for (const expected of map.get(key) ?? [])
    if (expected.value !== value) expected.witness.fault ??= 'witness.differs';
  map.delete(key);
}

function jwsOf(text: string): string {
  if (!text.startsWith('{')) return text;
  try {
    const { receipt, jws, seal } = JSON.parse(text);
    return String(receipt ?? jws ?? seal?.jws);
  } catch {
    return '';
  }
}
