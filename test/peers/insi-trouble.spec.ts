/** The INSi client and a teleservice that is ill, lies, or is asked too often. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Wrong } from '../../apps/simulators/src/insi/index.ts';
import { WRONG } from '../../apps/simulators/src/insi/misbehave.ts';
import {
  anInsiService,
  failure,
  type InsiService,
  NOBODY,
  PERSON,
  signal,
  traits,
  ZOE,
} from '../builders/insi-service.ts';

let insi: InsiService;
beforeAll(async () => {
  insi = await anInsiService();
});
afterEach(() => insi.simulator.behave({}));
afterAll(() => insi.close());

describe('a teleservice that is ill', () => {
  it.each([
    ['a gateway page', { down: '503' }],
    ['a connection reset', { down: 'reset' }],
    ['an answer cut in the middle', { down: 'cut' }],
    ['an answer that never ends', { down: 'stalled' }],
    ['too long a wait', { delayMs: 2_000 }],
    ['HTTP 502', { status: 502 }],
    ['HTTP 429', { status: 429 }],
    ['the fault siram_40', { fault: { subcode: 'siram_40', code: 'desir_1' } }],
  ] as const)('may be asked again after %s', async (_, behaviour) => {
    insi.simulator.behave(behaviour);
    const error = await failure(insi.client({ timeoutMs: 500 }).search(ZOE, PERSON, signal));
    expect([error.code, error.next]).toEqual(['insi.unavailable', 'retry']);
  });

  it.each([
    ['siram_100', { fault: { subcode: 'siram_100', code: 'DESIR_560' } }, 'insi.access-refused', 'stop'],
    ['HTTP 403', { status: 403 }, 'insi.access-refused', 'stop'],
    [
      'a fault that nobody knows',
      { fault: { subcode: 'siram_70', code: 'insi_999' } },
      'insi.unavailable',
      'hold',
    ],
    [
      'a fault that only looks like one',
      { fault: { subcode: 'siram_400', code: 'x' } },
      'insi.unavailable',
      'hold',
    ],
    ['HTTP 404', { status: 404 }, 'transport.bad-answer', 'hold'],
    ['HTTP 302', { status: 302 }, 'transport.bad-answer', 'hold'],
    ['HTTP 204', { status: 204 }, 'transport.bad-answer', 'hold'],
  ] as const)('is not asked again by itself after %s', async (_, behaviour, code, next) => {
    insi.simulator.behave(behaviour);
    const error = await failure(insi.client().search(ZOE, PERSON, signal));
    expect([error.code, error.next]).toEqual([code, next]);
  });

  it('stops the search at a technical error instead of trying the next name', async () => {
    insi.simulator.behave({ status: 500 });
    const before = insi.simulator.calls().length;
    await failure(insi.client().search(traits('HOUILLES, PIERRE PAUL', 'M', '1993-01-27'), PERSON, signal));
    expect(insi.simulator.calls()).toHaveLength(before + 1);
  });

  it('is left alone as soon as the caller gives up', async () => {
    insi.simulator.behave({ delayMs: 2_000 });
    const stopped = new AbortController();
    const pending = failure(insi.client().search(ZOE, PERSON, stopped.signal));
    stopped.abort();
    const error = await pending;
    expect([error.code, error.next]).toEqual(['insi.unavailable', 'retry']);
    expect(error.detail).toContain('interrompu');
  });

  it('works again at the next good answer', async () => {
    const client = insi.client();
    insi.simulator.behave({ down: 'reset', times: 1 });
    await failure(client.search(ZOE, PERSON, signal));
    expect((await client.search(ZOE, PERSON, signal)).outcome).toBe('found');
  });
});

describe('an answer that must not be believed', () => {
  const WHY: Record<Wrong, RegExp> = {
    garbage: /well-formed/,
    html: /envelope/,
    empty: /well-formed/,
    truncated: /well-formed/,
    huge: /too large/,
    doctype: /xml\.doctype/,
    'external-entity': /xml\.doctype/,
    'entity-bomb': /xml\.doctype/,
    'utf-16-doctype': /UTF-8/,
    'unknown-cr': /CodeCR/,
    'no-person': /no INDIVIDU/,
    'no-key-nor-number': /no IdIndividu/,
    'two-results': /several RESULTAT/,
    'two-persons': /several INSACTIF/,
    'comment-in-value': /more than text/,
    'other-namespace': /no RESULTAT/,
    'soap-1.1': /envelope/,
    'unknown-oid': /OID/,
    'test-oid': /OID/,
    'bad-number': /NumIdentifiant/,
    'bad-sex': /Sexe/,
  };

  it.each(Object.keys(WRONG) as Wrong[])('%s is held for a person', async (wrong) => {
    insi.simulator.behave({ wrong });
    const error = await failure(insi.client().search(ZOE, PERSON, signal));
    expect([error.code, error.next]).toEqual(['transport.bad-answer', 'hold']);
    expect((error.cause as Error).message).toMatch(WHY[wrong]);
  });

  it('a test OID passes where test anchors are allowed', async () => {
    insi.simulator.behave({ wrong: 'test-oid' });
    const answer = await insi.client({ allowTestAnchors: true }).search(ZOE, PERSON, signal);
    expect(answer.identity?.ins.oid).toBe('1.2.250.1.213.1.4.10');
  });

  it('the next good answer is read all the same', async () => {
    const client = insi.client();
    insi.simulator.behave({ wrong: 'entity-bomb', times: 1 });
    await failure(client.search(ZOE, PERSON, signal));
    expect((await client.search(ZOE, PERSON, signal)).outcome).toBe('found');
  });
});

describe('the circuit', () => {
  const OPEN_MS = 30_000;
  // the date alone: sockets keep their time
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  it('opens after the failures of its setting, answers at once, and closes at a trial that works', async () => {
    const client = insi.client({ breaker: { failures: 2, openMs: OPEN_MS } });
    insi.simulator.behave({ down: '503' });
    await failure(client.search(ZOE, PERSON, signal));
    await failure(client.search(ZOE, PERSON, signal));
    const before = insi.simulator.calls().length;
    const error = await failure(client.search(ZOE, PERSON, signal));
    expect([error.code, error.next, error.retryAfter]).toEqual([
      'insi.unavailable',
      'retry',
      OPEN_MS / 1_000,
    ]);
    expect(insi.simulator.calls()).toHaveLength(before);

    vi.setSystemTime(Date.now() + OPEN_MS);
    await failure(client.search(ZOE, PERSON, signal));
    expect(insi.simulator.calls()).toHaveLength(before + 1);
    await failure(client.search(ZOE, PERSON, signal));
    expect(insi.simulator.calls()).toHaveLength(before + 1);

    insi.simulator.behave({});
    vi.setSystemTime(Date.now() + OPEN_MS);
    expect((await client.search(ZOE, PERSON, signal)).outcome).toBe('found');
    expect((await client.search(ZOE, PERSON, signal)).outcome).toBe('found');
  });

  it('stays closed for what is not an outage: refusals, odd answers, a fault of one person’s request', async () => {
    const client = insi.client({ breaker: { failures: 1, openMs: 60_000 } });
    insi.simulator.behave({ wrong: 'garbage', times: 1 });
    await failure(client.search(ZOE, PERSON, signal));
    insi.simulator.behave({ status: 403, times: 1 });
    await failure(client.search(ZOE, PERSON, signal));
    await failure(client.search(traits('DE VINCI, RUTH', 'F', '2014-02-01'), PERSON, signal));
    await failure(client.search(ZOE, PERSON, AbortSignal.abort()));
    expect((await client.search(ZOE, PERSON, signal)).outcome).toBe('found');
  });

  it('a trial call that its caller gave up does not close it', async () => {
    const client = insi.client({ breaker: { failures: 1, openMs: OPEN_MS } });
    insi.simulator.behave({ down: 'reset' });
    await failure(client.search(ZOE, PERSON, signal));
    vi.setSystemTime(Date.now() + OPEN_MS);
    await failure(client.search(ZOE, PERSON, AbortSignal.abort()));
    expect((await failure(client.search(ZOE, PERSON, signal))).retryAfter).toBe(OPEN_MS / 1_000);
  });

  it('a trial call that the cap refused does not close it', async () => {
    const client = insi.client({ breaker: { failures: 1, openMs: OPEN_MS }, maxCallsPerPerson: 1 });
    insi.simulator.behave({ down: 'reset' });
    await failure(client.search(ZOE, PERSON, signal));
    vi.setSystemTime(Date.now() + OPEN_MS);
    expect((await failure(client.search(ZOE, PERSON, signal))).code).toBe('insi.call-limit');
    const before = insi.simulator.calls().length;
    expect((await failure(client.search(NOBODY, PERSON, signal))).retryAfter).toBe(OPEN_MS / 1_000);
    expect(insi.simulator.calls()).toHaveLength(before);
  });
});

describe('the cap of calls for one person', () => {
  it('counts calls on the wire, per service, over a sliding window', async () => {
    let now = Date.now();
    const client = insi.client({
      mandateOf: () => insi.mandate,
      clock: { now: () => new Date(now) },
      maxCallsPerPerson: 3,
      windowMs: 60_000,
    });
    const pierre = traits('HOUILLES, PIERRE PAUL', 'M', '1993-01-27');
    expect((await client.search(pierre, PERSON, signal)).calls).toBe(3);
    now += 20_000;
    const before = insi.simulator.calls().length;
    const error = await failure(client.search({ ...pierre, birthPlace: '63220' }, PERSON, signal));
    expect([error.code, error.next, error.retryAfter]).toEqual(['insi.call-limit', 'retry', 40]);
    expect(insi.simulator.calls()).toHaveLength(before);
    // another person, or the same for another service, is not concerned
    expect((await client.search(NOBODY, PERSON, signal)).outcome).toBe('none');
    expect((await client.search(pierre, { ...PERSON, spsti: 'spsti-b' }, signal)).outcome).toBe('none');
    now += 40_001;
    expect((await client.search(pierre, PERSON, signal)).outcome).toBe('none');
  });
});
