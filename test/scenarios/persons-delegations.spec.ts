import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pseudonymOf } from '../../apps/broker/src/persons/persons-of.ts';
import { type Answer, HOUR, PersonsWorld, RPPS } from './persons-world.ts';

const DAY = 24 * HOUR;
const world = new PersonsWorld();
const refused = (code: string): unknown =>
  expect.objectContaining({ body: expect.objectContaining({ code }) });

beforeAll(() => world.start());
afterAll(() => world.stop());
beforeEach(() => world.reset());

describe('a delegation', () => {
  const physicianB = (): Promise<Record<string, string>> => world.bearerOf('doctor-b');
  const record = (headers: Record<string, string>, body: object): Promise<Answer> =>
    world.call('/v1/delegations', headers, { method: 'POST', body });

  it('opens the dossiers of a physician to a secretary from its first day to its last, and not after', async () => {
    const signedIn = await world.cookieOf('secretary-b', 'spsti-b');
    const before = await world.call('/probe/dossier', signedIn);
    expect(before).toEqual(refused('delegation.missing'));
    expect(before.body['detail']).toContain('Demandez à un médecin du service de vous déléguer');
    const recorded = await record(await physicianB(), {
      account: 'secretary-b',
      to: world.in(600_000),
    });
    expect(recorded.status).toBe(201);
    const seen = await world.call('/probe/dossier', signedIn);
    const doctor = world.physician(RPPS.doctorB);
    expect(seen.body).toMatchObject({
      person: { role: 'secretary', delegationId: recorded.body['id'] },
      author: doctor,
      authors: [pseudonymOf(world.issuer('spsti-b'), 'secretary-b'), doctor],
    });
    world.ahead = 600_000;
    expect(await world.call('/probe/dossier', signedIn)).toEqual(refused('delegation.missing'));
  });

  it('to a replacement shows the requests of the absent physician besides their own, from its first day', async () => {
    const replacement = await world.bearerOf('doctor-b2');
    const { body: me } = await world.call('/auth/me', replacement);
    const order = { delegate: me['pseudonym'], from: world.in(60_000), to: world.in(DAY) };
    expect((await record(await physicianB(), order)).status).toBe(201);
    const seen = async (): Promise<unknown> => (await world.call('/probe/dossier', replacement)).body;
    expect(await seen()).toMatchObject({ author: me['pseudonym'], authors: [me['pseudonym']] });
    world.ahead = 61_000;
    expect(await seen()).toMatchObject({
      author: me['pseudonym'],
      authors: [me['pseudonym'], world.physician(RPPS.doctorB)],
    });
  });

  it('is named by staff of several physicians; another one than theirs opens nothing', async () => {
    const order = { account: 'secretary-b', to: world.in(DAY) };
    await record(await physicianB(), order);
    const { body: second } = await record(await world.bearerOf('doctor-b2'), order);
    const { body: other } = await record(await physicianB(), { ...order, account: 'iprp-b' });
    const under = async (id: unknown): Promise<Answer> => {
      const headers = await world.bearerOf('secretary-b', 'spsti-b');
      return world.call('/probe/dossier', { ...headers, 'relais-delegation': String(id) });
    };
    expect((await under(second['id'])).body).toMatchObject({ author: world.physician(RPPS.doctorB2) });
    expect(await under(other['id'])).toEqual(refused('delegation.missing'));
  });

  it('is recorded and ended by physicians of the service only, each time in the journal', async () => {
    const order = { account: 'iprp-b', to: world.in(1 * DAY) };
    const secretary = await world.bearerOf('secretary-b', 'spsti-b');
    expect(await record(secretary, order)).toEqual(refused('role.not-allowed'));
    const { body } = await record(await physicianB(), order);
    const path = `/v1/delegations/${String(body['id'])}`;
    const end = (headers: Record<string, string>): Promise<Answer> =>
      world.call(path, headers, { method: 'DELETE' });
    expect(await end(await world.bearerOf('doctor-a'))).toEqual(refused('not-found'));
    expect(await end(await world.bearerOf('auditor-b', 'spsti-b'))).toEqual(refused('role.not-allowed'));
    expect((await end(await world.bearerOf('doctor-b2'))).status).toBe(200);
    expect(await end(await physicianB())).toEqual(refused('state.conflict'));
    const actor = (rpps: string): string => `person:${world.physician(rpps)}`;
    expect(world.app.records.entries).toMatchObject([
      { kind: 'delegation.recorded', actor: actor(RPPS.doctorB), details: { delegation: body['id'] } },
      { kind: 'delegation.ended', actor: actor(RPPS.doctorB2), details: { delegation: body['id'] } },
    ]);
  });

  it('of one service is nothing in another', async () => {
    const delegate = pseudonymOf(world.issuer('spsti-b'), 'secretary-b');
    await record(await world.bearerOf('doctor-a'), { delegate, to: world.in(1 * DAY) });
    expect(world.app.records.delegations).toHaveLength(1);
    const secretary = await world.bearerOf('secretary-b', 'spsti-b');
    expect(await world.call('/probe/dossier', secretary)).toEqual(refused('delegation.missing'));
  });

  it('is refused without a name, without an end, backwards, for ever, in the past, or to oneself', async () => {
    const doctor = await physicianB();
    const self = world.physician(RPPS.doctorB);
    const account = 'iprp-b';
    for (const [body, pointer] of [
      [{ to: world.in(1 * DAY) }, '/delegate'],
      [{ delegate: self, to: world.in(1 * DAY) }, '/delegate'],
      [{ delegate: 'not a reference', to: world.in(1 * DAY) }, '/delegate'],
      [{ delegate: 'a'.repeat(64), account, to: world.in(1 * DAY) }, '/delegate'],
      [{ account }, '/to'],
      [{ account, to: 'demain' }, '/to'],
      [{ account, to: '2027-01-01' }, '/to'],
      [{ account, from: world.in(2 * DAY), to: world.in(1 * DAY) }, '/to'],
      [{ account, to: world.in(400 * DAY) }, '/to'],
      [{ account, from: world.in(-1 * DAY), to: world.in(1 * DAY) }, '/from'],
      // an unknown member is shown by its parent: its name was chosen by the sender
      [{ account, to: world.in(1 * DAY), physicianRpps: RPPS.doctorA }, ''],
    ] as const) {
      const { status, body: problem } = await record(doctor, body);
      expect({
        body,
        status,
        pointers: (problem['errors'] as { pointer: string }[]).map((e) => e.pointer),
      }).toEqual({ body, status: 422, pointers: expect.arrayContaining([pointer]) });
    }
    expect(world.app.records.delegations).toEqual([]);
  });

  it('is seen by the delegate, by the physicians and the auditor of the service, and by nobody else', async () => {
    await record(await physicianB(), { account: 'iprp-b', to: world.in(1 * DAY) });
    const seen = async (account: string, issuer: 'psc' | 'spsti-b'): Promise<unknown> =>
      (await world.call('/v1/delegations', await world.bearerOf(account, issuer))).body['length'];
    expect(await seen('iprp-b', 'spsti-b')).toBe(1);
    expect(await seen('auditor-b', 'spsti-b')).toBe(1);
    expect(await seen('doctor-b2', 'psc')).toBe(1);
    expect(await seen('secretary-b', 'spsti-b')).toBe(0);
    expect(await seen('doctor-a', 'psc')).toBe(0);
  });
});

it('leaves no identity in the logs, causes of refusals included', () => {
  expect(world.app.logs.length).toBeGreaterThan(50);
  expect(world.traitsInLogs()).toEqual([]);
});
