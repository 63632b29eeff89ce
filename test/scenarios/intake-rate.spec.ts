/** A loop in one vendor's software is not everybody's outage. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributes, BATCH, binary, journalAfter, lastEntry, REQUEST, rows } from '../builders/intake.ts';
import { posted, sampleOf } from '../builders/own-space.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';

const PER_MINUTE = 20;
let relais: TestRelais;

beforeAll(async () => {
  relais = await aRelais({ RELAIS_RATE_PER_MINUTE: String(PER_MINUTE) }, { alsoKeysOf: ['portail'] });
});
afterAll(() => relais.close());

describe('more messages than a minute may have', () => {
  it('are refused with how long to wait, journalled once, and stop nobody else', async () => {
    const b = relais.as('spsti-b');
    const from = await lastEntry(relais);
    const answers = [];
    for (let n = 0; n < PER_MINUTE + 10; n++)
      answers.push(await b('/v1/messages', { headers: binary(), body: REQUEST }));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(PER_MINUTE);
    for (const { status, headers, json } of answers.slice(PER_MINUTE)) {
      expect({ status, json }).toMatchObject({ status: 429, json: { code: 'rate.exceeded' } });
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
    }
    expect((await rows(relais))['message']).toBe(PER_MINUTE);
    const told = (await journalAfter(relais, from)).filter(({ kind }) => kind === 'request.refused');
    expect(told).toMatchObject([{ actor: 'spsti-b', details: { code: 'rate.exceeded' } }]);
    const headers = binary({ source: 'urn:relais:partner:spsti-a', recipient: 'spsti-b' });
    expect(await relais.as('spsti-a')('/v1/messages', { headers, body: REQUEST })).toMatchObject({
      status: 202,
    });
  });

  it('are counted inside a batch too: none of it is accepted', async () => {
    const before = await rows(relais);
    const event = () => ({
      ...attributes({ source: 'urn:relais:partner:spsti-a', recipient: 'spsti-b' }),
      data: JSON.parse(REQUEST.toString()) as object,
    });
    const body = JSON.stringify(Array.from({ length: PER_MINUTE }, event));
    expect(await relais.as('spsti-a')('/v1/messages', { headers: BATCH, body })).toMatchObject({
      status: 429,
      json: { code: 'rate.exceeded' },
    });
    expect((await rows(relais))['message']).toBe(before['message']);
  });

  it('are counted for a portal too, when its people write by their pages', async () => {
    const [line] = sampleOf('employer-portal', 'declaration.every-kind')['lines'] as object[];
    const key = randomUUID();
    const order = { key, service: 'spsti-a', capacity: 'EMPLOYEUR', lines: [line] };
    const codes = [];
    for (let n = 0; n < PER_MINUTE + 2; n++) {
      const { status, json } = await posted(relais, 'employer-a', '/v1/employer/declarations', order);
      codes.push(status === 202 ? 'sent' : json['code']);
    }
    expect(codes.slice(0, PER_MINUTE).every((code) => code === 'sent')).toBe(true);
    expect(codes.slice(PER_MINUTE)).toEqual(['rate.exceeded', 'rate.exceeded']);
  });
});
