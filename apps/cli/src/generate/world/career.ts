import type { Dmst, Employment, Exposure, FollowUp } from '#core/dmst';
import { addDays, addYears, ageOn, daysBetween } from './calendar.ts';
import { bandOf, companyName, type Establishment, MEMBERS } from './establishment.ts';
import { DURATIONS, EXPOSURES, type ExposureKind } from './exposure-catalog.ts';
import { siren, siret } from './identifiers.ts';
import type { Job } from './jobs.ts';
import type { Person } from './person.ts';
import type { Random } from './random.ts';
import { SECTORS } from './sectors.ts';
import { doctorName, type Professional, type Service } from './staff.ts';

/** One employment with what was met there. */
export interface Period {
  employment: Employment;
  job: Job;
  exposures: Exposure[];
  kinds: ExposureKind[];
  /** followed by this world's service */
  here: boolean;
  /** only for an employment followed here */
  followUp?: FollowUp;
}

/** Present employment first. */
export function careerOf(
  random: Random,
  given: {
    person: Person;
    establishment: Establishment;
    job: Job;
    today: string;
    rqth: boolean;
    invalidity: boolean;
  },
): Period[] {
  const { person, establishment, job, today } = given;
  const started = addDays(addYears(person.birthDate, 16), random.int(20, 200));
  const longest = Math.max(6, daysBetween(started, today));
  const tenure = Math.min(
    longest,
    random.weighted(TENURES.map(([span, weight]) => [random.int(...span), weight])),
  );
  const from = addDays(today, -Math.max(6, tenure));
  const minor = ageOn(person.birthDate, from) < 18;
  const present: Employment = {
    id: 'E1',
    employerSiret: establishment.siret,
    employerName: establishment.name,
    nafCode: establishment.nafCode,
    nafVersion: establishment.nafVersion,
    nafLabel: establishment.nafLabel,
    headcountBand: establishment.headcountBand,
    ...jobOf(random, job, person.sex),
    contractType: minor ? 'APP' : random.weighted(CONTRACTS),
    from,
  };
  const periods = [{ employment: present, job }, ...pastOf(random, person, started, from)];
  const followedSince = random.int(1, periods.length);
  let exposureNumber = 0;
  return periods.map(({ employment, job: held }, index) => {
    const here = index < followedSince;
    const kinds = held.exposures.filter(([, share]) => random.chance(share)).map(([name]) => EXPOSURES[name]);
    const exposures = kinds.map((kind) => {
      exposureNumber += 1;
      return exposureOf(random, kind, employment, `X${exposureNumber}`);
    });
    return {
      employment,
      job: held,
      exposures,
      kinds,
      here,
      ...(here
        ? { followUp: followUpOf(random, kinds, employment, { ...given, current: index === 0 }) }
        : {}),
    };
  });
}

const YEAR = 365;
/** Days in the present employment. */
const TENURES: readonly (readonly [readonly [number, number], number])[] = [
  [[6, YEAR], 17],
  [[YEAR, 5 * YEAR], 35],
  [[5 * YEAR, 15 * YEAR], 32],
  [[15 * YEAR, 30 * YEAR], 16],
];
const CONTRACTS: readonly (readonly [string, number])[] = [
  ['CDI', 86],
  ['CDD', 8],
  ['INT', 3],
  ['APP', 2],
  ['SAI', 1],
];

function jobOf(random: Random, job: Job, sex: 'M' | 'F') {
  return {
    jobTitle: job.title[sex],
    pcsCode: job.pcsCode,
    pcsVersion: 'PCS-ESE-2017',
    pcsLabel: job.pcsLabel,
    workTime: random.weighted<number>([
      [100, sex === 'F' ? 70 : 92],
      [80, sex === 'F' ? 14 : 4],
      [50, sex === 'F' ? 16 : 4],
    ]),
    schedule: job.schedule,
    workUnit: job.workUnit,
  };
}

/** Backwards from the present one, while there was an age to work. */
function pastOf(
  random: Random,
  person: Person,
  started: string,
  before: string,
): { employment: Employment; job: Job }[] {
  const past: { employment: Employment; job: Job }[] = [];
  let to = addDays(before, -random.int(1, 300));
  while (past.length < 4 && daysBetween(started, to) > 400 && random.chance(0.8)) {
    const from = addDays(to, -random.int(200, Math.min(4000, daysBetween(started, to))));
    const sector = random.weighted(SECTORS.map((choice) => [choice, choice.weight]));
    const job = random.pick(sector.jobs);
    const temporary = random.chance(0.06);
    past.push({
      job,
      employment: {
        id: `E${past.length + 2}`,
        employerSiret: siret(siren(random.int(0, MEMBERS - 1)), 1),
        employerName: companyName(random),
        nafCode: sector.nafCode,
        nafVersion: 'NAF-REV2',
        nafLabel: sector.nafLabel,
        headcountBand: bandOf(random.int(1, 80)),
        ...jobOf(random, job, person.sex),
        contractType: temporary ? 'INT' : random.weighted(CONTRACTS),
        ...(temporary ? { temporaryAgency: { name: 'Intérim Exemple (fictif)' } } : {}),
        from,
        to,
      },
    });
    to = addDays(from, -random.int(1, 400));
  }
  return past;
}

