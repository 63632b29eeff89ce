/** What is ill is known before it is asked: a new message is refused at once and whole, what is under way goes on. */

import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DiskWatch } from '../../apps/broker/src/admission/disk-watch.ts';
import { InFlight } from '../../apps/broker/src/http/in-flight.ts';
import {
  aSample,
  attributes,
  BATCH,
  binary,
  compact,
  journalAfter,
  lastEntry,
  REQUEST,
  rows,
  STRUCTURED,
  settled,
} from '../builders/intake.ts';
import { posted } from '../builders/own-space.ts';
import { type Answer, aRelais, ask, eventually, type TestRelais } from '../builders/relais.ts';

let relais: TestRelais;

beforeAll(async () => {
  // bodies that wait here are no sign of a sender that is gone
  relais = await aRelais({ RELAIS_REQUESTS_AT_ONCE: '8', RELAIS_MB_AT_ONCE: '2' }, { bodyStallMs: 60_000 });
});
afterAll(() => relais.close());
afterEach(() => vi.restoreAllMocks());

const b = (path: string, asking: Parameters<ReturnType<TestRelais['as']>>[1]) =>
  relais.as('spsti-b')(path, asking);
const readiness = async () => {
  const { status, json } = await ask(`${relais.healthUrl}/health/ready`);
  return { status, checks: json['checks'] };
};

describe('a disk that is nearly full', () => {
  const structured = () => JSON.stringify({ ...attributes(), data: JSON.parse(compact.toString()) });
  const ways: [string, () => Promise<Answer>][] = [
    ['a message, binary', () => b('/v1/messages', { headers: binary(), body: REQUEST })],
    ['a message, structured', () => b('/v1/messages', { headers: STRUCTURED, body: structured() })],
    ['a batch', () => b('/v1/messages', { headers: BATCH, body: `[${structured()}]` })],
    [
      'lines',
      () => b('/v1/messages', { headers: binary({ datacontenttype: 'application/x-ndjson' }), body: '{}\n' }),
    ],
    [
      'a question to INSi',
      () =>
        b('/v1/insi/search', {
          headers: { 'content-type': 'application/json' },
          body: aSample('insi', 'search.adrun'),
        }),
    ],
    [
      'a request of a doctor',
      () =>
        relais.by('doctor-b')('/v1/dmst-requests', {
          headers: { 'content-type': 'application/json' },
          body: '{}',
        }),
    ],
    ['a worker’s form', () => posted(relais, 'worker-zoe', '/v1/my/copy-requests', {})],
    ['an employer’s form', () => posted(relais, 'employer-a', '/v1/employer/declarations', {})],
  ];

  it('refuses every way in, stores nothing, journals nothing; receipts go on; it opens again by itself', async () => {
    const sent = await b('/v1/messages', { headers: binary(), body: REQUEST });
    expect(sent.status).toBe(202);
    await settled(relais);
    const before = [await rows(relais), await lastEntry(relais)];
    const state = vi.spyOn(relais.broker.app.get(DiskWatch), 'state').mockReturnValue('down');
    for (const [what, way] of ways) {
      const { status, headers, json } = await way();
      expect({ what, status, json }).toMatchObject({
        what,
        status: 503,
        json: { code: 'store.unavailable' },
      });
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(await readiness()).toMatchObject({ status: 503, checks: { disk: 'down', writer: 'up' } });
    expect([await rows(relais), await lastEntry(relais)]).toEqual(before);

    const [event] = (await relais.as('spsti-a')('/v1/mailbox')).json as unknown as Record<string, string>[];
    const receipt = await relais.as('spsti-a')(`/v1/mailbox/${event?.['relaisdelivery']}/receipt`, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ outcome: 'filed' }),
    });
    expect(receipt).toMatchObject({ status: 200, json: { state: 'delivered' } });

    state.mockRestore();
    expect(await readiness()).toMatchObject({ status: 200, checks: { disk: 'up' } });
    for (const [what, way] of ways.slice(0, 3))
      expect({ what, status: (await way()).status }).toMatchObject({
        what,
        status: expect.toBeOneOf([200, 202]),
      });
  });
});

describe('one partner that takes more than its share', () => {
  /** A request of which the first bytes are on their way; ends with its answer. */
  function begun(partner: string, headers: Record<string, string>, length: number, first: Buffer) {
    const base = join(relais.demo.home, 'pki/partners', partner);
    const status = Promise.withResolvers<{ status: number; retryAfter: string | undefined }>();
    const asking = request(
      `${relais.partnersUrl}/v1/messages`,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': length },
        cert: readFileSync(`${base}.crt`),
        key: readFileSync(`${base}.key`),
        ca: readFileSync(relais.demo.paths.ca.crt),
        agent: false,
      },
      (answer) => {
        answer.resume();
        status.resolve({ status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] });
      },
    );
    asking.on('error', status.reject);
    asking.write(first);
    return { answer: status.promise, end: (rest: Buffer) => asking.end(rest), cut: () => asking.destroy() };
  }

  const taken = () => relais.broker.app.get(InFlight).takenBy('spsti-b');

  it('is told to wait; others find the same room as ever, and its own turns come back', async () => {
    // its id is read, its body never comes
    const slow = Array.from({ length: 8 }, () =>
      begun('spsti-b', binary(), REQUEST.length, REQUEST.subarray(0, 10)),
    );
    for (const { answer } of slow) answer.catch(() => undefined);
    const from = await lastEntry(relais);
    await eventually(async () => taken().requests === 8);
    const { status, headers, json } = await b('/v1/messages', { headers: binary(), body: REQUEST });
    expect({ status, json }).toMatchObject({ status: 429, json: { code: 'rate.exceeded' } });
    expect(headers['retry-after']).toBe('1');

    const fromA = () => binary({ source: 'urn:relais:partner:spsti-a', recipient: 'spsti-b' });
    const healthy = await Promise.all(
      Array.from({ length: 5 }, () =>
        relais.as('spsti-a')('/v1/messages', { headers: fromA(), body: REQUEST }),
      ),
    );
    expect(healthy.map((answer) => answer.status)).toEqual(Array(5).fill(202));
    await settled(relais);
    expect((await relais.as('spsti-b')('/v1/mailbox')).status).toBe(429);

    slow[0]?.end(REQUEST.subarray(10));
    expect(await slow[0]?.answer).toMatchObject({ status: 202 });
    for (const one of slow.slice(1)) one.cut();
    const mailbox = await eventually(async () => {
      const answer = await relais.as('spsti-b')('/v1/mailbox');
      return answer.status === 200 ? answer : undefined;
    });
    expect(mailbox.json).toHaveLength(5);
    // journalled once, however often it was told
    const told = (await journalAfter(relais, from)).filter(({ kind }) => kind === 'request.refused');
    expect(told.filter(({ details }) => details?.['code'] === 'rate.exceeded')).toMatchObject([
      { actor: 'spsti-b' },
    ]);
  });

  it('has a share of memory too: a second large body waits for the first', async () => {
    const large = Buffer.alloc(1_500_000, ' ');
    const first = begun('spsti-b', binary(), large.length, large.subarray(0, -1));
    await eventually(async () => taken().bytes === large.length - 1);
    const second = begun('spsti-b', binary(), large.length, large);
    expect(await second.answer).toEqual({ status: 429, retryAfter: '1' });
    second.cut();
    // judged, once it is whole: its contract has no room for it
    first.end(large.subarray(-1));
    expect(await first.answer).toMatchObject({ status: 413 });
    expect(await b('/v1/messages', { headers: binary(), body: REQUEST })).toMatchObject({ status: 202 });
  });
});
