/** A journal as the product writes it, for those who verify it. */
import { createHash } from 'node:crypto';
import { canonicalJson, merkleRoot, type RecordedEntry, recordEntry } from '#core';
import { JWS_TYPES, type SigningKeys } from '#protection';

export const entryOf = (n: number, kind = 'message.accepted'): RecordedEntry =>
  recordEntry({
    id: `01990000-0000-7000-8000-${String(n).padStart(12, '0')}`,
    at: '2026-11-22T00:00:00.000Z',
    kind,
    actor: 'spsti-a',
    messageId: `m${n}`,
    details: { digest: `sha-256:${'0'.repeat(8)}`, size: n, motif: 'é "cité" \u2028' },
  });

export interface WrittenJournal {
  lines: string[];
  seals: string[];
}

/** The writer's own tree, canonical text and signature; a seal for each of these numbers of entries. */
export function aJournal(sizes: readonly number[], keys: SigningKeys, kind?: string): WrittenJournal {
  const lines = [canonicalJson({ type: 'export', jwks: { keys: keys.jwks() } })];
  const seals: string[] = [];
  let made = 0;
  for (const [position, size] of sizes.entries()) {
    const n = position + 1;
    const entries = Array.from({ length: size }, () => entryOf(made++, kind));
    const previous = seals.at(-1);
    const claims = {
      ...{ n, at: '2026-11-22T00:00:01.000Z', size },
      root: merkleRoot(entries.map(({ hash }) => Buffer.from(hash, 'hex'))).toString('hex'),
      prev: previous === undefined ? '0'.repeat(64) : createHash('sha256').update(previous).digest('hex'),
    };
    const jws = keys.sign(claims, JWS_TYPES.seal);
    entries.forEach(({ body, hash }, index) => {
      lines.push(canonicalJson({ type: 'entry', seal: n, index, body, hash }));
    });
    lines.push(canonicalJson({ type: 'seal', n, jws }));
    seals.push(jws);
  }
  return { lines, seals };
}

export const bytesOf = (lines: readonly string[]): Buffer =>
  Buffer.from(lines.map((line) => `${line}\n`).join(''));
