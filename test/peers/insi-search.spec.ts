/** The INSi client against the simulator over real mutual TLS: the answers of the platform. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Traits } from '#core';
import type { VitaleCard } from '../../libs/identity/src/insi/index.ts';
import {
  anInsiService,
  failure,
  type InsiService,
  NIR,
  NOBODY,
  PERSON,
  SYSTEM,
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
    insi.simulator.learn(twin('2900599990001', '56', '99990'));
    insi.simulator.learn(twin('2900599991001', '26', '99991'));
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
