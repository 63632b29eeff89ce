/** The journal of a whole Relais, seen by those who do not trust its owner: exported, verified, tampered with. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Proof, TrustedKeys, verifyProof } from '#client';
import { canonicalJson, type JournalRecords, leafHash, merkleRoot, recordEntry } from '#core';
import { SigningKeys } from '#protection';
import { journalExport } from '../../apps/broker/src/operations/journal-export.ts';
import { verifyJournal } from '../../apps/cli/src/journal-verify/verify-journal.ts';
import { settled } from '../builders/intake.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const SAMPLE = join(
  import.meta.dirname,
  '../../contracts/dmst-portability/samples/valid/request.qualified.json',
);

interface Line {
  type: 'export' | 'entry' | 'seal';
  n?: number;
  seal?: number;
  index?: number;
  body?: string;
  hash?: string;
  jws?: string;
}
interface Receipt {
  id: string;
  receipt: string;
}

describe('the journal of a whole Relais', () => {
  let relais: TestRelais;
  let keys: TrustedKeys;
  let sent = 0;
  let files = 0;
  /** export taken after some traffic, and the receipts that the sender kept, in order */
  let whole: Line[];
  const receipts: Receipt[] = [];

  const send = async (changes: Record<string, string> = {}) => {
    const answer = await relais.as('spsti-b')('/v1/messages', {
      body: readFileSync(SAMPLE),
      headers: {
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-id': `journal-${++sent}`,
        'ce-source': 'urn:relais:partner:spsti-b',
        'ce-type': 'fr.relais-st.dmst-portability.request.v1',
        'ce-recipient': 'spsti-a',
        ...changes,
      },
    });
    if (answer.status === 202) receipts.push(answer.json as unknown as Receipt);
    return answer;
  };
  const exported = async (): Promise<string> => {
    const answer = await relais.by('operator')('/v1/journal/export');
    expect(answer.status).toBe(200);
    return answer.bytes.toString();
  };
  const linesOf = (text: string): Line[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  const keep = (text: string, name = `file-${++files}`): string => {
    const file = join(relais.demo.home, name);
    writeFileSync(file, text);
    return file;
  };
  const verify = (lines: readonly Line[], witnesses: readonly string[] = []) =>
    verifyJournal(keep(lines.map((line) => `${canonicalJson(line)}\n`).join('')), { witnesses });
  const proofOf = async (id: string) => {
    const answer = await relais.as('spsti-b')(`/v1/messages/${id}/proof`);
    expect(answer.status).toBe(200);
    return answer.json as unknown as Proof;
  };

  beforeAll(async () => {
    relais = await aRelais({ RELAIS_SEAL_INTERVAL_MS: '60' });
    keys = new TrustedKeys(async () => (await relais.as('spsti-b')('/.well-known/jwks.json')).json as never);
    for (let i = 0; i < 6; i++) {
      expect((await send()).status).toBe(202);
      expect((await send({ 'ce-recipient': 'nobody' })).status).toBe(422);
      // a seal for each, so that there is a chain to attack
      await eventually(
        async () => (await relais.as('spsti-b')(`/v1/messages/${receipts.at(-1)?.id}/proof`)).status === 200,
      );
    }
    await settled(relais);
    whole = linesOf(await exported());
  });
  afterAll(() => relais.close());

  it('is exported by the operator, and found whole by a verifier that shares no code with its writer', async () => {
    const verdict = await verify(whole, [keep(receipts.map(({ receipt }) => receipt)[0] ?? '')]);
    expect(verdict).toMatchObject({ ok: true, entries: whole.filter(({ type }) => type === 'entry').length });
    expect(verdict.seals).toBeGreaterThan(3);
    const kinds = whole.flatMap(({ body }) =>
      body === undefined ? [] : (JSON.parse(body) as { kind: string }).kind,
    );
    for (const kind of ['message.accepted', 'message.refused', 'message.prepared'])
      expect(kinds).toContain(kind);
  });

  it('holds every receipt that was given, and ends with a seal', async () => {
    const witnesses = receipts.map(({ receipt }, i) => keep(receipt, `receipt-${i}.jws`));
    expect(await verify(whole, witnesses)).toMatchObject({ ok: true });
    expect(whole.at(-1)?.type).toBe('seal');
  });

  it('is for operators and auditors only', async () => {
    expect((await relais.by('doctor-b')('/v1/journal/export')).status).toBe(403);
    expect((await relais.as('spsti-b')('/v1/journal/export')).status).toBe(404);
  });

  it('holds no trait and no content', () => {
    const text = JSON.stringify(whole);
    for (const trait of ['ADRUN', 'ZOE', '2751263220749', '1975-12-31']) expect(text).not.toContain(trait);
  });

  describe('tampered with', () => {
    const isEntry = ({ type }: Line) => type === 'entry';
    /** each entry in turn, but not all of hundreds */
    const some = () =>
      whole
        .flatMap((line, at) => (isEntry(line) ? [at] : []))
        .filter((_, i, all) => i % Math.ceil(all.length / 12) === 0);
    const idOf = (at: number) => (JSON.parse(whole[at]?.body ?? '{}') as { id: string }).id;

    it('by one byte of an entry: the verifier names that entry', async () => {
      for (const at of some()) {
        const line = whole[at] as Line;
        const body = (line.body ?? '').replace(
          /"kind":"(.)/,
          (_, letter: string) => `"kind":"${letter === 'x' ? 'y' : 'x'}`,
        );
        const verdict = await verify(whole.with(at, { ...line, body }));
        expect(verdict).toMatchObject({
          ok: false,
          firstBad: { code: 'entry.hash', line: at + 1, entry: idOf(at) },
        });
      }
    });

    it('by one byte of an entry and its hash: the seal that took it no longer holds', async () => {
      const at = some()[3] as number;
      const line = whole[at] as Line;
      const body = (line.body ?? '').replace('"actor":"', '"actor":"x');
      const hash = leafHash(Buffer.from(body)).toString('hex');
      const verdict = await verify(whole.with(at, { ...line, body, hash }));
      expect(verdict).toMatchObject({ ok: false, firstBad: { seal: line.seal } });
    });

    it('by any single byte of the file, anywhere: it is no longer whole', async () => {
      const bytes = Buffer.from(whole.map((line) => `${canonicalJson(line)}\n`).join(''));
      for (let i = 0; i < 40; i++) {
        const at = Math.floor(((i + 0.5) / 40) * bytes.length);
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] as number) ^ 0x01;
        const file = join(relais.demo.home, 'changed.ndjson');
        writeFileSync(file, changed);
        const { ok, firstBad } = await verifyJournal(file);
        expect([at, ok, firstBad === undefined]).toEqual([at, false, false]);
      }
    });

    it('by an entry removed: the verifier names the place', async () => {
      for (const at of some()) {
        const verdict = await verify(whole.toSpliced(at, 1));
        expect(verdict.ok).toBe(false);
        expect(verdict.firstBad).toMatchObject({ line: at + 1 });
      }
    });

    it('by two entries swapped, even with their places: the verifier names the first', async () => {
      const at = whole.findIndex((line, i) => isEntry(line) && whole[i + 1]?.type === 'entry');
      const [one, two] = [whole[at] as Line, whole[at + 1] as Line];
      const swapped = whole.with(at, two).with(at + 1, one);
      expect(await verify(swapped)).toMatchObject({
        ok: false,
        firstBad: { code: 'entry.out-of-place', line: at + 1 },
      });
      const placed = whole
        .with(at, { ...two, index: one.index as number })
        .with(at + 1, { ...one, index: two.index as number });
      expect(await verify(placed)).toMatchObject({
        ok: false,
        firstBad: { code: 'entry.order', line: at + 1 },
      });
    });

    it('by cutting its tail: whole by itself, but the receipt that a partner kept says what is missing', async () => {
      const seals = whole.flatMap(({ type }, at) => (type === 'seal' ? [at] : []));
      const cut = whole.slice(0, (seals[2] as number) + 1);
      expect(await verify(cut)).toMatchObject({ ok: true });
      const witness = keep(receipts.at(-1)?.receipt ?? '', 'kept-receipt.jws');
      expect(await verify(cut, [witness])).toMatchObject({
        ok: false,
        witnesses: [{ name: 'kept-receipt.jws', fault: 'witness.missing' }],
      });
    });

    it('by a rewrite of everything with the key of Relais itself: only a seal kept elsewhere tells', async () => {
      const first = receipts[0] as Receipt;
      const { seal } = await proofOf(first.id);
      const forged = rewrite(whole, new SigningKeys(join(relais.demo.home, 'keys', 'signing')), 1);
      expect(await verify(forged)).toMatchObject({ ok: true });
      const witness = keep(JSON.stringify({ seal }), 'kept-seal.json');
      expect(await verify(whole, [witness])).toMatchObject({ ok: true });
      expect(await verify(forged, [witness])).toMatchObject({
        ok: false,
        witnesses: [{ name: 'kept-seal.json', fault: 'witness.differs' }],
      });
    });
  });

  describe('proves', () => {
    it('to the sender, once sealed, that it holds what the receipt promised; before, it says so', async () => {
      const { sealer } = relais.broker.engine;
      const sealing = vi.spyOn(sealer, 'seal').mockResolvedValue(0);
      const { id, receipt } = (await send()).json as unknown as Receipt;
      const before = await relais.as('spsti-b')(`/v1/messages/${id}/proof`);
      expect(before).toMatchObject({ status: 409, json: { code: 'state.conflict' } });
      sealing.mockRestore();
      await sealer.sealAll();
      const proof = await proofOf(id);
      expect(await verifyProof(proof, receipt, keys)).toMatchObject({ n: proof.seal.n, jws: proof.seal.jws });
      expect((await relais.as('spsti-a')(`/v1/messages/${id}/proof`)).status).toBe(404);
    });

    it('every receipt, and no other: a proof of one message does not do for another', async () => {
      const proofs = await Promise.all(receipts.map(({ id }) => proofOf(id)));
      for (const [i, { receipt }] of receipts.entries()) {
        const proof = proofs[i] as Proof;
        expect(await verifyProof(proof, receipt, keys)).toMatchObject({ n: proof.seal.n });
        await expect(verifyProof(proofs[(i + 1) % proofs.length] as Proof, receipt, keys)).rejects.toThrow();
        await expect(verifyProof({ ...proof, index: proof.index + 1 }, receipt, keys)).rejects.toThrow();
      }
    });
  });

  it('is whole in every export taken while messages come and seals are made', async () => {
    const taken: string[] = [];
    let coming = true;
    const traffic = (async () => {
      while (coming) await send();
    })();
    for (let i = 0; i < 6; i++) taken.push(...(await Promise.all([exported(), exported()])));
    coming = false;
    await traffic;
    const before = receipts.map(({ receipt }) => keep(receipt)).slice(0, 6);
    for (const text of taken) {
      const verdict = await verifyJournal(keep(text), { witnesses: before });
      expect(verdict).toMatchObject({ ok: true });
    }
    const last = linesOf(await exported());
    expect(
      await verify(
        last,
        receipts.map(({ receipt }) => keep(receipt)),
      ),
    ).toMatchObject({ ok: true });
  });
});

