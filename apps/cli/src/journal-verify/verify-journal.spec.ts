import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '#core';
import { JWS_TYPES, SigningKeys } from '#protection';
import { aJournal, bytesOf, entryOf } from '../../../../test/builders/journal.ts';
import { type JournalVerdict, reportOf } from './verdict.ts';
import { verifyExport, verifyJournal } from './verify-journal.ts';

const folder = mkdtempSync(join(tmpdir(), 'relais-journal-'));
afterAll(() => rmSync(folder, { recursive: true }));
const signing = new SigningKeys(join(folder, 'signing'));

const journalOf = (sizes: readonly number[], options: { keys?: SigningKeys; kind?: string } = {}) =>
  aJournal(sizes, options.keys ?? signing, options.kind);

const verify = (lines: readonly string[] | Buffer, witnesses: string[] = []): Promise<JournalVerdict> =>
  verifyExport(
    Readable.from([Buffer.isBuffer(lines) ? lines : bytesOf(lines)]),
    witnesses.map((text, index) => ({ name: `w${index}`, text })),
  );
const journal = journalOf([3, 0, 5, 1]);
/** line numbers: 1 export · 2-4 entries, 5 seal 1 · 6 seal 2 · 7-11 entries, 12 seal 3 · 13 entry, 14 seal 4 */
const without = (line: number) => journal.lines.filter((_, index) => index !== line - 1);
const replaced = (line: number, text: string) => journal.lines.with(line - 1, text);
const parsed = (line: number) => JSON.parse(journal.lines[line - 1] as string);

