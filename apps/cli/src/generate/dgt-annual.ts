import type { Generated } from './generated.ts';
import type { Worker, World } from './world.ts';

const WORKERS_PER_REPORT = 40;
const CATEGORIES = ['SI', 'SIA', 'SIR'];
const TRIGGERS = [
  'AMIANTE',
  'PLOMB',
  'CMR',
  'BIO34',
  'RAYONNEMENTS',
  'HYPERBARE',
  'ECHAFAUDAGE',
  'APTITUDE',
  'EMPLOYEUR',
];
const TYPES = [
  'VIPI',
  'VIPP',
  'EMAE',
  'EMAP',
  'VINT',
  'VPRE',
  'VREP',
  'VDEM-S',
  'VDEM-E',
  'VDEM-M',
  'VMIC',
  'VPEX',
  'VFIN',
];
const BANDS = ['<10', '10-49', '50-299', '300+'];
/** First NAF division after each section, A to U. */
const SECTIONS = [4, 10, 35, 36, 41, 45, 49, 55, 58, 64, 68, 69, 77, 84, 85, 86, 90, 94, 97, 99, 100];

type Row = Record<string, number>;

/** The report of last year of a service that would follow the next workers of this world, one small service after another. */
export function* generateDgtAnnual(world: World): Generator<Generated> {
  let followed: Worker[] = [];
  let version = 1;
  for (const worker of world.workers()) {
    followed.push(worker);
    if (followed.length < WORKERS_PER_REPORT) continue;
    yield { object: 'report', json: reportOf(world, followed, version) };
    followed = [];
    version += 1;
  }
}

function reportOf(world: World, workers: readonly Worker[], version: number): object {
  const random = world.random(`dgt-annual ${version}`);
  const year = Number(world.today.slice(0, 4)) - 1;
  const byCategory = categoriesOf(workers);
  const byType = visitsOf(workers, String(year));
  const fte = 0.2;
  const charges = random.int(5_000, 9_000);
  const { IDEST = 0, other = 0, total = 0 } = byType['total'] ?? {};
  return {
    year,
    version: version % 999 || 1,
    service: {
      siret: world.service.siret,
      kind: 'SPSTI',
      approval: { from: `${year - 2}-07-01`, to: `${year + 3}-06-30` },
      certificationLevel: random.int(1, 3),
      regions: ['99'],
      sectors: 1,
      centres: 2,
    },
    members: { establishments: membersOf(workers), independents: random.int(0, 12) },
    followed: {
      byCategory,
      sirTriggers: Object.fromEntries(
        TRIGGERS.map((trigger) => [
          trigger,
          workers.filter((one) => triggersOf(one).includes(trigger)).length,
        ]),
      ),
      temporary: workers.filter(({ dossier }) => dossier.employments[0]?.contractType === 'INT').length,
    },
    staff: [
      { role: 'MT', heads: 1, fte },
      { role: 'IDEST', heads: 1, fte: 0.3 },
      { role: 'ASST', heads: 1, fte: 0.4 },
    ],
    workersPerMtFte: rounded(workers.length / fte),
    visits: {
      byType,
      noShows: random.int(0, 9),
      delegatedShare: total === 0 ? 0 : rounded((100 * (IDEST + other)) / total),
    },
    outputs: outputsOf(workers, String(year), random.int(0, 99)),
    actions: {
      feCreated: random.int(0, 4),
      feUpdated: random.int(0, 6),
      feUnderFourYears: 1,
      studies: random.int(0, 3),
      advice: random.int(0, 9),
      duerpHelp: random.int(0, 3),
      collectiveActions: random.int(0, 2),
      duerpReceived: random.int(0, 9),
    },
    pdp: pdpOf(workers),
    offers: {
      complementary: false,
      independents: true,
      contributions: charges + 500,
      charges,
      costPerWorker: rounded(charges / workers.length),
    },
    quality: { completeness: 100, computationVersion: 'generate 1.0.0' },
  };
}

function categoriesOf(workers: readonly Worker[]): Record<string, Row> {
  const rows = CATEGORIES.map((category) => {
    const those = workers.filter(({ dossier }) => dossier.followUp[0]?.category === category);
    const women = those.filter(({ dossier }) => dossier.identity.sex === 'F').length;
    return [category, { women, men: those.length - women, total: those.length }] as const;
  });
  return withTotal(rows);
}

function visitsOf(workers: readonly Worker[], year: string): Record<string, Row> {
  const visits = workers.flatMap(({ dossier }) => dossier.visits.filter(({ date }) => date.startsWith(year)));
  const rows = TYPES.map((type) => {
    const those = visits.filter((visit) => visit.type === type);
    const by = (role: string) => those.filter(({ professional }) => professional.role === role).length;
    const remote = those.filter(({ modality }) => modality === 'TELE').length;
    const [MT, IDEST, total] = [by('MT'), by('IDEST'), those.length];
    return [type, { MT, IDEST, other: total - MT - IDEST, onSite: total - remote, remote, total }] as const;
  });
  return withTotal(rows);
}

function withTotal(rows: readonly (readonly [string, Row])[]): Record<string, Row> {
  const total: Row = {};
  for (const [, row] of rows)
    for (const [column, count] of Object.entries(row)) total[column] = (total[column] ?? 0) + count;
  return { ...Object.fromEntries(rows), total };
}

function triggersOf({ dossier }: Worker): string[] {
  const [followUp] = dossier.followUp;
  return followUp?.category === 'SIR' ? (followUp.triggers ?? []) : [];
}

function outputsOf(workers: readonly Worker[], year: string, drawn: number): object {
  const outputs = workers.flatMap(({ dossier }) =>
    dossier.outputs.filter(({ date }) => date.startsWith(year)),
  );
  const count = (type: string) => outputs.filter((output) => output.type === type).length;
  const unfit = count('INAP');
  const exempted = drawn % (unfit + 1);
  return {
    ATTS: count('ATTS'),
    APTI: count('APTI'),
    INAP: { withRedeployment: unfit - exempted, exemptedHarmful: 0, exemptedAnyPost: exempted, total: unfit },
    AMEN: count('AMEN'),
    ANCI: count('ANCI'),
  };
}

function pdpOf(workers: readonly Worker[]): object {
  const all = workers.flatMap(({ dossier }) => dossier.pdp);
  const ongoing = all.filter(({ closed }) => closed === undefined).length;
  return {
    cell: true,
    referred: all.length,
    accompanied: all.length,
    outcomes: { kept: all.length - ongoing, adapted: 0, retrained: 0, unfit: 0, ongoing },
    socialSupport: all.filter(({ crpe }) => crpe === true).length,
    essaiEncadre: all.filter(({ essaiEncadre }) => essaiEncadre === true).length,
  };
}

function membersOf(workers: readonly Worker[]): object {
  const all = [...new Map(workers.map(({ establishment }) => [establishment.siret, establishment])).values()];
  const count = (is: (one: (typeof all)[number]) => boolean) => all.filter(is).length;
  const section = (nafCode: string) => SECTIONS.findIndex((next) => Number(nafCode.slice(0, 2)) < next);
  return {
    byBand: Object.fromEntries(BANDS.map((band) => [band, count((one) => one.headcountBand === band)])),
    byNafSection: Object.fromEntries(
      SECTIONS.map((_, n) => [String.fromCharCode(65 + n), count(({ nafCode }) => section(nafCode) === n)]),
    ),
    total: all.length,
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
