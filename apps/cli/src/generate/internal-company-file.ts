import type { Exposure } from '#core/dmst';
import type { Generated } from './generated.ts';
import { addDays } from './world/calendar.ts';
import type { Establishment, Random, Worker, World } from './world.ts';
import { take } from './world.ts';

/** A list that a person reads: larger establishments send theirs by work unit. */
const MOST_WORKERS = 200;

/**
 * For each establishment, its file: alone, with the workers whose identity is verified, then as a line of a batch,
 * company data only.
 */
export function* generateInternalCompanyFile(world: World): Generator<Generated> {
  for (const establishment of world.establishments()) {
    const workers = [...take(world.workersOf(establishment), MOST_WORKERS)];
    const random = world.random(`internal-company-file ${establishment.serial}`);
    const file = companyFile(world, establishment, workers, random);
    const listed = workers.filter(({ identityStatus }) => ['VALI', 'QUAL'].includes(identityStatus));
    yield {
      object: 'company-file',
      json: { ...file, health: healthOf(workers), workers: listed.map(workerLine) },
    };
    yield { object: 'company-file-batch', json: file };
  }
}

function companyFile(
  { today, service }: World,
  establishment: Establishment,
  workers: readonly Worker[],
  random: Random,
): object {
  const { siren, siret, name, nafCode, nafVersion, place, workUnits, headcount } = establishment;
  const count = (of: (worker: Worker) => boolean) => workers.filter(of).length;
  const category = (worker: Worker) => worker.dossier.followUp[0]?.category;
  const document = (type: string, back: number) => ({ type, date: addDays(today, -random.int(30, back)) });
  return {
    schemaVersion: 'company-file/1',
    version: random.int(1, 12),
    asOf: today,
    company: { siren, name },
    establishment: {
      siret,
      nafCode,
      nafVersion,
      address: `${place.street}, ${place.postalCode} ${place.commune}`,
      cse: establishment.hasStaffCommittee,
    },
    headcount: {
      total: headcount,
      women: count(({ dossier }) => dossier.identity.sex === 'F'),
      men: count(({ dossier }) => dossier.identity.sex === 'M'),
    },
    workUnits: workUnits.map(({ id, name: label, jobs }) => ({
      id,
      label,
      headcount: count(({ workUnit }) => workUnit.id === id),
      pcs: [...new Set(jobs.map(({ pcsCode }) => pcsCode))],
    })),
    risks: risksOf(workers),
    documents: [document('FE', 1_400), ...(establishment.hasDuerp ? [document('DUERP', 360)] : [])],
    actions: [
      {
        type: random.pick(['ETUDE', 'CONSEIL', 'SENSIBILISATION']),
        date: addDays(today, -random.int(10, 700)),
        role: random.pick(service.nurses.length > 0 ? ['IPRP', 'ASST', 'IDEST'] : ['IPRP']),
        status: 'FAITE',
      },
    ],
    followUpSummary: {
      SI: count((worker) => category(worker) === 'SI'),
      SIA: count((worker) => category(worker) === 'SIA'),
      SIR: count((worker) => category(worker) === 'SIR'),
    },
  };
}

/** What those who work there now are exposed to, each exposure once, with how many. */
function risksOf(workers: readonly Worker[]): object[] {
  const risks = new Map<string, { exposure: Exposure; unit: string; exposedCount: number; level: number }>();
  for (const { dossier, workUnit } of workers) {
    for (const exposure of dossier.exposures.filter(({ to }) => to === undefined)) {
      const key = `${workUnit.id} ${exposure.label}`;
      const known = risks.get(key) ?? { exposure, unit: workUnit.id, exposedCount: 0, level: 0 };
      known.exposedCount += 1;
      known.level = Math.max(known.level, exposure.intensityClass ?? 0);
      risks.set(key, known);
    }
  }
  return [...risks.values()].map(({ exposure, unit, exposedCount, level }) => ({
    ...(exposure.tepCode === undefined ? {} : { tepCode: exposure.tepCode }),
    label: exposure.label,
    workUnit: unit,
    level,
    exposedCount,
    source: 'FE',
  }));
}

function healthOf(workers: readonly Worker[]): object {
  const events = workers.flatMap(({ dossier }) => dossier.occupationalEvents);
  return {
    accidents: events.filter(({ type }) => type === 'AT').length,
    rqth: workers.filter(({ dossier }) => dossier.adminHealth.rqth === true).length,
    restrictions: workers.filter(({ dossier }) => dossier.outputs.some(({ type }) => type === 'AMEN')).length,
  };
}

function workerLine({ serial, dossier, identityStatus, workUnit, job }: Worker): object {
  const { birthName, firstNames, sex, birthDate, birthPlace, ins } = dossier.identity;
  const { category, nextVisitDue } = dossier.followUp[0] ?? {};
  return {
    ref: `W-${serial}`,
    birthName,
    firstNames,
    sex,
    birthDate,
    ...(birthPlace === undefined ? {} : { birthPlace }),
    identityStatus,
    ...(ins === undefined || identityStatus !== 'QUAL'
      ? {}
      : { ins: { value: ins.value, key: ins.key, oid: ins.oid } }),
    workUnit: workUnit.id,
    pcsCode: job.pcsCode,
    ...(category === undefined ? {} : { followUp: category }),
    ...(nextVisitDue === undefined ? {} : { nextVisitDue }),
  };
}
