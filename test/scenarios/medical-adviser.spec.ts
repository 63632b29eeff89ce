import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const SAMPLES = join(import.meta.dirname, '../../contracts/medical-adviser/samples/valid');
const read = (name: string) =>
  JSON.parse(readFileSync(join(SAMPLES, name), 'utf8')) as Record<string, unknown>;
const EXTRACT = 'fr.relais-st.medical-adviser.extract.v1';

describe('an occupational physician writes to the medical adviser', () => {
  let relais: TestRelais;
  let service: Spsti;

  beforeAll(async () => {
    relais = await aRelais({}, { alsoKeysOf: ['cnam-medical'] });
    service = await relais.service('spsti-a');
  });
  afterAll(() => relais.close());

  function send(id: string, extract: object) {
    return service.client.send({
      id,
      type: EXTRACT,
      datacontenttype: 'application/json',
      recipient: 'cnam-medical',
      data: JSON.stringify(extract),
    });
  }

  it('a service médical that does not answer is reminded, then shows on the list of what is late', async () => {
    const { id } = await send('pdp-5', read('extract.unfit-foreseen.json'));
    const mailbox = relais.as('cnam-medical');
    const seen: { type: string; correlationid?: string }[] = [];
    const showing = (object: string) =>
      eventually(async () => {
        const { json } = await mailbox('/v1/mailbox?limit=100');
        seen.push(...(json as unknown as typeof seen));
        return seen.find(({ type }) => type.includes(`.${object}.`));
      }, 20);
    const { correlationid } = await showing('extract');
    relais.advance(10 * 86_400_000);
    expect(await showing('reminder')).toBeDefined();
    const late = async () =>
      (await service.client.exchanges({ overdue: true })) as unknown as { id: string; requestId: string }[];
    expect(await late()).toEqual([]);
    relais.advance(6 * 86_400_000);
    const [overdue] = await eventually(async () => {
      const list = await late();
      return list.length > 0 && list;
    }, 20);
    expect(overdue).toMatchObject({
      id: correlationid,
      requestId: id,
      overdue: true,
      flow: 'medical-adviser',
    });
  });

  it('the adviser reads it with its own key, and the reply comes back for health professionals alone', async () => {
    const troubles: unknown[] = [];
    const adviser = await relais.partner('cnam-medical', { onTrouble: (error) => troubles.push(error) });
    const { id } = await send('pdp-1', read('extract.pre-return.json'));
    const extract = await eventually(async () => adviser.received.find(({ messageId }) => messageId === id));
    const [data, page] = extract.files.map((file) => readFileSync(file)) as [Buffer, Buffer];
    expect(JSON.parse(data.toString())).toMatchObject({
      person: { identityStatus: 'QUAL', ins: { value: '2751263220749' } },
      question: expect.stringContaining('temps partiel'),
    });
    expect(page.subarray(0, 5).toString()).toBe('%PDF-');

    const reply = await eventually(async () =>
      service.received.find(({ correlationid }) => correlationid === extract.correlationid),
    );
    expect(reply.object).toBe('reply');
    expect(reply.files).toEqual([expect.stringMatching(/-H\.json$/)]);
    expect(JSON.parse(readFileSync(reply.files[0] ?? '', 'utf8'))).toMatchObject({
      opinions: [{ measure: 'TPT', opinion: 'FAVORABLE' }, { measure: 'ESSAI-ENCADRE' }],
    });
    expect(troubles).toEqual([]);

    const told = await eventually(async () => {
      const message = await service.client.message(id);
      const exchange = await service.client.exchange(extract.correlationid ?? '');
      // two looks: what moves between them is seen by the next
      return exchange['state'] === 'FILED' && message['status'] === 'delivered' && { message, exchange };
    });
    expect(told.message).toMatchObject({
      status: 'delivered',
      deliveries: [{ recipient: 'cnam-medical', receipt: { outcome: 'opened' } }],
    });
  });

  it('without the worker’s agreement, or from a nurse, nothing leaves', async () => {
    const { agreement: _, ...without } = read('extract.pre-return.json');
    await expect(send('pdp-2', without)).rejects.toMatchObject({ code: 'gate.consent-missing' });
    const sample = read('extract.pre-return.json');
    const author = { role: 'IDEST', name: 'Luc INFIRMIER', rpps: '10000000039' };
    await expect(send('pdp-3', { ...sample, author })).rejects.toMatchObject({ code: 'gate.not-competent' });
    const legalGate = {
      informedAt: '2026-04-14T09:00:00Z',
      nonOpposition: false,
      recordedBy: 'Dr Anne PATRON',
    };
    await expect(send('pdp-4', { ...sample, legalGate })).rejects.toMatchObject({
      code: 'gate.non-opposition-missing',
    });
  });
});
