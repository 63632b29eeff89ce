import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactDecrypt, importPKCS8 } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import { flowOf } from '#contracts';
import { bulkFindings, compileSchemas, type Flow } from '#core';
import type { Dmst } from '#core/dmst';
import { fullDmst } from '../generate/dmst.ts';
import { createWorld, take } from '../generate/world.ts';
import { type HdhExport, hdhExport, researchLine } from './hdh-feed.ts';
import { runHdhExport } from './run-hdh-export.ts';

const folder = mkdtempSync(join(tmpdir(), 'relais-hdh-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SAMPLE = join(
  import.meta.dirname,
  '../../../../contracts/dmst-portability/samples/valid/response.full.json',
);
const dossier = JSON.parse(readFileSync(SAMPLE, 'utf8')) as Dmst;
const people = [...take(createWorld({ seed: 7 }).workers(), 200)].map((worker) => fullDmst(worker) as Dmst);
const SETTINGS: HdhExport = {
  exportId: '7f1e9a52-3c1d-4b7a-9c55-0d6a8e1f2b34',
  mode: 'full',
  period: { from: '2026-01', to: '2026-06' },
  information: { informedAt: '2025-01-15', recordedBy: 'DPO' },
  opposition: { appliedAt: '2026-07-01T06:00:00Z', listVersion: '2026-07', opposed: [] },
};

async function exported(dossiers: readonly Dmst[], changes: Partial<HdhExport> = {}) {
  const lines = [];
  for await (const one of hdhExport(() => dossiers, { ...SETTINGS, ...changes })) lines.push(one);
  return lines;
}

const leaving = (lines: Awaited<ReturnType<typeof exported>>) =>
  lines.flatMap((one) => (one.kind === 'header' || one.kind === 'line' ? [JSON.stringify(one.json)] : []));

function refusedByRelais(lines: readonly string[]) {
  const flow = flowOf('hdh-feed') as Flow;
  const contract = flow.contract.objects['dmst-batch'];
  if (contract?.bulk === undefined) throw new Error('not bulk');
  const inForce = { flow, open: true, hash: '', schemaFindings: compileSchemas(flow) };
  const named = { inForce, flow: 'hdh-feed', object: 'dmst-batch', contract };
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  return bulkFindings(bytes, named, contract.bulk, { now: '2026-07-01T00:00:00.000Z', recipients: ['hdh'] });
}

describe('a research line', () => {
  it('keeps codes, months and bands, and of the person the birth year and the sex', () => {
    const line = researchLine(dossier, 'x'.repeat(22)) as Record<string, unknown>;
    expect(line['travailleur']).toEqual({
      birthYear: Number(dossier.identity.birthDate.slice(0, 4)),
      sex: dossier.identity.sex,
    });
    expect(line['visite_sante_travail']).toHaveLength(dossier.visits?.length ?? 0);
    expect(JSON.stringify(line)).not.toMatch(/"[0-9]{4}-[0-9]{2}-[0-9]{2}/);
  });

  it('has none of the words, dates and numbers of its dossier but those of the nomenclatures', () => {
    const { identity } = dossier;
    const text = JSON.stringify(researchLine(dossier, 'x'.repeat(22))).toUpperCase();
    const own = [
      identity.birthName,
      ...identity.firstNames,
      identity.birthDate,
      identity.ins?.value ?? '-',
      identity.localId.value,
      ...dossier.employments.flatMap(({ jobTitle, employerSiret = '-' }) => [jobTitle, employerSiret]),
      ...(dossier.visits ?? []).flatMap(({ professional }) => [professional.name ?? '-']),
    ].filter((value) => value.length > 2);
    expect(own.filter((value) => text.includes(value.toUpperCase()))).toEqual([]);
  });
});

describe('an export', () => {
  it('is taken by Relais as it is, for a whole invented service', async () => {
    const lines = leaving(await exported(people));
    expect(lines.length).toBeGreaterThan(100);
    expect(refusedByRelais(lines)).toEqual([]);
  });

  it('leaves out who objected, by matricule or by the service’s own number, and says how many', async () => {
    const qualified = people.filter(({ identity }) => identity.ins?.status === 'QUAL');
    const [one, two] = qualified as [Dmst, Dmst];
    const opposed = [{ ins: one.identity.ins?.value ?? '' }, { localId: two.identity.localId }];
    const lines = await exported(qualified, { opposition: { ...SETTINGS.opposition, opposed } });
    expect(lines[0]).toMatchObject({ json: { opposition: { opposedOut: 2 } } });
    expect(lines.filter(({ kind }) => kind === 'opposed')).toHaveLength(2);
    expect(lines.filter(({ kind }) => kind === 'line')).toHaveLength(qualified.length - 2);
    expect(JSON.stringify(lines[0])).not.toContain(one.identity.ins?.value);
  });

  it('leaves out who has no qualified identity: nobody could be matched', async () => {
    const { ins: _, ...identity } = dossier.identity;
    const lines = await exported([{ ...dossier, identity }]);
    expect(lines.map(({ kind }) => kind)).toEqual(['header', 'not-qualified']);
  });

  it('refuses a line in which something of the person is left, and cleans nothing', async () => {
    const told = structuredClone(dossier);
    const exposure = told.exposures?.[0];
    if (exposure === undefined) throw new Error('no exposure');
    exposure.tepCode = told.identity.birthName;
    const [, line] = await exported([told]);
    expect(line).toMatchObject({ kind: 'refused', findings: [{ code: 'edge.own-value' }] });
  });

  it('draws link ids that no two exports share, and that its matching lines alone explain', async () => {
    const [one, two] = [await exported(people), await exported(people)];
    const ids = (lines: typeof one) =>
      lines.flatMap((line) => (line.kind === 'line' ? [(line.json as { linkId: string }).linkId] : []));
    expect(new Set([...ids(one), ...ids(two)]).size).toBe(2 * ids(one).length);
    const matching = one.flatMap((line) => (line.kind === 'line' ? [line.matching.linkId] : []));
    expect(matching).toEqual(ids(one));
  });

  it('writes the matching lines sealed for the third party, apart from the batch', async () => {
    const [key, certificate] = [join(folder, 'third.key'), join(folder, 'third.crt')];
    execFileSync('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:3072', '-nodes', '-subj', '/CN=tiers'],
      ...['-keyout', key, '-out', certificate, '-days', '2'],
    ]);
    const from = join(folder, 'dossiers.ndjson');
    writeFileSync(from, people.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const out = join(folder, 'batch.ndjson');
    const thirdParty = readFileSync(certificate, 'utf8');
    const done = await runHdhExport({ from, out, folder, settings: { ...SETTINGS, thirdParty } });
    expect(done).toMatchObject({ refused: 0, lines: expect.any(Number) });
    expect(done.matchingFile).toContain(join(folder, 'out'));
    const { plaintext } = await compactDecrypt(
      readFileSync(done.matchingFile, 'utf8'),
      await importPKCS8(readFileSync(key, 'utf8'), 'RSA-OAEP-256'),
    );
    const matching = Buffer.from(plaintext).toString().trimEnd().split('\n');
    expect(matching).toHaveLength(done.lines);
    const { linkId, ins } = JSON.parse(matching[0] ?? '') as { linkId: string; ins: { value: string } };
    const batch = readFileSync(out, 'utf8');
    expect(batch).toContain(linkId);
    expect(batch).not.toContain(ins.value);
  });
});
