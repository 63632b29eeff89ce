import { describe, expect, it } from 'vitest';
import { BrokerError, type IdentityQuestion, type Ins, type Traits } from '#core';
import type { InsiAnswer, InsiCaller, InsiSearch } from './insi/insi-search.ts';
import { nirKey } from './nir-key.ts';
import { createVigilance, type VigilanceOptions } from './vigilance.ts';

const OID = '1.2.250.1.213.1.4';
const nir = (value: string, key: string): Ins => ({ value, key, oid: `${OID}.8` });
const person = (
  birthName: string,
  firstNames: string,
  sex: 'M' | 'F',
  birthDate: string,
  birthPlace?: string,
): Traits => ({
  birthName,
  firstNames: firstNames.split(' '),
  sex,
  birthDate,
  ...(birthPlace === undefined ? {} : { birthPlace }),
});

type Known = { traits: Traits } & ({ ins: Ins; history?: Ins[] } | { says: 'several' | 'fault' });

/** The published test identities of INSi, with what the teleservice answers to the first given name shown. */
const KNOWN: readonly Known[] = [
  { traits: person('ADRUN', 'ZOE', 'F', '1975-12-31', '63220'), ins: nir('2751263220749', '74') },
  { traits: person('ADRTROIS', 'DOMINIQUE', 'F', '1997-02-26', '2A020'), ins: nir('297022A020778', '78') },
  { traits: person('ADRTROIS', 'TOUSSAINT', 'M', '1960-01-01', '2B020'), ins: nir('160012B020777', '13') },
  { traits: person('ADRDEUX', 'LAURENT', 'M', '1981-01-01', '63220'), ins: nir('1810163220751', '40') },
  {
    traits: person('TCHITCHI', 'CATARINA BELLA', 'F', '1936-06-21', '63220'),
    ins: nir('2360663220836', '56'),
  },
  {
    traits: person('ECETINSI', 'PIERRE-ALAIN MURIEL FLORIANT', 'M', '2009-07-14', '63220'),
    ins: nir('1090763220834', '89'),
    history: [nir('2090763220834', '39'), nir('2090663220123', '55')],
  },
  {
    traits: person('PROVISOIRE', 'MATRICULE', 'M', '2009-07-01', '63220'),
    ins: { value: '1090763220888', key: '35', oid: `${OID}.9` },
  },
  { traits: person('CORSE', 'ANTHONY', 'M', '1980-03-02', '2B020'), ins: nir('180032B020401', '23') },
  {
    traits: person('HERMANN', 'GATIEN', 'M', '1981-03-24', '63220'),
    ins: nir('1810363220456', '60'),
    history: [nir('1810363220456', '60'), nir('2810363220456', '10')],
  },
  {
    traits: person('NESSI', 'MICHELANGELO ANTHONY', 'M', '2010-08-07', '63220'),
    ins: nir('1100863220830', '60'),
  },
  { traits: person('DE VINCI', 'LEONARDO', 'M', '2014-02-01'), says: 'several' },
  { traits: person('DE VINCI', 'RUTH', 'F', '2014-02-01'), says: 'fault' },
  { traits: person("D'AEION", 'COEUR', 'F', '2014-02-01'), says: 'fault' },
];

interface Call extends InsiCaller {
  traits: Traits;
}

/** One search per given name, as the teleservice is asked; answers only what is known. */
function testInsi(known = KNOWN): InsiSearch & { asked: Call[] } {
  const asked: Call[] = [];
  return {
    asked,
    async search(traits, caller) {
      asked.push({ traits, ...caller });
      for (const [i, given] of traits.firstNames.entries()) {
        const found = known.find(
          (one) =>
            one.traits.birthName === traits.birthName &&
            one.traits.firstNames[0] === given &&
            one.traits.sex === traits.sex &&
            one.traits.birthDate === traits.birthDate &&
            (traits.birthPlace ?? one.traits.birthPlace) === one.traits.birthPlace,
        );
        if (found !== undefined) return answer(found, i + 1);
      }
      return { outcome: 'none', calls: traits.firstNames.length };
    },
  };
}

function answer(found: Known, calls: number): InsiAnswer {
  if ('says' in found) {
    if (found.says === 'fault') throw new BrokerError('insi.unavailable');
    return { outcome: 'several', calls };
  }
  const { traits, ins, history = [] } = found;
  const keyMismatch = nirKey(ins.value) !== ins.key;
  return { outcome: 'found', calls, identity: { traits, ins, history, keyMismatch } };
}

