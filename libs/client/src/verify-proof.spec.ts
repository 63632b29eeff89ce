import { createHash, generateKeyPairSync } from 'node:crypto';
import { CompactSign, exportJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { TrustedKeys } from './trusted-keys.ts';
import { type Proof, verifyProof } from './verify-proof.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const keys = TrustedKeys.pinned({
  keys: [{ ...(await exportJWK(publicKey)), kid: 'k', use: 'sig', alg: 'ES256' }],
});
const sign = (claims: object, typ: string) =>
  new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'ES256', kid: 'k', typ })
    .sign(privateKey);

const sha = (...pieces: Buffer[]) => createHash('sha256').update(Buffer.concat(pieces)).digest();
const leaf = (body: string) => sha(Buffer.of(0), Buffer.from(body));

/** The recursive definitions of RFC 6962 §2.1 and §2.1.1, as written there. */
function root(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0] as Buffer;
  const k = split(leaves.length);
  return sha(Buffer.of(1), root(leaves.slice(0, k)), root(leaves.slice(k)));
}
function path(m: number, leaves: Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...path(m, leaves.slice(0, k)), root(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), root(leaves.slice(0, k))];
}
const split = (n: number) => 2 ** Math.floor(Math.log2(n - 1));

async function proofOf(index: number, size: number): Promise<{ proof: Proof; receipt: string }> {
  const bodies = Array.from({ length: size }, (_, i) => JSON.stringify({ id: `e${i}`, messageId: `m${i}` }));
  const leaves = bodies.map(leaf);
  const body = bodies[index] as string;
  const hash = leaf(body).toString('hex');
  const jws = await sign(
    { n: 4, at: '2026-11-22T00:00:00.000Z', size, root: root(leaves).toString('hex'), prev: '' },
    'relais-seal+jwt',
  );
  const receipt = await sign(
    {
      id: `m${index}`,
      senderId: 's',
      flow: 'f',
      status: 'accepted',
      receivedAt: 't',
      digest: 'd',
      journal: { entry: `e${index}`, hash },
    },
    'relais-receipt+jwt',
  );
  return {
    receipt,
    proof: {
      entry: { id: `e${index}`, body, hash },
      seal: { n: 4, jws },
      index,
      size,
      path: path(index, leaves).map((node) => node.toString('hex')),
    },
  };
}

describe('an inclusion proof', () => {
  it('holds for every place in trees of 1 to 17 entries, and for no other place', async () => {
    for (let size = 1; size <= 17; size++)
      for (let index = 0; index < size; index++) {
        const { proof, receipt } = await proofOf(index, size);
        expect(await verifyProof(proof, receipt, keys)).toMatchObject({ n: 4, jws: proof.seal.jws });
        for (const elsewhere of [index - 1, index + 1, size, index + 0.5])
          await expect(verifyProof({ ...proof, index: elsewhere }, receipt, keys)).rejects.toThrow('proof');
      }
  });

  it('is refused when any member of it is changed', async () => {
    const { proof, receipt } = await proofOf(3, 6);
    const other = await proofOf(2, 6);
    const otherSeal = await proofOf(3, 7);
    const flipped = proof.path.map((node, i) =>
      i === 1 ? node.replace(/^./, (c) => (c === '0' ? '1' : '0')) : node,
    );
    for (const change of [
      { entry: { ...proof.entry, body: `${proof.entry.body} ` } },
      { entry: { ...proof.entry, id: 'e9' } },
      { entry: { ...proof.entry, hash: other.proof.entry.hash } },
      { entry: other.proof.entry },
      { seal: otherSeal.proof.seal },
      { seal: { ...proof.seal, n: 5 } },
      { size: 7 },
      { path: flipped },
      { path: proof.path.slice(1) },
      { path: [...proof.path, proof.path[0] as string] },
      { path: [...proof.path].reverse() },
    ])
      await expect(verifyProof({ ...proof, ...change }, receipt, keys)).rejects.toThrow('proof');
    await expect(verifyProof(proof, other.receipt, keys)).rejects.toThrow('proof');
    await expect(verifyProof({ ...proof, seal: { n: 4, jws: receipt } }, receipt, keys)).rejects.toThrow(
      'another use',
    );
  });
});
