import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendAndFollow } from '../../apps/cli/src/demo/send-and-follow.ts';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const SAMPLES = join(import.meta.dirname, '../../contracts/employer-portal/samples/valid');

describe('an employer and its service, by the portal', () => {
  let relais: TestRelais;
  let service: PartnerSoftware;
  let portal: PartnerSoftware;
  const sample = (name: string) => JSON.parse(readFileSync(join(SAMPLES, `${name}.json`), 'utf8'));
  const read = ({ files }: { files: string[] }) => JSON.parse(readFileSync(files[0] ?? '', 'utf8'));
  const show = (json: unknown) =>
    sendAndFollow(service, portal, { flow: 'employer-portal', object: 'employer-view', json });

  beforeAll(async () => {
    relais = await aRelais({}, { alsoKeysOf: ['portail'] });
    service = await relais.service('spsti-a');
    portal = await relais.partner('portail');
  });
  afterAll(() => relais.close());

  it('an avis is shown once INSi knows who is named, without what served to ask', async () => {
    const { told, acknowledgement, id } = await show(sample('employer-view.unfitness'));
    const shown = read(told);
    expect(shown.output.worker).toEqual({ birthName: 'ADRUN', firstNames: ['ZOE'], birthDate: '1975-12-31' });
    expect(shown.output.unfitness.exemption).toBe('AUCUNE');
    expect(read(acknowledgement)).toMatchObject({ items: [{ code: 'document.downloaded' }] });
    const trace = JSON.stringify(await service.client.trace(id));
    expect(trace).toContain('RECUP');
    await eventually(async () => JSON.stringify(await service.client.message(id)).includes('"opened"'));
  });

  it('an establishment is shown with its small counts hidden', async () => {
    const { told, acknowledgement } = await show(sample('employer-view.establishment'));
    const { outputs } = read(told).establishment.statistics;
    expect(outputs.INAP.women).toBe('<11');
    const cells = Object.values<Record<string, number | string>>(outputs).flatMap((row) =>
      Object.values(row),
    );
    const numbers = cells.filter((count) => typeof count === 'number');
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers.filter((count) => count >= 1 && count <= 10)).toEqual([]);
    expect(read(acknowledgement)).toMatchObject({ items: [{ code: 'view.updated' }] });
  });

  it('an establishment under fifty followed workers is shown without any figure on health', async () => {
    const { told } = await show(sample('employer-view.under-fifty'));
    expect(read(told).establishment).toMatchObject({ followedWorkers: 49 });
    expect(read(told).establishment).not.toHaveProperty('statistics');
  });

  it('recommendations leave without the trace of the worker’s non-opposition', async () => {
    const { told } = await show(sample('employer-view.recommendations'));
    expect(read(told).recommendations.measures).toHaveLength(2);
    expect(Object.keys(read(told)).sort()).toEqual(['employer', 'recommendations', 'siret']);
  });

  it('nothing leaves of a worker who objects', async () => {
    const json = sample('employer-view.recommendations');
    json.legalGate.nonOpposition = false;
    const before = portal.received.length;
    await expect(
      service.client.send({
        id: 'opposed',
        type: 'fr.relais-st.employer-portal.employer-view.v1',
        datacontenttype: 'application/json',
        recipient: 'portail',
        data: JSON.stringify(json),
      }),
    ).rejects.toMatchObject({ code: 'gate.non-opposition-missing' });
    expect(portal.received).toHaveLength(before);
  });

  it('a declaration comes back with a verdict for each line', async () => {
    const { told, acknowledgement } = await sendAndFollow(portal, service, {
      flow: 'employer-portal',
      object: 'declaration',
      json: sample('declaration.every-kind'),
    });
    expect(read(told)).toEqual(sample('declaration.every-kind'));
    const { outcome, items } = read(acknowledgement);
    expect(outcome).toBe('partial');
    expect(items.map(({ line, code }: { line: number; code: string }) => `${line} ${code}`)).toEqual([
      '1 line.accepted',
      '2 worker.unknown',
      '3 line.accepted',
      '4 line.accepted',
      '5 line.accepted',
    ]);
  });
});
