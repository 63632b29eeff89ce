/** A health professional's card is a TLS client certificate: by authorities of its own, for whom the register names. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCardRegister } from '../../apps/broker/src/config/cards-file.ts';
import { Authority, type Order } from '../../apps/cli/src/pki/authority.ts';
import { journal } from '../builders/portability.ts';
import { type Answer, aRelais, ask, type TestRelais } from '../builders/relais.ts';

const VAR = join(import.meta.dirname, '../../var/test');
const FROM = '2026-01-01T00:00:00.000Z';
const TO = '2036-01-01T00:00:00.000Z';
const HOLDER = {
  rpps: '99900000020',
  partner: 'spsti-b',
  role: 'physician',
  name: 'Basile FICTIF',
  from: FROM,
  to: TO,
};
const HOLDERS = [
  HOLDER,
  { ...HOLDER, rpps: '99900000061', partner: 'spsti-a' },
  { ...HOLDER, rpps: '99900000061' },
  { ...HOLDER, rpps: '99900000087', to: '2026-02-01T00:00:00.000Z' },
];

let relais: TestRelais;
let folder: string;
let cards: Authority;
const agents: Agent[] = [];

const pemKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A card of that authority, and a browser that shows it. */
async function card(
  cn: string,
  order: Partial<Order> & { by?: Authority; onIssued?: (pem: string) => Promise<void> } = {},
): Promise<(path: string, headers?: Record<string, string>) => Promise<Answer>> {
  const { by = cards, onIssued, ...more } = order;
  const { privateKey, publicKey } = pemKey();
  const certificate = await by.issue({
    subject: [{ C: ['FR'] }, { O: ['TEST ASIP-SANTE'] }, { CN: [cn] }],
    profile: 'client',
    publicKey,
    ...more,
  });
  await onIssued?.(certificate);
  const agent = new Agent({
    connect: {
      cert: certificate,
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      ca: readFileSync(relais.demo.paths.ca.crt, 'utf8'),
    },
  });
  agents.push(agent);
  return (path, headers = {}) => ask(`${relais.partnersUrl}${path}`, { headers }, agent);
}

beforeAll(async () => {
  mkdirSync(VAR, { recursive: true });
  folder = mkdtempSync(join(VAR, 'cards-'));
  const key = String(pemKey().privateKey.export({ type: 'pkcs8', format: 'pem' }));
  cards = await Authority.create([{ CN: ['TEST AC CARTES FICTIVES'] }], key, new Date());
  writeFileSync(join(folder, 'ca.crt'), cards.certificate);
  writeFileSync(join(folder, 'ca.crl'), await cards.crl(undefined, []));
  writeFileSync(
    join(folder, 'cards.json'),
    JSON.stringify({ profile: 'national-id-in-cn', holders: HOLDERS }),
  );
  relais = await aRelais({
    RELAIS_CPS_CA: join(folder, 'ca.crt'),
    RELAIS_CPS_CRL: join(folder, 'ca.crl'),
    RELAIS_CPS_REGISTER: join(folder, 'cards.json'),
  });
});
afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.close()));
  await relais.close();
  rmSync(folder, { recursive: true });
});

const refused = (status: number, code: string) =>
  expect.objectContaining({ status, json: expect.objectContaining({ code }) });
const sessionOf = ({ headers }: Answer): { cookie: string } => {
  const line = String(headers['set-cookie'] ?? '');
  return { cookie: line.split(';')[0] ?? '' };
};
const me = (cookie: Record<string, string>) => ask(`${relais.peopleUrl}/auth/me`, { headers: cookie });

