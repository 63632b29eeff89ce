/** What the FHIR channel makes of each answer of a server. The behaviour that all ways share is in transports.spec.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aPki } from '../builders/rsa-keys.ts';
import { CREATED, fhirWay, type HttpsWay } from './transports.ts';

const OUTCOME = {
  resourceType: 'OperationOutcome',
  issue: [
    {
      severity: 'error',
      code: 'required',
      diagnostics: 'DUPONT Jean, 1 75 12 63 220 749',
      expression: ['Bundle.entry[1].resource.code'],
    },
    { severity: 'error', code: 'DUPONT', expression: ['DUPONT Jean <né en 1975>'] },
  ],
};

describe('a FHIR server', () => {
  let folder: string;
  let way: HttpsWay;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relais-fhir-'));
    way = await fhirWay(await aPki(join(folder, 'pki'), { partners: ['spsti-a'] }));
  });
  afterEach(() => way.reset());
  afterAll(async () => {
    await way.close();
    rmSync(folder, { recursive: true });
  });

  async function afterOneTry(how: (response: ServerResponse) => void) {
    const { id } = await way.world.put();
    way.answer((_, response) => how(response));
    await way.turn();
    return way.world.delivery(id);
  }
  const answers = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    afterOneTry((response) =>
      response
        .writeHead(status, { 'content-type': 'application/fhir+json', ...headers })
        .end(typeof body === 'string' ? body : JSON.stringify(body)),
    );

  it('gets the bundle at its base, by POST', async () => {
    let asked = '';
    await afterOneTry((response) => {
      asked = `${response.req.method} ${response.req.url}`;
      response.end(CREATED);
    });
    expect(asked).toBe('POST /relais/');
  });

  it('that created every resource has received it, and how many is told', async () => {
    expect(await answers(200, CREATED)).toMatchObject({
      state: 'delivered',
      attempts: 1,
      receipt: { outcome: 'received', detail: '2 ressources créées' },
    });
  });

  it.each([400, 404, 409, 412, 422])(
    'that answers %i with an OperationOutcome has refused it',
    async (status) => {
      const delivery = await answers(status, OUTCOME);
      expect(delivery).toMatchObject({
        state: 'refused',
        attempts: 1,
        receipt: {
          outcome: 'refused',
          code: 'transport.refused',
          detail: 'élément obligatoire absent (Bundle.entry[1].resource.code) ; autre motif',
        },
      });
      // a server's words may repeat content
      expect(JSON.stringify(delivery)).not.toMatch(/DUPONT|749/);
    },
  );

  it.each([
    [422, 'no outcome at all'],
    [401, OUTCOME],
    [403, OUTCOME],
    [501, OUTCOME],
    [302, ''],
  ])('that answers %i otherwise leaves it dead, for an operator', async (status, body) => {
    expect(await answers(status, body, { location: '/elsewhere' })).toMatchObject({
      state: 'dead',
      lastError: 'transport.refused',
      attempts: 1,
    });
    expect(way.taken).toHaveLength(1);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '<html>'],
    ['an OperationOutcome', OUTCOME],
    ['another kind of bundle', CREATED.replace('transaction-response', 'batch-response')],
    ['one creation of two', CREATED.replace('"201"', '"200"')],
    [
      'one entry of two',
      { resourceType: 'Bundle', type: 'transaction-response', entry: [{ response: { status: '201' } }] },
    ],
  ])('that says 200 and %s is not understood: nobody knows what it did', async (_, body) => {
    expect(await answers(200, body)).toMatchObject({
      state: 'dead',
      lastError: 'transport.bad-answer',
      attempts: 1,
    });
  });

  it.each([408, 429, 500, 502, 503, 504])('that answers %i is tried again', async (status) => {
    expect(await answers(status, OUTCOME)).toMatchObject({
      state: 'retrying',
      lastError: 'transport.unreachable',
      attempts: 1,
    });
  });

  it('is left in peace as long as it asks', async () => {
    const delivery = await answers(503, '', { 'retry-after': '120' });
    const wait = Date.parse(delivery?.nextTryAt ?? '') - way.world.stages.clock.now().getTime();
    expect(wait / 1000).toBeGreaterThan(118);
    expect(wait / 1000).toBeLessThan(121);
  });

  it.each([
    ['an answer without end', (response: ServerResponse) => pour(response)],
    ['a reset instead of the answer', (response: ServerResponse) => void response.socket?.destroy()],
    ['half an answer', ({ socket }: ServerResponse) => void socket?.end('HTTP/1.1 200 O')],
    ['no answer', () => undefined],
  ])('is tried again after %s', async (_, how) => {
    expect(await afterOneTry(how)).toMatchObject({ state: 'retrying', lastError: 'transport.unreachable' });
  });
});

function pour(response: ServerResponse): void {
  response.on('error', () => undefined);
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536, ' ')));
  };
  response.on('drain', more);
  response.writeHead(200);
  more();
}