function exposureOf(
  random: Random,
  kind: ExposureKind,
  { id: employmentRef, from, to }: Employment,
  id: string,
): Exposure {
  const { tepCode, label, l4161Factor, sirTrigger, collective = [], ppe = [], measure } = kind;
  return {
    id,
    tepCode,
    label,
    ...(l4161Factor === undefined ? {} : { l4161Factor }),
    from,
    ...(to === undefined ? {} : { to }),
    intensityClass: random.weighted([
      [1, 30],
      [2, 40],
      [3, 22],
      [4, 8],
    ]),
    durationClass: random.weighted(DURATIONS),
    frequency: random.pick(['QUOTIDIENNE', 'QUOTIDIENNE', 'HEBDOMADAIRE', 'MENSUELLE', 'OCCASIONNELLE']),
    collectiveProtection: random.chance(0.6) ? [...collective] : [],
    ppe: random.chance(0.7) ? [...ppe] : [],
    source: random.pick(['FE', 'DUERP', 'VISITE', 'ETUDE', 'FDS', 'EMPLOYEUR', 'SALARIE']),
    ...(measure !== undefined && random.chance(0.3)
      ? {
          measure: {
            value: Math.max(0.01, random.bell(measure.mean, measure.deviation, 2)),
            unit: measure.unit,
            limit: measure.limit,
          },
        }
      : {}),
    employmentRef,
    ...(sirTrigger === undefined ? {} : { sirTrigger }),
  };
}

function followUpOf(
  random: Random,
  kinds: readonly ExposureKind[],
  { from, to }: Employment,
  given: { person: Person; today: string; rqth: boolean; invalidity: boolean; current: boolean },
): FollowUp {
  const { person, today, current } = given;
  const reinforced = [
    ...new Set(kinds.flatMap(({ sirTrigger }) => (sirTrigger === undefined ? [] : [sirTrigger]))),
  ];
  if (reinforced.length === 0 && random.chance(0.005)) reinforced.push('EMPLOYEUR');
  const age = ageOn(person.birthDate, today);
  const adapted = [
    ...new Set<string>([
      ...kinds.flatMap(({ siaTrigger }) => (siaTrigger === undefined ? [] : [siaTrigger])),
      ...(ageOn(person.birthDate, to ?? today) < 18 ? ['MINEUR'] : []),
      ...(current && given.rqth ? ['RQTH'] : []),
      ...(current && given.invalidity ? ['INVALIDITE'] : []),
      ...(current && person.sex === 'F' && age > 21 && age < 43 && random.chance(0.025) ? ['GROSSESSE'] : []),
    ]),
  ];
  return {
    category: reinforced.length > 0 ? 'SIR' : adapted.length > 0 ? 'SIA' : 'SI',
    triggers: [...reinforced, ...adapted],
    from,
    ...(to === undefined ? {} : { to }),
    declaredByEmployer: reinforced.length > 0 || random.chance(0.6),
  };
}

/** The services that followed the worker: this one since the earliest employment followed here. */
export function servicesOf(
  random: Random,
  periods: readonly Period[],
  service: Service,
  doctor: Professional,
): Dmst['services'] {
  const here = periods.filter((period) => period.here);
  const elsewhere = periods.filter((period) => !period.here);
  const [first] = elsewhere.slice(-1);
  return [
    {
      spst: { siret: service.siret, name: service.name },
      from: here.at(-1)?.employment.from ?? '',
      isCurrent: true,
      mt: { name: doctor.name, RPPS: doctor.RPPS },
    },
    ...(first === undefined
      ? []
      : [
          {
            spst: {
              siret: siret(siren(99_990 + random.int(0, 8)), 1),
              name: 'Service de santé au travail d’ailleurs (fictif)',
            },
            from: first.employment.from,
            to: elsewhere[0]?.employment.to ?? first.employment.from,
            isCurrent: false,
            mt: { name: doctorName(random) },
          },
        ]),
  ];
}
