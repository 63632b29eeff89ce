import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, inclusionPath, leafHash, merkleRoot, recordEntry } from './journal.ts';

const sha256 = (...pieces: Uint8Array[]) => createHash('sha256').update(Buffer.concat(pieces)).digest();
const leaf = (data: Uint8Array) => sha256(Buffer.of(0), data);
const node = (left: Buffer, right: Buffer) => sha256(Buffer.of(1), left, right);

/** RFC 6962 §2.1, word for word: k is the largest power of two smaller than n. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function treeHead(data: readonly Uint8Array[]): Buffer {
  if (data.length === 0) return sha256();
  if (data.length === 1) return leaf(data[0] as Uint8Array);
  const k = split(data.length);
  return node(treeHead(data.slice(0, k)), treeHead(data.slice(k)));
}

/** RFC 6962 §2.1.1, word for word. */
function auditPath(m: number, data: readonly Uint8Array[]): Buffer[] {
  if (data.length === 1) return [];
  const k = split(data.length);
  return m < k
    ? [...auditPath(m, data.slice(0, k)), treeHead(data.slice(k))]
    : [...auditPath(m - k, data.slice(k)), treeHead(data.slice(0, k))];
}

/** The inputs and roots of the reference implementation of Certificate Transparency. */
const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('the Merkle tree', () => {
  it.each(ROOTS.map((root, size) => [size, root] as const))(
    'of %i known entries has the known root',
    (size, root) => {
      const leaves = INPUTS.slice(0, size).map((hex) => leafHash(Buffer.from(hex, 'hex')));
      expect(merkleRoot(leaves).toString('hex')).toBe(root);
    },
  );

  it('has the root and the audit paths that RFC 6962 defines by recursion, at every size up to 70', () => {
    for (let size = 1; size <= 70; size++) {
      const data = Array.from({ length: size }, (_, i) => Buffer.from(`entry ${i}`));
      const leaves = data.map(leafHash);
      expect(merkleRoot(leaves)).toEqual(treeHead(data));
      for (let m = 0; m < size; m++) expect(inclusionPath(leaves, m)).toEqual(auditPath(m, data));
    }
  });

  it('is that of the entries and of their order: whatever is changed, removed, added or moved changes the root', () => {
    const entries = fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(entries, fc.nat(), fc.nat(), (texts, a, b) => {
        const root = (given: readonly string[]) =>
          merkleRoot(given.map((text) => leafHash(Buffer.from(text)))).toString('hex');
        const [i, j] = [a % texts.length, b % texts.length];
        const whole = root(texts);
        expect(root(texts.with(i, `${texts[i]}!`))).not.toBe(whole);
        expect(root(texts.toSpliced(i, 1))).not.toBe(whole);
        expect(root(texts.toSpliced(i, 0, 'more'.repeat(9)))).not.toBe(whole);
        if (i !== j)
          expect(root(texts.with(i, texts[j] as string).with(j, texts[i] as string))).not.toBe(whole);
      }),
    );
  });

  it('is not moved by the entries that it is given: they are left as they were', () => {
    const leaves = [leafHash(Buffer.from('a')), leafHash(Buffer.from('b')), leafHash(Buffer.from('c'))];
    const before = leaves.map((hash) => hash.toString('hex'));
    merkleRoot(leaves);
    inclusionPath(leaves, 2);
    expect(leaves.map((hash) => hash.toString('hex'))).toEqual(before);
  });
});

describe('an entry', () => {
  it('is canonical text, and its hash that of its text', () => {
    const entry = recordEntry({ kind: 'k', id: 'i', at: 'a', actor: 'é', details: { b: 1, a: null } });
    expect(entry.body).toBe('{"actor":"é","at":"a","details":{"a":null,"b":1},"id":"i","kind":"k"}');
    expect(entry.hash).toBe(leaf(Buffer.from(entry.body)).toString('hex'));
  });

  it('is the same text whatever the order in which its facts were given', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
        (details) => {
          const shuffled = Object.fromEntries(Object.entries(details).reverse());
          expect(canonicalJson(details)).toBe(canonicalJson(shuffled));
          expect(JSON.parse(canonicalJson(details))).toEqual({ ...details });
        },
      ),
    );
  });

  it('refuses what is not JSON', () => {
    expect(() => canonicalJson(undefined)).toThrow(TypeError);
  });
});
