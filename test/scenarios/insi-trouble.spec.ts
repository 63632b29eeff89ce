import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, resultOf, traits } from '../builders/insi-searches.ts';
import { type Json, journal, rows, ZOE, ZOE_INS } from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

describe('a teleservice in trouble', () => {
  let relais: TestRelais;
  let service: Awaited<ReturnType<TestRelais['service']>>;
  beforeAll(async () => {
    relais = await aRelais({ RELAIS_INSI_CACHE_HOURS: '0' });
    service = await relais.service('spsti-b');
  });
  afterAll(async () => {
    relais.insi.behave({});
    await relais.close();
  });

  const SLOW = 'search-slow';
  const laurent = traits('ADRDEUX, LAURENT', 'M', '1981-01-01');

  it('slow: 202 and a location after some seconds, the answer comes as a message', async () => {
    relais.insi.behave({ delayMs: 6_500, times: 1 });
    const began = Date.now();
    const answer = await ask(relais, 'spsti-b', 'search', { traits: ZOE, evidenceSeen: 'CN' }, SLOW);
    expect(Date.now() - began).toBeGreaterThan(4_500);
    const id = answer.json['id'] as string;
    expect(answer).toMatchObject({ status: 202, headers: { location: `/v1/messages/${id}` } });
    const result = await resultOf(relais, service, id);
    expect(result).toMatchObject({ id, outcome: 'found', status: 'QUAL', ins: ZOE_INS });
    expect((await relais.as('spsti-b')(`/v1/messages/${id}`)).json).toMatchObject({ status: 'delivered' });
    // it is there: asked again, it is not said twice
    const calls = relais.insi.calls().length;
    const repeat = await ask(relais, 'spsti-b', 'search', { traits: ZOE, evidenceSeen: 'CN' }, SLOW);
    expect(repeat).toMatchObject({ status: 202, headers: { location: `/v1/messages/${id}` } });
    expect(relais.insi.calls()).toHaveLength(calls);
  }, 120_000);

  it('down for a moment: tried again, and answered in the same call', async () => {
    relais.insi.behave({ down: '503', times: 2 });
    const answer = await ask(relais, 'spsti-b', 'search', {
      traits: traits('CORSE, ANTHONY', 'M', '1980-03-02', '2B020'),
    });
    expect(answer).toMatchObject({ status: 200, json: { outcome: 'found' } });
    expect(
      journal(relais).filter(
        ({ kind, messageId }) => kind === 'delivery.failed' && messageId === answer.json['id'],
      ),
    ).toHaveLength(2);
  }, 120_000);

  it('down for long: the circuit opens, INSi is left alone, and the answer comes once it is back', async () => {
    relais.insi.behave({ down: 'reset' });
    const person = traits('NESSI, MICHELANGELO', 'M', '2010-08-07', '63220');
    const answers = await Promise.all(
      [1, 2, 3].map(() => ask(relais, 'spsti-b', 'search', { traits: person })),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    const others = [laurent, traits('HERMANN, GATIEN', 'M', '1981-03-24', '63220')];
    await Promise.all(others.map((sent) => ask(relais, 'spsti-b', 'search', { traits: sent })));
    // open: what fails now fails without a call
    const errors = () =>
      rows(relais, `SELECT last_error FROM delivery WHERE state = 'retrying' AND transport = 'insi'`).map(
        ({ last_error }) => last_error,
      );
    await eventually(async () => {
      const told = errors();
      return told.length > 0 && told.every((error) => error === 'insi.unavailable');
    });
    relais.insi.behave({});
    const ids = answers.map(({ json }) => json['id'] as string);
    const result = await resultOf(relais, service, ids[0] as string, 40);
    expect(result).toMatchObject({ outcome: 'found', ins: { value: '1100863220830' } });
  }, 90_000);

  it('an answer that must not be believed is no answer', async () => {
    relais.insi.behave({ wrong: 'doctype', times: 1 });
    const answer = await ask(relais, 'spsti-b', 'search', {
      traits: traits('ADRTROIS, TOUSSAINT', 'M', '1960-01-01', '2B020'),
    });
    expect(answer.status).toBe(202);
    await eventually(
      async () =>
        rows(
          relais,
          'SELECT state, last_error FROM delivery WHERE message_id = ?',
          answer.json['id'] as string,
        )[0]?.['state'] === 'dead',
    );
    expect(
      rows(relais, 'SELECT last_error FROM delivery WHERE message_id = ?', answer.json['id'] as string),
    ).toEqual([{ last_error: 'transport.bad-answer' }]);
  }, 120_000);
});

describe('calls for one person are bounded', () => {
  let relais: TestRelais;
  beforeAll(async () => {
    relais = await aRelais({ RELAIS_INSI_CALLS_PER_PERSON: '3', RELAIS_INSI_CACHE_HOURS: '0' });
  });
  afterAll(() => relais.close());

  it('too many calls for one person in a day: refused at once and without a call, until the day after', async () => {
    const person = traits('ADRTROIS, DOMINIQUE', 'F', '1997-02-26', '2A020');
    const calls = () => relais.insi.calls().filter(({ request }) => request.includes('DOMINIQUE')).length;
    for (let n = 0; n < 3; n++)
      expect((await ask(relais, 'spsti-b', 'search', { traits: person })).status).toBe(200);
    expect(calls()).toBe(3);
    const refused = await ask(relais, 'spsti-b', 'search', { traits: person }, 'refused-1');
    expect(refused).toMatchObject({ status: 429, json: { code: 'insi.call-limit' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3_600);
    expect(calls()).toBe(3);
    const [message] = (await relais.as('spsti-b')(`/v1/messages?senderId=refused-1`))
      .json as unknown as Json[];
    expect(message).toMatchObject({
      status: 'refused',
      deliveries: [{ state: 'refused', receipt: { code: 'insi.call-limit' } }],
    });
    // another service has its own count
    expect((await ask(relais, 'spsti-a', 'search', { traits: person })).status).toBe(200);
    relais.advance(2 * 3_600_000);
    expect((await ask(relais, 'spsti-b', 'search', { traits: person })).status).toBe(429);
    relais.advance(23 * 3_600_000);
    expect((await ask(relais, 'spsti-b', 'search', { traits: person })).status).toBe(200);
  }, 120_000);
});
