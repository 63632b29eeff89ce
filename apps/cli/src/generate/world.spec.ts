import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowOf } from '#contracts';
import { compileSchemas, type Finding, insKey } from '#core';
import type { Dmst } from '#core/dmst';
import { exposureOnlyDmst, fullDmst, opposedToTransmission, summaryDmst } from './dmst.ts';
import { createWorld, take, type Worker } from './world.ts';

const flow = flowOf('dmst-portability');
if (flow === undefined) throw new Error('the flow dmst-portability is gone');
const bySchema = compileSchemas(flow);

/** As accept does: what the schema says, then what it cannot say. */
function findings(json: Dmst): Finding[] {
  const content = { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(json)), json };
  const found = bySchema('response', json);
  return found.length > 0
    ? found
    : (flow?.hooks['response']?.check?.(content, { now: '2026-06-30T08:00:00.000Z', recipients: [] }) ?? []);
}

function workers(seed: number, count: number): Worker[] {
  return [...take(createWorld({ seed }).workers(), count)];
}

const many = workers(1, 4000);
const share = (chosen: readonly unknown[], of: readonly unknown[]) => chosen.length / of.length;

describe('the dossier of every worker, whatever the seed', () => {
  it.each([
    ['full', (worker: Worker) => fullDmst(worker)],
    ['summary', (worker: Worker) => summaryDmst(worker, '2026-06-30')],
    ['exposure-only', exposureOnlyDmst],
  ] as const)('is valid in profile %s', (profile, project) => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        for (const worker of workers(seed, 40)) {
          const dmst = project(worker);
          expect(dmst.profile).toBe(profile);
          const expected = opposedToTransmission(worker) ? ['dmst.opposition-in-force'] : [];
          expect(
            findings(dmst).map(({ code }) => code),
            `worker ${worker.serial}`,
          ).toEqual(expected);
        }
      }),
      { numRuns: 25, seed: 20260630 },
    );
  });

  it('holds nothing that happened after the day of the world, the hiring of nobody included', () => {
    const dates = many.flatMap(({ dossier }) => [
      ...dossier.visits.map(({ date }) => date),
      ...dossier.exams.map(({ date }) => date),
      ...dossier.vaccinations.map(({ date }) => date),
      ...dossier.occupationalEvents.map(({ date }) => date),
      ...dossier.employments.map(({ from }) => from),
    ]);
    expect(dates.filter((date) => date > '2026-06-30')).toEqual([]);
  });
});

describe('a world', () => {
  it('is the same, byte for byte, for the same seed, and another for another seed', () => {
    expect(JSON.stringify(workers(7, 50))).toBe(JSON.stringify(workers(7, 50)));
    expect(JSON.stringify(workers(7, 50))).not.toBe(JSON.stringify(workers(8, 50)));
  });

  it('gives a worker alone as in the crowd', () => {
    const world = createWorld({ seed: 3 });
    const [, second] = [...take(world.establishments(), 2)];
    if (second === undefined) throw new Error('no second establishment');
    const alone = [...world.workersOf(second)];
    const walk = [...take(world.workers(), second.firstWorker + second.headcount)].slice(second.firstWorker);
    expect(alone).toHaveLength(second.headcount);
    expect(alone).toEqual(walk);
  });

  it('moves with its day', () => {
    const [worker] = [...take(createWorld({ seed: 1, today: '2030-01-15' }).workers(), 1)];
    expect(worker?.dossier.employments[0]?.from).not.toBe(many[0]?.dossier.employments[0]?.from);
  });
});

