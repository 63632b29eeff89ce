/** Auditors of every service read the whole journal: what a worker or an employer did with one links them to nothing at another. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import { type Json, listOf, posted, published, sampleOf } from '../builders/own-space.ts';
import { journal } from '../builders/portability.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';

const SERVICES = ['spsti-a', 'spsti-b'] as const;
const DIGEST = /[0-9a-f]{64}/g;

describe('the journal, of somebody’s own space', () => {
  let relais: TestRelais;
  /** messages between that service and the reader */
  const messages = { 'spsti-a': new Set<string>(), 'spsti-b': new Set<string>() };

  beforeAll(async () => {
    relais = await aRelais({}, { alsoKeysOf: ['portail'] });
    const { person } = sampleOf('employee-portal', 'worker-view.full');
    const worker = { ...sampleOf('employee-portal', 'worker-view.newcomer'), person, accessLog: [] };
    const employer = sampleOf('employer-portal', 'employer-view.fitness');
    for (const id of SERVICES) {
      const service = await relais.service(id);
      messages[id].add(await published(service, 'employee-portal', `worker-${id}`, worker));
      messages[id].add(await published(service, 'employer-portal', `employer-${id}`, employer));
    }
    await opened('worker-zoe', '/v1/my/views');
    await opened('employer-a', '/v1/employer/publications');
    await relais.by('worker-zoe')('/v1/my/accesses');
    const { lines } = sampleOf('employer-portal', 'declaration.every-kind');
    for (const service of SERVICES) {
      const asked = await posted(relais, 'worker-zoe', '/v1/my/copy-requests', {
        key: randomUUID(),
        service,
      });
      const declared = await posted(relais, 'employer-a', '/v1/employer/declarations', {
        ...{ key: randomUUID(), service, capacity: 'EMPLOYEUR', lines },
      });
      expect([asked.status, declared.status]).toEqual([202, 202]);
      for (const { json } of [asked, declared]) messages[service].add(String(json['id']));
    }
    // and what was refused to her
    const order = { key: randomUUID(), service: 'portail' };
    expect((await posted(relais, 'worker-zoe', '/v1/my/copy-requests', order)).json).toMatchObject({
      code: 'recipient.unknown',
    });
  });
  afterAll(() => relais.close());

  async function opened(account: DemoAccount, path: string): Promise<void> {
    const cards = await listOf(relais, account, path);
    expect(cards).toHaveLength(SERVICES.length);
    for (const { id } of cards) expect((await relais.by(account)(`${path}/${String(id)}`)).status).toBe(200);
  }

  const entriesWith = (service: (typeof SERVICES)[number]) =>
    journal(relais).filter(({ messageId = '' }) => messages[service].has(messageId));

  it('has who read, by a name that is another for each service', () => {
    const readers = SERVICES.map((service) =>
      entriesWith(service).flatMap(({ actor }) => (actor.startsWith('person:') ? actor : [])),
    );
    // worker and employer: each opening, each receipt
    expect(readers.map((some) => new Set(some).size)).toEqual([2, 2]);
    expect(new Set(readers.flat()).size).toBe(4);
  });

  it('has no digest in common between the two but those of contracts', () => {
    const [a, b] = SERVICES.map((service) => {
      const said = entriesWith(service).map(({ details = {}, ...entry }) => {
        // the same fictional content was published by both
        const { contract: _, digest: __, ...more } = details as Json;
        return { ...entry, details: more };
      });
      return new Set(JSON.stringify(said).match(DIGEST));
    });
    expect(a?.size).toBeGreaterThan(0);
    expect([...(a ?? [])].filter((one) => b?.has(one))).toEqual([]);
  });

  it('has nowhere the reference that Relais has of them', async () => {
    const whole = JSON.stringify(journal(relais));
    for (const account of ['worker-zoe', 'employer-a'] as const) {
      const { json: me } = await relais.by(account)('/auth/me');
      expect(me['pseudonym']).toMatch(/^[0-9a-f]{64}$/);
      expect(whole).not.toContain(me['pseudonym']);
    }
    const refused = journal(relais).filter(({ details }) => details?.['route'] === '/v1/my/copy-requests');
    expect(refused.map(({ actor }) => actor)).toEqual(['portail']);
  });
});
