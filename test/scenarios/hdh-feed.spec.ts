/** A service exports its dossiers: what its edge lets out reaches the hub, and nothing of whom it speaks of. */
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hunt, TraceSet, tracesOf } from '#confidentiality';
import { startPartner } from '../../apps/cli/src/demo/simulators.ts';
import { runHdhExport } from '../../apps/cli/src/edge/run-hdh-export.ts';
import { fullDmst } from '../../apps/cli/src/generate/dmst.ts';
import { createWorld, take } from '../../apps/cli/src/generate/world.ts';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const TYPE = 'fr.relais-st.hdh-feed.dmst-batch.v1';
const folder = mkdtempSync(join(tmpdir(), 'relais-hdh-'));
const workers = [...take(createWorld({ seed: 11 }).workers(), 300)];
let relais: TestRelais;
let service: Spsti;
let hub: PartnerSoftware;

beforeAll(async () => {
  relais = await aRelais({}, { alsoKeysOf: ['hdh', 'cnam'] });
  service = await relais.service('spsti-a');
  hub = await startPartner(relais.demo, 'hdh', { relaisUrl: relais.partnersUrl });
});
afterAll(async () => {
  await hub.close();
  await relais.close();
  rmSync(folder, { recursive: true });
});

const out = join(folder, 'batch.ndjson');

/** What the hub decrypted, and what it answered, as the service reads it. */
async function sent(id: string, more = '') {
  const text = readFileSync(out, 'utf8') + more;
  const file = join(folder, `${id}.ndjson`);
  writeFileSync(file, text);
  const accepted = await service.client.sendLines({ id, type: TYPE, data: () => createReadStream(file) });
  const told = await eventually(
    async () => hub.received.find(({ messageId }) => messageId === accepted.id),
    30,
  );
  const answer = await eventually(
    async () =>
      service.received.find(
        ({ object, correlationid }) => object === 'acknowledgement' && correlationid === told.correlationid,
      ),
    30,
  );
  const manifest = JSON.parse(readFileSync(answer.files[0] ?? '', 'utf8')) as Record<string, unknown>;
  return { accepted, text, read: readFileSync(told.files[0] ?? '', 'utf8'), manifest };
}

describe('an export of three hundred invented workers', () => {
  it('reaches the hub line for line, and comes back as a manifest with a quality report', async () => {
    const from = join(folder, 'dossiers.ndjson');
    writeFileSync(from, workers.map((worker) => `${JSON.stringify(fullDmst(worker))}\n`).join(''));
    const opposed = workers
      .filter(({ opposedToReuse }) => opposedToReuse)
      .map(({ dossier }) => ({ localId: dossier.identity.localId }));
    const done = await runHdhExport({
      from,
      out,
      folder,
      settings: {
        exportId: '7f1e9a52-3c1d-4b7a-9c55-0d6a8e1f2b34',
        mode: 'full',
        period: { from: '2026-01', to: '2026-06' },
        information: { informedAt: '2025-01-15', recordedBy: 'DPO' },
        opposition: { appliedAt: '2026-07-01T06:00:00Z', listVersion: '2026-07', opposed },
        thirdParty: readFileSync(relais.demo.paths.partner('cnam').enc.crt, 'utf8'),
      },
    });
    expect(done.opposed).toBe(opposed.length);
    const { accepted, text, read, manifest } = await sent('export-1');
    expect(accepted.bulk).toEqual({ lines: done.lines, accepted: done.lines, refused: 0 });
    expect(read).toBe(text);
    expect(manifest).toMatchObject({
      outcome: 'accepted',
      counts: { received: done.lines, accepted: done.lines, refused: 0 },
      manifest: { digest: accepted.digest, bytes: Buffer.byteLength(text) },
      quality: { persons: done.lines, filled: { visite_sante_travail: 1 } },
    });
    const exchange = await eventually(async () => {
      const exchanges = (await service.client.exchanges()) as unknown as Record<string, unknown>[];
      return exchanges.find((one) => one['flow'] === 'hdh-feed' && one['state'] !== 'SUBMITTED');
    });
    expect(exchange).toMatchObject({ responder: 'hdh', overdue: false });
  });

  it('lets no value of those it speaks of through; one planted is found', async () => {
    const traces = new TraceSet(workers.flatMap(({ dossier }) => [...tracesOf(dossier.identity)]));
    const lines = readFileSync(out);
    expect(hunt(lines, traces)).toEqual([]);
    const { birthName, firstNames } = (workers[0] as (typeof workers)[number]).dossier.identity;
    const planted = Buffer.concat([lines, Buffer.from(`{"note":"${birthName} ${firstNames[0]}"}\n`)]);
    expect(hunt(planted, traces)).not.toEqual([]);
  });

  it('goes on without a line that names somebody; the sender learns which, and why', async () => {
    const [, line = ''] = readFileSync(out, 'utf8').split('\n');
    const person = JSON.parse(line) as Record<string, unknown>;
    const more = [
      {
        ...person,
        linkId: 'A'.repeat(22),
        conclusion_medicale: [{ month: '2026-05', type: 'AMEN', restrictions: ['185127599900137'] }],
      },
      { ...person, linkId: 'B'.repeat(22), birthName: 'FICTIF' },
    ];
    const text = more.map((one) => `${JSON.stringify(one)}\n`).join('');
    const { accepted, read } = await sent('export-2', text);
    expect(accepted.bulk?.refused).toBe(2);
    const count = readFileSync(out, 'utf8').trimEnd().split('\n').length;
    expect(await service.client.refusedLines(accepted.id)).toEqual([
      { line: count + 1, pointer: '/conclusion_medicale/0/restrictions/0', code: 'after-check.ins' },
      { line: count + 2, pointer: '', code: 'schema.additionalProperties' },
    ]);
    expect(read).toBe(readFileSync(out, 'utf8'));
  });

  it('tells the hub of a person sent twice, and the hub tells the service', async () => {
    const [, line = ''] = readFileSync(out, 'utf8').split('\n');
    const { manifest } = await sent('export-3', `${line}\n`);
    expect(manifest).toMatchObject({ outcome: 'partial', items: [{ code: 'line-duplicate' }] });
  });
});
