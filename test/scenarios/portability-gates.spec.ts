import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DmstRequestsService } from '../../apps/broker/src/portability/dmst-requests.service.ts';
import { BrokerError, write } from '../../libs/core/src/index.ts';
import {
  aDossier,
  aRequest,
  asked,
  DAY,
  exchangesOf,
  type Json,
  journal,
  rows,
  seen,
  ZOE,
} from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const HOUR = DAY / 24;

/** Messages that left, or that wait to. */
function messages(relais: TestRelais): number {
  return rows(relais, 'SELECT id FROM message').length;
}

describe('what must be recorded before a request leaves', () => {
  let relais: TestRelais;
  beforeAll(async () => {
    relais = await aRelais();
  });
  afterAll(() => relais.close());

  const GATE = 'gate.non-opposition-missing';
  const refused: [string, Json, string][] = [
    ['without the non-opposition', { nonOpposition: undefined }, GATE],
    ['with an opposition', { nonOpposition: false }, GATE],
    ['with a non-opposition that is a word', { nonOpposition: 'true' }, GATE],
    ['without the date of the information', { informedAt: undefined }, GATE],
    ['with an information given tomorrow', { informedAt: new Date(Date.now() + DAY).toISOString() }, GATE],
    ['without the name of who recorded it', { recordedBy: undefined }, GATE],
    ['with a blank name of who recorded it', { recordedBy: '  ' }, GATE],
    ['to a source that nobody knows', { sources: ['spsti-z'] }, 'recipient.unknown'],
    ['to a partner that is no service', { sources: ['insi'] }, 'recipient.unknown'],
    ['to the own service', { sources: ['spsti-b'] }, 'recipient.unknown'],
    ['to the own service among others', { sources: ['spsti-a', 'spsti-b'] }, 'recipient.unknown'],
    ['to nobody', { sources: [] }, 'content.invalid'],
    ['to the same source twice', { sources: ['spsti-a', 'spsti-a'] }, 'content.invalid'],
    ['without traits', { worker: {} }, 'content.invalid'],
    ['without a worker', { worker: undefined }, 'content.invalid'],
    [
      'with a birth date that is no day',
      { worker: { traits: { ...ZOE, birthDate: '1975-02-30' } } },
      'content.invalid',
    ],
    ['with a member that nobody asked for', { worker: { traits: { ...ZOE, nir: 'x' } } }, 'content.invalid'],
    [
      'with a control character in a name',
      { worker: { traits: { ...ZOE, birthName: 'ADR\u0007UN' } } },
      'content.invalid',
    ],
    ['with evidence of no list', { evidenceSeen: 'XX' }, 'content.invalid'],
    ['born in the future', { worker: { traits: { ...ZOE, birthDate: '2075-12-31' } } }, 'identity.invalid'],
    [
      'with a letter that INSi does not know',
      { worker: { traits: { ...ZOE, birthName: 'ADR漢' } } },
      'identity.invalid',
    ],
    [
      'with a matricule whose key is wrong',
      { worker: { traits: ZOE, ins: { value: '2751263220749', key: '73', oid: '1.2.250.1.213.1.4.8' } } },
      'identity.invalid',
    ],
  ];

  it.each(refused)('%s: refused, nothing is stored and nothing leaves', async (_, changes, code) => {
    const answer = await relais.by('doctor-b')('/v1/dmst-requests', { body: aRequest(changes) });
    expect(answer).toMatchObject({ status: 422, json: { code } });
    expect(JSON.stringify(answer.json)).not.toMatch(/ADR|ZOE|27512/);
    expect(rows(relais, 'SELECT id FROM dmst_request')).toEqual([]);
    expect(messages(relais)).toBe(0);
  });

  it.each([
    '',
    '{',
    '[]',
    'null',
    '"x"',
    JSON.stringify({ worker: [] }),
    `{"a":${'['.repeat(500)}${']'.repeat(500)}}`,
  ])('a body that is no request is refused: %s', async (body) => {
    const answer = await relais.by('doctor-b')('/v1/dmst-requests', { body, method: 'POST' });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(messages(relais)).toBe(0);
  });

  it('and the next good request passes', async () => {
    expect((await relais.by('doctor-b')('/v1/dmst-requests', { body: aRequest() })).status).toBe(202);
  });
});