const START = Date.parse('2026-11-22T10:00:00.000Z');
const signal = new AbortController().signal;

function service(change: Partial<VigilanceOptions> = {}) {
  const time = { ms: START };
  const insi = testInsi();
  const vigilance = createVigilance({
    insi,
    clock: { now: () => new Date(time.ms) },
    cacheLifetimeMs: 60_000,
    acceptedEvidence: ['CN', 'PA'],
    environment: 'production',
    maxCachedVerdicts: 100,
    ...change,
  });
  return { vigilance, insi, time };
}

const ask = (traits: Traits, more: Partial<IdentityQuestion> = {}): IdentityQuestion => ({
  spsti: 'spsti-a',
  traits,
  startedBy: 'system',
  ...more,
});
const zoe = person('ADRUN', 'ZOE', 'F', '1975-12-31', '63220');
const codesOf = (verdict: { reasons: readonly { code: string }[] }) =>
  verdict.reasons.map(({ code }) => code);

describe('the verdict on each published test identity', () => {
  it.each([
    [zoe, 'found', '2751263220749', []],
    [person('ADRTROIS', 'DOMINIQUE', 'F', '1997-02-26', '2A020'), 'found', '297022A020778', []],
    [person('ADRTROIS', 'TOUSSAINT', 'M', '1960-01-01', '2B020'), 'found', '160012B020777', []],
    [person('ADRDEUX', 'LAURENT', 'M', '1981-01-01'), 'found', '1810163220751', []],
    [person('TCHITCHI', 'OLA', 'F', '1936-06-21', '63220'), 'none', undefined, []],
    [person('TCHITCHI', 'CATARINA', 'F', '1936-06-21', '63220'), 'found', '2360663220836', []],
    [person('HOUILLES', 'PIERRE', 'M', '1993-01-27'), 'none', undefined, []],
    [person('HOUILLES', 'PAUL', 'M', '1993-01-27'), 'none', undefined, []],
    [person('HOUILLES', 'JACQUES', 'M', '1993-01-27'), 'none', undefined, []],
    [person('HOUILLES', 'PIERRE PAUL JACQUES', 'M', '1993-01-27'), 'none', undefined, []],
    [person('ECETINSI', 'PIERRE-ALAIN', 'M', '2009-07-14', '63220'), 'found', '1090763220834', []],
    [person('PROVISOIRE', 'MATRICULE', 'M', '2009-07-01', '63220'), 'found', '1090763220888', ['insi.nia']],
    [person('CORSE', 'ANTHONY', 'M', '1980-03-02', '2B020'), 'found', '180032B020401', []],
    [
      person('HERMANN', 'GATIEN', 'M', '1981-03-24', '63220'),
      'found',
      '1810363220456',
      ['insi.key-mismatch'],
    ],
    [person('NESSI', 'MICHELANGELO', 'M', '2010-08-07', '63220'), 'found', '1100863220830', []],
    [person('DE VINCI', 'LEONARDO', 'M', '2014-02-01'), 'several', undefined, []],
    [person('DE VINCI', 'RUTH', 'F', '2014-02-01'), 'unavailable', undefined, []],
    [person('D’Æion', 'Cœur', 'F', '2014-02-01'), 'unavailable', undefined, []],
    [person('INCONNU', 'SOLDAT', 'M', '1920-11-11'), 'none', undefined, []],
  ] as const)('%j: %s', async (traits, outcome, value, more) => {
    const { vigilance } = service();
    const alone = await vigilance.verify(ask(traits), signal);
    const seen = await vigilance.verify(ask(traits, { evidenceSeen: 'CN' }), signal);
    const found = outcome === 'found';
    expect([alone.outcome, alone.status]).toEqual([outcome, found ? 'RECUP' : 'PROV']);
    expect([seen.outcome, seen.status]).toEqual([outcome, found ? 'QUAL' : 'VALI']);
    expect([alone.ins?.value, seen.ins?.value]).toEqual([value, value]);
    expect(alone.inDoubt).toBe(outcome === 'several');
    expect(codesOf(alone)).toEqual([`insi.${outcome}`, ...more]);
    expect(codesOf(seen)).toEqual([`insi.${outcome}`, ...more, 'evidence.accepted']);
  });

  it('keeps the matricule and key as INSi gave them, wrong key and NIA included', async () => {
    const { vigilance } = service();
    const hermann = await vigilance.verify(ask(person('HERMANN', 'GATIEN', 'M', '1981-03-24')), signal);
    expect(hermann.ins).toEqual(nir('1810363220456', '60'));
    const nia = await vigilance.verify(ask(person('PROVISOIRE', 'MATRICULE', 'M', '2009-07-01')), signal);
    expect(nia.ins?.oid).toBe(`${OID}.9`);
  });

  it('holds a person found by her second given name only: the first does not begin the list', async () => {
    const { vigilance } = service();
    const verdict = await vigilance.verify(
      ask(person('TCHITCHI', 'OLA CATARINA', 'F', '1936-06-21', '63220'), { evidenceSeen: 'CN' }),
      signal,
    );
    expect(verdict).toMatchObject({ outcome: 'found', status: 'VALI', inDoubt: true });
    expect(codesOf(verdict)).toEqual([
      'insi.found',
      'traits.first-name-differs',
      'traits.first-names-differs',
      'evidence.accepted',
    ]);
  });
});