describe('a card', () => {
  it('opens a session on the people port, for whom the register names', async () => {
    const doctor = await card('899900000020');
    const answer = await doctor('/auth/card');
    expect(answer).toMatchObject({ status: 303, headers: { location: `${relais.peopleUrl}/` } });
    expect(String(answer.headers['set-cookie'])).toContain('HttpOnly; SameSite=Lax');
    const { json } = await me(sessionOf(answer));
    expect(json).toMatchObject({ role: 'physician', partner: 'spsti-b', rpps: '99900000020' });
    expect(journal(relais).find(({ kind }) => kind === 'card.signed-in')).toMatchObject({
      actor: `person:${String(json['pseudonym'])}`,
    });
  });

  it('of two services lets its holder choose', async () => {
    const cookie = sessionOf(await (await card('899900000061'))('/auth/card'));
    expect((await me(cookie)).json['choices']).toHaveLength(2);
  });

  it('leaves by the same door as everybody', async () => {
    const cookie = sessionOf(await (await card('899900000020'))('/auth/card'));
    const out = await ask(`${relais.peopleUrl}/auth/logout?provider=true`, {
      method: 'POST',
      headers: { ...cookie, origin: relais.peopleUrl },
    });
    expect(out).toMatchObject({ status: 303, headers: { location: `${relais.peopleUrl}/` } });
    expect(await me(cookie)).toEqual(refused(401, 'person.unauthenticated'));
  });

  it('opens nothing else on the partners port', async () => {
    const doctor = await card('899900000020');
    for (const path of ['/v1/partners', '/v1/mailbox', '/v1/psc/sessions/x'])
      expect(await doctor(path), path).toEqual(refused(401, 'client.foreign'));
  });

  it.each([
    ['somebody not registered', '899900000012'],
    ['a registration that is over', '899900000087'],
    ['a subject that is no national id', '99900000020'],
    ['a national id with something behind', '899900000020 '],
  ])('of %s opens nothing', async (_, cn) => {
    expect(await (await card(cn))('/auth/card')).toEqual(refused(403, 'role.not-allowed'));
  });

  it('with two names opens nothing', async () => {
    const subject = [{ CN: ['899900000020'] }, { CN: ['899900000061'] }];
    expect(await (await card('', { subject }))('/auth/card')).toEqual(refused(403, 'role.not-allowed'));
  });

  it('of another purpose opens nothing, and one out of date not even TLS', async () => {
    await expect((await card('899900000020', { profile: 'server' }))('/auth/card')).rejects.toThrow();
    const notAfter = new Date(Date.now() - 60_000);
    await expect((await card('899900000020', { notAfter }))('/auth/card')).rejects.toThrow();
  });

  it('of a stranger’s authority opens not even TLS', async () => {
    const key = String(pemKey().privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const by = await Authority.create([{ CN: ['TEST AC CARTES FICTIVES'] }], key, new Date());
    await expect((await card('899900000020', { by }))('/auth/card')).rejects.toThrow();
  });

  it('that is revoked is refused from the next list on, on a line that stands as well', async () => {
    let revoked = '';
    const doctor = await card('899900000020', {
      onIssued: async (pem) => {
        revoked = pem;
      },
    });
    expect((await doctor('/auth/card')).status).toBe(303);
    writeFileSync(join(folder, 'ca.crl'), await cards.crl(undefined, [revoked]));
    await relais.broker.reload();
    expect(await doctor('/auth/card')).toEqual(refused(401, 'client.revoked'));
  });

  it('is not what a partner’s certificate is', async () => {
    expect(await relais.as('spsti-b')('/auth/card')).toEqual(refused(401, 'client.foreign'));
  });
});

it('a register that is not whole stops the start', () => {
  const file = join(folder, 'other.json');
  for (const wrong of [
    { holders: [] },
    { profile: 'rpps-somewhere', holders: [] },
    { profile: 'national-id-in-cn', holders: [{ ...HOLDER, role: 'operator' }] },
  ]) {
    writeFileSync(file, JSON.stringify(wrong));
    expect(() => readCardRegister(file)).toThrow('configuration.invalid');
  }
  expect(() => readCardRegister(join(folder, 'absent.json'))).toThrow('configuration.invalid');
});
