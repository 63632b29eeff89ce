/** The INSi client against the simulator over real mutual TLS: answers, faults, and everything that can go wrong. */
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BrokerError, type InsiMandate, type Traits } from '#core';
import type { Wrong } from '../../apps/simulators/src/insi/index.ts';
import { WRONG } from '../../apps/simulators/src/insi/misbehave.ts';
import type { VitaleCard } from '../../libs/identity/src/insi/index.ts';
import { testAuthority } from '../builders/insi-certificates.ts';
import {
  anInsiService,
  EMITTER,
  IDAM,
  type InsiService,
  ISSUER,
  NOBODY,
  traits,
  ZOE,
} from '../builders/insi-service.ts';

const PERSON = { spsti: 'spsti-a', startedBy: 'person' } as const;
const SYSTEM = { spsti: 'spsti-a', startedBy: 'system' } as const;
const NIR = '1.2.250.1.213.1.4.8';
const signal = new AbortController().signal;

let insi: InsiService;
beforeAll(async () => {
  insi = await anInsiService();
});
afterEach(() => insi.simulator.behave({}));
afterAll(() => insi.close());

async function failure(promise: Promise<unknown>): Promise<BrokerError> {
  const error: unknown = await promise.then(
    () => expect.fail('should have failed'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BrokerError);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/ADRUN|ZOE|1975-12-31|2751263220749/);
  return error as BrokerError;
}

describe('the test identities of the platform', () => {
  const FOUND: readonly [
    sent: Traits,
    number: string,
    key: string,
    list: string,
    more?: { oid?: string; wrong?: boolean; history?: string[][]; calls?: number },
  ][] = [
    [ZOE, '2751263220749', '74', 'ZOE'],
    [traits('ADRTROIS, DOMINIQUE', 'F', '1997-02-26', '2A020'), '297022A020778', '78', 'DOMINIQUE'],
    [traits('ADRTROIS, TOUSSAINT', 'M', '1960-01-01', '2B020'), '160012B020777', '13', 'TOUSSAINT'],
    [traits('ADRDEUX, LAURENT', 'M', '1981-01-01'), '1810163220751', '40', 'LAURENT'],
    [
      traits('TCHITCHI, OLA CATARINA', 'F', '1936-06-21', '63220'),
      '2360663220836',
      '56',
      'CATARINA BELLA',
      { calls: 2 },
    ],
    [
      traits('ECETINSI, PIERRE-ALAIN', 'M', '2009-07-14', '63220'),
      '1090763220834',
      '89',
      'PIERRE-ALAIN MURIEL FLORIANT',
      {
        history: [
          ['2090763220834', '39'],
          ['2090663220123', '55'],
        ],
      },
    ],
    [
      traits('PROVISOIRE, MATRICULE', 'M', '2009-07-01', '63220'),
      '1090763220888',
      '35',
      'MATRICULE',
      { oid: '1.2.250.1.213.1.4.9' },
    ],
    [
      traits('CORSE, ANTHONY', 'M', '1980-03-02', '2B020'),
      '180032B020401',
      '23',
      'ANTHONY',
      { history: [['180032B020401', '23']] },
    ],
    [
      traits('HERMANN, GATIEN', 'M', '1981-03-24', '63220'),
      '1810363220456',
      '60',
      'GATIEN',
      {
        wrong: true,
        history: [
          ['1810363220456', '60'],
          ['2810363220456', '10'],
        ],
      },
    ],
    [
      traits('NESSI, MICHELANGELO', 'M', '2010-08-07', '63220'),
      '1100863220830',
      '60',
      'MICHELANGELO ANTHONY',
    ],
  ];

  it.each(FOUND)('%o is found as %s %s', async (sent, value, key, list, more = {}) => {
    const answer = await insi.client().search(sent, PERSON, signal);
    const { oid = NIR, wrong = false, history = [], calls = 1 } = more;
    expect(answer).toMatchObject({
      outcome: 'found',
      calls,
      identity: {
        ins: { value, key, oid },
        history: history.map(([old, oldKey]) => ({ value: old, key: oldKey, oid })),
        traits: {
          birthName: sent.birthName,
          firstNames: list.split(' '),
          sex: sent.sex,
          birthDate: sent.birthDate,
        },
        keyMismatch: wrong,
      },
    });
    expect(answer.identity?.history).toHaveLength(history.length);
  });

  it.each([
    ['one name alone', traits('TCHITCHI, OLA', 'F', '1936-06-21', '63220'), 1],
    ['each name, then together', traits('HOUILLES, PIERRE PAUL JACQUES', 'M', '1993-01-27'), 4],
    ['an unknown soldier', NOBODY, 1],
    ['another birth name', { ...ZOE, birthName: 'ADRUNE' }, 1],
  ])('nobody is found: %s', async (_, sent, calls) => {
    expect(await insi.client().search(sent, PERSON, signal)).toEqual({ outcome: 'none', calls });
  });

  it('several are never chosen between', async () => {
    const answer = await insi
      .client()
      .search(traits('DE VINCI, LEONARDO', 'M', '2014-02-01', '63220'), PERSON, signal);
    expect(answer).toEqual({ outcome: 'several', calls: 2 });
  });

  it.each([traits('DE VINCI, RUTH', 'F', '2014-02-01'), traits("D'AEION, COEUR", 'F', '2014-02-01')])(
    'the technical fault insi_102 asks to try again: %o',
    async (sent) => {
      const error = await failure(insi.client().search(sent, PERSON, signal));
      expect([error.code, error.next, error.detail]).toEqual([
        'insi.unavailable',
        'retry',
        'Le téléservice INSi n’a pas pu répondre (insi_102).',
      ]);
    },
  );

  it('the birth place settles what names leave open, among people learnt', async () => {
    const twin = (value: string, key: string, birthPlace: string) => ({
      traits: {
        birthName: 'JUMEAU',
        firstNames: ['ALIX', 'NOA'],
        sex: 'F' as const,
        birthDate: '1990-05-05',
        birthPlace,
      },
      ins: { value, key, oid: NIR },
    });
    insi.simulator.learn(twin('2900599990001', '80', '99990'));
    insi.simulator.learn(twin('2900599991001', '87', '99991'));
    const sent = traits('JUMEAU, ALIX NOA', 'F', '1990-05-05', '99991');
    const answer = await insi.client().search(sent, PERSON, signal);
    expect(answer).toMatchObject({
      outcome: 'found',
      calls: 3,
      identity: { ins: { value: '2900599991001' } },
    });
    const elsewhere = await insi.client().search({ ...sent, birthPlace: '99992' }, PERSON, signal);
    expect(elsewhere).toEqual({ outcome: 'several', calls: 3 });
  });
});

