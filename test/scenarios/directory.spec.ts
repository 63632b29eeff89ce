/** Looking for the service that holds a dossier, key after key: partners and directories, and never a choice made for anybody. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { LISTED_SERVICES } from '../../apps/cli/src/demo/channels/directory.ts';
import { type AnnuaireSimulator, startAnnuaire } from '../../apps/simulators/src/annuaire/index.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';

const KEY = 'cle-fictive';
let annuaire: AnnuaireSimulator;
let relais: TestRelais;

beforeAll(async () => {
  annuaire = await startAnnuaire({
    key: KEY,
    structures: [
      ...LISTED_SERVICES,
      // a partner under the name that the directory has for it
      { name: 'Service A selon l’annuaire (fictif)', siret: '99000000100017' },
    ],
  });
  relais = await aRelais({ RELAIS_ANNUAIRE_URL: annuaire.url, RELAIS_ANNUAIRE_KEY: KEY });
});
afterEach(() => annuaire.misbehave());
afterAll(async () => {
  await relais.close();
  await annuaire.close();
});

const search = async (q: string) => {
  const { json, headers } = await relais.by('doctor-b')(`/v1/directory/services?q=${encodeURIComponent(q)}`);
  const found = json as unknown as { id: string; reachable: string; name: string }[];
  return { found, told: headers['relais-directories'] };
};

it('what is typed gives partners first, then services that only a mail reaches', async () => {
  const { found, told } = await search('fictif');
  expect(told).toBe('answered');
  expect(found.map(({ id, reachable }) => [id, reachable])).toEqual([
    ['spsti-a', 'relais'],
    ['annuaire:990000029', 'no'],
    ['annuaire:990000011', 'mssante'],
  ]);
  expect(found.at(-1)).toMatchObject({
    ...{ kind: 'spsti', flows: [], siret: '99000000300013', finess: '990000011' },
    mailboxes: [{ address: 'dossiers@sst-monts.test.mssante.fr', type: 'APP' }],
  });
});

it('a partner is shown once, as a partner', async () => {
  expect((await search('99000000100017')).found).toMatchObject([{ id: 'spsti-a', reachable: 'relais' }]);
});

it('two letters are not asked outside', async () => {
  const before = annuaire.calls.length;
  expect((await search('fi')).told).toBe('none');
  expect(annuaire.calls.length).toBe(before);
});

it('a directory that fails leaves the partners, and says so; what was typed is in no log', async () => {
  annuaire.misbehave({ outcome: 503 });
  const { found, told } = await search('spsti-a');
  expect(told).toBe('unavailable');
  expect(found).toMatchObject([{ id: 'spsti-a' }]);
  annuaire.misbehave('silent');
  expect((await search('introuvable-xyz')).told).toBe('unavailable');
  expect(relais.logged()).not.toContain('introuvable');
  expect(relais.logged()).not.toContain(KEY);
});

it('a service that only a directory knows is not asked for a dossier', async () => {
  const answer = await relais.by('doctor-b')('/v1/dmst-requests', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      worker: {
        traits: { birthName: 'DURAND', firstNames: 'JEANNE', sex: 'F', birthDate: '1980-01-01' },
      },
      sources: ['annuaire:990000011'],
      ...{ informedAt: '2026-11-20T08:00:00.000Z', nonOpposition: true, recordedBy: 'DOCTEUR' },
    }),
  });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.json).toMatchObject({ code: expect.stringMatching(/recipient\.unknown|content\.invalid/) });
});