describe('people', () => {
  it('bear matricules of invented communes, whose key is right, and never the same twice', () => {
    const matricules = many.map(({ matricule }) => matricule);
    expect(matricules.filter(({ value }) => !/^[12][0-9]{4}(?:[0-9]{2}|2A)99[0-9]{4}$/.test(value))).toEqual(
      [],
    );
    expect(matricules.filter(({ value, key }) => insKey(value) !== key)).toEqual([]);
    expect(new Set(matricules.map(({ value }) => value)).size).toBe(many.length);
  });

  it('bear the sex, birth month and birth place that their matricule tells', () => {
    for (const { matricule, dossier } of many) {
      const { sex, birthDate, birthPlace = '' } = dossier.identity;
      const told = `${sex === 'M' ? 1 : 2}${birthDate.slice(2, 4)}${birthDate.slice(5, 7)}${birthPlace}`;
      expect(matricule.value.slice(0, 10)).toBe(told);
    }
  });

  it('have a telephone of the fictitious ranges and an address that nobody reads', () => {
    const contacts = many.map(({ dossier }) => dossier.identity.contact);
    expect(contacts.filter((c) => !/^(01 99 00|06 39 98)( [0-9]{2}){2}$/.test(c?.phone ?? ''))).toEqual([]);
    expect(contacts.filter((c) => c?.email !== undefined && !c.email.endsWith('@example.org'))).toEqual([]);
  });

  it('carry their matricule in the dossier only when it is qualified', () => {
    for (const { dossier, identityStatus } of many)
      expect(dossier.identity.ins?.status).toBe(identityStatus === 'QUAL' ? 'QUAL' : undefined);
    const qualified = share(
      many.filter(({ identityStatus }) => identityStatus === 'QUAL'),
      many,
    );
    expect(qualified).toBeGreaterThan(0.8);
    expect(qualified).toBeLessThan(0.92);
  });
});

describe('the whole looks like a service', () => {
  const establishments = [...take(createWorld({ seed: 1 }).establishments(), 3000)];

  it.each<[string, number, number, (worker: Worker) => boolean]>([
    ['reinforced follow-up', 0.05, 0.3, ({ dossier }) => dossier.followUp[0]?.category === 'SIR'],
    ['adapted follow-up', 0.05, 0.4, ({ dossier }) => dossier.followUp[0]?.category === 'SIA'],
    ['women', 0.35, 0.65, ({ dossier }) => dossier.identity.sex === 'F'],
    ['agents of the State', 0.005, 0.1, ({ stateEmployee }) => stateEmployee],
    ['opposed to transmission', 0.005, 0.03, opposedToTransmission],
    ['opposed to reuse', 0.015, 0.05, ({ opposedToReuse }) => opposedToReuse],
    ['with a sick leave', 0.3, 0.9, ({ sickLeaves }) => sickLeaves.length > 0],
    ['with a plan against job loss', 0.01, 0.25, ({ dossier }) => dossier.pdp.length > 0],
    ['declared unfit', 0.001, 0.05, ({ dossier }) => dossier.outputs.some(({ type }) => type === 'INAP')],
  ])('%s: between %f and %f of the workers', (_, least, most, chosen) => {
    const found = share(many.filter(chosen), many);
    expect(found).toBeGreaterThan(least);
    expect(found).toBeLessThan(most);
  });

  it('most establishments have fewer than ten workers', () => {
    const small = share(
      establishments.filter(({ headcount }) => headcount < 10),
      establishments,
    );
    expect(small).toBeGreaterThan(0.75);
    expect(small).toBeLessThan(0.81);
  });

  it('SIREN and SIRET are of the range 990, sound by Luhn, and a SIRET names one establishment', () => {
    const luhn = (digits: string) =>
      [...digits].toReversed().reduce((sum, d, at) => {
        const value = Number(d) * (1 + (at % 2));
        return sum + (value > 9 ? value - 9 : value);
      }, 0) % 10;
    for (const { siren, siret } of establishments) {
      expect(siret).toMatch(/^990[0-9]{11}$/);
      expect(siret.startsWith(siren)).toBe(true);
      expect([luhn(siren), luhn(siret)]).toEqual([0, 0]);
    }
    expect(new Set(establishments.map(({ siret }) => siret)).size).toBe(establishments.length);
  });

  it('reinforced follow-up always has the exposure that asks for it, unless the employer added the post', () => {
    for (const { dossier } of many) {
      const [followUp] = dossier.followUp;
      if (followUp?.category !== 'SIR' || followUp.triggers?.includes('EMPLOYEUR') === true) continue;
      const met = dossier.exposures.flatMap(({ sirTrigger, to }) => (to === undefined ? [sirTrigger] : []));
      expect(met).toContain(followUp.triggers?.[0]);
    }
  });
});