describe('the Vitale search', () => {
  const CARD: VitaleCard = {
    scheme: '01',
    fund: '631',
    centre: '0000',
    insured: { value: '2751263220749', key: '74' },
    beneficiary: {
      birthName: 'ADRUN',
      birthDate: '1975-12-31',
      birthRank: '1',
      holder: '1',
      nir: { value: '2751263220749', key: '74', certifiedOn: '2010-01-01' },
    },
  };

  it('finds the bearer of the card', async () => {
    const answer = await insi.client().searchByVitale(CARD, SYSTEM, signal);
    expect(answer).toMatchObject({
      outcome: 'found',
      calls: 1,
      identity: { ins: { value: '2751263220749' } },
    });
    expect(insi.simulator.calls().at(-1)).toMatchObject({ operation: 'vitale', certificate: 'INSI-AUTO' });
  });

  it('finds a beneficiary without a certified NIR, whose dates may be lunar', async () => {
    const { nir: _, ...beneficiary } = CARD.beneficiary;
    const answer = await insi.client().searchByVitale({ ...CARD, beneficiary }, PERSON, signal);
    expect(answer.outcome).toBe('found');
    const lunar = { ...beneficiary, birthDate: '1975-31-00' };
    expect(
      (await insi.client().searchByVitale({ ...CARD, beneficiary: lunar }, PERSON, signal)).outcome,
    ).toBe('none');
  });

  it('refuses a card that is not of its form, before any call', async () => {
    const before = insi.simulator.calls().length;
    for (const bad of [
      { ...CARD, insured: { value: '123', key: '74' } },
      { ...CARD, scheme: '<x>' },
      { ...CARD, beneficiary: { ...CARD.beneficiary, birthName: 'Adrun' } },
    ]) {
      expect((await failure(insi.client().searchByVitale(bad, PERSON, signal))).code).toBe(
        'identity.invalid',
      );
    }
    expect(insi.simulator.calls()).toHaveLength(before);
  });
});

