/**
 * Journal entries: what happened, in the transaction of the fact. An entry is exact text (RFC 8785),
 * its hash an RFC 6962 leaf hash. Position exists only in the seal that takes it.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** Facts only: ids, codes, digests, sizes, roles. Never a trait, never content. */
export interface JournalEntry {
  id: string;
  at: string;
  /** what happened, e.g. `message.accepted`, `delivery.attempted`, `client.revoked` */
  kind: string;
  /** partner, `person:<pseudonym>`, or `broker` */
  actor: string;
  messageId?: string;
  deliveryId?: string;
  exchangeId?: string;
  flow?: string;
  details?: Record<string, string | number | boolean | null>;
}

export interface RecordedEntry {
  id: string;
  at: string;
  body: string;
  /** lowercase hex SHA-256(0x00 || body) */
  hash: string;
}

export function recordEntry(entry: JournalEntry): RecordedEntry {
  const body = canonicalJson(entry);
  return { id: entry.id, at: entry.at, body, hash: leafHash(Buffer.from(body)).toString('hex') };
}

export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not JSON');
  return text;
}

/** RFC 6962 §2.1 */
export function leafHash(entry: Uint8Array): Buffer {
  return createHash('sha256').update(Buffer.of(0)).update(entry).digest();
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();
}

/** Levels of the Merkle tree of RFC 6962: [leaves, …, [root]]; an odd node rises alone. */
export function merkleLevels(leaves: readonly Buffer[]): Buffer[][] {
  if (leaves.length === 0) return [[createHash('sha256').digest()]];
  const levels: Buffer[][] = [[...leaves]];
  for (let level = levels[0] as Buffer[]; level.length > 1; ) {
    const next: Buffer[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i] as Buffer, level[i + 1]];
      next.push(right === undefined ? left : nodeHash(left, right));
    }
    levels.push(next);
    level = next;
  }
  return levels;
}

export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  return (merkleLevels(leaves).at(-1) as Buffer[])[0] as Buffer;
}

/** RFC 6962 §2.1.1 audit path of leaf `index`: sibling hashes, leaf level first. */
export function inclusionPath(leaves: readonly Buffer[], index: number): Buffer[] {
  const path: Buffer[] = [];
  let position = index;
  for (const level of merkleLevels(leaves).slice(0, -1)) {
    const sibling = level[position ^ 1];
    if (sibling !== undefined) path.push(sibling);
    position >>= 1;
  }
  return path;
}

/** What a seal signs (compact JWS, typ `relais-seal+jwt`). `prev` chains it to the seal before. */
export interface SealClaims {
  n: number;
  at: string;
  size: number;
  /** lowercase hex Merkle root of the entries, in index order */
  root: string;
  /** lowercase hex SHA-256 of the previous seal's compact JWS; 64 zeros for the first */
  prev: string;
}
