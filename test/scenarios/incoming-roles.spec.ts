/** Who may look at what a service must answer, and do what: the broker decides, whatever a page shows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import { askedOfA, decide, joined, opened } from '../builders/incoming.ts';
import { aDmst, journal } from '../builders/portability.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';

/** The staff of the demo works for service B: here it is B that answers. */
const OF_B = { source: 'spsti-b', asker: 'doctor-a', reader: 'doctor-b' } as const;
const JSON_TYPE = { 'content-type': 'application/json' };

let relais: TestRelais;
let exchange: string;
beforeAll(async () => {
  relais = await aRelais({}, { agreements: { 'spsti-a': { pages: true }, 'spsti-b': { pages: true } } });
  ({ exchange } = await askedOfA(relais, {}, OF_B));
});
afterAll(() => relais.close());

/** every route, as that person */
async function tried(account: DemoAccount): Promise<[status: number, code: unknown][]> {
  const answers = [
    await relais.by(account)('/v1/incoming-requests'),
    await relais.by(account)(`/v1/incoming-requests/${exchange}`),
    await joined(relais, account, exchange, aDmst(), JSON_TYPE),
    await decide(relais, account, exchange, 'release', { candidate: 'c', identityConfirmed: true }),
    await decide(relais, account, exchange, 'refuse', { code: 'R03' }),
  ];
  return answers.map(({ status, json }) => [status, json['code']]);
}

describe('nothing is shown to', () => {
  const others: [string, DemoAccount, number, string][] = [
    ['a secretary without a delegation', 'secretary-b', 403, 'delegation.missing'],
    ['an IPRP without a delegation', 'iprp-b', 403, 'delegation.missing'],
    ['an operator', 'operator', 403, 'role.not-allowed'],
    ['the identity-vigilance cell', 'vigilance-b', 403, 'role.not-allowed'],
    ['an auditor', 'auditor-b', 403, 'role.not-allowed'],
  ];
  it.each(others)('%s', async (_, account, status, code) => {
    expect(await tried(account)).toEqual(Array(5).fill([status, code]));
  });

  it('a doctor of another service', async () => {
    const [list, ...rest] = await tried('doctor-a');
    expect(list).toEqual([200, undefined]);
    expect((await relais.by('doctor-a')('/v1/incoming-requests?state=all')).json).toEqual([]);
    expect(rest).toEqual(Array(4).fill([404, 'not-found']));
  });

  it('the software of another service, nor to one on the other port', async () => {
    const foreign = await relais.as('spsti-a')(`/v1/exchanges/${exchange}/candidates`, { body: aDmst() });
    expect(foreign.status).toBe(404);
    expect((await relais.as('spsti-b')('/v1/incoming-requests')).status).toBe(404);
    const person = await relais.by('doctor-b')(`/v1/exchanges/${exchange}/candidates`, { body: aDmst() });
    expect(person.status).toBe(404);
    expect((await relais.by('doctor-b')('/v1/incoming-requests?state=mine')).status).toBe(400);
  });
});

describe('a secretary under a delegation', () => {
  let delegation: unknown;
  beforeAll(async () => {
    const { json: me } = await relais.by('secretary-b')('/auth/me');
    const to = new Date(Date.now() + 86_400_000).toISOString();
    const { json } = await relais.by('doctor-b')('/v1/delegations', {
      body: JSON.stringify({ delegate: me['pseudonym'], to }),
    });
    delegation = json['id'];
  });

  it('opens the request and joins the file that she found, and the opening is journalled under the delegation', async () => {
    expect((await joined(relais, 'secretary-b', exchange, aDmst(), JSON_TYPE)).status).toBe(201);
    const view = await opened(relais, exchange, 'secretary-b');
    expect(view).toMatchObject({ mayPropose: true, mayRelease: false, mayRefuse: true });
    const opening = journal(relais).find(({ kind }) => kind === 'request.opened');
    expect(opening?.details).toMatchObject({ delegation });
  });

  it('sees of the file whose it is, not when somebody was last seen nor that they objected', async () => {
    const [own] = (await opened(relais, exchange, 'secretary-b')).proposed ?? [];
    expect(own).toMatchObject({ depositedBy: 'you', named: { traits: { birthName: 'ADRUN' } } });
    for (const hidden of ['lastVisit', 'opposition', 'mediaType', 'size'])
      expect(own).not.toHaveProperty(hidden);
    expect(JSON.stringify(own)).not.toContain('2026-05-11');
    const [same] = (await opened(relais, exchange, 'doctor-b')).proposed ?? [];
    expect(same).toMatchObject({ depositedBy: 'colleague', lastVisit: '2026-05-11', opposition: false });
  });

  it('may not transmit: a health professional does', async () => {
    const [{ id = '' } = {}] = (await opened(relais, exchange, 'secretary-b')).proposed ?? [];
    const release = { candidate: id, identityConfirmed: true };
    expect(await decide(relais, 'secretary-b', exchange, 'release', release)).toMatchObject({
      status: 403,
      json: { code: 'role.not-allowed' },
    });
    expect((await decide(relais, 'doctor-b2', exchange, 'release', release)).status).toBe(200);
    const { json: secretary } = await relais.by('secretary-b')('/auth/me');
    expect(journal(relais).find(({ kind }) => kind === 'response.released')?.details).toMatchObject({
      candidate: id,
      depositedBy: `person:${secretary['pseudonym']}`,
      depositedUnder: delegation,
    });
    expect((await opened(relais, exchange, 'doctor-b')).answer).toMatchObject({ by: 'colleague' });
  });

  it('may refuse, and that is journalled under the delegation', async () => {
    const { exchange: other } = await askedOfA(relais, {}, OF_B);
    expect((await decide(relais, 'secretary-b', other, 'refuse', { code: 'R05' })).status).toBe(200);
    const declined = journal(relais).find(({ kind }) => kind === 'request.declined');
    expect(declined?.details).toEqual({ partner: 'spsti-b', role: 'secretary', delegation });
  });
});
