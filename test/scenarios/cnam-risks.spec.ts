import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Followed, sendAndFollow } from '../../apps/cli/src/demo/send-and-follow.ts';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const SAMPLES = join(import.meta.dirname, '../../contracts/cnam-risks/samples/valid');

describe('a service tells the health insurance about its establishments', () => {
  let relais: TestRelais;
  let service: PartnerSoftware;
  let cnam: PartnerSoftware;
  let followed: Followed;
  const sample = (name: string): unknown => JSON.parse(readFileSync(join(SAMPLES, name), 'utf8'));
  const send = (json: unknown) =>
    sendAndFollow(service, cnam, { flow: 'cnam-risks', object: 'establishments', json });
  const read = (file = '') => readFileSync(file, 'utf8');

  beforeAll(async () => {
    relais = await aRelais({}, { alsoKeysOf: ['cnam'] });
    service = await relais.service('spsti-a');
    cnam = await relais.partner('cnam');
    followed = await send(sample('establishments.several.json'));
  });
  afterAll(() => relais.close());

  it('who decrypts two parts, JSON and CSV, that show no count under eleven', () => {
    const [json, csv] = followed.told.files;
    const counts = [...read(json).matchAll(/"exposedCount":("?[^,"]+"?)/g)].map(([, count]) => count);
    expect(counts).toEqual(['"<11"', '12', '57', '11', '"<11"', '"<11"']);
    const lines = read(csv).trimEnd().split('\r\n');
    expect(lines[0]).toContain('siret,nafCode');
    expect(lines[1]).toBe(
      '99000007700018,25.62B,NAF-REV2,<10,2025-01-01,2025-12-31,1,ATELIER USINAGE,FICT-P1001,<11,INDIVIDUELLE,FE,COLLECTIVE,FAITE,2025-06-02',
    );
  });

  it('and learns which establishment the register does not hold', async () => {
    expect(JSON.parse(read(followed.acknowledgement.files[0]))).toEqual({
      outcome: 'partial',
      reference: `CNAM-${followed.id}`,
      counts: { received: 3, accepted: 2, refused: 1 },
      items: [{ line: 2, pointer: '/siret', code: 'siret.unknown' }],
    });
    const exchange = await eventually(async () => {
      const one = await service.client.exchange(followed.told.correlationid ?? '');
      return one['state'] === 'CLOSED' && one;
    });
    expect(exchange['requester']).toBe('spsti-a');
  });

  it('and which sending comes after a newer one', async () => {
    const { acknowledgement } = await send(sample('establishments.one-small.json'));
    expect(JSON.parse(read(acknowledgement.files[0]))).toMatchObject({
      outcome: 'refused',
      items: [{ line: 1, code: 'version.older' }],
    });
  });

  it('is refused whole when an INS-like number hides in a code', async () => {
    const answer = await relais.as('spsti-a')('/v1/flows/cnam-risks/check', {
      headers: { 'content-type': 'application/json', 'ce-type': 'fr.relais-st.cnam-risks.establishments.v1' },
      body: JSON.stringify(
        JSON.parse(
          JSON.stringify(sample('establishments.one-small.json')).replace('FICT-P1001', '185059909900123'),
        ),
      ),
    });
    expect(JSON.stringify(answer.json)).toContain('after-check.ins');
  });

  it('or sends them one a line: a bad line is told and left out, the others are read', async () => {
    const lines = (name: string) => readFileSync(join(SAMPLES, name), 'utf8');
    const bad = lines('establishments-batch.one.ndjson').replace('99000007700018', '99000007700019');
    const { id } = await service.client.send({
      id: 'by-lines',
      type: 'fr.relais-st.cnam-risks.establishments-batch.v1',
      datacontenttype: 'application/x-ndjson',
      data: `${bad}${lines('establishments-batch.edges.ndjson')}`,
    });
    const told = await eventually(async () => cnam.received.find(({ messageId }) => messageId === id));
    const kept = read(told.files[0]).trimEnd().split('\n');
    expect(kept).toHaveLength(2);
    expect(kept[0]).toContain('"exposedCount":"<11"');
    const acknowledgement = await eventually(async () =>
      service.received.find((one) => one.correlationid === told.correlationid),
    );
    // the first is of the version that came before
    expect(JSON.parse(read(acknowledgement.files[0]))).toMatchObject({
      counts: { received: 2, accepted: 1, refused: 1 },
      items: [{ line: 1, code: 'version.older' }],
    });
  });
});
