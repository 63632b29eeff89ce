import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, resultOf, traits } from '../builders/insi-searches.ts';
import { type Json, journal, rows, ZOE, ZOE_INS } from '../builders/portability.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';

const NIR = '1.2.250.1.213.1.4.8';
const NIA = '1.2.250.1.213.1.4.9';

describe('a service acquires an identity at INSi', () => {
  let relais: TestRelais;
  beforeAll(async () => {
    relais = await aRelais();
  });
  afterAll(() => relais.close());

  const search = (sent: Json, evidenceSeen?: string, partner = 'spsti-b') =>
    ask(relais, partner, 'search', { traits: sent, ...(evidenceSeen === undefined ? {} : { evidenceSeen }) });

  it('in its own name by certificate AUTO, in its user’s by MANU when the software carries their token', async () => {
    const body = JSON.stringify({ traits: traits('ADRTROIS, TOUSSAINT', 'M', '1960-01-01', '2B020') });
    const asks = async (partner: string, headers: Record<string, string>) => {
      const before = relais.insi.calls().length;
      const { status } = await relais.as(partner)('/v1/insi/search', { body, headers });
      const made = relais.insi.calls().slice(before);
      return { status, certificates: [...new Set(made.map(({ certificate }) => certificate))] };
    };
    const authorization = `Bearer ${await relais.people.tokenOf('doctor-b')}`;
    expect(await asks('spsti-b', { authorization })).toEqual({ status: 200, certificates: ['INSI-MANU'] });
    expect(await asks('spsti-a', {})).toEqual({ status: 200, certificates: ['INSI-AUTO'] });
    // a person of another service, a token that is none
    expect(await asks('spsti-a', { authorization })).toEqual({ status: 403, certificates: [] });
    expect(await asks('spsti-b', { authorization: 'Bearer none' })).toEqual({
      status: 401,
      certificates: [],
    });
  });

  const found: [string, Json, string, string, string, string[], string[]][] = [
    ['ADRUN', ZOE, '2751263220749', '74', NIR, ['ZOE'], []],
    [
      'Corsica 2A',
      traits('ADRTROIS, DOMINIQUE', 'F', '1997-02-26', '2A020'),
      '297022A020778',
      '78',
      NIR,
      ['DOMINIQUE'],
      [],
    ],
    [
      'Corsica 2B',
      traits('ADRTROIS, TOUSSAINT', 'M', '1960-01-01', '2B020'),
      '160012B020777',
      '13',
      NIR,
      ['TOUSSAINT'],
      [],
    ],
    [
      'no birth place',
      traits('ADRDEUX, LAURENT', 'M', '1981-01-01'),
      '1810163220751',
      '40',
      NIR,
      ['LAURENT'],
      [],
    ],
    [
      'a longer list',
      traits('TCHITCHI, CATARINA', 'F', '1936-06-21', '63220'),
      '2360663220836',
      '56',
      NIR,
      ['CATARINA', 'BELLA'],
      [],
    ],
    [
      'a history',
      traits('ECETINSI, PIERRE-ALAIN', 'M', '2009-07-14', '63220'),
      '1090763220834',
      '89',
      NIR,
      ['PIERRE-ALAIN', 'MURIEL', 'FLORIANT'],
      [],
    ],
    [
      'a NIA',
      traits('PROVISOIRE, MATRICULE', 'M', '2009-07-01', '63220'),
      '1090763220888',
      '35',
      NIA,
      ['MATRICULE'],
      ['insi.nia'],
    ],
    [
      'a history that repeats',
      traits('CORSE, ANTHONY', 'M', '1980-03-02', '2B020'),
      '180032B020401',
      '23',
      NIR,
      ['ANTHONY'],
      [],
    ],
    [
      'a key that is wrong at INSi itself',
      traits('HERMANN, GATIEN', 'M', '1981-03-24', '63220'),
      '1810363220456',
      '60',
      NIR,
      ['GATIEN'],
      ['insi.key-mismatch'],
    ],
    [
      'a second given name',
      traits('NESSI, MICHELANGELO', 'M', '2010-08-07', '63220'),
      '1100863220830',
      '60',
      NIR,
      ['MICHELANGELO', 'ANTHONY'],
      [],
    ],
    [
      'accents, case and apostrophes as people write',
      traits('Adrün, Zoé', 'F', '1975-12-31', '63220'),
      '2751263220749',
      '74',
      NIR,
      ['ZOE'],
      [],
    ],
  ];

  it.each(found)(
    '%s: RECUP, and QUAL with the evidence',
    async (_, sent, value, key, oid, firstNames, reasons) => {
      const without = await search(sent);
      expect(without).toMatchObject({
        status: 200,
        json: {
          outcome: 'found',
          status: 'RECUP',
          attributes: [],
          ins: { value, key, oid },
          traits: { firstNames },
        },
      });
      expect((without.json['reasons'] as unknown as { code: string }[]).map(({ code }) => code)).toEqual(
        expect.arrayContaining(['insi.found', ...reasons]),
      );
      const withEvidence = await search(sent, 'CN');
      expect(withEvidence.json).toMatchObject({ status: 'QUAL', ins: { value, key, oid } });
      const unaccepted = await search(sent, 'LE');
      expect(unaccepted.json).toMatchObject({ status: 'RECUP' });
    },
  );

  const nobody: [string, Json][] = [
    ['one name of the list alone', traits('TCHITCHI, OLA', 'F', '1936-06-21', '63220')],
    ['HOUILLES PIERRE', traits('HOUILLES, PIERRE', 'M', '1993-01-27')],
    ['HOUILLES PAUL', traits('HOUILLES, PAUL', 'M', '1993-01-27')],
    ['HOUILLES JACQUES', traits('HOUILLES, JACQUES', 'M', '1993-01-27')],
    ['HOUILLES, all three', traits('HOUILLES, PIERRE PAUL JACQUES', 'M', '1993-01-27')],
    ['an unknown soldier', traits('INCONNU, SOLDAT', 'M', '1920-11-11')],
    ['almost ADRUN', traits('ADRUM, ZOE', 'F', '1975-12-31', '63220')],
    ['ADRUN of another day', traits('ADRUN, ZOE', 'F', '1975-12-30', '63220')],
  ];
  it.each(nobody)('%s: none; PROV, or VALI with the evidence, never a matricule', async (_, sent) => {
    for (const [evidence, status] of [
      [undefined, 'PROV'],
      ['CN', 'VALI'],
    ] as const) {
      const { json } = await search(sent, evidence);
      expect(json).toMatchObject({ outcome: 'none', status });
      expect(json).not.toHaveProperty('ins');
      expect(json).not.toHaveProperty('traits');
    }
  });

  it('several: nobody is chosen, even with the evidence', async () => {
    const { json } = await search(traits('DE VINCI, LEONARDO', 'M', '2014-02-01'), 'CN');
    expect(json).toMatchObject({ outcome: 'several', status: 'VALI' });
    expect(json).not.toHaveProperty('ins');
  });

  it('found only by the second given name, in the order that INSi holds them', async () => {
    const { json } = await search(traits('TCHITCHI, OLA CATARINA', 'F', '1936-06-21', '63220'), 'CN');
    // the traits sent differ from those of INSi: a person must look, so nothing of it is given
    expect(json).toMatchObject({ outcome: 'found', status: 'VALI' });
    expect(json).not.toHaveProperty('ins');
  });

  it('the second search makes no call; another service’s does, and its answer is its own', async () => {
    const sent = traits('NESSI, MICHELANGELO', 'M', '2010-08-07', '63220');
    await search(sent);
    const before = relais.insi.calls().length;
    for (const evidence of [undefined, 'CN', 'PA']) await search(sent, evidence);
    expect(relais.insi.calls()).toHaveLength(before);
    const other = await search(sent, undefined, 'spsti-a');
    expect(other.json).toMatchObject({ outcome: 'found', status: 'RECUP' });
    const [call, ...more] = relais.insi.calls().slice(before);
    expect(more).toEqual([]);
    expect(call?.emitter).not.toBe(relais.insi.calls()[0]?.emitter);
    await search(sent, undefined, 'spsti-a');
    expect(relais.insi.calls()).toHaveLength(before + 1);
  });

  it('the cache ends: a day later INSi is asked again', async () => {
    const before = relais.insi.calls().length;
    relais.advance(25 * 3_600_000);
    await search(ZOE);
    expect(relais.insi.calls()).toHaveLength(before + 1);
  });

  it('twice the same id: the line was lost, and the same answer comes again without a call', async () => {
    const sent = { traits: traits('ADRDEUX, LAURENT', 'M', '1981-01-01') };
    const first = await ask(relais, 'spsti-b', 'search', sent, 'search-1');
    expect(first).toMatchObject({ status: 200, json: { outcome: 'found' } });
    const before = relais.insi.calls().length;
    const second = await ask(relais, 'spsti-b', 'search', sent, 'search-1');
    expect([second.status, second.json]).toEqual([200, first.json]);
    expect(relais.insi.calls()).toHaveLength(before);
    expect(
      journal(relais)
        .filter(({ messageId }) => messageId === first.json['id'])
        .map(({ kind }) => kind),
    ).toContain('insi.answered-again');
    expect(await ask(relais, 'spsti-b', 'search', { traits: ZOE }, 'search-1')).toMatchObject({
      status: 409,
      json: { code: 'message.id-reused' },
    });
  });

  it('twice the same id at the same time: one call, one answer for both', async () => {
    const sent = { traits: traits('ECETINSI, PIERRE-ALAIN', 'M', '2009-07-14', '63220') };
    relais.advance(25 * 3_600_000);
    const before = relais.insi.calls().length;
    relais.insi.behave({ delayMs: 500, times: 1 });
    const [one, other] = await Promise.all(
      [1, 2].map(() => ask(relais, 'spsti-b', 'search', sent, 'search-2')),
    );
    expect(one).toMatchObject({ status: 200, json: { outcome: 'found' } });
    expect([other?.status, other?.json]).toEqual([200, one?.json]);
    expect(relais.insi.calls()).toHaveLength(before + 1);
  });

  it('twice the same verification: answered again; what was refused stays refused', async () => {
    const body = { ins: ZOE_INS, traits: ZOE };
    const first = await ask(relais, 'spsti-b', 'verify', body, 'verify-1');
    const second = await ask(relais, 'spsti-b', 'verify', body, 'verify-1');
    expect(first).toMatchObject({ status: 200, json: { outcome: 'found' } });
    expect([second.status, second.json]).toEqual([200, first.json]);
    const cyrillic = { traits: { ...ZOE, birthName: 'АДРУН' } };
    const refused = [
      await ask(relais, 'spsti-b', 'search', cyrillic, 'search-3'),
      await ask(relais, 'spsti-b', 'search', cyrillic, 'search-3'),
    ];
    expect(refused.map(({ json }) => json['code'])).toEqual(['identity.invalid', 'identity.invalid']);
  });

  const bad: [string, Json | undefined, string][] = [
    ['no body', undefined, 'content.invalid'],
    ['no traits', {}, 'content.invalid'],
    ['a status that the sender claims', { traits: ZOE, status: 'QUAL' }, 'content.invalid'],
    ['a matricule to search', { traits: ZOE, ins: ZOE_INS }, 'content.invalid'],
    ['no such day', { traits: { ...ZOE, birthDate: '1975-02-30' } }, 'content.invalid'],
    ['letters that INSi does not take', { traits: { ...ZOE, birthName: 'АДРУН' } }, 'identity.invalid'],
    ['XML in a name', { traits: { ...ZOE, birthName: '<ADRUN/>' } }, 'identity.invalid'],
  ];
  it.each(bad)('%s: refused before any call', async (_, body, code) => {
    const before = relais.insi.calls().length;
    const answer = await relais.as('spsti-b')('/v1/insi/search', {
      method: 'POST',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(answer.json).toMatchObject({ code });
    expect(answer.status).toBeLessThan(500);
    expect(relais.insi.calls()).toHaveLength(before);
    expect(JSON.stringify(answer.json)).not.toMatch(/ADRUN|АДРУН|27512/);
  });

  it('only a service asks, and only on the partners’ port', async () => {
    expect((await ask(relais, 'insi', 'search', { traits: ZOE })).json).toMatchObject({
      code: 'flow.not-allowed',
    });
    expect(
      (await relais.by('doctor-b')('/v1/insi/search', { body: JSON.stringify({ traits: ZOE }) })).status,
    ).toBe(404);
  });

  const verified: [string, Json, Json, string][] = [
    ['the right matricule', ZOE_INS, ZOE, 'found'],
    [
      'a NIA',
      { value: '1090763220888', key: '35', oid: NIA },
      traits('PROVISOIRE, MATRICULE', 'M', '2009-07-01', '63220'),
      'found',
    ],
    [
      'the same digits as a NIR',
      { value: '1090763220888', key: '35', oid: NIR },
      traits('PROVISOIRE, MATRICULE', 'M', '2009-07-01', '63220'),
      'none',
    ],
    ['somebody else’s matricule', { value: '1810163220751', key: '40', oid: NIR }, ZOE, 'none'],
    [
      'a former matricule',
      { value: '2090763220834', key: '39', oid: NIR },
      traits('ECETINSI, PIERRE-ALAIN', 'M', '2009-07-14', '63220'),
      'none',
    ],
  ];
  it.each(verified)('verify: %s', async (_, ins, sent, outcome) => {
    const { status, json } = await ask(relais, 'spsti-b', 'verify', { ins, traits: sent });
    expect(status).toBe(200);
    expect(json).toMatchObject({ outcome, status: outcome === 'found' ? 'RECUP' : 'PROV' });
    expect(json).not.toHaveProperty('ins');
    expect(json).not.toHaveProperty('traits');
  });

  it('verify: a wrong key is refused before any call', async () => {
    const before = relais.insi.calls().length;
    expect(
      await ask(relais, 'spsti-b', 'verify', { ins: { ...ZOE_INS, key: '75' }, traits: ZOE }),
    ).toMatchObject({ status: 422, json: { code: 'content.invalid' } });
    expect(relais.insi.calls()).toHaveLength(before);
  });

  it('verify-batch: each line is answered under its own reference, by message', async () => {
    const service = await relais.service('spsti-b');
    const items = [
      { ref: 'un', ins: ZOE_INS, traits: ZOE },
      { ref: 'deux', ins: { value: '1810163220751', key: '40', oid: NIR }, traits: ZOE },
      {
        ref: 'trois',
        ins: { value: '160012B020777', key: '13', oid: NIR },
        traits: traits('ADRTROIS, TOUSSAINT', 'M', '1960-01-01', '2B020'),
      },
      { ref: 'quatre', ins: ZOE_INS, traits: traits('NESSI, MICHELANGELO', 'M', '2010-08-07', '63220') },
    ];
    const sent = await service.client.send({
      id: 'lot-1',
      type: 'fr.relais-st.insi.verify-batch.v1',
      datacontenttype: 'application/json',
      data: JSON.stringify({ items }),
    });
    const result = await resultOf(relais, service, sent.id);
    expect(result['results']).toMatchObject([
      { ref: 'un', outcome: 'found', collidesWith: ['quatre'], duplicates: ['deux'] },
      { ref: 'deux', outcome: 'none', duplicates: ['un'] },
      { ref: 'trois', outcome: 'found' },
      { ref: 'quatre', outcome: 'none', collidesWith: ['un'] },
    ]);
    expect((result['results'] as Json[])[2]).not.toHaveProperty('duplicates');
    expect(JSON.stringify(result)).not.toMatch(/2751263220749|ADRUN/);
  });

  it('nothing of an identity is in the log nor in the journal', () => {
    const identity =
      /ADRUN|ADRTROIS|ADRDEUX|TCHITCHI|HOUILLES|ECETINSI|NESSI|HERMANN|DE VINCI|275126322074|297022A02077/i;
    expect(relais.logged()).not.toMatch(identity);
    expect(
      rows(relais, 'SELECT body FROM journal_entry')
        .map(({ body }) => body)
        .join('\n'),
    ).not.toMatch(identity);
    expect(journal(relais).length).toBeGreaterThan(50);
  });
});