describe('after INSi', () => {
  it('gives the list of given names and the place, and never fills the used names', async () => {
    const { vigilance } = service();
    const sent = { ...person('Ecetinsi', 'Pierre‑Alain', 'M', '2009-07-14'), usedName: 'Durand' };
    expect((await vigilance.verify(ask(sent), signal)).traits).toEqual(
      person('ECETINSI', 'PIERRE-ALAIN MURIEL FLORIANT', 'M', '2009-07-14', '63220'),
    );
    const polluted: Traits = { ...zoe, usedName: 'X', usedFirstName: 'Y' };
    const filled = service({ insi: testInsi([{ traits: polluted, ins: nir('2751263220749', '74') }]) });
    expect((await filled.vigilance.verify(ask(zoe), signal)).traits).toEqual(zoe);
  });

  it('asks in the alphabet of INSi, under the asking service, by whom it was started', async () => {
    const { vigilance, insi } = service();
    const sent = { ...person('Adrun', 'Zoé', 'F', '1975-12-31', '99999'), usedName: 'Néssi' };
    await vigilance.verify(ask(sent, { spsti: 'spsti-b', startedBy: 'person' }), signal);
    expect(insi.asked).toEqual([
      { traits: person('ADRUN', 'ZOE', 'F', '1975-12-31'), spsti: 'spsti-b', startedBy: 'person' },
    ]);
  });

  it('holds each trait that INSi contradicts, and then neither retrieves nor qualifies', async () => {
    const other: Traits = {
      birthName: 'ADRDEUX',
      firstNames: ['ZOEE', 'MARIE'],
      sex: 'M',
      birthDate: '1975-12-30',
      birthPlace: '63221',
    };
    const liar: InsiSearch = {
      search: async () => ({
        outcome: 'found',
        calls: 1,
        identity: { ins: nir('2751263220749', '74'), traits: other, history: [], keyMismatch: false },
      }),
    };
    const verdict = await service({ insi: liar }).vigilance.verify(ask(zoe, { evidenceSeen: 'PA' }), signal);
    expect(verdict).toMatchObject({ status: 'VALI', inDoubt: true, traits: other });
    expect(codesOf(verdict).filter((code) => code.endsWith('-differs'))).toEqual([
      'traits.birth-name-differs',
      'traits.first-name-differs',
      'traits.sex-differs',
      'traits.birth-date-differs',
      'traits.birth-place-differs',
    ]);
  });

  it('says when a part of the birth date was replaced', async () => {
    const verdict = await service().vigilance.verify(ask({ ...zoe, birthDate: '1975' }), signal);
    expect(verdict).toMatchObject({ status: 'RECUP', inDoubt: false });
    expect(codesOf(verdict)).toContain('traits.birth-date-uncertain');
  });

  it('counts only evidence of the accepted list', async () => {
    const verdict = await service().vigilance.verify(ask(zoe, { evidenceSeen: 'LE' }), signal);
    expect(verdict.status).toBe('RECUP');
    expect(codesOf(verdict)).toContain('evidence.not-accepted');
  });

  it('tags everything of a test environment', async () => {
    const verdict = await service({ environment: 'test' }).vigilance.verify(ask(zoe), signal);
    expect(codesOf(verdict)).toContain('environment.test');
  });
});

