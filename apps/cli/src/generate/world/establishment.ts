import type { Employment } from '#core/dmst';
import { siren, siret } from './identifiers.ts';
import type { Job } from './jobs.ts';
import { type Place, placeOf } from './places.ts';
import { type Random, randomOf } from './random.ts';
import type { Sector } from './sector.ts';
import { SECTORS } from './sectors.ts';

/** Place of the single risk document (DUERP) where the exposures are alike. */
export interface WorkUnit {
  /** own to the establishment: `U1`, `U2`, … */
  id: string;
  name: string;
  jobs: readonly Job[];
}

export interface Establishment {
  /** 0, 1, 2, … in the order of the world */
  serial: number;
  siren: string;
  siret: string;
  name: string;
  nafCode: string;
  nafVersion: 'NAF-REV2';
  nafLabel: string;
  /** workers followed by the service, all of them given by `workersOf` */
  headcount: number;
  headcountBand: NonNullable<Employment['headcountBand']>;
  place: Place;
  workUnits: readonly WorkUnit[];
  /** its workers are agents of the State */
  state: boolean;
  hasDuerp: boolean;
  hasStaffCommittee: boolean;
  /** serial of its first worker; the others follow */
  firstWorker: number;
}

const FORMS = ['Établissements', 'Société', 'Comptoir', 'Ateliers', 'Groupe', 'Entreprise'];
const TRADES = [
  'du Vallon',
  'des Trois Ponts',
  'de la Plaine',
  'du Lac',
  'des Sources',
  'de la Combe',
  'des Puys',
];

/** A name that is nobody's. */
export function companyName(random: Random): string {
  return `${random.pick(FORMS)} ${random.pick(TRADES)} (fictif)`;
}

/** With the sectors that have a least headcount, 78 % of the establishments are under ten, as in the whole country. */
const BANDS: readonly (readonly [readonly [number, number], number])[] = [
  [[1, 9], 0.82],
  [[10, 49], 0.14],
  [[50, 299], 0.035],
  [[300, 500], 0.005],
];

/** SIREN of the range that companies may have; the services have the others. */
export const MEMBERS = 99_900;

/** Establishments without end, each drawn from the seed and its number alone. */
export function* establishmentsOf(seed: number): Generator<Establishment> {
  const shift = randomOf(seed, 'companies').int(0, MEMBERS - 1);
  let serial = 0;
  let firstWorker = 0;
  for (let company = 0; ; company += 1) {
    const random = randomOf(seed, `company ${company}`);
    const sector = random.weighted(SECTORS.map((choice) => [choice, choice.weight]));
    const owner = companyName(random);
    const name = sector.state === true ? `Direction départementale n° ${company} (fictive)` : owner;
    const sites = random.chance(0.1) ? random.int(2, 4) : 1;
    // a permutation: neighbours do not look alike, and the first 99 900 companies have each their own
    const number = (company * 38_677 + shift) % MEMBERS;
    for (let site = 1; site <= sites; site += 1) {
      const establishment = oneOf(random, sector, {
        serial,
        firstWorker,
        name,
        siren: siren(number),
        site,
      });
      yield establishment;
      serial += 1;
      firstWorker += establishment.headcount;
    }
  }
}

function oneOf(
  random: Random,
  sector: Sector,
  given: { serial: number; firstWorker: number; name: string; siren: string; site: number },
): Establishment {
  const { site, ...rest } = given;
  const [least, most] = random.weighted(BANDS);
  const headcount = Math.max(sector.least ?? 1, random.int(least, most));
  return {
    ...rest,
    siret: siret(rest.siren, site),
    nafCode: sector.nafCode,
    nafVersion: 'NAF-REV2',
    nafLabel: sector.nafLabel,
    headcount,
    headcountBand: bandOf(headcount),
    place: placeOf(random),
    workUnits: workUnitsOf(sector),
    state: sector.state === true,
    hasDuerp: random.chance(headcount < 10 ? 0.45 : 0.85),
    hasStaffCommittee: headcount >= 11 && random.chance(0.7),
  };
}

export function bandOf(headcount: number): Establishment['headcountBand'] {
  if (headcount < 10) return '<10';
  if (headcount < 50) return '10-49';
  return headcount < 300 ? '50-299' : '300+';
}

function workUnitsOf({ jobs }: Sector): WorkUnit[] {
  const names = [...new Set(jobs.map(({ workUnit }) => workUnit))];
  return names.map((name, index) => ({
    id: `U${index + 1}`,
    name,
    jobs: jobs.filter(({ workUnit }) => workUnit === name),
  }));
}
