import { PseudonymKeys } from '#confidentiality';
import questionnaire from '../../../../contracts/evrest/questionnaire.json' with { type: 'json' };
import { EdgeInput } from '../edge/edge-input.ts';
import { evrestSheet } from '../edge/evrest.ts';
import type { Generated } from './generated.ts';
import { lastDayAtWork } from './sumer.ts';
import type { Worker, World } from './world.ts';

const OCTOBER = '10';
/** Since then, any year of birth. */
const ANY_YEAR_FROM = '2017-01-01';

/** One sheet for each worker of the sample. The key is the world's: these people are nobody's. */
export function* generateEvrest(world: World): Generator<Generated> {
  const random = world.random('evrest key');
  const keys = new PseudonymKeys(Uint8Array.from({ length: 32 }, () => random.int(0, 255)));
  for (const worker of evrestWorkers(world))
    yield { object: 'sheet', json: evrestSheet(new EdgeInput(evrestInputOf(world, worker)), keys) };
}

/** Those of the sample. */
export function* evrestWorkers(world: World): Generator<Worker> {
  for (const worker of world.workers()) {
    const [year = '', month] = worker.dossier.identity.birthDate.split('-');
    const anyYear = lastDayAtWork(worker.dossier, world.today) >= ANY_YEAR_FROM;
    if (month === OCTOBER && (anyYear || Number(year) % 2 === 0)) yield worker;
  }
}

export function evrestInputOf(world: World, { serial, dossier }: Worker) {
  const random = world.random(`evrest ${serial}`);
  const interviewOn = lastDayAtWork(dossier, world.today);
  const asked = questionnaire.worker.filter(() => random.chance(0.95));
  const examined = questionnaire.health.filter(() => random.chance(0.8));
  return {
    dmst: dossier,
    answers: {
      interviewOn,
      informedAt: interviewOn,
      recordedBy: random.pick(['MT', 'IDEST']),
      team: `equipe-${random.int(1, 40)}`,
      worker: Object.fromEntries(
        asked.map(({ code, levels, scale }) => [
          code,
          levels === undefined ? random.int(scale?.[0] ?? 0, scale?.[1] ?? 0) : random.pick(levels),
        ]),
      ),
      health: Object.fromEntries(
        examined.map(({ code }) => {
          const symptoms = random.chance(0.3);
          return [
            code,
            { symptoms, discomfort: symptoms && random.chance(0.5), care: symptoms && random.chance(0.4) },
          ];
        }),
      ),
      // the local questions of a team: never to leave
      free: `Vu ${dossier.identity.birthName}`,
    },
  };
}