describe('whose name a call is made in', () => {
  it('is MANU for a person and AUTO for the system, with the mandate’s own numbers and fresh ids', async () => {
    const client = insi.client();
    await client.search(NOBODY, PERSON, signal);
    await client.search(NOBODY, SYSTEM, signal);
    const [manu, auto] = insi.simulator.calls().slice(-2);
    expect(manu).toMatchObject({ certificate: 'INSI-MANU', idam: IDAM, emitter: EMITTER });
    expect(auto).toMatchObject({ certificate: 'INSI-AUTO', idam: IDAM, emitter: EMITTER });
    expect(manu?.messageId).not.toBe(auto?.messageId);
  });

  it('is never another service’s: two mandates never share a connection', async () => {
    const manu = await insi.authority.client('CN=INSI-MANU, OU=10B0000002, C=FR');
    const other = { ...insi.mandate, manu, emitter: '10B0000002' };
    const client = insi.client({ mandateOf: (spsti) => (spsti === 'spsti-b' ? other : insi.mandate) });
    await Promise.all([
      client.search(NOBODY, PERSON, signal),
      client.search(NOBODY, { ...PERSON, spsti: 'spsti-b' }, signal),
    ]);
    const emitters = insi.simulator
      .calls()
      .slice(-2)
      .map(({ emitter }) => emitter);
    expect(emitters.toSorted()).toEqual(['10B0000001', '10B0000002']);
  });

  async function refusal(mandate: InsiMandate | undefined, more = {}): Promise<string> {
    const before = insi.simulator.calls().length;
    const error = await failure(
      insi.client({ mandateOf: () => mandate, ...more }).search(ZOE, PERSON, signal),
    );
    expect([error.code, error.next]).toEqual(['insi.access-refused', 'stop']);
    expect(insi.simulator.calls()).toHaveLength(before);
    return (error.cause as Error).message;
  }

  it('is refused before any call when the mandate does not allow it', async () => {
    const { mandate, authority } = insi;
    const { manu: _, ...autoOnly } = mandate;
    const pair = async (dn: string, hours?: { from: number; to: number }): Promise<InsiMandate> => ({
      ...mandate,
      manu: await authority.client(dn, hours),
    });
    expect(await refusal(undefined)).toMatch('no mandate');
    expect(await refusal(autoOnly)).toMatch('no INSI-MANU');
    expect(await refusal({ ...mandate, to: '2021-01-01T00:00:00.000Z' })).toMatch('outside its dates');
    expect(await refusal({ ...mandate, from: '2099-01-01T00:00:00.000Z' })).toMatch('outside its dates');
    expect(await refusal({ ...mandate, to: 'someday' })).toMatch('outside its dates');
    expect(await refusal({ ...mandate, manu: mandate.auto as never })).toMatch('subject CN');
    expect(await refusal(await pair('CN=INSI-MANU-2'))).toMatch('subject CN');
    expect(await refusal(await pair('CN=INSI-MANU, CN=INSI-AUTO'))).toMatch('subject CN');
    expect(await refusal(await pair('O=CN=INSI-MANU'))).toMatch('subject CN');
    expect(await refusal(await pair('CN=INSI-MANU, OU=10B9999999'))).toMatch('subject OU');
    expect(await refusal(await pair('CN=INSI-MANU', { from: -24, to: -1 }))).toMatch(
      'certificate outside its dates',
    );
    expect(await refusal(await pair('CN=INSI-MANU', { from: 1, to: 24 }))).toMatch(
      'certificate outside its dates',
    );
    const key = mandate.auto?.key as string;
    const certificate = mandate.manu?.certificate as string;
    expect(await refusal({ ...mandate, manu: { certificate, key } })).toMatch('key of another certificate');
    expect(await refusal({ ...mandate, manu: { certificate: 'PKCS#12', key } })).toMatch('unreadable');
  });

  it('is refused under a test authority unless the setting opens it', async () => {
    const test = await testAuthority(`TEST ${ISSUER}`);
    const mandate = { ...insi.mandate, manu: await test.client(`CN=INSI-MANU, OU=${EMITTER}`) };
    const named = { acceptedIssuers: [`TEST ${ISSUER}`] };
    expect(await refusal(mandate)).toMatch('issuer CN');
    expect(await refusal(mandate, named)).toMatch('issuer CN');
    expect(await refusal(insi.mandate, { acceptedIssuers: undefined })).toMatch('issuer CN');
    // opened: the name passes, and only the service's own TLS is left to refuse that authority
    const opened = insi.client({ mandateOf: () => mandate, allowTestAnchors: true });
    const error = await failure(opened.search(ZOE, PERSON, signal));
    expect((error.cause as Error).message).toMatch(/^INSi call: /);
  });

  it('is refused by the service when IDAM or certificate are not known to it', async () => {
    const unknown = insi.client({ mandateOf: () => ({ ...insi.mandate, idam: 'XX00TEST0000' }) });
    const error = await failure(unknown.search(ZOE, PERSON, signal));
    expect([error.code, error.next]).toEqual(['insi.access-refused', 'stop']);
    expect(error.detail).toContain('desir_550');
    expect(
      (
        await failure(
          unknown.verify(
            { ins: { value: '2751263220749', key: '74', oid: NIR }, traits: ZOE },
            PERSON,
            signal,
          ),
        )
      ).code,
    ).toBe('insi.access-refused');
  });

  it('is not shown to a server that is not the teleservice', async () => {
    const stranger = await testAuthority('Another authority');
    const before = insi.simulator.calls().length;
    const error = await failure(insi.client({ ca: stranger.certificate }).search(ZOE, PERSON, signal));
    expect([error.code, error.next]).toEqual(['insi.unavailable', 'retry']);
    expect(insi.simulator.calls()).toHaveLength(before);
    const elsewhere = insi.client({ serverName: 'insi.example' });
    expect((await failure(elsewhere.search(ZOE, PERSON, signal))).code).toBe('insi.unavailable');
  });
});

