import { describe, expect, it } from 'vitest';
import { BrokerError, type IdentityQuestion, type Ins, type Traits } from '#core';
import type { InsiCaller, InsiSearch } from './insi/insi-search.ts';
import { createVigilance, type VigilanceOptions } from './vigilance.ts';

const OID = '1.2.250.1.213.1.4';
const zoeIns: Ins = { value: '2751263220749', key: '74', oid: `${OID}.8` };
const otherIns: Ins = { value: '1090763220834', key: '89', oid: `${OID}.8` };
const zoe: Traits = {
  birthName: 'ADRUN',
  firstNames: ['ZOE'],
  sex: 'F',
  birthDate: '1975-12-31',
  birthPlace: '63220',
};
const anthony: Traits = { birthName: 'CORSE', firstNames: ['ANTHONY'], sex: 'M', birthDate: '1980-03-02' };

/** Finds whoever is asked for, under one matricule, or fails each time. */
function finding(ins = zoeIns, failure?: BrokerError): InsiSearch & { asked: InsiCaller[] } {
  const asked: InsiCaller[] = [];
  return {
    asked,
    async search(traits, caller) {
      asked.push(caller);
      if (failure !== undefined) throw failure;
      return { outcome: 'found', calls: 1, identity: { traits, ins, history: [], keyMismatch: false } };
    },
  };
}

function service(change: Partial<VigilanceOptions> = {}) {
  const time = { ms: Date.parse('2026-11-22T10:00:00.000Z') };
  const insi = finding();
  const vigilance = createVigilance({
    insi,
    clock: { now: () => new Date(time.ms) },
    cacheLifetimeMs: 60_000,
    acceptedEvidence: ['CN'],
    environment: 'production',
    maxCachedVerdicts: 100,
    ...change,
  });
  return { vigilance, insi, time };
}

const signal = new AbortController().signal;
const ask = (traits: Traits, more: Partial<IdentityQuestion> = {}): IdentityQuestion => ({
  spsti: 'spsti-a',
  traits,
  startedBy: 'system',
  ...more,
});

describe('what goes wrong at INSi', () => {
  it('an answer is given, not an exception, when INSi is down; and it is asked again', async () => {
    const insi = finding(zoeIns, new BrokerError('insi.unavailable'));
    const { vigilance } = service({ insi });
    expect(await vigilance.verify(ask(zoe), signal)).toMatchObject({
      outcome: 'unavailable',
      status: 'PROV',
    });
    expect(await vigilance.cached(ask(zoe))).toBeUndefined();
    await vigilance.verify(ask(zoe), signal);
    expect(insi.asked).toHaveLength(2);
  });

  it.each(['insi.access-refused', 'insi.call-limit', 'internal'] as const)('%s goes up', async (code) => {
    const { vigilance } = service({ insi: finding(zoeIns, new BrokerError(code)) });
    await expect(vigilance.verify(ask(zoe), signal)).rejects.toMatchObject({ code });
  });

  it.each([
    [`${OID}.10`, 'production'],
    [`${OID}.11`, 'production'],
    [`${OID}.12`, 'test'],
  ] as const)('an OID %s in %s stops, and is not remembered', async (oid, environment) => {
    const insi = finding({ ...zoeIns, oid });
    const { vigilance } = service({ insi, environment });
    for (let i = 0; i < 2; i += 1)
      await expect(vigilance.verify(ask(zoe), signal)).rejects.toMatchObject({
        code: 'transport.bad-answer',
        next: 'stop',
      });
    expect(insi.asked).toHaveLength(2);
  });

  it('“found” without an identity is no answer', async () => {
    const { vigilance } = service({ insi: { search: async () => ({ outcome: 'found', calls: 1 }) } });
    await expect(vigilance.verify(ask(zoe), signal)).rejects.toMatchObject({ code: 'transport.bad-answer' });
  });
});

