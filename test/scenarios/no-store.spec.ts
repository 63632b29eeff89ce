/** What people read of the API is kept by no browser, whatever the route; streams and downloads pass as they are. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import { askedOfA, PAGES } from '../builders/incoming.ts';
import { aRelais, ask, type TestRelais } from '../builders/relais.ts';

describe('what people read of the API', () => {
  let relais: TestRelais;
  let exchange: string;
  let request: string;
  beforeAll(async () => {
    relais = await aRelais({}, PAGES);
    ({ exchange, request } = await askedOfA(relais));
  });
  afterAll(() => relais.close());

  const reads: [DemoAccount, string, number][] = [
    ['doctor-a', '/v1/incoming-requests', 200],
    ['doctor-a', '/v1/incoming-requests/{exchange}', 200],
    ['doctor-a', '/v1/incoming-requests/nothing', 404],
    ['doctor-b', '/v1/dmst-requests', 200],
    ['doctor-b', '/v1/dmst-requests/{request}', 200],
    ['doctor-b', '/v1/exchanges', 200],
    ['vigilance-b', '/v1/operations/held', 200],
    ['doctor-b', '/v1/operations/held', 403],
    ['auditor-b', '/v1/audit/accesses', 200],
    ['auditor-b', '/v1/audit/accesses.csv', 200],
    ['auditor-b', '/v1/audit/purges', 200],
    ['auditor-b', '/v1/journal/export', 200],
    ['operator', '/v1/operations/deliveries', 200],
    ['doctor-b', '/auth/me', 200],
  ];
  it.each(reads)('%s, %s: %i, and no cache keeps it', async (account, path, status) => {
    const answer = await relais.by(account)(
      path.replace('{exchange}', exchange).replace('{request}', request),
    );
    expect(answer.status).toBe(status);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.bytes.byteLength).toBeGreaterThan(0);
  });

  it('comes as a stream still, event by event', async () => {
    const token = await relais.people.tokenOf('doctor-b');
    const reader = new AbortController();
    const { headers, body } = await fetch(`${relais.peopleUrl}/v1/dmst-requests/${request}/events`, {
      headers: { authorization: `Bearer ${token}` },
      signal: reader.signal,
    });
    const first = await body?.getReader().read();
    reader.abort();
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toContain('text/event-stream');
    expect(Buffer.from(first?.value ?? []).toString()).toContain(request);
  });

  it('leaves to public things their own word', async () => {
    expect((await ask(`${relais.peopleUrl}/openapi.json`)).headers['cache-control']).not.toBe('no-store');
    const keys = await ask(`${relais.peopleUrl}/.well-known/jwks.json`);
    expect(keys.headers['cache-control']).toBe('public, max-age=300');
  });
});
