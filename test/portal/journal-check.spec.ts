/** The page verifies the journal by itself: what it concludes is what `relais journal verify` concludes, which shares no code with it. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { canonicalJson, merkleRoot, recordEntry } from '#core';
import { JWS_TYPES, SigningKeys } from '#protection';
import { verifyExport } from '../../apps/cli/src/journal-verify/verify-journal.ts';
import { checkJournal } from '../../apps/portal/src/register/journal/check-journal.ts';
import { whatIsBroken, whereBroken } from '../../apps/portal/src/register/journal/verdict.ts';
import { aJournal, bytesOf, entryOf } from '../builders/journal.ts';

const folder = mkdtempSync(join(tmpdir(), 'relais-journal-page-'));
afterAll(() => rmSync(folder, { recursive: true }));
const signing = new SigningKeys(join(folder, 'signing'));

const journal = aJournal([3, 0, 5, 1], signing);
const parsed = (line: number) => JSON.parse(journal.lines[line - 1] as string);
const check = (lines: readonly string[] | Uint8Array, witness = '') =>
  checkJournal(Readable.from([lines instanceof Uint8Array ? lines : bytesOf(lines)]), witness);

/** Both judges look at the same bytes. */
async function bothSay(lines: readonly string[] | Uint8Array) {
  const bytes = lines instanceof Uint8Array ? lines : bytesOf(lines);
  const page = await check(bytes);
  const { entries, firstBad, seals } = await verifyExport(Readable.from([bytes]));
  expect({ broken: page.broken, entries: page.entries, seals: page.seals }).toEqual({
    broken: firstBad,
    entries,
    seals,
  });
  return page;
}

/** Seals 1 to 3 emptied, as a purge leaves them, and the entry of seal 4 that says so, or says less. */
function purged(said: { fromSeal: number; toSeal: number }): string[] {
  const entry = recordEntry({
    id: '01990000-0000-7000-8000-00000000ffff',
    at: '2026-11-22T00:00:00.000Z',
    kind: 'journal.purged',
    actor: 'broker',
    details: said,
  });
  const seals = journal.lines.filter((line) => JSON.parse(line).type === 'seal').slice(0, 3);
  const claims = {
    ...{ n: 4, at: '2026-11-22T00:00:02.000Z', size: 1 },
    root: merkleRoot([Buffer.from(entry.hash, 'hex')]).toString('hex'),
    prev: createHash('sha256')
      .update(journal.seals[2] as string)
      .digest('hex'),
  };
  return [
    journal.lines[0] as string,
    ...seals,
    canonicalJson({ type: 'entry', seal: 4, index: 0, body: entry.body, hash: entry.hash }),
    canonicalJson({ type: 'seal', n: 4, jws: signing.sign(claims, JWS_TYPES.seal) }),
  ];
}

describe('the journal verified in the page', () => {
  it('holds as the product writes it, whatever the chunks in which it arrives', async () => {
    const whole = {
      entries: 9,
      seals: 4,
      emptied: 0,
      from: 1,
      last: { n: 4, at: '2026-11-22T00:00:01.000Z' },
    };
    expect(await bothSay(journal.lines)).toEqual(whole);
    const crumbs = [...bytesOf(journal.lines)].map((byte) => Buffer.of(byte));
    expect(await checkJournal(Readable.from(crumbs))).toEqual(whole);
  });

  it('holds on trees of 0 to 20 entries, over a change of key, and from the middle on', async () => {
    for (let size = 0; size <= 20; size += 1) await bothSay(aJournal([size], signing).lines);
    const rotating = new SigningKeys(join(folder, 'rotating'));
    const before = aJournal([2], rotating);
    rotating.rotate();
    const header = canonicalJson({ type: 'export', jwks: { keys: rotating.jwks() } });
    expect(await bothSay([header, ...before.lines.slice(1)])).not.toHaveProperty('broken');
    const late = await bothSay([journal.lines[0] as string, ...journal.lines.slice(6)]);
    expect(late).toMatchObject({ from: 3, entries: 6 });
  });

  it('is broken by any one byte changed, at the very line', async () => {
    const bytes = bytesOf(journal.lines);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] as number) ^ flip;
        const { broken } = await bothSay(changed);
        expect(broken?.line).toBe(bytes.subarray(0, at).filter((byte) => byte === 10).length + 1);
      }),
      { numRuns: 600 },
    );
  });

  it('is broken by lines left out, repeated, swapped or cut off', async () => {
    const { lines } = journal;
    for (const [index, line] of lines.entries()) {
      const without = lines.filter((_, other) => other !== index);
      const twice = lines.toSpliced(index, 0, line);
      expect((await bothSay(without)).broken).toBeDefined();
      expect((await bothSay(twice)).broken).toBeDefined();
      const next = lines[index + 1];
      if (next !== undefined)
        expect((await bothSay(lines.with(index, next).with(index + 1, line))).broken).toBeDefined();
    }
    for (const odd of [[], ['{}'], ['['.repeat(100_000)], lines.slice(1)]) await bothSay(odd);
  });

  it('is broken by an entry rewritten with its hashes right, and says so to a person', async () => {
    const { body, hash } = entryOf(3, 'message.refused');
    const rewritten = journal.lines.with(6, canonicalJson({ ...parsed(7), body, hash }));
    const { broken } = await bothSay(rewritten);
    expect(broken).toMatchObject({ code: 'seal.root', seal: 3 });
    const changed = journal.lines.with(6, canonicalJson({ ...parsed(7), body }));
    const shown = (await bothSay(changed)).broken;
    if (shown === undefined) expect.fail('it holds');
    expect(`${whatIsBroken(shown)} ${whereBroken(shown)}`).toBe(
      'Une entrée a été modifiée : son texte ne correspond plus à son empreinte. sceau n° 3, 1re entrée, ligne 7 de l’export',
    );
  });

  it('holds without the entries that it says were purged, and is broken without those that it does not', async () => {
    expect(await bothSay(purged({ fromSeal: 1, toSeal: 3 }))).toMatchObject({ emptied: 2, entries: 1 });
    const less = await bothSay(purged({ fromSeal: 1, toSeal: 2 }));
    expect(less.broken).toMatchObject({ code: 'seal.emptied', seal: 3 });
  });

  it('is compared with a seal that was kept', async () => {
    const said = async (lines: readonly string[], witness: string) => (await check(lines, witness)).witness;
    const [, second = '', , fourth = ''] = journal.seals;
    expect(await said(journal.lines, ` ${second}\n`)).toBe('agrees');
    expect(await said(journal.lines.slice(0, 12), fourth)).toBe('missing');
    expect(await said(aJournal([3, 0, 5, 1], signing, 'message.refused').lines, second)).toBe('differs');
    expect(await said(journal.lines, 'a.b.c')).toBe('unreadable');
    expect(await check(journal.lines)).not.toHaveProperty('witness');
  });
});