describe('traits that the service would not take', () => {
  it.each([
    [{ ...ZOE, birthName: 'Adrun' }, '/birthName'],
    [{ ...ZOE, birthName: 'ADRUN</NomNaissance>' }, '/birthName'],
    [{ ...ZOE, firstNames: [] }, '/firstNames'],
    [{ ...ZOE, firstNames: ['ZOÉ'] }, '/firstNames/0'],
    [{ ...ZOE, firstNames: ['ZOE', 'ANNE--MARIE'] }, '/firstNames/1'],
    [{ ...ZOE, sex: 'I' as const }, '/sex'],
    [{ ...ZOE, birthDate: '31/12/1975' }, '/birthDate'],
    [{ ...ZOE, birthPlace: '6322' }, '/birthPlace'],
  ])('are refused before any call (%#)', async (sent, pointer) => {
    const before = insi.simulator.calls().length;
    const error = await failure(insi.client().search(sent, PERSON, signal));
    expect([error.code, error.next]).toEqual(['identity.invalid', 'reject']);
    expect(error.findings.map((finding) => finding.pointer)).toEqual([pointer]);
    expect(insi.simulator.calls()).toHaveLength(before);
  });
});

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
  it('opens after the failures of its setting, answers at once, and closes at a trial that works', async () => {
    const client = insi.client({ breaker: { failures: 2, openMs: 300 } });
    insi.simulator.behave({ down: '503' });
    await failure(client.search(ZOE, PERSON, signal));
    await failure(client.search(ZOE, PERSON, signal));
    const before = insi.simulator.calls().length;
    const error = await failure(client.search(ZOE, PERSON, signal));
    expect([error.code, error.next, error.retryAfter]).toEqual(['insi.unavailable', 'retry', 1]);
    expect(insi.simulator.calls()).toHaveLength(before);

    await new Promise((resolve) => setTimeout(resolve, 350));
    await failure(client.search(ZOE, PERSON, signal));
    expect(insi.simulator.calls()).toHaveLength(before + 1);
    await failure(client.search(ZOE, PERSON, signal));
    expect(insi.simulator.calls()).toHaveLength(before + 1);

    insi.simulator.behave({});
    await new Promise((resolve) => setTimeout(resolve, 350));
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
    const client = insi.client({ breaker: { failures: 1, openMs: 200 } });
    insi.simulator.behave({ down: 'reset' });
    await failure(client.search(ZOE, PERSON, signal));
    await new Promise((resolve) => setTimeout(resolve, 250));
    await failure(client.search(ZOE, PERSON, AbortSignal.abort()));
    expect((await failure(client.search(ZOE, PERSON, signal))).retryAfter).toBe(1);
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

describe('verification, in the form that is ours', () => {
  const INS = { value: '2751263220749', key: '74', oid: NIR };

  it('says yes for a right pair and no for any other', async () => {
    const client = insi.client();
    const verify = (ins: typeof INS, sent: Traits) => client.verify({ ins, traits: sent }, PERSON, signal);
    expect(await verify(INS, ZOE)).toEqual({ confirmed: true, code: 'confirmed' });
    for (const [ins, sent] of [
      [{ ...INS, key: '75' }, ZOE],
      [{ ...INS, oid: '1.2.250.1.213.1.4.9' }, ZOE],
      [{ ...INS, value: '2751263220748' }, ZOE],
      [INS, { ...ZOE, birthName: 'ADRDEUX' }],
      [INS, { ...ZOE, firstNames: ['ZELIE'] }],
      [INS, { ...ZOE, sex: 'M' as const }],
      [INS, { ...ZOE, birthDate: '1975-12-30' }],
      [INS, { ...ZOE, birthPlace: '63113' }],
    ] as const) {
      expect(await verify(ins, sent)).toEqual({ confirmed: false, code: 'not-confirmed' });
    }
  });

  it('refuses what is not of its form before any call', async () => {
    const before = insi.simulator.calls().length;
    const bad = [
      { ins: { ...INS, value: '12' }, traits: ZOE },
      { ins: INS, traits: { ...ZOE, birthName: 'Adrun' } },
    ];
    for (const identity of bad) {
      expect((await failure(insi.client().verify(identity, PERSON, signal))).code).toBe('identity.invalid');
    }
    expect(insi.simulator.calls()).toHaveLength(before);
  });

  it('answers a list in its order, in lots of a hundred, without sending what is invalid', async () => {
    const items = Array.from({ length: 250 }, (_, index) => ({
      ref: `line-${index}`,
      ins: INS,
      traits:
        index % 10 === 0
          ? { ...ZOE, birthName: 'zoe' }
          : index % 2 === 0
            ? ZOE
            : { ...ZOE, sex: 'M' as const },
    }));
    const before = insi.simulator.calls().length;
    const results = await insi.client({ maxCallsPerPerson: 1000 }).verifyBatch(items, SYSTEM, signal);
    expect(results.map(({ ref }) => ref)).toEqual(items.map(({ ref }) => ref));
    expect(results.slice(0, 3)).toEqual([
      { ref: 'line-0', confirmed: false, code: 'invalid' },
      { ref: 'line-1', confirmed: false, code: 'not-confirmed' },
      { ref: 'line-2', confirmed: true, code: 'confirmed' },
    ]);
    expect(results.filter(({ confirmed }) => confirmed)).toHaveLength(100);
    expect(insi.simulator.calls().slice(before)).toHaveLength(3);
    expect(insi.simulator.calls().at(-1)).toMatchObject({
      operation: 'verification',
      certificate: 'INSI-AUTO',
    });
    expect(await insi.client().verifyBatch([], SYSTEM, signal)).toEqual([]);
    const twice = [items[1], items[1]] as never;
    expect((await failure(insi.client().verifyBatch(twice, SYSTEM, signal))).code).toBe('identity.invalid');
  });

  it('is held when the answer is not one yes or no for each', async () => {
    insi.simulator.behave({ wrong: 'garbage' });
    const error = await failure(insi.client().verify({ ins: INS, traits: ZOE }, PERSON, signal));
    expect([error.code, error.next]).toEqual(['transport.bad-answer', 'hold']);
    insi.simulator.behave({ down: '503' });
    expect((await failure(insi.client().verify({ ins: INS, traits: ZOE }, PERSON, signal))).code).toBe(
      'insi.unavailable',
    );
  });
});

describe('the door of the simulator', () => {
  it('opens to no one without a certificate of its authority', async () => {
    const stranger = await testAuthority(ISSUER);
    const manu = await stranger.client(`CN=INSI-MANU, OU=${EMITTER}`);
    const before = insi.simulator.calls().length;
    const client = insi.client({ mandateOf: () => ({ ...insi.mandate, manu }) });
    // TLS 1.3 tells a refused client late: as an alert, or as a connection that closes
    expect(['insi.access-refused', 'insi.unavailable']).toContain(
      (await failure(client.search(ZOE, PERSON, signal))).code,
    );
    expect(insi.simulator.calls()).toHaveLength(before);
  });
});
