/** The Merkle tree hash as RFC 6962 §2.1 defines it, by recursion: another way than the writer's levels. */
import { createHash } from 'node:crypto';

export function leafOf(body: string): Buffer {
  return sha256(Buffer.of(0), Buffer.from(body));
}

export function treeHash(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return only;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

export function sha256(...pieces: Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}
