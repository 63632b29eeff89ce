import type { IdentityStatus, Ins } from '#core';
import type { Dmst } from '#core/dmst';
import { addDays, addYears } from './calendar.ts';
import { careerOf, servicesOf } from './career.ts';
import type { Establishment, WorkUnit } from './establishment.ts';
import { healthOf } from './health.ts';
import { rpps } from './identifiers.ts';
import type { Job } from './jobs.ts';
import { auditTrailOf, informationOf, lettersOf, pdpOf, rightsOf, thirdPartiesOf } from './paperwork.ts';
import { personOf } from './person.ts';
import type { Place } from './places.ts';
import { type Random, randomOf } from './random.ts';
import { type SickLeave, sickLeavesOf } from './sick-leaves.ts';
import { doctorName, type Service } from './staff.ts';
import { visitsOf } from './visits.ts';

/** A dossier of which every list is there, be it empty. */
export type FullDmst = Dmst &
  Required<
    Pick<
      Dmst,
      | 'adminHealth'
      | 'exposures'
      | 'exposureStatements'
      | 'dosimetry'
      | 'visits'
      | 'outputs'
      | 'history'
      | 'occupationalEvents'
      | 'symptomsByVisit'
      | 'treatments'
      | 'lifestyle'
      | 'exams'
      | 'vaccinations'
      | 'workLink'
      | 'correspondence'
      | 'informationGiven'
      | 'pdp'
      | 'rights'
      | 'thirdPartyInfo'
      | 'attachments'
      | 'auditTrail'
      | 'closure'
    >
  >;

export interface Worker {
  /** 0, 1, 2, … in the order of the world */
  serial: number;
  establishment: Establishment;
  workUnit: WorkUnit;
  job: Job;
  /** home */
  place: Place;
  /** the true one, even of people whose identity is not qualified (`dossier.identity.ins` is then absent) */
  matricule: Ins;
  identityStatus: IdentityStatus;
  stateEmployee: boolean;
  /** opposed to the reuse of data for research (about 3 %) */
  opposedToReuse: boolean;
  /** leaves of the present employment, oldest first */
  sickLeaves: readonly SickLeave[];
  /**
   * All that the service holds, `dmst-exchange/1`, profile `full`: oppositions and third-party blocks too. The present
   * employment is the first of `employments`, the present follow-up the first of `followUp`.
   */
  dossier: FullDmst;
}

export function workerOf(
  { seed, today, service }: { seed: number; today: string; service: Service },
  establishment: Establishment,
  serial: number,
): Worker {
  const random = randomOf(seed, `worker ${serial}`);
  const jobs = establishment.workUnits.flatMap((unit) => unit.jobs.map((job) => ({ unit, job })));
  const { unit, job } = random.weighted(jobs.map((choice) => [choice, choice.job.weight]));
  const person = personOf(random, { serial, women: job.women, today });
  const rqth = random.chance(0.05);
  const invalidity = random.chance(0.012);
  const periods = careerOf(random, { person, establishment, job, today, rqth, invalidity });
  const since = periods[0]?.employment.from ?? today;
  const sickLeaves = sickLeavesOf(random, person, since, today);
  const team = {
    doctor: service.doctors[establishment.serial % service.doctors.length] as Service['doctors'][number],
    nurse: service.nurses[establishment.serial % service.nurses.length] as Service['nurses'][number],
  };
  const { visits, outputs } = visitsOf(random, { person, periods, leaves: sickLeaves, team, today });
  const [first] = visits;
  const last = visits.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a worker was never seen');
  const pdp = pdpOf(random, sickLeaves, rqth, today);
  const exposures = periods.flatMap((period) => period.exposures);
  const dossier: FullDmst = {
    schemaVersion: 'dmst-exchange/1',
    profile: 'full',
    identity: person.identity,
    adminHealth: adminHealthOf(random, rqth, invalidity),
    services: servicesOf(random, periods, service, team.doctor),
    employments: periods.map(({ employment }) => employment),
    followUp: periods.flatMap(({ followUp }, index) =>
      followUp === undefined
        ? []
        : [index === 0 ? { ...followUp, nextVisitDue: nextDue(followUp.category, last.date) } : followUp],
    ),
    exposures,
    exposureStatements: visits
      .filter(({ type }) => type === 'VPEX' || type === 'VFIN')
      .map(({ type, date }) => ({
        type: type as 'VPEX' | 'VFIN',
        date,
        text: `État des lieux : ${[...new Set(exposures.map(({ label }) => label))].slice(0, 8).join(' ; ')}.`,
      })),
    dosimetry: exposures
      .filter(({ sirTrigger, to }) => sirTrigger === 'RAYONNEMENTS' && to === undefined)
      .slice(0, 1)
      .map(() => ({
        period: String(Number(today.slice(0, 4)) - 1),
        effectiveDose: random.int(0, 30) / 10,
        source: 'SISERI',
      })),
    visits,
    outputs,
    ...healthOf(random, { person, periods, visits, leaves: sickLeaves, today }),
    ...lettersOf(random, last),
    informationGiven: informationOf(random, visits),
    pdp,
    rights: rightsOf(random, first, pdp.length > 0),
    thirdPartyInfo: thirdPartiesOf(random),
    auditTrail: auditTrailOf(random, visits, service, team.doctor),
    closure: {
      lastVisitAt: last.date,
      retentionEnd: addYears(last.date, 40),
      claimOpen: random.chance(0.002),
    },
  };
  return {
    serial,
    establishment,
    workUnit: unit,
    job,
    place: person.place,
    matricule: person.matricule,
    identityStatus: person.identityStatus,
    stateEmployee: establishment.state,
    opposedToReuse: random.chance(0.03),
    sickLeaves,
    dossier,
  };
}

function adminHealthOf(random: Random, rqth: boolean, invalidity: boolean): FullDmst['adminHealth'] {
  const number = random.int(500_000, 999_999);
  return {
    ...(random.chance(0.85)
      ? {
          treatingDoctor: {
            name: doctorName(random),
            RPPS: rpps(number),
            ...(random.chance(0.7) ? { MSSante: `medecin.${number}@mssante.example.org` } : {}),
          },
        }
      : {}),
    rqth,
    ...(invalidity ? { invalidity: random.int(1, 2) } : {}),
    ald: random.chance(0.08),
  };
}

function nextDue(category: 'SI' | 'SIA' | 'SIR', last: string): string {
  return addDays(addYears(last, { SI: 5, SIA: 3, SIR: 2 }[category]), -1);
}
