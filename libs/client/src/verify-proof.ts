import { createHash } from 'node:crypto';
import { NotGenuine } from './errors.ts';
import { verifyReceipt } from './receipt.ts';
import type { TrustedKeys } from './trusted-keys.ts';

/** `GET /v1/messages/{id}/proof`: the entry of the receipt, and its way up to the root that a seal signs. */
export interface Proof {
  entry: { id: string; body: string; hash: string };
  seal: { n: number; jws: string };
  index: number;
  size: number;
  /** sibling hashes, lowercase hex, leaf level first (RFC 6962 §2.1.1) */
  path: string[];
}

/**
 * Says whether the journal really holds what the receipt promised. Keep the returned seal: it is the witness that
 * catches a journal rewritten later.
 * @throws NotGenuine
 */
export async function verifyProof(
  proof: Proof,
  receipt: string,
  keys: TrustedKeys,
): Promise<{ n: number; at: string; jws: string }> {
  const { id, journal } = await verifyReceipt(receipt, {}, keys);
  const { entry, seal, index, size, path } = proof;
  const leaf = sha256(0, Buffer.from(entry.body));
  if (entry.id !== journal.entry || leaf.toString('hex') !== journal.hash || entry.hash !== journal.hash)
    throw new NotGenuine('proof', 'not the entry of the receipt');
  const body = JSON.parse(entry.body);
  if (body.id !== entry.id || body.messageId !== id)
    throw new NotGenuine('proof', 'entry of another message');
  const claims = await keys.verify(seal.jws, 'seal');
  if (claims['n'] !== seal.n || claims['size'] !== size) throw new NotGenuine('proof', 'another seal');
  if (climb(leaf, index, size, path)?.toString('hex') !== claims['root'])
    throw new NotGenuine('proof', 'does not lead to the sealed root');
  return { n: seal.n, at: String(claims['at']), jws: seal.jws };
}

/** RFC 9162 §2.1.3.2; undefined when the path is not one of a tree of that size. */
function climb(leaf: Buffer, index: number, size: number, path: readonly string[]): Buffer | undefined {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && 0 <= index && index < size))
    return undefined;
  let [hash, at, last] = [leaf, index, size - 1];
  for (const text of path) {
    const sibling = Buffer.from(text, 'hex');
    if (sibling.length !== 32 || last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      hash = sha256(1, sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else hash = sha256(1, hash, sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash : undefined;
}

function sha256(prefix: 0 | 1, ...pieces: Uint8Array[]): Buffer {
  const hash = createHash('sha256').update(Buffer.of(prefix));
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}
