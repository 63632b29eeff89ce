import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Browser, signIn } from '../../apps/simulators/src/psc/index.ts';
import { type Answer, HOUR, PersonsWorld, RPPS } from './persons-world.ts';

const world = new PersonsWorld();
const refused = (code: string): unknown =>
  expect.objectContaining({ body: expect.objectContaining({ code }) });

beforeAll(() => world.start());
afterAll(() => world.stop());
beforeEach(() => world.reset());

describe('a person with a browser', () => {
  it('signs in by Pro Santé Connect and comes back where they wanted to go', async () => {
    const { url, answer } = await world.browse('doctor-b');
    expect(url).toBe(`${world.app.origin}/auth/me`);
    expect(answer).toEqual({
      status: 200,
      body: {
        pseudonym: world.physician(RPPS.doctorB),
        name: 'Basile FICTIF',
        role: 'physician',
        partner: 'spsti-b',
        rpps: RPPS.doctorB,
        choices: [{ partner: 'spsti-b', role: 'physician' }],
        delegations: [],
      },
    });
  });

  it('gets a cookie that scripts and other sites do not see, and a new session id each time', async () => {
    const { browser } = await world.browse('doctor-b');
    const before = world.cookie(browser)['cookie'] ?? '';
    const again = await signIn(
      browser,
      `${world.app.origin}/auth/login?with=psc`,
      { account: 'doctor-b', password: 'password of doctor-b' },
      (url) => url.pathname.startsWith('/auth/callback'),
    );
    const callback = await fetch(again.url, { redirect: 'manual', headers: world.cookie(browser) });
    const session = callback.headers.getSetCookie().find((line) => line.startsWith('relais-session='));
    expect(session).toMatch(/^relais-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(before).not.toContain(session?.split(';')[0]);
    expect(await world.call('/auth/me', { cookie: before })).toEqual(refused('person.unauthenticated'));
  });

  it('is not signed in under a session id that somebody planted', async () => {
    const planted = { cookie: `relais-session=${'x'.repeat(43)}` };
    expect(await world.call('/auth/me', planted)).toEqual(refused('person.unauthenticated'));
  });

  it('is signed out after half an HOUR without use, and after four hours in any case', async () => {
    const idle = await world.cookieOf('doctor-b');
    world.ahead = HOUR / 2 - 1000;
    expect((await world.call('/auth/me', idle)).status).toBe(200);
    world.ahead += HOUR / 2;
    expect(await world.call('/auth/me', idle)).toEqual(refused('person.unauthenticated'));

    world.ahead = 0;
    const busy = await world.cookieOf('doctor-b');
    for (world.ahead = 0; world.ahead < 4 * HOUR - 60_000; world.ahead += HOUR / 4) {
      expect((await world.call('/auth/me', busy)).status).toBe(200);
    }
    world.ahead = 4 * HOUR;
    expect(await world.call('/auth/me', busy)).toEqual(refused('person.unauthenticated'));
  });

  it.each([
    '//evil.example/',
    'https://evil.example/',
    '/\\evil.example',
    '/.//evil.example',
    '/\t/evil.example',
  ])('is never sent to another site after signing in: %s', async (place) => {
    const page = await signIn(
      new Browser(),
      `${world.app.origin}/auth/login?returnTo=${encodeURIComponent(place)}`,
      { account: 'doctor-b', password: 'password of doctor-b' },
    );
    expect(new URL(page.url).origin).toBe(world.app.origin);
  });

  it('changes nothing when another site asks', async () => {
    const signedIn = await world.cookieOf('doctor-b');
    const post = (headers: Record<string, string>): Promise<Answer> =>
      world.call('/probe/dossier', { ...signedIn, ...headers }, { method: 'POST' });
    expect(await post({})).toEqual(refused('person.unauthenticated'));
    expect(await post({ origin: 'https://evil.example' })).toEqual(refused('person.unauthenticated'));
    expect(await post({ origin: 'null' })).toEqual(refused('person.unauthenticated'));
    for (const site of ['cross-site', 'same-site', 'none']) {
      expect(await post({ origin: world.app.origin, 'sec-fetch-site': site })).toEqual(
        refused('person.unauthenticated'),
      );
    }
    expect((await post({ origin: world.app.origin })).status).toBe(201);
    expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(201);
  });

  it('signs out of Relais, by a request of Relais only', async () => {
    const signedIn = await world.cookieOf('doctor-b');
    const out = (headers: Record<string, string>): Promise<Answer> =>
      world.call('/auth/logout', { ...signedIn, ...headers }, { method: 'POST' });
    expect(await out({ 'sec-fetch-site': 'cross-site' })).toEqual(refused('person.unauthenticated'));
    expect((await world.call('/auth/me', signedIn)).status).toBe(200);
    expect((await out({ origin: world.app.origin })).status).toBe(303);
    expect(await world.call('/auth/me', signedIn)).toEqual(refused('person.unauthenticated'));
  });

  it('signs out of Pro Santé Connect too, when asked', async () => {
    const { browser } = await world.browse('doctor-b');
    const response = await fetch(`${world.app.origin}/auth/logout?provider=true`, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...world.cookie(browser), origin: world.app.origin },
    });
    const place = new URL(response.headers.get('location') ?? '');
    expect(place.href).toMatch(`${world.psc.issuer}/protocol/openid-connect/logout?`);
    expect(place.searchParams.get('id_token_hint')).toBeTruthy();
    const question = await browser.open(place.href);
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(question.text) ?? [];
    const back = await browser.open(`${place.origin}${place.pathname}/confirm`, {
      form: { xsrf, logout: 'yes' },
      stop: (url) => url.origin === world.app.origin,
    });
    expect(back.url).toMatch(`${world.app.origin}/?state=`);
    const again = await browser.open(`${world.app.origin}/auth/login`);
    expect(again.text).toContain('name="password"');
  });

  it('of two services chooses one before acting', async () => {
    const signedIn = await world.cookieOf('doctor-a-and-b');
    expect((await world.call('/auth/me', signedIn)).body).toEqual({
      choices: [
        { partner: 'spsti-a', role: 'physician' },
        { partner: 'spsti-b', role: 'physician' },
      ],
    });
    expect(await world.call('/probe/dossier', signedIn)).toEqual(refused('state.conflict'));
    const choose = (partner: string): Promise<Answer> =>
      world.call(
        '/auth/partner',
        { ...signedIn, origin: world.app.origin },
        { method: 'POST', body: { partner } },
      );
    expect(await choose('hdh')).toEqual(refused('role.not-allowed'));
    expect((await choose('spsti-b')).status).toBe(204);
    expect((await world.call('/probe/anybody', signedIn)).body).toMatchObject({ partner: 'spsti-b' });
  });

  it('of another specialty, another service, or without the level of assurance, is refused', async () => {
    const attempt = async (account: string): Promise<Answer> => (await world.browse(account)).answer;
    expect(await attempt('cardiologist')).toEqual(refused('role.not-allowed'));
    expect(await attempt('doctor-elsewhere')).toEqual(refused('role.not-allowed'));
    expect(await attempt('doctor-without-level')).toEqual(refused('person.unauthenticated'));
  });
});

describe('a route for persons', () => {
  it('refuses roles that it does not name, and is never open by oversight', async () => {
    const auditor = await world.bearerOf('auditor-b', 'spsti-b');
    expect(await world.call('/probe/dossier', auditor)).toEqual(refused('role.not-allowed'));
    expect(await world.call('/probe/forgotten', auditor)).toEqual(refused('internal'));
  });
});

it('leaves no identity in the logs, causes of refusals included', () => {
  expect(world.app.logs.length).toBeGreaterThan(50);
  expect(world.traitsInLogs()).toEqual([]);
});
