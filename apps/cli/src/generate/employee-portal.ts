import { OUTPUTS, VISITS, word } from '#core/dmst-words';
import sample from '../../../../contracts/employee-portal/samples/valid/worker-view.full.json' with {
  type: 'json',
};
import type { Generated } from './generated.ts';
import { personOf } from './person-of.ts';
import { addDays, addYears } from './world/calendar.ts';
import type { Worker, World } from './world.ts';

const LAST_DOCUMENTS = 5;

/** Each worker's view; one in ten asks for a copy. */
export function* generateEmployeePortal(world: World): Generator<Generated> {
  for (const worker of world.workers()) {
    yield { object: 'worker-view', json: viewOf(world, worker) };
    const random = world.random(`employee-portal copy ${worker.serial}`);
    if (random.chance(0.1)) yield { object: 'copy-request', json: requestOf(world, worker) };
  }
}

function viewOf(world: World, worker: Worker): object {
  const random = world.random(`employee-portal ${worker.serial}`);
  const { dossier } = worker;
  const [follow] = dossier.followUp;
  // one page for all: what matters here is which documents there are
  const [page] = sample.documents;
  return {
    schemaVersion: 'worker-view/1',
    person: personOf(random, worker),
    service: { siret: world.service.siret, name: world.service.name, phone: '01 99 00 00 01' },
    ...(follow === undefined
      ? {}
      : {
          followUp: {
            category: follow.category,
            ...(follow.nextVisitDue === undefined ? {} : { nextVisitDue: follow.nextVisitDue }),
          },
        }),
    convocations: dossier.visits.slice(-3).map(({ id, type, date }) => ({
      id,
      visit: type,
      label: word(VISITS, type),
      at: `${date}T${random.int(10, 17)}:30:00+01:00`,
      status: 'TENUE',
    })),
    documents: dossier.outputs.slice(-LAST_DOCUMENTS).map(({ type, date, validUntil }, n) => ({
      id: `D${n + 1}`,
      type,
      date,
      ...(validUntil === undefined ? {} : { validUntil }),
      title: word(OUTPUTS, type),
      mime: page?.mime,
      sha256: page?.sha256,
      content: page?.content,
    })),
    exposures: dossier.exposures.map(({ label, tepCode, from, to, intensityClass }) => ({
      label,
      from,
      ...(tepCode === undefined ? {} : { tepCode }),
      ...(to === undefined ? {} : { to }),
      ...(intensityClass === undefined ? {} : { intensityClass }),
    })),
    vaccinations: dossier.vaccinations.map(({ vaccine, date, nextDue }) => ({
      vaccine,
      date,
      ...(nextDue === undefined ? {} : { nextDue }),
    })),
    accessLog: (dossier.auditTrail ?? []).map(({ at, role }) => ({
      at,
      role,
      action: 'ECRITURE',
      service: world.service.name,
    })),
    ...(dossier.thirdPartyInfo.length === 0 ? {} : { thirdPartyInfo: dossier.thirdPartyInfo }),
  };
}

function requestOf(world: World, worker: Worker): object {
  const random = world.random(`employee-portal request ${worker.serial}`);
  const asked = addDays(world.today, -random.int(1, 5));
  return {
    schemaVersion: 'copy-request/1',
    person: personOf(random, worker),
    requestedAt: `${asked}T18:${random.int(10, 59)}:00Z`,
    authentication: { means: 'FRANCECONNECT-PLUS', at: `${asked}T18:02:00Z` },
    channel: random.pick(['ELECTRONIQUE', 'ELECTRONIQUE', 'PAPIER']),
    ...(random.chance(0.3) ? { concerns: { until: addYears(world.today, -random.int(1, 12)) } } : {}),
  };
}
