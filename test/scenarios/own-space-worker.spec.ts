/** A worker at a portal that has its pages at Relais: what is hers, and nobody else's; read, proven, asked for. */
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
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
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const DAY = 86_400_000;
const FLOW = 'employee-portal';
/** Not one trait of hers, nor of the other one */
const TRAITS = /ADRUN|\bZOE\b|1975-12-31|275126322074|ADRDEUX|LAURENT|1981-01-01/;

describe('a worker’s own space', () => {
  let relais: TestRelais;
  let service: Spsti;
  let messageId: string;

  beforeAll(async () => {
    relais = await aRelais({}, { alsoKeysOf: ['portail'] });
    service = await relais.service('spsti-a');
    messageId = await published(service, FLOW, 'view-zoe', sampleOf(FLOW, 'worker-view.full'));
  });
  afterAll(() => relais.close());

  const zoe = (path: string) => relais.by('worker-zoe')(path);
  const views = () => listOf(relais, 'worker-zoe', '/v1/my/views');
  /** what service a published */
  const mine = async () =>
    String((await views()).find(({ service: by }) => (by as Json)['id'] === 'spsti-a')?.['id']);
  const proof = () => proofOf(service, messageId);

  it('lists what was published, opened by nobody yet', async () => {
    expect(await views()).toEqual([
      {
        id: expect.any(String),
        service: { id: 'spsti-a', name: expect.stringContaining('SPSTI A') },
        topic: 'worker-view',
        publishedAt: expect.any(String),
        kept: true,
      },
    ]);
  });

  it('shows the view without third parties, and its documents without their bytes', async () => {
    const { status, json, bytes, headers } = await zoe(`/v1/my/views/${await mine()}`);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      person: { traits: { birthName: 'ADRUN' } },
      documents: [{ type: 'APTI', bytes: expect.any(Number) }, { type: 'ANCI' }],
    });
    expect(bytes.toString()).not.toMatch(/JVBERi|thirdPartyInfo|"content"/);
    expect(headers['cache-control']).toBe('no-store');
    // she has seen that they are there, and read none
    expect((await proof())?.outcome).not.toBe('opened');
  });

  it('hands over a document as its digest says, and the service has the proof that she read it', async () => {
    const id = await mine();
    await takenByPortal(relais, messageId);
    const { json: view } = await zoe(`/v1/my/views/${id}`);
    const [document] = view['documents'] as Json[];
    const before = Date.now();
    const { bytes, headers } = await zoe(`/v1/my/views/${id}/documents/${String(document?.['id'])}.pdf`);
    expect(headers['content-type']).toBe('application/pdf');
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(document?.['sha256']);
    const read = await proof();
    expect(read?.outcome).toBe('opened');
    expect(Date.parse(read?.at ?? '')).toBeGreaterThanOrEqual(before - 1_000);
    expect((await views())[0]).toMatchObject({ openedAt: read?.at });
    const opened = journal(relais).filter(({ kind }) => kind === 'own-space.opened');
    expect(opened.map(({ details }) => details)).toEqual([
      { partner: 'portail', role: 'worker', topic: 'worker-view', part: 'view' },
      { partner: 'portail', role: 'worker', topic: 'worker-view', part: 'view' },
      { partner: 'portail', role: 'worker', topic: 'worker-view', part: 'document 1' },
    ]);
    expect(JSON.stringify(journal(relais))).not.toMatch(TRAITS);
    expect((await zoe(`/v1/my/views/${id}/documents/nothing.pdf`)).status).toBe(404);
  });

  it('tells who opened her file at the service, and what she opened here', async () => {
    const { json } = await zoe('/v1/my/accesses');
    expect(json).toMatchObject({
      atServices: [{ service: { id: 'spsti-a' }, lines: sampleOf(FLOW, 'worker-view.full')['accessLog'] }],
    });
    const here = json['here'] as { part: string }[];
    expect(here.map(({ part }) => part)).toEqual(['document 1', 'view', 'view']);
  });

  it('tells it of each service that published, by what it said last', async () => {
    const other = await relais.service('spsti-b');
    const seen = (at: string) => ({ accessLog: [{ at, role: 'MT', action: 'CONSULTATION' }] });
    const view = sampleOf(FLOW, 'worker-view.newcomer');
    const { person } = sampleOf(FLOW, 'worker-view.full');
    for (const at of ['2026-09-01T08:00:00Z', '2026-09-02T08:00:00Z'])
      await published(other, FLOW, `view-b-${at}`, { ...view, person, ...seen(at) });
    const { json } = await zoe('/v1/my/accesses');
    expect(json['atServices']).toMatchObject([
      { service: { id: 'spsti-b' }, lines: [{ at: '2026-09-02T08:00:00Z' }] },
      { service: { id: 'spsti-a' } },
    ]);
  });

  it('is closed to another worker, who sees an empty space and learns nothing of hers', async () => {
    const id = await mine();
    const other = relais.by('worker-other');
    expect((await other('/v1/my/views')).json).toEqual([]);
    expect((await other(`/v1/my/views/${id}`)).status).toBe(404);
    expect((await other(`/v1/my/views/${id}/documents/D1.pdf`)).status).toBe(404);
    expect((await other('/v1/my/accesses')).json).toEqual({ atServices: [], here: [] });
  });

  it.each(['doctor-b', 'operator', 'vigilance-b', 'auditor-b', 'employer-a'] as const)(
    'is closed to %s',
    async (account) => {
      const id = await mine();
      for (const path of [
        'views',
        `views/${id}`,
        `views/${id}/documents/D1.pdf`,
        'accesses',
        'copy-requests',
      ])
        expect((await relais.by(account)(`/v1/my/${path}`)).status, path).toBe(403);
      const order = { key: randomUUID(), service: 'spsti-a' };
      expect((await posted(relais, account, '/v1/my/copy-requests', order)).status).toBe(403);
    },
  );

  it('is closed to whoever is not signed in', async () => {
    for (const path of ['views', 'accesses', 'copy-requests', 'services']) {
      const { status } = await fetch(`${relais.peopleUrl}/v1/my/${path}`);
      expect(status, path).toBe(401);
    }
  });

  it('a copy of a file is asked once, however often the form is sent, and its due date is the law’s', async () => {
    const order = { key: randomUUID(), service: 'spsti-a' };
    const [first, second] = await Promise.all([
      posted(relais, 'worker-zoe', '/v1/my/copy-requests', order),
      posted(relais, 'worker-zoe', '/v1/my/copy-requests', order),
    ]);
    const third = await posted(relais, 'worker-zoe', '/v1/my/copy-requests', order);
    expect([first.status, second.status, third.status]).toEqual([202, 202, 202]);
    expect([second.json['id'], third.json['id']]).toEqual([first.json['id'], first.json['id']]);
    const [asked, ...more] = await listOf(relais, 'worker-zoe', '/v1/my/copy-requests');
    expect(more).toEqual([]);
    expect(asked).toMatchObject({
      id: first.json['id'],
      number: expect.any(String),
      service: { id: 'spsti-a' },
      overdue: false,
    });
    const days = (Date.parse(String(asked?.['dueAt'])) - Date.parse(String(asked?.['requestedAt']))) / DAY;
    expect(Math.round(days * 100) / 100).toBe(8);
    await eventually(async () => {
      const [one] = await listOf(relais, 'worker-zoe', '/v1/my/copy-requests');
      return one?.['state'] === 'received';
    });
    const received = await eventually(async () =>
      service.received.find(({ messageId: id }) => id === first.json['id']),
    );
    expect(received.object).toBe('copy-request');
    expect(await listOf(relais, 'worker-other', '/v1/my/copy-requests')).toEqual([]);
  });

  it('of what is older than five years, the due date is two months away', async () => {
    const order = { key: randomUUID(), service: 'spsti-a', period: { until: '2015-12-31' } };
    const { json } = await posted(relais, 'worker-zoe', '/v1/my/copy-requests', order);
    const days = (Date.parse(String(json['dueAt'])) - Date.parse(String(json['requestedAt']))) / DAY;
    expect(days).toBeGreaterThan(58);
  });

  it('a form that says nothing sound sends nothing', async () => {
    const ask = (change: object) =>
      posted(relais, 'worker-zoe', '/v1/my/copy-requests', {
        key: randomUUID(),
        service: 'spsti-a',
        ...change,
      });
    const backwards = await ask({ period: { from: '2020-01-01', until: '2019-01-01' } });
    expect(backwards.json).toMatchObject({
      code: 'content.invalid',
      errors: [{ code: 'employee-portal.period-backwards' }],
    });
    expect((await ask({ service: 'portail' })).json).toMatchObject({ code: 'recipient.unknown' });
    expect((await ask({ key: '' })).status).toBe(422);
    expect((await ask({ traits: { birthName: 'ADRDEUX' } })).status).toBe(422);
    expect(await listOf(relais, 'worker-zoe', '/v1/my/copy-requests')).toHaveLength(2);
  });

  it('three that await an answer are enough for one service', async () => {
    const ask = () =>
      posted(relais, 'worker-zoe', '/v1/my/copy-requests', { key: randomUUID(), service: 'spsti-a' });
    expect((await ask()).status).toBe(202);
    expect((await ask()).json).toMatchObject({ code: 'state.conflict' });
  });

  it('whom the service has no file of is told so in words', async () => {
    const order = { key: randomUUID(), service: 'spsti-a' };
    await posted(relais, 'worker-other', '/v1/my/copy-requests', order);
    const refused = await eventually(async () => {
      const [one] = await listOf(relais, 'worker-other', '/v1/my/copy-requests');
      return one?.['state'] === 'refused' && one;
    });
    expect(refused).toMatchObject({
      refusal: { code: 'no-file', says: expect.stringContaining('n’a pas de dossier à votre nom') },
    });
  });

  it('what was altered at rest is not shown', async () => {
    const id = await mine();
    const database = new Database(join(relais.demo.home, 'relais.sqlite'));
    const kept = database.prepare('SELECT n, jwe FROM delivery_part WHERE delivery_id = ?').all(id) as {
      n: number;
      jwe: Buffer;
    }[];
    const change = database.prepare('UPDATE delivery_part SET jwe = ? WHERE delivery_id = ? AND n = ?');
    for (const { n, jwe } of kept) {
      const changed = Buffer.from(jwe);
      changed[changed.length - 30] = changed.at(-30) === 65 ? 66 : 65;
      change.run(changed, id, n);
    }
    const { status, json } = await zoe(`/v1/my/views/${id}`);
    expect({ status, code: json['code'] }).toEqual({ status: 422, code: 'jwe.invalid' });
    expect(json['detail']).toContain('a changé');
    for (const { n, jwe } of kept) change.run(jwe, id, n);
    database.close();
    expect((await zoe(`/v1/my/views/${id}`)).status).toBe(200);
  });

  it('what is no longer kept says so', async () => {
    const id = await mine();
    relais.advance(95 * DAY);
    await eventually(async () => (await views())[0]?.['kept'] === false);
    const { status, json } = await zoe(`/v1/my/views/${id}`);
    expect({ status, detail: json['detail'] }).toEqual({
      status: 404,
      detail: expect.stringContaining('n’est plus conservé ici'),
    });
  });

  it('left no trait in a log or in the journal', () => {
    expect(relais.logged()).not.toMatch(TRAITS);
    expect(JSON.stringify(journal(relais))).not.toMatch(TRAITS);
  });
});