describe('an export of the journal', () => {
  it('is accepted as the product writes it, read from a file, whatever the chunks', async () => {
    const file = join(folder, 'export.ndjson');
    writeFileSync(file, bytesOf(journal.lines));
    const expected = { ok: true, entries: 9, seals: 4, from: 1, to: 4, witnesses: [] };
    expect(await verifyJournal(file)).toEqual(expected);
    const crumbs = [...bytesOf(journal.lines)].map((byte) => Buffer.of(byte));
    expect(await verifyExport(Readable.from(crumbs))).toEqual(expected);
    expect(reportOf(await verifyJournal(file)).at(-1)).toBe('JOURNAL INTÈGRE');
  });

  it('agrees with the writer on trees of 0 to 40 entries', async () => {
    for (let size = 0; size <= 40; size++) expect((await verify(journalOf([size]).lines)).ok).toBe(true);
  });

  it('may span a rotation of the signing key, and begin after purged segments', async () => {
    const rotating = new SigningKeys(join(folder, 'rotating'));
    const before = journalOf([2], { keys: rotating });
    rotating.rotate();
    const header = canonicalJson({ type: 'export', jwks: { keys: rotating.jwks() } });
    expect(await verify([header, ...before.lines.slice(1)])).toMatchObject({ ok: true });
    const late = await verify([journal.lines[0] as string, ...journal.lines.slice(6)]);
    expect(late).toMatchObject({ ok: true, from: 3, to: 4, entries: 6 });
    expect(reportOf(late).join()).toContain('avant le sceau n° 3');
  });

  it('is refused with any one byte changed, at the line changed or where its absence shows', async () => {
    const bytes = bytesOf(journal.lines);
    const lineAt = (at: number) => bytes.subarray(0, at).filter((byte) => byte === 10).length + 1;
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] as number) ^ flip;
        const { ok, firstBad } = await verify(changed);
        expect(ok).toBe(false);
        expect(firstBad?.line).toBe(lineAt(at));
      }),
      { numRuns: 1500 },
    );
  });

  it('is refused with any one digit changed, and still names the right line', async () => {
    const bytes = bytesOf(journal.lines.slice(0, 5));
    let line = 1;
    for (const [at, byte] of bytes.entries()) {
      if (byte === 10) line += 1;
      if (byte < 0x30 || byte > 0x39) continue;
      const changed = Buffer.from(bytes);
      changed[at] = 0x30 + ((byte - 0x30 + 1 + randomInt(9)) % 10);
      expect([at, (await verify(changed)).firstBad?.line]).toEqual([at, line]);
    }
  });

  it('is refused with any one bit changed in its keys or in its last seal', async () => {
    const bytes = bytesOf(journal.lines);
    const first = bytes.indexOf(10);
    const last = bytes.lastIndexOf(10, bytes.length - 2);
    for (const at of bytes.keys()) {
      if (first < at && at < last) continue;
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ (1 << randomInt(8));
      expect([at, (await verify(changed)).ok]).toEqual([at, false]);
    }
  });

  it('names the first bad entry when one is removed', async () => {
    for (const line of [2, 3, 7, 10])
      expect((await verify(without(line))).firstBad).toMatchObject({
        code: 'entry.out-of-place',
        line,
        entry: JSON.parse(parsed(line + 1).body).id,
      });
    expect((await verify(without(11))).firstBad).toMatchObject({ code: 'seal.size', line: 11, seal: 3 });
    expect((await verify(without(5))).firstBad).toMatchObject({
      code: 'seal.out-of-place',
      line: 5,
      seal: 2,
    });
  });

  it('names the first bad entry when two are swapped, even renumbered', async () => {
    const swap = (a: number, b: number, change: (line: number, from: number) => string) =>
      journal.lines.with(a - 1, change(a, b)).with(b - 1, change(b, a));
    const whole = swap(8, 10, (_, from) => journal.lines[from - 1] as string);
    expect((await verify(whole)).firstBad).toMatchObject({ code: 'entry.out-of-place', line: 8 });
    const renumbered = swap(8, 10, (line, from) =>
      canonicalJson({ ...parsed(from), index: parsed(line).index }),
    );
    expect((await verify(renumbered)).firstBad).toMatchObject({ code: 'entry.order', line: 8, index: 1 });
    const acrossSeals = swap(4, 7, (line, from) =>
      canonicalJson({ ...parsed(line), body: parsed(from).body, hash: parsed(from).hash }),
    );
    expect((await verify(acrossSeals)).firstBad).toMatchObject({ code: 'seal.root', line: 5, seal: 1 });
  });

  it('is refused when an entry is rewritten, added or repeated with all its hashes right', async () => {
    const { body, hash } = entryOf(3, 'message.refused');
    const rewritten = replaced(7, canonicalJson({ ...parsed(7), body, hash }));
    expect((await verify(rewritten)).firstBad).toMatchObject({ code: 'seal.root', seal: 3 });
    const added = [...journal.lines];
    added.splice(11, 0, canonicalJson({ ...parsed(11), index: 5 }));
    expect((await verify(added)).firstBad).toMatchObject({ code: 'seal.size', seal: 3 });
  });

  it('is refused when a seal is left out, repeated, of another journal, or signed for another use', async () => {
    const noSecond = journalOf([3, 5]);
    const patched = [...noSecond.lines.slice(0, 5), ...journal.lines.slice(6)];
    expect((await verify(patched)).firstBad).toMatchObject({ code: 'entry.out-of-place', seal: 3 });
    const other = journalOf([3, 0, 5, 1]);
    const mixed = [...journal.lines.slice(0, 6), ...other.lines.slice(6)];
    expect((await verify(mixed)).firstBad).toMatchObject({ code: 'seal.chain', seal: 3 });
    const claims = JSON.parse(Buffer.from(parsed(14).jws.split('.')[1], 'base64url').toString());
    const receipt = signing.sign(claims, JWS_TYPES.receipt);
    const disguised = replaced(14, canonicalJson({ ...parsed(14), jws: receipt }));
    expect((await verify(disguised)).firstBad).toMatchObject({ code: 'seal.signature', seal: 4 });
  });

  it('is refused when it does not end with a seal, has none, or is no export at all', async () => {
    expect((await verify(journal.lines.slice(0, 13))).firstBad?.code).toBe('export.unfinished');
    expect((await verify(journal.lines.slice(0, 1))).firstBad?.code).toBe('export.unfinished');
    expect((await verify([])).firstBad?.code).toBe('export.header');
    expect((await verify(journal.lines.slice(1))).firstBad?.code).toBe('export.header');
    expect((await verify(bytesOf(journal.lines).subarray(0, -1))).firstBad?.code).toBe('line.malformed');
    expect((await verify(Buffer.from('PK\x03\x04'))).firstBad?.line).toBe(1);
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect((await verify([nested])).firstBad?.line).toBe(1);
  });

  it('is refused when its keys are not named by their thumbprints, or are not those trusted', async () => {
    const { jwks } = parsed(1);
    for (const change of [{ kid: 'x' }, { alg: 'none' }, { use: 'enc' }, { extra: 1 }, { d: 'AAAA' }]) {
      const header = canonicalJson({ type: 'export', jwks: { keys: [{ ...jwks.keys[0], ...change }] } });
      expect((await verify(replaced(1, header))).firstBad?.code).toBe('export.header');
    }
    const stream = () => Readable.from([bytesOf(journal.lines)]);
    expect((await verifyExport(stream(), [], [signing.kid])).ok).toBe(true);
    expect((await verifyExport(stream(), [], ['other'])).firstBad?.code).toBe('export.key-unknown');
  });
});

