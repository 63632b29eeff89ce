import { fullDmst, opposedToTransmission } from './dmst.ts';
import type { Generated } from './generated.ts';
import { addDays } from './world/calendar.ts';
import type { Worker, World } from './world.ts';

/**
 * For each worker, the request of another service, then what the service that holds the dossier answers: the dossier,
 * or the refusal R01 when the worker objected to its transmission.
 */
export function* generateDmstPortability(world: World): Generator<Generated> {
  for (const worker of world.workers()) {
    yield { object: 'request', json: requestFor(world, worker) };
    yield opposedToTransmission(worker)
      ? { object: 'refusal', json: { code: 'R01' } }
      : { object: 'response', json: fullDmst(worker) };
  }
}

function requestFor(world: World, { serial, identityStatus, dossier }: Worker): object {
  const random = world.random(`dmst-portability ${serial}`);
  const { ins, birthName, firstNames, sex, birthDate, birthPlace, usedName } = dossier.identity;
  const { name, RPPS } = random.pick(world.service.doctors);
  const informed = addDays(world.today, -random.int(0, 20));
  return {
    worker: {
      ...(ins === undefined ? {} : { ins: { value: ins.value, key: ins.key, oid: ins.oid } }),
      traits: {
        birthName,
        firstNames,
        sex,
        birthDate,
        ...(birthPlace === undefined ? {} : { birthPlace }),
        ...(usedName === undefined ? {} : { usedName }),
      },
      identityStatus,
      ...(random.chance(0.7) ? { evidenceSeen: random.pick(['CN', 'PA', 'CS']) } : {}),
    },
    requester: random.chance(0.2)
      ? { role: 'SECRETAIRE', name: 'Camille EXEMPLE', localId: `secretariat-${random.int(1, 40)}` }
      : { role: 'MT', name, RPPS },
    legalGate: {
      informedAt: `${informed}T${random.int(10, 17)}:${random.int(10, 59)}:00+02:00`,
      nonOpposition: true,
      recordedBy: name,
      noticeVersion: `${world.today.slice(0, 4)}-01`,
    },
    integrationLevel: random.pick(['DOC', 'DOC+FILED', 'STRUCTURED']),
    purpose: random.chance(0.9) ? 'CONTINUITE' : 'PDP',
  };
}