describe('who may ask, and who sees a request', () => {
  let relais: TestRelais;
  let request: string;
  beforeAll(async () => {
    relais = await aRelais();
    await relais.service('spsti-a', { dossiers: [aDossier()] });
    request = await asked(relais);
  });
  afterAll(() => relais.close());

  const routes = (id: string): [string, string?][] => [
    [`/v1/dmst-requests/${id}`],
    [`/v1/dmst-requests/${id}/summary.pdf`],
    [`/v1/dmst-requests/${id}/cancel`, JSON.stringify({ reason: 'error' })],
  ];

  it.each(['operator', 'auditor-b', 'vigilance-b'] as const)(
    '%s has no business with it',
    async (account) => {
      const by = relais.by(account);
      expect(await by('/v1/dmst-requests', { body: aRequest() })).toMatchObject({
        status: 403,
        json: { code: 'role.not-allowed' },
      });
      for (const [path, body] of [['/v1/dmst-requests'], ...routes(request)] as [string, string?][]) {
        const answer = await by(path, body === undefined ? {} : { body });
        expect(answer).toMatchObject({ status: 403, json: { code: 'role.not-allowed' } });
      }
    },
  );

  it('nobody signed in gets a challenge, and a forged token too', async () => {
    for (const headers of [{}, { authorization: 'Bearer forged' }, { authorization: 'Basic eDp4' }] as Record<
      string,
      string
    >[]) {
      const answer = await fetch(`${relais.peopleUrl}/v1/dmst-requests/${request}`, { headers });
      expect(answer.status).toBe(401);
    }
  });

  it.each(['doctor-a', 'doctor-b2'] as const)(
    '%s, another service or a colleague, learns nothing of it',
    async (account) => {
      const by = relais.by(account);
      for (const [path, body] of routes(request)) {
        const answer = await by(path, body === undefined ? {} : { body });
        const unknown = await by(
          path.replace(request, '01900000-0000-7000-8000-000000000000'),
          body === undefined ? {} : { body },
        );
        expect(answer.status).toBe(404);
        const { instance: _, ...told } = answer.json;
        const { instance: __, ...toldOfNothing } = unknown.json;
        expect(told).toEqual(toldOfNothing);
      }
      expect((await by('/v1/dmst-requests')).json).toEqual([]);
      expect((await seen(relais, request)).state).not.toBe('CANCELLED');
    },
  );

  it('a colleague without delegation does not find its exchange either, the author does', async () => {
    const requests = async (account: 'doctor-b' | 'doctor-b2') =>
      (await relais.by(account)('/v1/exchanges')).json.length;
    expect(await requests('doctor-b')).toBeGreaterThan(0);
    expect(await requests('doctor-b2')).toBe(0);
  });

  it.each(['iprp-b', 'secretary-b'] as const)(
    '%s acts only while a dated delegation lasts',
    async (account) => {
      const by = relais.by(account);
      const missing = { status: 403, json: { code: 'delegation.missing' } };
      expect(await by('/v1/dmst-requests', { body: aRequest() })).toMatchObject(missing);
      expect(await by(`/v1/dmst-requests/${request}`)).toMatchObject(missing);
      const now = Date.now();
      const given = await relais.by('doctor-b')('/v1/delegations', {
        body: JSON.stringify({ account, to: new Date(now + HOUR).toISOString() }),
      });
      expect(given.status).toBe(201);
      expect(await by(`/v1/dmst-requests/${request}`)).toMatchObject({ status: 200, json: { id: request } });
      const own = await by('/v1/dmst-requests', { body: aRequest() });
      expect(own.status).toBe(202);
      // what a delegate asks is the physician's request
      expect(await seen(relais, own.json['id'] as string)).toMatchObject({ id: own.json['id'] });
      const created = journal(relais).find(
        ({ kind, details }) => kind === 'dmst-request.created' && details?.['request'] === own.json['id'],
      );
      expect(created?.details).toMatchObject({
        role: account === 'iprp-b' ? 'iprp' : 'secretary',
        delegation: given.json['id'],
      });
      await relais.by('doctor-b')(`/v1/delegations/${given.json['id']}`, { method: 'DELETE' });
      expect(await by(`/v1/dmst-requests/${request}`)).toMatchObject(missing);
      expect(await by('/v1/dmst-requests', { body: aRequest() })).toMatchObject(missing);
    },
  );

  it('a replacement sees the requests of the physician who delegated, and no longer after the end', async () => {
    const replacement = relais.by('doctor-b2');
    const { json: me } = await replacement('/auth/me');
    const pseudonym = JSON.stringify(me)
      .match(/"[0-9a-f]{64}"/)?.[0]
      ?.slice(1, -1);
    const own = await asked(relais, {}, 'doctor-b2');
    await relais.by('doctor-b')('/v1/delegations', {
      body: JSON.stringify({ delegate: pseudonym, to: new Date(Date.now() + 2 * HOUR).toISOString() }),
    });
    await eventually(async () => (await seen(relais, request)).best !== undefined);
    expect(await replacement(`/v1/dmst-requests/${request}`)).toMatchObject({ status: 200 });
    const pdf = await replacement(`/v1/dmst-requests/${request}/summary.pdf`);
    expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-');
    const listed = (await replacement('/v1/dmst-requests')).json as unknown as { id: string }[];
    expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining([request, own]));
    // the last one first: the page of a long list is the one that somebody looks for
    expect(listed[0]?.id).toBe(own);
    // it works one way only: the physician does not see what the replacement asks for itself
    expect((await relais.by('doctor-b')(`/v1/dmst-requests/${own}`)).status).toBe(404);
    relais.advance(3 * HOUR);
    expect((await replacement(`/v1/dmst-requests/${request}`)).status).toBe(404);
    expect((await replacement(`/v1/dmst-requests/${own}`)).status).toBe(200);
  });

  it('software of the service may carry the doctor’s token; no other service’s may', async () => {
    const authorization = async (account: 'doctor-a' | 'doctor-b') => ({
      authorization: `Bearer ${await relais.people.tokenOf(account)}`,
    });
    const b = relais.as('spsti-b');
    const good = await b('/v1/dmst-requests', { body: aRequest(), headers: await authorization('doctor-b') });
    expect(good.status).toBe(202);
    const id = good.json['id'] as string;
    expect(await b(`/v1/dmst-requests/${id}`, { headers: await authorization('doctor-b') })).toMatchObject({
      status: 200,
    });
    expect(await seen(relais, id)).toMatchObject({ id });

    const foreign = { status: 403, json: { code: 'role.not-allowed' } };
    expect(
      await b('/v1/dmst-requests', { body: aRequest(), headers: await authorization('doctor-a') }),
    ).toMatchObject(foreign);
    expect(
      await relais.as('spsti-a')(`/v1/dmst-requests/${id}`, { headers: await authorization('doctor-b') }),
    ).toMatchObject(foreign);
    // a certificate alone is nobody
    expect((await b(`/v1/dmst-requests/${id}`)).status).toBe(401);
    expect((await b('/v1/dmst-requests', { body: aRequest() })).status).toBe(401);
  });

  it('lists are given page by page, and the pages are the list', async () => {
    const by = relais.by('doctor-b');
    await asked(relais);
    for (const path of ['/v1/dmst-requests', '/v1/exchanges']) {
      // states move on meanwhile: the ids and their order are the list
      const whole = ((await by(path)).json as unknown as { id: string }[]).map(({ id }) => id);
      expect(whole.length).toBeGreaterThan(1);
      const pages: string[] = [];
      for (let next: string | undefined = `${path}?limit=1`; next !== undefined; ) {
        const { headers, json } = await by(next);
        expect(json.length).toBeLessThanOrEqual(1);
        pages.push(...(json as unknown as { id: string }[]).map(({ id }) => id));
        next = /^<([^>]+)>; rel="next"$/.exec(String(headers['link'] ?? ''))?.[1];
      }
      expect(pages).toEqual(whole);
      expect((await by(`${path}?limit=0`)).status).toBe(400);
    }
  });

  it('how far the source is, is told by those of the source who may look for the file', async () => {
    const id = await asked(relais, { sources: ['spsti-b'] }, 'doctor-a');
    await eventually(async () => exchangesOf(relais, id).length === 1);
    const path = `/v1/exchanges/${exchangesOf(relais, id)[0]?.id}/progress`;
    const tells = async (account: Parameters<TestRelais['by']>[0]) => {
      const { status, json } = await relais.by(account)(path, { body: '{"state":"MATCHED"}' });
      return json['code'] ?? status;
    };
    expect(await tells('auditor-b')).toBe('role.not-allowed');
    expect(await tells('vigilance-b')).toBe('role.not-allowed');
    expect(await tells('operator')).toBe('role.not-allowed');
    expect(await tells('secretary-b')).toBe('delegation.missing');
    expect(await tells('doctor-a')).toBe('not-found');
    const told = () =>
      rows(relais, 'SELECT source_state FROM exchange WHERE group_id = ?', id)[0]?.['source_state'];
    const before = journal(relais).length;
    expect(told()).toBeNull();
    expect(await tells('doctor-b')).toBe(200);
    expect(told()).toBe('MATCHED');
    // in no line: every service's auditor exports them
    expect(
      journal(relais)
        .slice(before)
        .filter(({ kind }) => /progress/.test(kind)),
    ).toEqual([]);
    expect(JSON.stringify(journal(relais))).not.toContain('MATCHED');
  });
});

