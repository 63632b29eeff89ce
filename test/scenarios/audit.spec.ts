/** The auditor of a service: who saw which dossier, when and why, by pseudonym; of another service nothing but its name. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aDossier,
  asked,
  DAY,
  type Json,
  journal,
  seen,
  until,
  ZOE,
  ZOE_INS,
} from '../builders/portability.ts';
import { type Answer, aRelais, ask, eventually, keeperTurn, type TestRelais } from '../builders/relais.ts';

const PSEUDONYM = /^[0-9a-f]{64}$/;
const ROUTES = [
  '/v1/audit/accesses',
  '/v1/audit/accesses.csv',
  '/v1/audit/readings',
  '/v1/audit/purges',
  '/v1/audit/interops-traces.xml',
];

interface Line {
  id: string;
  what: string;
  by: Json;
  worker?: string;
  purpose?: string;
  reason?: string;
  messageId?: string;
}

describe('the auditor of a service', () => {
  let relais: TestRelais;
  let auditor: (path: string, body?: Json) => Promise<Answer>;
  let zoe: string;
  let own: string;
  beforeAll(async () => {
    relais = await aRelais();
    auditor = (path, body) =>
      relais.by('auditor-b')(path, body === undefined ? {} : { body: JSON.stringify(body) });
    for (const id of ['spsti-a', 'spsti-b'] as const) await relais.service(id, { dossiers: [aDossier()] });
    own = await asked(relais);
    await until(relais, own, ({ best }) => best !== undefined);
    await relais.by('doctor-b')(`/v1/dmst-requests/${own}/summary.pdf`);
    const theirs = await asked(relais, { sources: ['spsti-b'] }, 'doctor-a');
    await eventually(async () => (await seen(relais, theirs, 'doctor-a')).best);
    await relais.by('doctor-a')(`/v1/dmst-requests/${theirs}/summary.pdf`);
    zoe = (await auditor('/v1/audit/worker', { traits: ZOE })).json['worker'] as string;
  });
  afterAll(() => relais.close());

  const lines = async (query = ''): Promise<Line[]> =>
    (await auditor(`/v1/audit/accesses${query}`)).json as unknown as Line[];
  const readings = async (query = ''): Promise<Line[]> =>
    (await auditor(`/v1/audit/readings${query}`)).json as unknown as Line[];
  const entriesOf = (kind: string) => journal(relais).filter((entry) => entry.kind === kind);

  it('sees who of the service opened a dossier, by which role, about whom and what for', async () => {
    const opened = (await lines()).find(
      ({ what, by }) => what === 'dossier-opened' && by['kind'] === 'person',
    );
    expect(opened).toMatchObject({
      by: { kind: 'person', pseudonym: expect.stringMatching(PSEUDONYM), role: 'physician' },
      worker: zoe,
      part: 'AH',
      purpose: 'CONTINUITE',
      request: own,
    });
    const created = (await lines()).find(({ what }) => what === 'request-created');
    expect(created).toMatchObject({ sources: 'spsti-a', sourceNames: ['SPSTI A (fictif)'] });
  });

  it('sees of another service that it asked and opened, and nothing of who did', async () => {
    const foreign = (await lines()).filter(({ by }) => by['kind'] === 'service');
    expect(foreign.map(({ what }) => what)).toContain('dossier-opened');
    for (const { by, worker, ...line } of foreign) {
      expect(by).toEqual({ kind: 'service', partner: 'spsti-a', partnerName: 'SPSTI A (fictif)' });
      expect(worker).toBe(zoe);
      expect(Object.keys(line).sort()).toEqual(['at', 'id', 'messageId', 'what']);
    }
    const doctorA = entriesOf('dossier.opened').find(({ details }) => details?.['partner'] === 'spsti-a');
    expect(doctorA?.actor).toMatch(/^person:/);
    const all = JSON.stringify([await lines(), (await auditor('/v1/audit/accesses.csv')).bytes.toString()]);
    expect(all).not.toContain(String(doctorA?.actor).slice('person:'.length));
    expect(all).not.toContain(String(doctorA?.details?.['request']));
  });

  it('finds one worker by the traits, however they are written, and nobody else by others', async () => {
    const written = { ...ZOE, birthName: 'Adrun', firstNames: ['Zoé', 'Marie'] };
    expect((await auditor('/v1/audit/worker', { traits: written })).json).toEqual({ worker: zoe });
    const of = await lines(`?worker=${zoe}`);
    expect(of.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['request-created', 'dossier-sent', 'dossier-opened']),
    );
    expect(of.every(({ worker }) => worker === zoe)).toBe(true);
    const other = await auditor('/v1/audit/worker', { traits: { ...ZOE, birthDate: '1975-12-30' } });
    expect(await lines(`?worker=${String(other.json['worker'])}`)).toEqual([]);
  });

  it('leaves no trait and no pseudonym of a worker in the journal, which every service’s auditor reads', async () => {
    const { bytes } = await auditor('/v1/journal/export');
    const told = bytes.toString();
    expect(told).toContain('dossier.opened');
    expect(entriesOf('journal.exported').at(-1)).toMatchObject({
      details: { partner: 'spsti-b', role: 'auditor' },
    });
    for (const secret of [zoe, ZOE.birthName, ZOE.birthDate, ZOE_INS.value])
      expect(told).not.toContain(secret);
    expect(relais.logged()).not.toContain(zoe);
  });

  it('pages: each line once, newest first', async () => {
    const all = (await lines()).map(({ id }) => id);
    const found: string[] = [];
    for (let path: string | undefined = '/v1/audit/accesses?limit=2'; path !== undefined; ) {
      const { headers, json } = await auditor(path);
      found.push(...(json as unknown as Line[]).map(({ id }) => id));
      path = /^<([^>]+)>; rel="next"/.exec(String(headers['link'] ?? ''))?.[1];
    }
    expect(found).toEqual(all);
    expect(new Set(found).size).toBe(found.length);
  });

  it('has the register as a table, of the same lines', async () => {
    const { bytes, headers } = await auditor(`/v1/audit/accesses.csv?worker=${zoe}`);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    const [head, ...records] = bytes.toString().trimEnd().split('\r\n');
    expect(head).toMatch(/^\ufeffDate \(UTC\);Quoi;/);
    expect(records).toHaveLength((await lines(`?worker=${zoe}`)).length);
    expect(
      records.find((record) => record.includes('dossier ouvert') && record.includes('médecin')),
    ).toContain('continuité du suivi');
  });

  it('is watched: each look, search and export leaves a line of its own, in the journal too', async () => {
    const before = (await readings()).length;
    await lines(`?worker=${zoe}`);
    await auditor('/v1/audit/accesses.csv');
    await auditor('/v1/audit/worker', { traits: ZOE });
    await auditor(`/v1/audit/interops-traces.xml?from=${new Date(Date.now() - 3_600_000).toISOString()}`);
    const [now, ...after] = await readings();
    expect(now).toMatchObject({ what: 'readings-read', by: { kind: 'person', role: 'auditor' } });
    expect(after.slice(0, 4).map(({ what, worker }) => [what, worker])).toEqual([
      ['traces-exported', undefined],
      ['worker-looked-up', zoe],
      ['register-exported', undefined],
      ['register-read', zoe],
    ]);
    expect(after).toHaveLength(before + 4);
    expect(entriesOf('audit.worker-looked-up').at(-1)).toMatchObject({
      actor: `person:${String(now?.by['pseudonym'])}`,
      details: { partner: 'spsti-b', role: 'auditor' },
    });
    // who reads the register did not see a dossier
    expect((await lines()).map(({ what }) => what)).not.toContain('register-read');
  });

  it.each(['operator', 'doctor-b', 'doctor-a', 'vigilance-b', 'iprp-b'] as const)(
    'is nobody else: %s is refused everywhere, and reads nothing',
    async (account) => {
      const reads = entriesOf('audit.register-read').length;
      for (const route of ROUTES)
        expect([route, (await relais.by(account)(route)).status]).toEqual([route, 403]);
      const search = await relais.by(account)('/v1/audit/worker', { body: JSON.stringify({ traits: ZOE }) });
      expect(search).toMatchObject({ status: 403, json: { code: 'role.not-allowed' } });
      expect(entriesOf('audit.register-read')).toHaveLength(reads);
    },
  );

  it('is a person who signed in: neither anybody, nor a partner’s software', async () => {
    for (const route of ROUTES) {
      expect((await ask(`${relais.peopleUrl}${route}`)).status).toBe(401);
      expect((await relais.as('spsti-b')(route)).status).toBe(404);
    }
  });

  it.each([
    ['/v1/audit/accesses?from=yesterday', 400],
    ['/v1/audit/accesses?worker=ADRUN', 400],
    ['/v1/audit/accesses?limit=0', 400],
    ['/v1/audit/accesses?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 400],
    ['/v1/audit/interops-traces.xml', 400],
  ])('is told what is wrong with %s', async (path, status) => {
    expect(await auditor(path)).toMatchObject({ status, json: { code: 'event.malformed' } });
  });

  it.each<[string, Json, string]>([
    ['nobody’s name', { traits: { ...ZOE, birthName: '  ' } }, 'identity.invalid'],
    ['no traits', {}, 'content.invalid'],
    ['a matricule alone', { ins: ZOE_INS }, 'content.invalid'],
    ['a member too many', { traits: { ...ZOE, more: 'x' } }, 'content.invalid'],
  ])('finds nobody by %s', async (_, body, code) => {
    const answer = await auditor('/v1/audit/worker', body);
    expect(answer).toMatchObject({ status: 422, json: { code } });
    expect(answer.bytes.toString()).not.toContain('ADRUN');
  });

  it('sees the seals of the journal, as does an operator and nobody else', async () => {
    const { json } = await auditor('/v1/journal/seals?limit=2');
    const [last, before] = json as unknown as { n: number; jws: string }[];
    expect((last?.n ?? 0) - (before?.n ?? 0)).toBe(1);
    expect((await auditor('/v1/journal/export')).bytes.toString()).toContain(String(last?.jws));
    expect((await relais.by('operator')('/v1/journal/seals')).status).toBe(200);
    expect((await relais.by('doctor-b')('/v1/journal/seals')).status).toBe(403);
    expect((await auditor('/v1/journal/seals?before=x')).status).toBe(400);
  });

  it('sees what is kept of the service, then what was purged of it', async () => {
    const kept = (await auditor('/v1/operations/retention')).json['shares'] as {
      flow: string;
      what: string;
    }[];
    expect(kept.map(({ what }) => what)).toContain('asked-about');
    relais.advance(95 * DAY);
    await keeperTurn(relais);
    await keeperTurn(relais);
    const purges = (await auditor('/v1/audit/purges')).json as unknown as { what: string; flow?: string }[];
    expect(purges.map(({ what }) => what)).toContain('copy');
    expect(purges.every(({ flow }) => flow === undefined || flow === 'dmst-portability')).toBe(true);
    const read = (await readings()).find(({ what }) => what === 'purges-read');
    expect(read).toMatchObject({ by: { kind: 'person', role: 'auditor' } });
    expect(entriesOf('audit.purges-read')).toMatchObject([{ details: { partner: 'spsti-b' } }]);
  });
});
