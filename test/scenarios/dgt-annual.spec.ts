import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Followed, sendAndFollow } from '../../apps/cli/src/demo/send-and-follow.ts';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const SAMPLES = join(import.meta.dirname, '../../contracts/dgt-annual/samples/valid');

describe('a service publishes its yearly report', () => {
  let relais: TestRelais;
  let service: PartnerSoftware;
  let dgt: PartnerSoftware;
  let first: Followed;
  const sample = (name: string) => JSON.parse(readFileSync(join(SAMPLES, name), 'utf8'));
  const send = (json: unknown) => sendAndFollow(service, dgt, { flow: 'dgt-annual', object: 'report', json });
  const read = ({ files }: { files: string[] }, n = 0) => readFileSync(files[n] ?? '', 'utf8');

  beforeAll(async () => {
    relais = await aRelais({}, { alsoKeysOf: ['dgt'] });
    service = await relais.service('spsti-a');
    dgt = await relais.partner('dgt');
    first = await send(sample('report.full.json'));
  });
  afterAll(() => relais.close());

  it('which the administration decrypts as JSON, CSV and a validation report, and certifies', async () => {
    const report = JSON.parse(read(first.told));
    expect(report.visits.byType.VPEX.MT).toBe('<11');
    expect(report.outputs.ATTS).toBe(6870);
    expect(read(first.told, 1)).toContain('followed,byCategory/SI/women,8120\r\n');
    expect(JSON.parse(read(first.told, 2))).toMatchObject({ year: 2025, version: 1, publication: 1 });
    expect(JSON.parse(read(first.acknowledgement))).toEqual({
      outcome: 'accepted',
      reference: 'DGT-2025-99000512600018-1',
      items: [{ code: 'report.validated' }],
    });
    await eventually(async () => {
      const exchange = await service.client.exchange(first.told.correlationid ?? '');
      return exchange['state'] === 'CLOSED';
    });
  });

  it('whose correction hides at least what was hidden, and is told as the second publication', async () => {
    const { told } = await send(sample('report.correction.json'));
    expect(JSON.parse(read(told, 2))).toMatchObject({ version: 2, publication: 2 });
    const hiddenIn = (csv: string) =>
      csv.split('\r\n').flatMap((row) => /^(.*),(?:<11|secret)$/.exec(row)?.[1] ?? []);
    const before = hiddenIn(read(first.told, 1));
    expect(before.length).toBeGreaterThan(0);
    expect(hiddenIn(read(told, 1))).toEqual(expect.arrayContaining(before));
  });

  it('which is provisional as long as indicators are missing', async () => {
    const { acknowledgement } = await send(sample('report.small-service.json'));
    expect(JSON.parse(read(acknowledgement))).toMatchObject({ outcome: 'partial' });
  });

  it('and which comes back to be corrected where sections contradict each other', async () => {
    const report = sample('report.full.json');
    report.actions.feUnderFourYears = 99_999;
    const { told, acknowledgement } = await send({ ...report, year: 2023 });
    expect(JSON.parse(read(acknowledgement))).toMatchObject({
      items: [{ pointer: '/actions/feUnderFourYears', code: 'report.to-correct' }],
    });
    const exchange = await eventually(async () => {
      const one = await service.client.exchange(told.correlationid ?? '');
      return one['state'] === 'REFUSED' && one;
    });
    expect(exchange['refusal']).toBe('report.to-correct');
  });
});