describe('a request that was stored and never sent, because the process ended in between', () => {
  let relais: TestRelais;
  beforeAll(async () => {
    relais = await aRelais();
  });
  afterAll(() => relais.close());

  /** As the commit of a request left it, its messages not yet accepted. */
  async function unsent(sources: string[]): Promise<string> {
    const { stages } = relais.broker.engine;
    const model = await stages.records.dmstRequest(await asked(relais));
    if (model === undefined) throw new Error('no request');
    const id = stages.ids.next();
    const { atRest, bytes } = model.worker;
    const content = stages.vault.open({ atRest, chunks: [bytes] }, `dmst-request/${model.id}`);
    const sealed = stages.vault.seal(content, `dmst-request/${id}`);
    const worker = { atRest: sealed.atRest, bytes: sealed.chunks[0] as Uint8Array };
    await stages.unitOfWork.commit([
      write('dmst-request.insert', { request: { ...model, id, sources, worker } }),
    ]);
    return id;
  }

  it('is sent at the next start; one whose source is gone is given up, journalled, and stops nothing', async () => {
    const lost = await unsent(['spsti-gone']);
    const kept = await unsent(['spsti-a']);
    const troubles: unknown[] = [];
    await relais.broker.app.get(DmstRequestsService).resume((error) => troubles.push(error));
    expect(troubles).toMatchObject([{ code: 'recipient.unknown' }]);
    expect(await seen(relais, lost)).toMatchObject({ state: 'CANCELLED' });
    expect(await seen(relais, kept)).toMatchObject({ sources: [{ partner: 'spsti-a', state: 'SUBMITTED' }] });
    expect(
      journal(relais).find(
        ({ kind, details }) => kind === 'dmst-request.cancelled' && details?.['request'] === lost,
      ),
    ).toMatchObject({
      actor: 'broker',
      details: { reason: 'error' },
    });
    // a second start finds nothing to do
    await relais.broker.app.get(DmstRequestsService).resume((error) => troubles.push(error));
    expect(troubles).toHaveLength(1);
    expect(rows(relais, 'SELECT id FROM message')).toHaveLength(3);
  });

  it('because the store could not take it for a moment, is accepted all the same, and sent later', async () => {
    const { unitOfWork } = relais.broker.engine.stages;
    const commit = unitOfWork.commit.bind(unitOfWork);
    unitOfWork.commit = async (writes) => {
      if (!writes.some((one) => one.write === 'message.insert')) return commit(writes);
      unitOfWork.commit = commit;
      throw new BrokerError('store.unavailable');
    };
    const id = await asked(relais);
    expect(await seen(relais, id)).toMatchObject({ sources: [{ state: 'DRAFT' }] });
    await relais.broker.app.get(DmstRequestsService).resume((error) => expect(error).toBeUndefined());
    expect(await seen(relais, id)).toMatchObject({ sources: [{ state: 'SUBMITTED' }] });
  });
});
