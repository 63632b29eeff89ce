import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HeldDossier, Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const SAMPLES = join(import.meta.dirname, '../../contracts/dmst-portability/samples/valid');

/** ADRUN ZOE, as service a holds her file. */
function aDossier(changes: Partial<HeldDossier> = {}): HeldDossier {
  return {
    birthName: 'ADRUN',
    birthDate: '1975-12-31',
    lastVisit: '2026-05-11',
    mediaType: 'application/json',
    content: readFileSync(join(SAMPLES, 'response.full.json')),
    ...changes,
  };
}

const zoe = {
  birthName: 'ADRUN',
  firstNames: ['ZOE'],
  sex: 'F',
  birthDate: '1975-12-31',
  birthPlace: '63220',
};

function aRequest(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    worker: { traits: zoe },
    sources: ['spsti-a'],
    informedAt: '2026-11-20T09:00:00Z',
    nonOpposition: true,
    recordedBy: 'Dr FICTIF',
    evidenceSeen: 'CN',
    ...changes,
  });
}

describe('a doctor retrieves the dossier of another service', () => {
  let relais: TestRelais;
  let a: Spsti;
  let b: Spsti;

  beforeAll(async () => {
    relais = await aRelais();
    a = await relais.service('spsti-a', { dossiers: [aDossier()] });
    b = await relais.service('spsti-b');
  });
  afterAll(() => relais.close());

  it('from the request to the opened summary, with the matricule of a qualified identity', async () => {
    const doctor = relais.by('doctor-b');
    const asked = await doctor('/v1/dmst-requests', { body: aRequest() });
    expect(asked).toMatchObject({ status: 202 });
    const id = asked.json['id'] as string;
    const done = await eventually(async () => {
      const { json } = await doctor(`/v1/dmst-requests/${id}`);
      return ['RECEIVED', 'OPENED', 'FILED'].includes(json['state'] as string) && json;
    });
    expect(done).toMatchObject({
      answered: '1 sur 1',
      best: { partner: 'spsti-a', lastVisit: '2026-05-11' },
    });
    const pdf = await doctor(`/v1/dmst-requests/${id}/summary.pdf`);
    expect(pdf.status).toBe(200);
    expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-');

    const request = JSON.parse(readFileSync(a.received[0]?.files[0] ?? '', 'utf8'));
    expect(request.worker).toMatchObject({
      identityStatus: 'QUAL',
      ins: { value: '2751263220749', key: '74' },
    });
    await eventually(async () => b.received.some(({ type }) => type.includes('.response.')));
    const response = b.received.find(({ type }) => type.includes('.response.'));
    expect(response?.files).toHaveLength(2);
  });
});
