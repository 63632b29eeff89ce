/** The same company file, read by who holds the key for health data, and by who does not. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { compactDecrypt, importPKCS8 } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPartner } from '../../apps/cli/src/demo/simulators.ts';
import { contentsOf, type FlowGenerator, GENERATORS } from '../../apps/cli/src/generate/generators.ts';
import { createWorld, take } from '../../apps/cli/src/generate/world.ts';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const FLOW = 'internal-company-file';
const SAMPLES = join(import.meta.dirname, '../../contracts', FLOW, 'samples/valid');
const file = JSON.parse(readFileSync(join(SAMPLES, 'company-file.with-workers.json'), 'utf8')) as Record<
  string,
  unknown
>;
let relais: TestRelais;
let service: Spsti;
let staff: PartnerSoftware;

beforeAll(async () => {
  relais = await aRelais({}, { alsoKeysOf: ['internal-a'] });
  service = await relais.service('spsti-a');
  staff = await startPartner(relais.demo, 'internal-a', { relaisUrl: relais.partnersUrl });
});
afterAll(async () => {
  await staff.close();
  await relais.close();
});

const received = (id: string) =>
  eventually(async () => staff.received.find(({ messageId }) => messageId === id), 20);
const answerTo = (correlationid: string | undefined) =>
  eventually(async () => {
    const found = service.received.find(
      (one) => one.object === 'acknowledgement' && one.correlationid === correlationid,
    );
    return found && (JSON.parse(readFileSync(found.files[0] ?? '', 'utf8')) as Record<string, unknown>);
  }, 20);
const send = (id: string, json: unknown) =>
  service.client.send({
    id,
    type: `fr.relais-st.${FLOW}.company-file.v1`,
    datacontenttype: 'application/json',
    recipient: 'internal-a',
    data: JSON.stringify(json),
  });

describe('who holds only the service’s own key', () => {
  it('is sent the company, and neither its workers nor what tells of their health', async () => {
    const { id } = await send('one', file);
    const told = await received(id);
    expect(told.files).toHaveLength(1);
    const { workers: _, health: __, ...visible } = file;
    expect(JSON.parse(readFileSync(told.files[0] ?? '', 'utf8'))).toEqual(visible);
    expect(await answerTo(told.correlationid)).toMatchObject({ outcome: 'accepted' });
  });

  it('is sent a batch the same way, and says which lines are older than what it holds', async () => {
    const generator = GENERATORS[FLOW] as FlowGenerator;
    const some = [...take(contentsOf(generator, 'company-file', createWorld({ seed: 4 })), 30)];
    const lines = [...some, { ...file, version: 6 }];
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const { id, bulk } = await service.client.sendLines({
      id: 'many',
      type: `fr.relais-st.${FLOW}.company-file-batch.v1`,
      recipient: 'internal-a',
      data: () => Readable.from([Buffer.from(text)]),
    });
    expect(bulk).toEqual({ lines: 31, accepted: 31, refused: 0 });
    const told = await received(id);
    const read = readFileSync(told.files[0] ?? '', 'utf8')
      .trimEnd()
      .split('\n');
    expect(read).toHaveLength(31);
    expect(read.filter((line) => /"workers"|"health"|ADRUN/.test(line))).toEqual([]);
    expect(await answerTo(told.correlationid)).toMatchObject({
      outcome: 'partial',
      items: [{ line: 31, code: 'version-older' }],
    });
  });
});

describe('who also holds the key for health data', () => {
  it('is sent the whole besides, which the service’s own key does not open', async () => {
    const { engine } = relais.broker;
    // the same software, with the certificate of a health professional's beside its own
    const health = relais.demo.paths.partner('spsti-b');
    const partner = engine.stages.directory.partner('internal-a');
    if (partner === undefined) throw new Error('no partner');
    Object.assign(partner.keys, { 'enc-h': [readFileSync(health.encH.crt, 'utf8')] });
    const { id } = await send('whole', { ...file, version: 9 });
    const [delivery] = await eventually(async () => {
      const found = await engine.stages.records.deliveries(id);
      return found.length > 0 && found;
    });
    const parts = await engine.stages.records.parts(delivery?.id ?? '');
    expect(parts.map(({ audience }) => audience)).toEqual(['enc', 'enc-h']);
    const jwe = Buffer.from(parts[1]?.jwe ?? []).toString('latin1');
    const open = async (key: string) =>
      Buffer.from(
        (await compactDecrypt(jwe, await importPKCS8(readFileSync(key, 'utf8'), 'RSA-OAEP-256'))).plaintext,
      );
    await expect(open(relais.demo.paths.partner('internal-a').enc.key)).rejects.toThrow();
    const plain = await open(health.encH.key);
    expect(JSON.parse(plain.subarray(plain.indexOf('\n') + 1).toString())).toEqual({ ...file, version: 9 });
  });
});