describe('a witness kept by a partner', () => {
  const receiptFor = (line: number, keys = signing) => {
    const { body, hash } = parsed(line);
    const { id, messageId } = JSON.parse(body);
    return keys.sign({ id: messageId, senderId: 's', journal: { entry: id, hash } }, JWS_TYPES.receipt);
  };
  const faults = async (lines: readonly string[], ...witnesses: string[]) => {
    const { ok, witnesses: verdicts } = await verify(lines, witnesses);
    expect(ok).toBe(verdicts.every(({ fault }) => fault === undefined));
    return verdicts.map(({ fault }) => fault);
  };

  it('agrees with an untouched journal, as a bare JWS or in the file of a receipt store', async () => {
    const receipt = receiptFor(13);
    const stored = JSON.stringify({ id: 'm', receipt });
    const proof = JSON.stringify({ seal: { n: 3, jws: journal.seals[2] } });
    const all = [receipt, `${receipt}\n`, stored, journal.seals[0] as string, proof];
    expect(await faults(journal.lines, ...all)).toEqual(all.map(() => undefined));
  });

  it('catches a cut tail', async () => {
    const cut = journal.lines.slice(0, 12);
    expect(await faults(cut)).toEqual([]);
    expect(await faults(cut, receiptFor(13), receiptFor(2), journal.seals[3] as string)).toEqual([
      'witness.missing',
      undefined,
      'witness.missing',
    ]);
  });

  it('catches a rewrite of everything with the key', async () => {
    const rewritten = journalOf([3, 0, 5, 1], { kind: 'message.refused' });
    expect(await faults(rewritten.lines)).toEqual([]);
    expect(await faults(rewritten.lines, journal.seals[1] as string, receiptFor(2))).toEqual([
      'witness.differs',
      'witness.differs',
    ]);
  });

  it('catches a rewrite with another key', async () => {
    const stranger = new SigningKeys(join(folder, 'stranger'));
    const rewritten = journalOf([3, 0, 5, 1], { keys: stranger });
    expect(await faults(rewritten.lines, journal.seals[0] as string)).toEqual(['witness.signature']);
  });

  it('is refused when it is nothing of Relais', async () => {
    const manifest = signing.sign({ n: 1 }, JWS_TYPES.manifest);
    const forged = `${receiptFor(2).slice(0, -2)}AA`;
    expect(await faults(journal.lines, '', '{', 'a.b.c', manifest, forged)).toEqual([
      'witness.unreadable',
      'witness.unreadable',
      'witness.unreadable',
      'witness.unreadable',
      'witness.signature',
    ]);
  });
});
