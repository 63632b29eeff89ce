import type { Generated } from './generated.ts';
import { personOf } from './person-of.ts';
import { addDays } from './world/calendar.ts';
import type { Random, SickLeave, Worker, World } from './world.ts';

const CAUSES = { MALADIE: 'MAL', AT: 'AT', MP: 'MP', MATERNITE: 'MAT' } as const;

const RESTRICTIONS = [
  'Pas de port de charges de plus de 5 kg',
  'Pas de travail bras au-dessus des épaules',
  'Pas de station debout prolongée',
  'Pas de travail de nuit',
  'Pauses de dix minutes toutes les deux heures',
];
const MEASURES = ['TPT', 'ESSAI-ENCADRE', 'CRPE', 'AMENAGEMENT', 'RECLASSEMENT', 'INAPTITUDE'] as const;

/** For each worker whose last stop lasted more than thirty days, the extract and what the adviser answers. */
export function* generateMedicalAdviser(world: World): Generator<Generated> {
  for (const worker of world.workers()) {
    const leave = worker.sickLeaves.findLast(({ days, kind }) => days > 30 && kind !== 'MATERNITE');
    if (leave === undefined) continue;
    const random = world.random(`medical-adviser ${worker.serial}`);
    const measures = random.some(MEASURES, random.int(1, 2));
    yield { object: 'extract', json: extractOf(random, world, worker, leave, measures) };
    yield { object: 'reply', json: replyOf(random, world, measures) };
  }
}

function extractOf(
  random: Random,
  world: World,
  worker: Worker,
  { from, to, kind }: SickLeave,
  measures: readonly string[],
): object {
  const doctor = random.pick(world.service.doctors);
  const back = addDays(to, 1);
  const seen = addDays(from, random.int(5, 30));
  const agreed = `${seen < world.today ? seen : world.today}T09:${random.int(10, 59)}:00Z`;
  const [job] = worker.dossier.employments;
  const conditions = worker.dossier.exposures.slice(0, 6).map(({ label }) => ({ label }));
  return {
    schemaVersion: 'pdp-extract/1',
    person: personOf(random, worker),
    author: { role: 'MT', name: doctor.name, rpps: doctor.RPPS, serviceSiret: world.service.siret },
    agreement: { given: true, kind: 'AM-PDP', at: agreed, evidence: 'formulaire signé', channel: 'ECRIT' },
    legalGate: { informedAt: agreed, nonOpposition: true, recordedBy: doctor.name },
    job: {
      title: job?.jobTitle ?? 'Poste non précisé',
      since: job?.from ?? from,
      employerSiret: worker.establishment.siret,
      employerName: worker.establishment.name,
      conditions: conditions.length > 0 ? conditions : [{ label: 'Travail de bureau' }],
    },
    stop: { from, cause: CAUSES[kind], expectedReturn: back },
    ...(seen <= world.today
      ? {
          preReturnVisit: {
            date: seen,
            conclusions: 'Reprise envisageable avec les mesures proposées ; point dans trois mois.',
          },
        }
      : {}),
    restrictions: random
      .some(RESTRICTIONS, random.int(0, 3))
      .map((label) => ({ label, lasting: random.pick(['TEMPORAIRE', 'DEFINITIVE', 'INCONNUE']) })),
    proposedMeasures: measures.map((measure) => ({
      measure,
      from: back,
      to: addDays(back, random.int(14, 180)),
    })),
    ...(random.chance(0.6) ? { question: 'Avis sur les mesures proposées.' } : {}),
  };
}

function replyOf(random: Random, { today }: World, measures: readonly string[]): object {
  return {
    author: { role: 'MEDECIN-CONSEIL', name: 'Dr Côme CONSEIL', rpps: '10000000021' },
    date: today,
    opinions: measures.map((measure) => ({
      measure,
      opinion: random.pick(['FAVORABLE', 'FAVORABLE', 'DEFAVORABLE', 'A-REVOIR']),
    })),
    ...(random.chance(0.4) ? { comment: 'Point à la fin de la mesure.' } : {}),
  };
}
