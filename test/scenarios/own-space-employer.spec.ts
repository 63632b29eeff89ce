/** An employer at a portal that has its pages at Relais: what is addressed to its establishment, and what it declares. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import {
  type Json,
  listOf,
  posted,
  proofOf,
  published,
  sampleOf,
  takenByPortal,
} from '../builders/own-space.ts';
import { journal } from '../builders/portability.ts';
import { aRelais, eventually, keeperTurn, type TestRelais } from '../builders/relais.ts';

const DAY = 86_400_000;
const FLOW = 'employer-portal';
const TRAITS = /ADRUN|\bZOE\b|1975-12-31|CORSE|ANTHONY|1980-03-02|INCONNU|ALBAN/;
/** What no employer may find, whatever a schema says. */
const MEDICAL = /"ins"|"sex"|birthPlace|legalGate|thirdParty|pr[eé][\s-]*reprise|VPRE|ANCI|RQTH|diagnos/i;

describe('an employer’s space', () => {
  let relais: TestRelais;
  let service: Spsti;
  /** message */
  let avis: string;

  beforeAll(async () => {
    relais = await aRelais({}, { alsoKeysOf: ['portail'] });
    service = await relais.service('spsti-a');
    const publish = (name: string) => published(service, FLOW, name, sampleOf(FLOW, `employer-view.${name}`));
    avis = await publish('fitness');
    await publish('establishment');
    await publish('recommendations');
    await publish('under-fifty');
  });
  afterAll(() => relais.close());

  const employer = (path: string) => relais.by('employer-a')(path);
  const cards = () => listOf(relais, 'employer-a', '/v1/employer/publications');
  const idOf = async (topic: string) =>
    String((await cards()).find((card) => card['topic'] === topic)?.['id']);
  const lines = (sampleOf(FLOW, 'declaration.every-kind') as { lines: Json[] }).lines;
  const order = (more: object = {}) => ({
    ...{ key: randomUUID(), service: 'spsti-a', capacity: 'EMPLOYEUR', lines },
    ...more,
  });
  const declare = (body: object) => posted(relais, 'employer-a', '/v1/employer/declarations', body);
  const declarations = () => listOf(relais, 'employer-a', '/v1/employer/declarations');

  it('lists what was addressed to the establishment, naming nobody', async () => {
    const list = await cards();
    expect(list.map(({ topic }) => topic)).toEqual(['recommendations', 'establishment', 'output']);
    expect(list[0]).toMatchObject({ service: { id: 'spsti-a' }, kept: true });
    expect(list[0]).not.toHaveProperty('openedAt');
    expect(JSON.stringify(list)).not.toMatch(TRAITS);
  });

  it('shows an avis without what is not an employer’s, and the service has the proof that it was read', async () => {
    await takenByPortal(relais, avis);
    const id = await idOf('output');
    const { status, json, bytes, headers } = await employer(`/v1/employer/publications/${id}`);
    expect(status).toBe(200);
    expect(json).toMatchObject({ id, view: { output: { type: 'APTI', worker: { birthName: 'ADRUN' } } } });
    expect(bytes.toString()).not.toMatch(MEDICAL);
    expect(headers['cache-control']).toBe('no-store');
    expect((await cards()).find((card) => card['id'] === id)).toHaveProperty('openedAt');
    expect(await proofOf(service, avis)).toMatchObject({ outcome: 'opened' });
    const opened = journal(relais).filter(({ kind }) => kind === 'own-space.opened');
    expect(opened.map(({ details }) => details)).toEqual([
      { partner: 'portail', role: 'employer', topic: 'output', part: 'view' },
    ]);
  });

  it.each(['recommendations', 'establishment'])('shows %s by the closed list of the flow', async (topic) => {
    const { status, bytes } = await employer(`/v1/employer/publications/${await idOf(topic)}`);
    expect(status).toBe(200);
    expect(bytes.toString()).not.toMatch(MEDICAL);
    expect(bytes.toString()).toContain('99000512600018');
  });

  it('of another establishment sees nothing of this one', async () => {
    const id = await idOf('output');
    const other = relais.by('employer-other');
    const { json } = await other('/v1/employer/publications');
    expect(json.map((card) => (card as Json)['topic'])).toEqual(['establishment']);
    expect((await other(`/v1/employer/publications/${id}`)).status).toBe(404);
    expect((await other('/v1/employer/declarations')).json).toEqual([]);
  });

  it.each(['worker-zoe', 'doctor-b', 'operator', 'vigilance-b', 'auditor-b'] as const)(
    'is closed to %s',
    async (account) => {
      const id = await idOf('output');
      for (const path of ['services', 'publications', `publications/${id}`, 'declarations', 'declarations/x'])
        expect((await relais.by(account)(`/v1/employer/${path}`)).status, path).toBe(403);
      for (const path of ['declarations', 'declarations/check'])
        expect((await posted(relais, account, `/v1/employer/${path}`, order())).status, path).toBe(403);
    },
  );

  it('is closed to whoever is not signed in', async () => {
    for (const path of ['publications', 'declarations', 'services'])
      expect((await fetch(`${relais.peopleUrl}/v1/employer/${path}`)).status, path).toBe(401);
  });

  it('checks a declaration line by line, and stores nothing of it', async () => {
    const [entry, leaving, ...more] = lines;
    const wrong = [
      { ...entry, pcsCode: '9' },
      leaving,
      { ...more[2], to: '2027-11-10' },
      { ...entry, jobTitle: 'Magasinier 06 12 34 56 78' },
    ];
    const { key: _, ...form } = order({ lines: wrong });
    const { json } = await posted(relais, 'employer-a', '/v1/employer/declarations/check', form);
    const checked = json['lines'] as { line: number; findings: { pointer: string }[] }[];
    // the shape of the first is wrong: the rules are held against the others all the same
    expect(checked.map(({ line, findings }) => [line, findings.map(({ pointer }) => pointer)])).toEqual([
      [1, ['/pcsCode']],
      [2, []],
      [3, ['/to']],
      [4, ['/jobTitle']],
    ]);
    expect(json['others']).toEqual([]);
    expect(JSON.stringify(json)).not.toMatch(TRAITS);
    expect(await declarations()).toEqual([]);
  });

  it('a declaration is sent once, however often the form is, and the service judges each line', async () => {
    const body = order();
    const [first, second] = await Promise.all([declare(body), declare(body)]);
    const third = await declare(body);
    expect([first.status, second.status, third.status]).toEqual([202, 202, 202]);
    expect([second.json['id'], third.json['id']]).toEqual([first.json['id'], first.json['id']]);
    expect(await declarations()).toHaveLength(1);
    const path = `/v1/employer/declarations/${String(first.json['id'])}`;
    const { json } = await eventually(async () => {
      const answer = await employer(path);
      return answer.json['lines'] !== undefined && answer;
    });
    expect(json).toMatchObject({
      state: 'answered',
      lines: [
        { line: 1, accepted: true, code: 'line.accepted' },
        { line: 2, accepted: false, code: 'worker.unknown', says: expect.stringContaining('ne suit pas') },
        { line: 3, accepted: true },
        { line: 4, accepted: true },
        { line: 5, accepted: true },
      ],
    });
    const received = service.received.find(({ messageId }) => messageId === first.json['id']);
    expect(received?.object).toBe('declaration');
    expect((await relais.by('employer-other')(path)).status).toBe(404);
    expect(journal(relais).some(({ details }) => details?.['part'] === 'verdicts')).toBe(true);
  });

  it('the same form filled in otherwise is not taken for the first', async () => {
    const body = order({ lines: lines.slice(0, 1) });
    expect((await declare(body)).status).toBe(202);
    expect((await declare({ ...body, lines: lines.slice(1, 2) })).json).toMatchObject({
      code: 'message.id-reused',
    });
  });

  it('a declaration of which no line is taken says so, line by line', async () => {
    const { json } = await declare(order({ lines: lines.slice(1, 2) }));
    const refused = await eventually(async () => {
      const answer = await employer(`/v1/employer/declarations/${String(json['id'])}`);
      return answer.json['lines'] !== undefined && answer.json;
    });
    expect(refused).toMatchObject({
      state: 'refused',
      refusal: { code: 'worker.unknown', says: expect.stringContaining('aucune ligne') },
      lines: [{ line: 1, accepted: false }],
    });
  });

  it('ten that await an answer are enough for one service, and the same form is that one again', async () => {
    // nobody of that service is there to answer
    const one = () => order({ service: 'spsti-b', lines: lines.slice(0, 1) });
    const bodies = Array.from({ length: 10 }, one);
    for (const body of bodies) expect((await declare(body)).status).toBe(202);
    expect((await declare(one())).json).toMatchObject({
      code: 'state.conflict',
      detail: expect.stringContaining('attendez sa réponse'),
    });
    expect((await declare(bodies[0] ?? {})).status).toBe(202);
    expect((await declare(order({ lines: lines.slice(0, 1) }))).status).toBe(202);
  });

  it('a form that says nothing sound sends nothing', async () => {
    const before = (await declarations()).length;
    expect((await declare(order({ lines: [] }))).status).toBe(422);
    expect((await declare(order({ lines: [{ kind: 'SORTIE' }] }))).json).toMatchObject({
      code: 'content.invalid',
      errors: [{ pointer: '/lines/0/worker' }, { pointer: '/lines/0/to' }],
    });
    expect((await declare(order({ service: 'portail' }))).json).toMatchObject({ code: 'recipient.unknown' });
    // for whom one declares is the issuer's word
    expect((await declare(order({ siret: '99000007700018' }))).status).toBe(422);
    expect(await declarations()).toHaveLength(before);
  });

  it('what was opened stays readable to the end of its time, and no longer', async () => {
    const path = `/v1/employer/publications/${await idOf('output')}`;
    relais.advance(60 * DAY);
    await keeperTurn(relais);
    expect((await employer(path)).status).toBe(200);
    relais.advance(35 * DAY);
    await keeperTurn(relais);
    await eventually(async () => (await employer(path)).status === 404);
    expect((await employer(path)).json['detail']).toContain('n’est plus conservé ici');
    expect((await cards()).every((card) => card['kept'] === false)).toBe(true);
  });

  it('left no trait in a log or in the journal', () => {
    expect(relais.logged()).not.toMatch(TRAITS);
    expect(JSON.stringify(journal(relais))).not.toMatch(TRAITS);
  });
});