/** Every entry about one message made to say something else, and every root, link and signature after it made right. */
function rewrite(lines: readonly Line[], signer: SigningKeys, index: number): Line[] {
  let prev = '0'.repeat(64);
  let leaves: Buffer[] = [];
  let entries = 0;
  return lines.map((line) => {
    if (line.type === 'entry') {
      const entry = JSON.parse(line.body ?? '') as { actor: string };
      const body = entries++ === index ? canonicalJson({ ...entry, actor: 'spsti-c' }) : (line.body ?? '');
      const leaf = leafHash(Buffer.from(body));
      leaves.push(leaf);
      return { ...line, body, hash: leaf.toString('hex') };
    }
    if (line.type === 'export') return line;
    const claims = JSON.parse(Buffer.from(line.jws?.split('.')[1] ?? '', 'base64url').toString()) as object;
    const root = merkleRoot(leaves).toString('hex');
    const jws = signer.sign({ ...claims, root, prev }, 'relais-seal+jwt');
    prev = createHash('sha256').update(jws).digest('hex');
    leaves = [];
    return { ...line, jws };
  });
}

describe('an export', () => {
  it('is read from the store as it is sent: a slow reader holds no more than one seal in memory', async () => {
    const seals = 500;
    let read = 0;
    const journal = {
      seals: async (after: number, limit: number) =>
        Array.from({ length: Math.min(limit, seals - after) }, (_, i) => ({
          n: after + i + 1,
          jws: 'e30.e30.AA',
        })),
      entriesOfSeal: async (n: number) => {
        read++;
        return Array.from({ length: 100 }, (_, i) =>
          recordEntry({ id: `${n}-${i}`, at: 'a', kind: 'k', actor: 'broker' }),
        );
      },
    } as unknown as JournalRecords;
    const stream = Readable.from(journalExport(journal, [], async () => undefined));
    let lines = 0;
    for await (const _ of stream) {
      lines++;
      if (lines === 1_000) expect(read).toBeLessThanOrEqual(11);
    }
    expect([lines, read]).toEqual([1 + seals * 101, seals]);
  });
});
