/** The services asked lately, offered to whoever asks again: those of one's own requests, and nobody else's. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import { asked } from '../builders/portability.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';

let relais: TestRelais;
beforeAll(async () => {
  relais = await aRelais({}, { thirdService: true });
});
afterAll(() => relais.close());

const RECENT = '/v1/directory/services?recent=true';
const recent = async (account: DemoAccount) => {
  const { status, json } = await relais.by(account)(RECENT);
  return status === 200 ? json.map((one) => (one as { id: string }).id) : status;
};

it('there are none before anything was asked', async () => {
  expect(await recent('doctor-b')).toEqual([]);
});

it('the last one asked comes first, each once, as the directory shows it', async () => {
  await asked(relais, { sources: ['spsti-a'] });
  await asked(relais, { sources: ['spsti-c'] });
  expect(await recent('doctor-b')).toEqual(['spsti-c', 'spsti-a']);
  await asked(relais, { sources: ['spsti-a'] });
  expect(await recent('doctor-b')).toEqual(['spsti-a', 'spsti-c']);
  const { json } = await relais.by('doctor-b')(RECENT);
  expect(json[0]).toEqual({
    id: 'spsti-a',
    kind: 'spsti',
    name: expect.any(String),
    siret: '99000000100017',
    flows: expect.any(Array),
    reachable: 'relais',
  });
});

it('a request that was stopped was asked all the same', async () => {
  const id = await asked(relais, { sources: ['spsti-c'] });
  await relais.by('doctor-b')(`/v1/dmst-requests/${id}/cancel`, { body: '{"reason":"error"}' });
  expect(await recent('doctor-b')).toEqual(['spsti-c', 'spsti-a']);
});

it('a colleague has them once the doctor delegates, another service never', async () => {
  expect(await recent('doctor-b2')).toEqual([]);
  expect(await recent('doctor-a')).toEqual([]);
  const { json } = await relais.by('doctor-b2')('/auth/me');
  const to = new Date(Date.now() + 86_400_000).toISOString();
  const order = { body: JSON.stringify({ delegate: json['pseudonym'], to }) };
  expect((await relais.by('doctor-b')('/v1/delegations', order)).status).toBe(201);
  expect(await recent('doctor-b2')).toEqual(['spsti-c', 'spsti-a']);
});

it.each([
  ['secretary-b', 'delegation.missing'],
  ['operator', 'role.not-allowed'],
  ['vigilance-b', 'role.not-allowed'],
  ['auditor-b', 'role.not-allowed'],
] as const)('%s has none: %s', async (account, code) => {
  expect(await relais.by(account)(RECENT)).toMatchObject({ status: 403, json: { code } });
});

it('a software alone has none, and searches as before', async () => {
  expect(await relais.as('spsti-b')(RECENT)).toMatchObject({
    status: 401,
    json: { code: 'person.unauthenticated' },
  });
  expect((await relais.as('spsti-b')('/v1/directory/services?recent=false')).json).toHaveLength(2);
});
