import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import { type Json, journal } from '../builders/portability.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';
import {
  filesOf,
  HOUR,
  openCampaigns,
  readCsv,
  readJson,
  SurveyDesk,
  sumerInput,
} from '../builders/surveys.ts';

let relais: TestRelais;
let dares: PartnerSoftware;
let dgafp: PartnerSoftware;
let desk: SurveyDesk;

beforeAll(async () => {
  relais = await aRelais({ RELAIS_CAMPAIGNS: openCampaigns() }, { alsoKeysOf: ['dares', 'dgafp'] });
  dares = await relais.partner('dares');
  dgafp = await relais.partner('dgafp');
  desk = new SurveyDesk(relais, await relais.service('spsti-a'), 'sumer', 'questionnaire');
});
afterAll(async () => {
  await relais.close();
  desk.close();
});

describe('a sheet', () => {
  it('reaches DARES as tables and their schema, and its acknowledgement comes back', async () => {
    const sheet = desk.throughEdge(sumerInput());
    const id = await desk.send('dares', sheet);
    const [sheets, exposures, answers, schema] = await filesOf(dares, id);
    expect(readCsv(sheets)).toMatchObject([
      { sheetId: sheet['sheetId'], employee_pcsCode: '628b', establishment_status: 'PRIVE' },
    ]);
    expect(readCsv(exposures).map(({ agent, durationClass, ppe }) => [agent, durationClass, ppe])).toEqual([
      ['TEP-P0021', '>=20h', 'AUDITIVE'],
      ['TEP-C0417', '10-20h', ''],
    ]);
    expect(readCsv(answers)).toEqual([{ sheetId: sheet['sheetId'], item: 'RPS-01', level: '3' }]);
    expect(readJson(schema)).toMatchObject({ profile: 'tabular-data-package' });
    // one exposure came without the doctor's opinion
    expect(await desk.acknowledged(id)).toMatchObject({
      state: 'CLOSED',
      acknowledgement: {
        outcome: 'partial',
        items: [{ pointer: '/exposures/1/opinion', line: 2, code: 'missing-item' }],
      },
    });
  });

  it('of a State employee goes to DGAFP, and is refused on its way to DARES', async () => {
    const sheet = desk.throughEdge(
      sumerInput({ status: 'ETAT', survey: 'sumer-2026', preventionBodies: ['F3SCT'] }),
    );
    const ofTheState = { ...sheet, sheetId: 'Setat00000000000000000A' };
    await expect(desk.send('dares', ofTheState)).rejects.toMatchObject({
      code: 'content.invalid',
      errors: [{ pointer: '/establishment/status', code: 'sumer.recipient' }],
    });
    const id = await desk.send('dgafp', ofTheState);
    expect(readCsv((await filesOf(dgafp, id))[0])).toMatchObject([{ establishment_status: 'ETAT' }]);
  });

  it('sent twice is taken once', async () => {
    const sheet = { ...desk.throughEdge(sumerInput()), sheetId: 'Stwice0000000000000000A' };
    expect(await desk.acknowledged(await desk.send('dares', sheet))).toMatchObject({ state: 'CLOSED' });
    expect(await desk.acknowledged(await desk.send('dares', sheet))).toMatchObject({
      state: 'REFUSED',
      refusal: 'duplicate-sheet',
      acknowledgement: { outcome: 'refused', items: [{ code: 'duplicate-sheet' }] },
    });
  });
});

describe('what names somebody does not pass', () => {
  const spoiled = (change: (sheet: Json) => unknown) =>
    change(structuredClone(desk.throughEdge(sumerInput())));

  it.each([
    ['a matricule where a code belongs', '2751263220749', 'after-check.ins'],
    ['a telephone number where a code belongs', '06.39.98.12.34', 'after-check.phone'],
  ])('%s', async (_, agent, code) => {
    const content = spoiled((sheet) => {
      const [first, ...others] = sheet['exposures'] as Json[];
      return { ...sheet, exposures: [{ ...first, agent }, ...others] };
    });
    await expect(desk.send('dares', content)).rejects.toMatchObject({
      status: 422,
      code: 'content.invalid',
      errors: [{ pointer: '/exposures/0/agent', code }],
    });
    expect(JSON.stringify(journal(relais))).not.toContain(agent);
    expect(relais.logged()).not.toContain(agent);
  });

  it('an identity beside the answers', async () => {
    const content = spoiled((sheet) => ({ ...sheet, identity: { birthName: 'ADRUN' } }));
    await expect(desk.send('dares', content)).rejects.toMatchObject({
      code: 'content.invalid',
      errors: [{ pointer: '', code: 'schema.additionalProperties' }],
    });
  });
});

it('once the campaign is over nothing is taken any more', async () => {
  const sheet = desk.throughEdge(sumerInput());
  await expect(desk.send('dares', { ...sheet, survey: 'sumer-2016' })).rejects.toMatchObject({
    code: 'gate.campaign-closed',
  });
  relais.advance(2 * HOUR);
  await expect(desk.send('dares', sheet)).rejects.toMatchObject({ code: 'gate.campaign-closed' });
});
