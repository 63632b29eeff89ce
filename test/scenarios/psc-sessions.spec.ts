/** The server in the middle: a thick client's session of Pro Santé Connect, whose tokens stay at Relais. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MailTokens } from '#core';
import { MAIL_TOKENS } from '../../apps/broker/src/tokens.ts';
import { binary, compact } from '../builders/intake.ts';
import { journal, rows } from '../builders/portability.ts';
import { aPscRelais, MAILBOX, type PscRelais, RPPS, secondCertificate } from '../builders/psc.ts';
import { ask, type TestRelais } from '../builders/relais.ts';

const HOUR = 3_600_000;
let psc: PscRelais;
let relais: TestRelais;

beforeAll(async () => {
  psc = await aPscRelais();
  relais = psc.relais;
});
afterAll(() => psc.close());

const partners = (as: string, authorization: string) =>
  relais.as(as)('/v1/partners', { headers: { authorization } });
const refused = (status: number, code: string) =>
  expect.objectContaining({ status, json: expect.objectContaining({ code }) });
const mailTokens = () => relais.broker.app.get<MailTokens>(MAIL_TOKENS);
const openMailbox = (id: string, authorization: string, address = MAILBOX) =>
  relais.as('spsti-b')(`/v1/psc/sessions/${id}/mailbox`, {
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ address }),
  });
const close = (as: string, id: string, query = '') =>
  relais.as(as)(`/v1/psc/sessions/${id}${query}`, { method: 'DELETE' });

const entry = (kind: string, session: unknown) =>
  journal(relais).find((one) => one.kind === kind && one.details?.['session'] === session);
const endOf = (session: string) => entry('psc-session.ended', session)?.details?.['why'];

describe('a session by browser', () => {
  it('waits, opens once the person has said yes, and shows its handle once', async () => {
    const begun = await psc.begin('spsti-b', { flow: 'code' });
    expect(begun.status).toBe(201);
    expect(begun.json).toMatchObject({
      state: 'pending',
      flow: 'code',
      code: /^\d\d$/.exec(String(begun.json['code']))?.[0],
    });
    const url = new URL(String(begun.json['authorizationUrl']));
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      acr_values: 'eidas1',
      code_challenge_method: 'S256',
      scope: 'openid scope_all',
    });
    expect((await psc.look('spsti-b', begun.json['id'])).json).toMatchObject({ state: 'pending' });

    const page = await psc.atBrowser(url.href, 'doctor-b');
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('Session ouverte') });
    const { json: first } = await psc.look('spsti-b', begun.json['id']);
    expect(first).toMatchObject({
      state: 'open',
      handle: expect.stringMatching(/^relais_psc_[\w-]{43}$/),
      person: { role: 'physician', rpps: RPPS['doctor-b'] },
    });
    const { json: again } = await psc.look('spsti-b', begun.json['id']);
    expect(again).toMatchObject({ state: 'open' });
    expect(again).not.toHaveProperty('handle');
    expect(again).not.toHaveProperty('code');
    expect(entry('psc-session.opened', begun.json['id'])).toMatchObject({
      details: { partner: 'spsti-b', flow: 'code' },
    });
  });

  it('asks the person to compare two digits and names the partner, so that a link sent to somebody opens nothing by itself', async () => {
    const { json } = await psc.begin('spsti-b', { flow: 'code' });
    const page = await psc.atBrowser(json['authorizationUrl'], 'doctor-b', 'no');
    expect(page.text).toContain('Session refusée');
    expect((await psc.look('spsti-b', json['id'])).json).toMatchObject({
      state: 'refused',
      reason: 'person.unauthenticated',
    });
  });

  it('is refused to somebody who works elsewhere', async () => {
    const { json } = await psc.begin('spsti-b', { flow: 'code' });
    const page = await psc.atBrowser(json['authorizationUrl'], 'doctor-a');
    expect(JSON.parse(page.text)).toMatchObject({ code: 'role.not-allowed' });
    expect((await psc.look('spsti-b', json['id'])).json).toMatchObject({
      state: 'refused',
      reason: 'role.not-allowed',
    });
  });

  it('answers nobody who invents a state or a ticket, or uses one twice', async () => {
    for (const path of ['callback?code=c&state=invented', 'logout?ticket=invented'])
      expect(await ask(`${relais.peopleUrl}/auth/psc-sessions/${path}`)).toEqual(
        refused(401, 'person.unauthenticated'),
      );
    expect(
      await ask(`${relais.peopleUrl}/auth/psc-sessions/confirm`, { body: 'ticket=invented&answer=yes' }),
    ).toEqual(refused(401, 'person.unauthenticated'));
    const { json } = await psc.begin('spsti-b', { flow: 'code' });
    await psc.atBrowser(json['authorizationUrl'], 'doctor-b');
    const page = await psc.atBrowser(json['authorizationUrl'], 'doctor-b');
    expect(page.status).toBe(401);
  });

  it('expires when nobody signs in', async () => {
    const { json } = await psc.begin('spsti-b', { flow: 'code' });
    relais.advance(600_001);
    expect((await psc.look('spsti-b', json['id'])).json).toMatchObject({ state: 'expired' });
  });

  it.each([
    [{ flow: 'code', rpps: RPPS['doctor-b'] }],
    [{ flow: 'ciba' }],
    [{ flow: 'ciba', rpps: '12' }],
    [{ flow: 'password' }],
    [{ flow: 'code', acr: 'eidas0' }],
  ])('is not begun by %j', async (order) => {
    expect(await psc.begin('spsti-b', order)).toEqual(refused(422, 'content.invalid'));
  });
});

describe('a handle', () => {
  it('opens /v1 as the person, who is behind what the software sends', async () => {
    const { id, authorization } = await psc.opened('spsti-b', 'doctor-b');
    expect((await partners('spsti-b', authorization)).status).toBe(200);
    const { json } = await relais.as('spsti-b')('/v1/messages', {
      headers: { ...binary(), authorization },
      body: compact,
    });
    const [row] = rows(relais, 'SELECT person FROM message WHERE id = ?', String(json['id']));
    expect(entry('psc-session.opened', id)?.actor).toBe(`person:${String(row?.['person'])}`);
  });

  it('is nothing by another certificate of the partner, by another partner, or on the people port', async () => {
    const { id, authorization } = await psc.opened('spsti-b', 'doctor-b');
    const second = await secondCertificate(relais, 'spsti-b');
    expect((await relais.as(second)('/v1/partners')).status).toBe(200);
    for (const other of [second, 'spsti-a']) {
      expect(await partners(other, authorization)).toEqual(refused(401, 'person.unauthenticated'));
      expect(await psc.look(other, id)).toEqual(refused(404, 'not-found'));
      expect(await close(other, id)).toEqual(refused(404, 'not-found'));
    }
    expect(await ask(`${relais.peopleUrl}/v1/partners`, { headers: { authorization } })).toEqual(
      refused(401, 'person.unauthenticated'),
    );
    expect((await partners('spsti-b', authorization)).status).toBe(200);
  });

  it('invented is refused', async () => {
    const invented = `Bearer relais_psc_${'x'.repeat(43)}`;
    expect(await partners('spsti-b', invented)).toEqual(refused(401, 'person.unauthenticated'));
  });

  it('lives on by silent renewal, ends after half an hour without use and after four hours in any case', async () => {
    const idle = await psc.opened('spsti-b', 'doctor-b');
    relais.advance(HOUR / 2 - 60_000);
    expect((await partners('spsti-b', idle.authorization)).status).toBe(200);
    relais.advance(HOUR / 2);
    expect(await partners('spsti-b', idle.authorization)).toEqual(refused(401, 'person.unauthenticated'));
    expect((await psc.look('spsti-b', idle.id)).json).toMatchObject({ state: 'expired' });
    expect(endOf(idle.id)).toBe('idle');

    const busy = await psc.opened('spsti-b', 'doctor-b');
    for (let used = 0; used < 4 * HOUR - HOUR / 4; used += HOUR / 4) {
      expect((await partners('spsti-b', busy.authorization)).status).toBe(200);
      relais.advance(HOUR / 4);
    }
    relais.advance(HOUR / 4);
    expect(await partners('spsti-b', busy.authorization)).toEqual(refused(401, 'person.unauthenticated'));
    expect(endOf(busy.id)).toBe('age');
  });
});

describe('Pro Santé Connect that does not answer', () => {
  it('ends no session: the token serves as long as it is good, then the call is to be made again', async () => {
    const { id, authorization } = await psc.opened('spsti-b', 'doctor-b');
    relais.people.psc.away(true);
    relais.advance(100_000);
    expect((await partners('spsti-b', authorization)).status).toBe(200);
    relais.advance(21_000);
    expect(await partners('spsti-b', authorization)).toEqual(refused(502, 'transport.unreachable'));
    expect((await psc.look('spsti-b', id)).json).toMatchObject({ state: 'open' });
    relais.people.psc.away(false);
    expect((await partners('spsti-b', authorization)).status).toBe(200);
  });
});

describe('a mailbox', () => {
  it('opens by the handle, with a token that PSC knows, renewed before it ends, until the session does', async () => {
    expect(await mailTokens().tokenFor(MAILBOX)).toBeUndefined();
    const { id, authorization } = await psc.opened('spsti-b', 'doctor-b');
    expect((await openMailbox(id, authorization)).json).toMatchObject({ mailbox: MAILBOX });
    const token = await mailTokens().tokenFor(MAILBOX.toUpperCase());
    expect(await active(token)).toMatchObject({ active: true, SubjectNameID: `8${RPPS['doctor-b']}` });
    expect(await mailTokens().tokenFor(MAILBOX)).toBe(token);
    relais.advance(100_000);
    const renewed = await mailTokens().tokenFor(MAILBOX);
    expect(renewed).not.toBe(token);
    expect(await active(renewed)).toMatchObject({ active: true });
    await close('spsti-b', id);
    expect(await mailTokens().tokenFor(MAILBOX)).toBeUndefined();
  });

  it('is only one that the partner entrusts without certificate, and by the handle of that very session', async () => {
    const one = await psc.opened('spsti-b', 'doctor-b');
    const two = await psc.opened('spsti-b', 'doctor-b2');
    expect(await openMailbox(one.id, one.authorization, 'other@spsti-b.mssante.example')).toEqual(
      refused(422, 'content.invalid'),
    );
    expect(await openMailbox(one.id, two.authorization)).toEqual(refused(404, 'not-found'));
    expect(await openMailbox(one.id, '')).toEqual(refused(401, 'person.unauthenticated'));
    expect(await openMailbox(randomUUID(), one.authorization)).toEqual(refused(404, 'not-found'));
    expect(await mailTokens().tokenFor(MAILBOX)).toBeUndefined();
  });

  it('read by Relais keeps nobody’s session from falling idle', async () => {
    const { id, authorization } = await psc.opened('spsti-b', 'doctor-b');
    await openMailbox(id, authorization);
    relais.advance(HOUR / 4);
    expect(await mailTokens().tokenFor(MAILBOX)).toBeDefined();
    relais.advance(HOUR / 4);
    expect(await mailTokens().tokenFor(MAILBOX)).toBeUndefined();
  });
});

describe('signing out', () => {
  it('of Relais alone leaves Pro Santé Connect as it is', async () => {
    const { id, authorization } = await psc.opened('spsti-b', 'doctor-b');
    await openMailbox(id, authorization);
    const token = await mailTokens().tokenFor(MAILBOX);
    const { status, json } = await close('spsti-b', id);
    expect({ status, json }).toEqual({ status: 200, json: { psc: 'kept' } });
    expect(await partners('spsti-b', authorization)).toEqual(refused(401, 'person.unauthenticated'));
    expect(await active(token)).toMatchObject({ active: true });
    expect(await psc.look('spsti-b', id)).toEqual(refused(404, 'not-found'));
  });

  it('of both revokes the tokens and sends the browser to Pro Santé Connect, the id_token unseen by the software', async () => {
    const { id, authorization } = await psc.opened('spsti-b', 'doctor-b');
    await openMailbox(id, authorization);
    const token = await mailTokens().tokenFor(MAILBOX);
    const { json } = await close('spsti-b', id, '?psc=true');
    expect(json).toEqual({
      psc: 'revoked',
      logoutUrl: expect.stringContaining('/auth/psc-sessions/logout?ticket='),
    });
    expect(await active(token)).toEqual({ active: false });
    const answer = await ask(String(json['logoutUrl']));
    expect(answer.status).toBe(303);
    expect(String(answer.headers['location'])).toMatch(
      `${relais.people.psc.issuer}/protocol/openid-connect/logout?`,
    );
    expect(await ask(String(json['logoutUrl']))).toEqual(refused(401, 'person.unauthenticated'));
  });

  it('at Pro Santé Connect ends the session here as soon as its token must be renewed', async () => {
    const { id, authorization } = await psc.opened('spsti-b', 'doctor-b');
    await openMailbox(id, authorization);
    await revoke(await mailTokens().tokenFor(MAILBOX));
    relais.advance(121_000);
    expect(await partners('spsti-b', authorization)).toEqual(refused(401, 'person.unauthenticated'));
    expect((await psc.look('spsti-b', id)).json).toMatchObject({ state: 'expired' });
    expect(endOf(id)).toBe('provider');
  });
});

it('no token, secret, handle or name is in the log, the database or the journal', async () => {
  const { id, handle, authorization } = await psc.opened('spsti-b', 'doctor-b');
  await openMailbox(id, authorization);
  const token = (await mailTokens().tokenFor(MAILBOX)) ?? '';
  const secrets = [
    token,
    handle,
    handle.slice(11),
    relais.demo.clientSecret,
    'FICTIF',
    RPPS['doctor-b'],
    MAILBOX,
  ];
  const kept = Buffer.concat([
    Buffer.from(relais.logged()),
    Buffer.from(JSON.stringify(journal(relais))),
    Buffer.from(
      rows(relais, `SELECT name FROM sqlite_master WHERE type = 'table'`)
        .flatMap(({ name }) =>
          rows(relais, `SELECT * FROM "${String(name)}"`).flatMap((row) => Object.values(row).map(String)),
        )
        .join('\n'),
    ),
  ]);
  expect(kept.length).toBeGreaterThan(5_000);
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(5);
    expect(kept.includes(secret), secret.slice(0, 6)).toBe(false);
  }
  expect(kept.includes(id)).toBe(true);
});

async function atIssuer(endpoint: string, token: string | undefined): Promise<Response> {
  const basic = Buffer.from(`relais:${encodeURIComponent(relais.demo.clientSecret)}`).toString('base64');
  return fetch(`${relais.people.psc.issuer}/protocol/openid-connect/${endpoint}`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ token: token ?? '' }),
  });
}

async function active(token: string | undefined): Promise<unknown> {
  return (await atIssuer('token/introspect', token)).json();
}

/** What revokes the whole grant there. */
async function revoke(token: string | undefined): Promise<void> {
  expect((await atIssuer('revoke', token)).status).toBe(200);
}
