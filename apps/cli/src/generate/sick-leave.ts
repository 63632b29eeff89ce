import type { Generated } from './generated.ts';
import { personOf } from './person-of.ts';
import { addDays, daysBetween } from './world/calendar.ts';
import type { LeaveKind, Random, SickLeave, Worker, World } from './world.ts';

const FIRST_DAYS = 21;

/** Of each leave the initial notice, then one for what goes on after three weeks. */
export function* generateSickLeave(world: World): Generator<Generated> {
  for (const worker of world.workers()) {
    for (const leave of worker.sickLeaves) {
      const random = world.random(`sick-leave ${worker.serial} ${leave.id}`);
      for (const json of noticesOf(random, worker, leave)) yield { object: 'notice', json };
    }
  }
}

function noticesOf(random: Random, worker: Worker, leave: SickLeave): object[] {
  const { from, to, days, kind, id } = leave;
  const end = addDays(from, Math.min(days, FIRST_DAYS) - 1);
  const common = {
    schemaVersion: 'sick-leave/1',
    person: personOf(random, worker),
    employerSiret: worker.establishment.siret,
    agreement: {
      given: true,
      kind: 'AM-PDP',
      at: `${from}T1${random.int(0, 9)}:05:00Z`,
      evidence: 'accord donné au téléservice',
      channel: 'TELESERVICE',
    },
    // what a fund should not have written, and Relais drops
    ...(random.chance(0.2)
      ? { diagnosis: { code: leave.medicalReason.cim10, label: leave.medicalReason.label } }
      : {}),
  };
  const stop = {
    episodeId: `EP-${worker.serial}-${id}`,
    cause: causeOf(random, kind),
    riskFlag: days >= 90 && random.chance(0.5),
  };
  const initial = { ...stop, kind: 'INITIAL', from, to: end, cumulatedDays: daysBetween(from, end) + 1 };
  if (end === to) return [{ ...common, stop: initial }];
  const extension = { ...stop, kind: 'EXTENSION', from: addDays(end, 1), to, cumulatedDays: days };
  const back = random.chance(0.5) ? { expectedReturn: addDays(to, 1) } : {};
  return [
    { ...common, stop: initial },
    { ...common, stop: { ...extension, ...back } },
  ];
}

/** One accident in ten that is no illness happened outside work. */
function causeOf(random: Random, kind: LeaveKind): string {
  if (kind === 'MALADIE') return random.chance(0.1) ? 'ATNP' : 'MAL';
  return kind === 'MATERNITE' ? 'MAT' : kind;
}