describe('the memory of answers', () => {
  it('serves the same service again, however the names are written, with the date of the call', async () => {
    const { vigilance, insi, time } = service();
    expect(await vigilance.cached(ask(zoe))).toBeUndefined();
    await vigilance.verify(ask(zoe), signal);
    time.ms += 59_000;
    const again = await vigilance.verify(ask({ ...zoe, birthName: 'Adrun', firstNames: ['Zoé'] }), signal);
    expect(again.verifiedAt).toBe('2026-11-22T10:00:00.000Z');
    expect((await vigilance.cached(ask(zoe, { evidenceSeen: 'CN' })))?.status).toBe('QUAL');
    expect((await vigilance.cached(ask(zoe, { ins: otherIns })))?.inDoubt).toBe(true);
    expect(insi.asked).toHaveLength(1);
  });

  it('is never shared by two services', async () => {
    const { vigilance, insi } = service();
    await vigilance.verify(ask(zoe), signal);
    expect(await vigilance.cached(ask(zoe, { spsti: 'spsti-b' }))).toBeUndefined();
    await vigilance.verify(ask(zoe, { spsti: 'spsti-b' }), signal);
    expect(insi.asked.map(({ spsti }) => spsti)).toEqual(['spsti-a', 'spsti-b']);
  });

  it('does not answer for another trait, whichever', async () => {
    const { vigilance } = service();
    await vigilance.verify(ask(zoe), signal);
    for (const change of [
      { birthName: 'ADRUNE' },
      { firstNames: ['ZOE', 'MARIE'] },
      { firstNames: ['ZOEMARIE'] },
      { sex: 'M' as const },
      { birthDate: '1975-12-30' },
      { birthPlace: '63221' },
    ])
      expect(await vigilance.cached(ask({ ...zoe, ...change }))).toBeUndefined();
  });

  it('ends with its lifetime', async () => {
    const { vigilance, insi, time } = service();
    await vigilance.verify(ask(zoe), signal);
    time.ms += 60_001;
    expect(await vigilance.cached(ask(zoe))).toBeUndefined();
    await vigilance.verify(ask(zoe), signal);
    expect(insi.asked).toHaveLength(2);
  });

  it('ends sooner when a verification is due again', async () => {
    const { vigilance, time } = service({ cacheLifetimeMs: 3 * 86_400_000, reverifyAfterDays: 1 });
    const { verifiedAt } = await vigilance.verify(ask(zoe), signal);
    time.ms += 86_399_999;
    expect(vigilance.reverificationDue(verifiedAt)).toBe(false);
    expect(await vigilance.cached(ask(zoe))).toBeDefined();
    time.ms += 1;
    expect(vigilance.reverificationDue(verifiedAt)).toBe(true);
    expect(await vigilance.cached(ask(zoe))).toBeUndefined();
  });

  it('has no age of its own when none is set', () => {
    expect(service().vigilance.reverificationDue('1970-01-01T00:00:00.000Z')).toBe(false);
  });

  it('keeps no more than it may, and nothing at all with no lifetime', async () => {
    const small = service({ maxCachedVerdicts: 1 });
    await small.vigilance.verify(ask(zoe), signal);
    await small.vigilance.verify(ask(anthony), signal);
    expect(await small.vigilance.cached(ask(zoe))).toBeUndefined();
    const none = service({ cacheLifetimeMs: 0 });
    await none.vigilance.verify(ask(zoe), signal);
    expect(await none.vigilance.cached(ask(zoe))).toBeUndefined();
  });

  it('is not spoiled by who reads a verdict', async () => {
    const { vigilance } = service();
    const verdict = await vigilance.verify(ask(zoe), signal);
    if (verdict.ins !== undefined) verdict.ins.value = '0000000000000';
    if (verdict.traits !== undefined) verdict.traits.birthName = 'X';
    expect((await vigilance.cached(ask(zoe)))?.ins?.value).toBe('2751263220749');
    expect((await vigilance.cached(ask(zoe)))?.traits?.birthName).toBe('ADRUN');
  });

  it.each([
    { cacheLifetimeMs: -1 },
    { cacheLifetimeMs: 1.5 },
    { cacheLifetimeMs: 2 ** 31 },
    { maxCachedVerdicts: 0 },
    { reverifyAfterDays: 0 },
  ])('refuses the settings %j', (change) => {
    expect(() => service(change)).toThrow(expect.objectContaining({ code: 'configuration.invalid' }));
  });
});
