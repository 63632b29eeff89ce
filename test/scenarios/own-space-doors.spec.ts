/** A worker and an employer are signed in for what is their own: every other route of Relais refuses them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { controllers } from '../../apps/broker/src/controllers.ts';
import { routesOf } from '../../apps/broker/src/openapi/routes.ts';
import { PAGES } from '../../apps/broker/src/portal/pages.ts';
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';

/** What anybody may fetch, signed in or not, and what concerns the session itself. */
const OPEN: readonly string[] = [
  ...PAGES,
  '/assets/:file',
  '/openapi.json',
  '/docs',
  '/docs/:file',
  '/.well-known/jwks.json',
];
const isOpen = (path: string) => OPEN.includes(path) || path.startsWith('/auth/');

/** Written here one by one: a route that is added is refused to them until somebody adds it to this list too. */
const OWN: Partial<Record<DemoAccount, readonly string[]>> = {
  'worker-zoe': [
    'GET /v1/my/services',
    'GET /v1/my/views',
    'GET /v1/my/views/:id',
    'GET /v1/my/views/:id/documents/:documentId.pdf',
    'GET /v1/my/accesses',
    'POST /v1/my/copy-requests',
    'GET /v1/my/copy-requests',
  ],
  'employer-a': [
    'GET /v1/employer/services',
    'GET /v1/employer/publications',
    'GET /v1/employer/publications/:id',
    'POST /v1/employer/declarations/check',
    'POST /v1/employer/declarations',
    'GET /v1/employer/declarations',
    'GET /v1/employer/declarations/:id',
  ],
};

describe('the doors of workers and employers', () => {
  let relais: TestRelais;

  beforeAll(async () => {
    relais = await aRelais({}, { alsoKeysOf: ['portail'] });
  });
  afterAll(() => relais.close());

  const asked = routesOf(controllers).filter(({ listeners }) => listeners.includes('people'));

  it('are told apart from those of professionals', async () => {
    const { json } = await relais.by('worker-zoe')('/auth/issuers');
    expect(json).toEqual(
      expect.arrayContaining([
        { id: 'portail-worker', kind: 'worker', label: 'FranceConnect+' },
        { id: 'portail-employer', kind: 'employer', label: 'ProConnect' },
        { id: 'psc', kind: 'psc', label: 'Pro Santé Connect' },
      ]),
    );
  });

  it('say who somebody is, and nothing of a worker’s civil identity', async () => {
    const { json: zoe } = await relais.by('worker-zoe')('/auth/me');
    expect(zoe).toMatchObject({ role: 'worker', partner: 'portail', name: 'ZOE ADRUN' });
    expect(JSON.stringify(zoe)).not.toMatch(/1975|63220|birth/);
    const { json: camille } = await relais.by('employer-a')('/auth/me');
    expect(camille).toMatchObject({ role: 'employer', siret: '99000512600018', name: 'Camille EXEMPLE' });
  });

  it.each(['worker-zoe', 'employer-a'] as const)('%s is refused everywhere else', async (account) => {
    const own = OWN[account] ?? [];
    const letIn: string[] = [];
    for (const { method, path } of asked) {
      if (isOpen(path) || own.includes(`${method} ${path}`)) continue;
      const { status } = await relais.by(account)(path.replaceAll(/:\w+/g, 'nothing'), {
        method,
        ...(method === 'POST' ? { body: '{}', headers: { 'content-type': 'application/json' } } : {}),
      });
      if (status !== 403) letIn.push(`${method} ${path} ${status}`);
    }
    expect(letIn).toEqual([]);
    expect(asked.length).toBeGreaterThan(30);
  });

  it.each(['worker-zoe', 'employer-a'] as const)(
    '%s is carried by no software, not even the portal’s own',
    async (account) => {
      const authorization = `Bearer ${await relais.people.tokenOf(account)}`;
      const issuer = account.startsWith('worker') ? 'portail-worker' : 'portail-employer';
      const carried = { authorization, 'relais-issuer': issuer };
      for (const path of ['/v1/exchanges', '/v1/dmst-requests', '/v1/partners', '/v1/flows']) {
        expect((await relais.as('portail')(path, { headers: carried })).status, path).toBe(403);
      }
      const sent = await relais.as('portail')('/v1/messages', {
        body: '{}',
        headers: { ...carried, 'content-type': 'application/json' },
      });
      expect(sent.status).toBe(403);
    },
  );
});
