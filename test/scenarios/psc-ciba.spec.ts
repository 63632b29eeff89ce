/** CIBA: the person answers on a phone or with the card; Relais polls as it is told, and nothing else is believed. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MISBEHAVIOURS } from '../../apps/simulators/src/psc/index.ts';
import { aPscRelais, type PscRelais, RPPS } from '../builders/psc.ts';
import { type Answer, eventually, type TestRelais } from '../builders/relais.ts';

let psc: PscRelais;
let relais: TestRelais;

beforeAll(async () => {
  psc = await aPscRelais();
  relais = psc.relais;
});
afterAll(() => psc.close());
beforeEach(async () => {
  const { people } = relais;
  people.psc.misbehave(undefined);
  people.psc.slowDown(0);
  people.psc.away(false);
});

const phone = () => relais.people.psc.phone();
const refused = (status: number, code: string) =>
  expect.objectContaining({ status, json: expect.objectContaining({ code }) });
const ask = (rpps: string = RPPS['doctor-b'], more: object = {}, partner = 'spsti-b') =>
  psc.begin(partner, { flow: 'ciba', rpps, ...more });
/** once it waits no more */
const ended = ({ json }: Answer, partner = 'spsti-b') =>
  eventually(async () => {
    const now = await psc.look(partner, json['id']);
    return now.json['state'] !== 'pending' && now;
  });

describe('a session by phone', () => {
  it('shows the same two digits on both sides and opens when the person agrees', async () => {
    const asked = await ask(RPPS['doctor-b'], { channel: 'MOBILE' });
    expect(asked).toMatchObject({ status: 201, json: { state: 'pending', flow: 'ciba' } });
    expect(asked.json).not.toHaveProperty('authorizationUrl');
    const demand = await psc.ringing('doctor-b');
    expect(demand).toMatchObject({ channel: 'MOBILE', loginHint: `8${RPPS['doctor-b']}` });
    expect(demand.bindingMessage).toMatch(/^\d\d$/);
    expect(demand.bindingMessage).toBe(asked.json['code']);
    await phone().approve(demand.id);
    const { json } = await ended(asked);
    expect(json).toMatchObject({ state: 'open', person: { role: 'physician', rpps: RPPS['doctor-b'] } });
    const authorization = `Bearer ${String(json['handle'])}`;
    expect((await relais.as('spsti-b')('/v1/partners', { headers: { authorization } })).status).toBe(200);
    const { json: gone } = await relais.as('spsti-b')(
      `/v1/psc/sessions/${String(asked.json['id'])}?psc=true`,
      {
        method: 'DELETE',
      },
    );
    expect(gone).toEqual({ psc: 'revoked' });
  });

  it('is refused when the person refuses', async () => {
    const asked = await ask();
    await phone().deny((await psc.ringing('doctor-b')).id);
    expect((await ended(asked)).json).toMatchObject({ state: 'refused', reason: 'person.unauthenticated' });
  });

  it('rings one phone once: a second demand waits for the first to end, whoever asks', async () => {
    const asked = await ask();
    expect(await ask()).toEqual(refused(409, 'state.conflict'));
    expect(await ask(RPPS['doctor-b'], {}, 'spsti-a')).toEqual(refused(409, 'state.conflict'));
    expect(phone().pending()).toHaveLength(1);
    await phone().deny((await psc.ringing('doctor-b')).id);
    await ended(asked);
    const again = await ask();
    expect(again.status).toBe(201);
    await relais.as('spsti-b')(`/v1/psc/sessions/${String(again.json['id'])}`, { method: 'DELETE' });
    await phone().deny((await psc.ringing('doctor-b')).id);
  });

  it('given up by its software is polled no more', async () => {
    const asked = await ask();
    const { id } = await psc.ringing('doctor-b');
    await eventually(async () => relais.people.psc.polls().length > 0);
    await relais.as('spsti-b')(`/v1/psc/sessions/${String(asked.json['id'])}`, { method: 'DELETE' });
    // what was on its way may still arrive; then there is silence
    await eventually(async () => {
      const before = relais.people.psc.polls().length;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return relais.people.psc.polls().length === before;
    });
    await phone().deny(id);
  });

  it('slows down when it is told to', async () => {
    const asked = await ask();
    const { id } = await psc.ringing('doctor-b');
    relais.people.psc.slowDown(1);
    const seen = relais.people.psc.polls().length;
    await phone().pending();
    const slowed = await eventually(
      async () => relais.people.psc.polls().length > seen && relais.people.psc.polls().length,
    );
    await phone().approve(id);
    expect((await ended(asked)).json).toMatchObject({ state: 'open' });
    const [first = 0, second = 0] = relais.people.psc.polls().slice(slowed - 1);
    // RFC of CIBA: five seconds more
    expect(second - first).toBeGreaterThanOrEqual(5_000);
  });

  it('outlives a moment in which Pro Santé Connect does not answer', async () => {
    const asked = await ask();
    const { id } = await psc.ringing('doctor-b');
    relais.people.psc.away(true);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await psc.look('spsti-b', asked.json['id'])).json).toMatchObject({ state: 'pending' });
    relais.people.psc.away(false);
    await phone().approve(id);
    expect((await ended(asked)).json).toMatchObject({ state: 'open' });
  });

  it('leaves in peace whoever refused five times in an hour', async () => {
    for (let refusals = 0; refusals < 5; refusals += 1) {
      const asked = await ask(RPPS['doctor-b2']);
      await phone().deny((await psc.ringing('doctor-b2')).id);
      await ended(asked);
    }
    const again = await ask(RPPS['doctor-b2']);
    expect(again).toEqual(refused(429, 'rate.exceeded'));
    expect(Number(again.headers['retry-after'])).toBeGreaterThan(60);
    expect(await ask(RPPS['doctor-b2'], {}, 'spsti-a')).toEqual(refused(429, 'rate.exceeded'));
  });

  it('of somebody unknown there, or who works elsewhere, opens nothing', async () => {
    expect(await ask('99900000999')).toEqual(refused(401, 'person.unauthenticated'));
    const asked = await ask(RPPS['doctor-a']);
    await phone().approve((await psc.ringing('doctor-a')).id);
    expect((await ended(asked)).json).toMatchObject({ state: 'refused', reason: 'role.not-allowed' });
  });

  it('expires with the time that Pro Santé Connect gives', async () => {
    const asked = await ask();
    relais.advance(120_001);
    expect((await ended(asked)).json).toMatchObject({ state: 'expired' });
    await phone().deny((await psc.ringing('doctor-b')).id);
  });
});

describe('an answer that does not hold', () => {
  it.each(MISBEHAVIOURS)('%s is refused, though the person agreed', async (fault) => {
    relais.people.psc.misbehave(fault);
    const asked = await ask();
    await phone().approve((await psc.ringing('doctor-b')).id);
    expect((await ended(asked)).json).toMatchObject({ state: 'refused', reason: 'person.unauthenticated' });
  });
});
