import { createHash } from 'node:crypto';
import type { Generated } from './generated.ts';
import { addDays } from './world/calendar.ts';
import type { Establishment, Worker, World } from './world.ts';

const SIR_TRIGGERS = [
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
/** What an appointment may be for, as an employer sees it. */
const SHOWN = ['VIPI', 'VIPP', 'EMAE', 'EMAP', 'VINT', 'VREP', 'VDEM-E', 'VDEM-M', 'VMIC', 'VPEX', 'VFIN'];
const OUTPUTS = ['ATTS', 'APTI', 'INAP', 'AMEN'] as const;

/** For each employer: its establishment, the avis of its workers since last year, and a declaration of its own. */
export function* generateEmployerPortal(world: World): Generator<Generated> {
  for (const establishment of world.establishments()) {
    const workers = [...world.workersOf(establishment)];
    const employer = {
      siret: establishment.siret,
      employer: {
        name: establishment.name,
        address: `${establishment.serial} rue du Modèle, 99999 VALFICTIF`,
      },
    };
    yield {
      object: 'employer-view',
      json: { ...employer, establishment: establishmentOf(world, establishment, workers) },
    };
    for (const worker of workers) {
      for (const output of outputsOf(world, worker))
        yield { object: 'employer-view', json: { ...employer, output } };
    }
    yield { object: 'declaration', json: declarationOf(world, establishment, workers) };
  }
}

function since(world: World): string {
  return `${Number(world.today.slice(0, 4)) - 1}-01-01`;
}

/** Outputs that employers get, with the visit that gave them: never of a préreprise. */
function given(world: World, { dossier }: Worker) {
  return dossier.outputs.flatMap(({ type, date, restrictions = [], visitRef }) => {
    const visit = dossier.visits.find(({ id }) => id === visitRef);
    const shown = OUTPUTS.find((one) => one === type);
    if (visit === undefined || shown === undefined || date < since(world) || visit.type === 'VPRE') return [];
    return [{ type: shown, date, visit, measures: restrictions.map(({ label }) => label) }];
  });
}

function* outputsOf(world: World, worker: Worker): Generator<object> {
  const { identity, employments, followUp } = worker.dossier;
  const { birthName, firstNames, usedName, birthDate, sex, birthPlace } = identity;
  const [first] = followUp;
  const triggers = sirTriggersOf(worker);
  for (const [n, { type, date, visit, measures }] of given(world, worker).entries()) {
    const { role, name = 'Dr EXEMPLE' } = visit.professional;
    if (type !== 'ATTS' && role !== 'MT') continue;
    if ((type === 'APTI' && triggers.length === 0) || (type === 'AMEN' && measures.length === 0)) continue;
    yield {
      type,
      worker: {
        birthName,
        firstNames,
        birthDate,
        sex,
        ...(usedName === undefined ? {} : { usedName }),
        ...(birthPlace === undefined ? {} : { birthPlace }),
      },
      jobTitle: employments[0]?.jobTitle ?? 'Poste non précisé',
      visit: { date: visit.date, type: visit.type },
      professional: { name, role },
      document: fileOf(`avis/${worker.serial}/${n}`, 1),
      ...(first?.nextVisitDue === undefined ? {} : { nextVisitBy: first.nextVisitDue }),
      ...(type === 'APTI' ? { sirTriggers: triggers } : {}),
      ...(measures.length === 0 ? {} : { measures: measures.slice(0, 20) }),
      ...(type === 'INAP' ? { unfitness: unfitnessBefore(date), appealDays: 15 } : {}),
    };
  }
}

function unfitnessBefore(date: string): object {
  return {
    postStudiedOn: addDays(date, -14),
    conditionsStudiedOn: addDays(date, -14),
    employerHeardOn: addDays(date, -7),
    companyFileUpdatedOn: addDays(date, -120),
    exemption: 'AUCUNE',
  };
}

function establishmentOf(world: World, { serial, siret }: Establishment, workers: readonly Worker[]): object {
  const random = world.random(`employer-portal ${serial}`);
  const year = Number(since(world).slice(0, 4));
  return {
    followedWorkers: workers.length,
    staff: workers.map((worker) => staffOf(worker)),
    appointments: workers
      .filter(() => random.chance(0.1))
      .map((worker) => ({
        worker: personOf(worker),
        startsAt: `${addDays(world.today, random.int(1, 60))}T${random.int(10, 17)}:00:00+02:00`,
        type: random.pick(SHOWN),
        place: 'Centre de Valfictif',
      })),
    documents: [
      {
        kind: 'FE',
        title: 'Fiche d’entreprise',
        date: `${year}-03-10`,
        version: 1,
        file: fileOf(`fe/${siret}`, 12),
      },
    ],
    invoices: [
      {
        number: `F-${year}-${serial}`,
        date: `${year}-01-31`,
        dueDate: `${year}-03-02`,
        amountCents: workers.length * 10_800,
        status: random.pick(['EMISE', 'PAYEE', 'EN-RETARD']),
      },
    ],
    statistics: { year, outputs: countsOf(world, workers, String(year)) },
  };
}

function countsOf(world: World, workers: readonly Worker[], year: string): object {
  const total = { women: 0, men: 0, total: 0 };
  const rows = OUTPUTS.map((type) => {
    const row = { women: 0, men: 0, total: 0 };
    for (const worker of workers) {
      const count = given(world, worker).filter(
        (one) => one.type === type && one.date.startsWith(year),
      ).length;
      const column = worker.dossier.identity.sex === 'F' ? 'women' : 'men';
      for (const sum of [row, total]) {
        sum[column] += count;
        sum.total += count;
      }
    }
    return [type, row] as const;
  });
  return { ...Object.fromEntries(rows), total };
}

function staffOf(worker: Worker): object {
  const { employments, followUp } = worker.dossier;
  const [employment] = employments;
  const [first] = followUp;
  const triggers = sirTriggersOf(worker);
  return {
    worker: personOf(worker),
    jobTitle: employment?.jobTitle ?? 'Poste non précisé',
    category: first?.category ?? 'SI',
    pcsCode: worker.job.pcsCode,
    pcsVersion: 'PCS-ESE-2017',
    ...(triggers.length === 0 ? {} : { sirTriggers: triggers }),
    ...(first?.nextVisitDue === undefined ? {} : { nextVisitBy: first.nextVisitDue }),
  };
}

function sirTriggersOf({ dossier }: Worker): string[] {
  const [first] = dossier.followUp;
  return first?.category === 'SIR' ? SIR_TRIGGERS.filter((one) => first.triggers?.includes(one)) : [];
}

function personOf({ dossier }: Worker) {
  const { birthName, firstNames, birthDate } = dossier.identity;
  return { birthName, firstNames, birthDate };
}

function fileOf(id: string, pages: number): object {
  return { id, sha256: createHash('sha256').update(id).digest('hex'), pages };
}

function declarationOf(world: World, { siret }: Establishment, workers: readonly Worker[]): object {
  const lines = workers.flatMap((worker) => {
    const [employment] = worker.dossier.employments;
    const person = { ...personOf(worker), sex: worker.dossier.identity.sex };
    const stops = worker.sickLeaves.filter(
      ({ kind, from, days }) => kind === 'AT' && days < 30 && from >= since(world),
    );
    return [
      {
        kind: 'ENTREE',
        worker: person,
        from: employment?.from ?? world.today,
        jobTitle: employment?.jobTitle ?? 'Poste non précisé',
        pcsCode: worker.job.pcsCode,
        pcsVersion: 'PCS-ESE-2017',
        contractType: employment?.contractType ?? 'CDI',
      },
      ...stops.map(({ from, days }) => ({ kind: 'AT', worker: person, from, to: addDays(from, days - 1) })),
    ];
  });
  return {
    siret,
    declaredOn: world.today,
    declarant: { name: 'Camille EXEMPLE', capacity: 'EMPLOYEUR' },
    lines: lines.slice(0, 2000),
  };
}
