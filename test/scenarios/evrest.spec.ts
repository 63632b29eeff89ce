import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import type { Json } from '../builders/portability.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';
import { aDossierOf, evrestInput, filesOf, readJson, SurveyDesk } from '../builders/surveys.ts';

let relais: TestRelais;
let gis: PartnerSoftware;
let desk: SurveyDesk;

beforeAll(async () => {
  relais = await aRelais({}, { alsoKeysOf: ['gis-evrest'] });
  gis = await relais.partner('gis-evrest');
  desk = new SurveyDesk(relais, await relais.service('spsti-a'), 'evrest', 'sheet');
});
afterAll(async () => {
  await relais.close();
  desk.close();
});

describe('a sheet of the sample', () => {
  it('reaches the GIS as it left the edge, and is acknowledged', async () => {
    const sheet = desk.throughEdge(evrestInput());
    const id = await desk.send('gis-evrest', sheet);
    expect(readJson((await filesOf(gis, id))[0])).toEqual(sheet);
    expect(await desk.acknowledged(id)).toMatchObject({
      state: 'CLOSED',
      acknowledgement: { outcome: 'accepted', counts: { received: 1, accepted: 1, refused: 0 } },
    });
  });

  it('of the same worker and month is a duplicate, and of a later month is not', async () => {
    const dossier = aDossierOf({ birthDate: '1980-10-02', localId: { system: 'urn:test', value: 'D-4242' } });
    const sheet = (interviewOn: string) => {
      const { ins: _, ...identity } = dossier.identity;
      return desk.throughEdge(evrestInput({ interviewOn }, { ...dossier, identity }));
    };
    await desk.acknowledged(await desk.send('gis-evrest', sheet('2024-05-06')));
    expect(await desk.acknowledged(await desk.send('gis-evrest', sheet('2024-05-20')))).toMatchObject({
      state: 'REFUSED',
      refusal: 'duplicate',
      acknowledgement: { outcome: 'refused', items: [{ code: 'duplicate' }] },
    });
    expect(await desk.acknowledged(await desk.send('gis-evrest', sheet('2026-05-20')))).toMatchObject({
      state: 'CLOSED',
    });
  });
});

describe('what Relais refuses', () => {
  const refused = (changes: Json) =>
    desk.send('gis-evrest', { ...desk.throughEdge(evrestInput()), ...changes });

  it('a worker out of the sample, under the rule of that day', async () => {
    const sample = { rule: 'october-even', on: '2015-03-01' };
    await expect(refused({ sample, birthYear: 1975 })).rejects.toMatchObject({
      code: 'gate.out-of-sample',
      errors: [{ pointer: '/birthYear', code: 'gate.out-of-sample' }],
    });
    await expect(refused({ sample: { rule: 'october-even', on: '2026-03-01' } })).rejects.toMatchObject({
      code: 'gate.out-of-sample',
    });
  });

  it('a matricule in a coded field', async () => {
    await expect(refused({ team: '275126322074974' })).rejects.toMatchObject({
      code: 'content.invalid',
      errors: [{ pointer: '/team', code: 'after-check.ins' }],
    });
  });

  it('a matricule in the place of the pseudonym', async () => {
    await expect(
      refused({ pseudonym: { value: '2751263220749', keyId: '0f3a9c51d2e7b486' } }),
    ).rejects.toMatchObject({ errors: [{ pointer: '/pseudonym/value', code: 'schema.pattern' }] });
  });

  it('a whole birth date', async () => {
    await expect(refused({ birthDate: '1975-10-31' })).rejects.toMatchObject({ code: 'content.invalid' });
  });
});

it('the key of the pseudonyms is nowhere in what Relais keeps', async () => {
  const key = readFileSync(join(desk.folder, 'evrest.keys'), 'utf8').trim();
  const forms = [key, Buffer.from(key, 'base64url').toString('hex')].map((form) => Buffer.from(form));
  forms.push(Buffer.from(key, 'base64url'));
  const files = readdirSync(relais.demo.home, { recursive: true, encoding: 'utf8' })
    .map((name) => join(relais.demo.home, name))
    .filter((path) => statSync(path).isFile());
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((path) => forms.some((form) => readFileSync(path).includes(form)))).toEqual([]);
  // the hunt finds one where there is one
  expect(forms.some((form) => readFileSync(join(desk.folder, 'evrest.keys')).includes(form))).toBe(true);
});
