/** What waits for a partner, told to that partner. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { binary, REQUEST, settled } from '../builders/intake.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';

let relais: TestRelais;

beforeAll(async () => {
  relais = await aRelais();
});
afterAll(() => relais.close());

it('a partner sees how much waits for it and since when, the sender nothing of it', async () => {
  const queueOf = async (partner: string) => (await relais.as(partner)('/v1/queue')).json;
  expect(await queueOf('spsti-a')).toEqual({ waiting: 0 });
  for (let n = 0; n < 2; n++)
    expect((await relais.as('spsti-b')('/v1/messages', { headers: binary(), body: REQUEST })).status).toBe(
      202,
    );
  await settled(relais);
  relais.advance(90_000);
  const { waiting, oldestSeconds } = await queueOf('spsti-a');
  expect(waiting).toBe(2);
  expect(oldestSeconds).toBeGreaterThanOrEqual(90);
  expect(oldestSeconds).toBeLessThan(150);
  expect(await queueOf('spsti-b')).toEqual({ waiting: 0 });
  // without a certificate there is nobody to tell
  expect((await relais.by('doctor-b')('/v1/queue')).status).toBe(404);
});
