/** Operators see with whom there is an agreement and what it says; no secret of the file of partners, and nobody else looks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aRelais, ask, type TestRelais } from '../builders/relais.ts';

interface Card {
  id: string;
  name: string;
  connects: boolean;
}

describe('partners, for who runs Relais', () => {
  let relais: TestRelais;
  beforeAll(async () => {
    relais = await aRelais();
  });
  afterAll(() => relais.close());

  const list = async () => (await relais.by('operator')('/v1/operations/partners')).json as unknown as Card[];

  it('are listed by name, each with what it may send', async () => {
    const cards = await list();
    expect(cards.map(({ id }) => id)).toEqual(expect.arrayContaining(['spsti-a', 'spsti-b', 'insi']));
    expect(cards.map(({ name }) => name)).toEqual(
      cards.map(({ name }) => name).sort((a, b) => a.localeCompare(b, 'fr')),
    );
    expect(cards.find(({ id }) => id === 'spsti-a')).toMatchObject({ connects: true });
  });

  it('show keys by fingerprint and date, mandates by validity', async () => {
    const { json } = await relais.by('operator')('/v1/operations/partners/spsti-b');
    expect(json).toMatchObject({
      id: 'spsti-b',
      keys: expect.arrayContaining([
        { audience: 'enc', kid: expect.stringMatching(/^[\w-]{43}$/), until: expect.any(String) },
      ]),
      mandates: [expect.objectContaining({ mandate: 'insi', from: expect.any(String) })],
    });
  });

  it('show nothing secret of the file in force: no key, no account, no whole certificate', async () => {
    const file = readFileSync(join(relais.demo.home, 'partners.json'), 'utf8');
    const shown = JSON.stringify(
      await Promise.all(
        (await list()).map(
          async ({ id }) => (await relais.by('operator')(`/v1/operations/partners/${id}`)).json,
        ),
      ),
    );
    expect(shown).not.toMatch(/BEGIN|PRIVATE|\/pki\/|\.key/);
    const idams = [...file.matchAll(/"idam":\s*"([^"]+)"/g)].map(([, idam]) => idam as string);
    expect(idams).not.toEqual([]);
    expect(idams.filter((idam) => shown.includes(idam))).toEqual([]);
  });

  it('are not found when there is none of that name, a path included', async () => {
    const operator = relais.by('operator');
    for (const id of ['nobody', '..%2f..%2fetc', '__proto__'])
      expect((await operator(`/v1/operations/partners/${id}`)).status).toBe(404);
  });

  it.each(['auditor-b', 'vigilance-b', 'doctor-b', 'secretary-b'] as const)(
    'are not for %s',
    async (account) => {
      for (const path of ['/v1/operations/partners', '/v1/operations/partners/spsti-b'])
        expect(await relais.by(account)(path)).toMatchObject({ status: 403 });
    },
  );

  it('are for nobody who did not sign in, and not on the partners’ port', async () => {
    expect((await ask(`${relais.peopleUrl}/v1/operations/partners`)).status).toBe(401);
    expect((await relais.as('spsti-b')('/v1/operations/partners')).status).toBe(404);
  });
});