describe('a matricule that the sender holds', () => {
  const ecetinsi = person('ECETINSI', 'PIERRE-ALAIN', 'M', '2009-07-14', '63220');

  it.each([
    ['is INSi’s own', ecetinsi, nir('1090763220834', '89'), 'RECUP', false, 'ins.confirmed'],
    ['stands in INSi’s history', ecetinsi, nir('2090663220123', '55'), 'RECUP', false, 'ins.replaced'],
    ['is another person’s', ecetinsi, nir('2751263220749', '74'), 'PROV', true, 'ins.differs'],
    [
      'has INSi’s digits as a NIA',
      ecetinsi,
      { ...nir('1090763220834', '89'), oid: `${OID}.9` },
      'PROV',
      true,
      'ins.differs',
    ],
    [
      'goes with traits that INSi does not know',
      person('INCONNU', 'SOLDAT', 'M', '1920-11-11'),
      nir('1090763220834', '89'),
      'PROV',
      true,
      'ins.not-confirmed',
    ],
    [
      'goes with traits of several persons',
      person('DE VINCI', 'LEONARDO', 'M', '2014-02-01'),
      nir('1090763220834', '89'),
      'PROV',
      true,
      'ins.not-confirmed',
    ],
    [
      'waits for an INSi that is down',
      person('DE VINCI', 'RUTH', 'F', '2014-02-01'),
      nir('1090763220834', '89'),
      'PROV',
      false,
      'insi.unavailable',
    ],
  ] as const)('%s', async (_, traits, ins, status, inDoubt, code) => {
    const verdict = await service().vigilance.verify(ask(traits, { ins }), signal);
    expect(verdict).toMatchObject({ status, inDoubt });
    expect(codesOf(verdict)).toContain(code);
    expect(verdict.ins?.value).not.toBe('2751263220749');
  });
});

describe('what is not asked of INSi', () => {
  it.each([
    [{ attributes: ['douteuse'] }, 'insi.not-asked-douteuse'],
    [{ attributes: ['fictive'] }, 'insi.not-asked-fictive'],
    [{ attributes: ['homonyme', 'douteuse'] }, 'insi.not-asked-douteuse'],
  ] as const)('%j: provisoire, no call, no matricule, evidence or not', async (more, code) => {
    const { vigilance, insi } = service();
    const question = ask(zoe, { ...more, evidenceSeen: 'CN', ins: nir('2751263220749', '74') });
    const verdict = await vigilance.verify(question, signal);
    expect(verdict).toMatchObject({ outcome: 'not-asked', status: 'PROV', attributes: more.attributes });
    expect(verdict).not.toHaveProperty('ins');
    expect(codesOf(verdict)[0]).toBe(code);
    expect(await vigilance.cached(question)).toEqual(verdict);
    expect(insi.asked).toEqual([]);
  });

  it('a sex that INSi does not know', async () => {
    const { vigilance, insi } = service();
    const verdict = await vigilance.verify(ask({ ...zoe, sex: 'I' }, { evidenceSeen: 'CN' }), signal);
    expect(verdict).toMatchObject({ outcome: 'not-asked', status: 'VALI' });
    expect(insi.asked).toEqual([]);
  });

  it('homonyme is asked, and stays', async () => {
    const verdict = await service().vigilance.verify(
      ask(zoe, { attributes: ['homonyme'], evidenceSeen: 'CN' }),
      signal,
    );
    expect(verdict).toMatchObject({ status: 'QUAL', attributes: ['homonyme'] });
  });

  it('an invalid identity: every fault named by its place, no trait repeated', async () => {
    const { vigilance, insi } = service();
    const question = ask(
      { ...zoe, birthName: 'SECRETЖ', sex: 'X' as 'F' },
      { ins: { value: '2751263220749', key: '75', oid: `${OID}.10` }, attributes: ['fictive', 'homonyme'] },
    );
    const error = await vigilance.verify(question, signal).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BrokerError);
    expect(error).toMatchObject({ code: 'identity.invalid', next: 'reject' });
    const { findings } = error as BrokerError;
    expect(findings.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/traits/birthName traits.name-character',
      '/traits/sex traits.sex',
      '/ins/oid ins.oid-not-real',
      '/ins/key ins.key',
      '/attributes identity.attributes-excluded',
    ]);
    expect(JSON.stringify(findings)).not.toMatch(/SECRET|2751263220749/);
    expect(insi.asked).toEqual([]);
  });
});

it('no reason ever holds a trait', async () => {
  for (const { traits } of KNOWN) {
    const { vigilance } = service();
    const { reasons } = await vigilance.verify(ask(traits, { ins: nir('2751263220749', '74') }), signal);
    const said = JSON.stringify(reasons);
    expect(reasons.length).toBeGreaterThan(0);
    for (const value of [traits.birthName, ...traits.firstNames, traits.birthDate, '2751263220749'])
      expect(said).not.toContain(value);
  }
});
