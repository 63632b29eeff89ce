import { flowOf } from '#contracts';
import { EdgeInput } from '../edge/edge-input.ts';
import { sumerSheet } from '../edge/sumer.ts';
import type { Generated } from './generated.ts';
import { REGION_CODES } from './world/region-codes.ts';
import type { Worker, World } from './world.ts';

/** Families of the survey for the regulated factors of a dossier; what has none is told as organisational. */
const DOMAINS: Readonly<Record<string, string>> = {
  BRUIT: 'AMBIANCE',
  TEMPERATURES: 'AMBIANCE',
  HYPERBARE: 'AMBIANCE',
  CHIMIQUES: 'CHIMIQUE',
  MANUTENTION: 'PHYSIQUE',
  POSTURES: 'PHYSIQUE',
  VIBRATIONS: 'PHYSIQUE',
  REPETITIF: 'PHYSIQUE',
};
const PPE: Readonly<Record<string, string>> = { AMBIANCE: 'AUDITIVE', CHIMIQUE: 'MASQUE', PHYSIQUE: 'GANTS' };
const COLLECTIVE: Readonly<Record<string, string>> = {
  AMBIANCE: 'ENCOFFREMENT',
  CHIMIQUE: 'ASPIRATION-SOURCE',
  PHYSIQUE: 'AIDE-MANUTENTION',
  ORGANISATIONNEL: 'ROTATION',
};
const ID_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** One sheet for each worker, as the sender's edge lets it out. */
export function* generateSumer(world: World): Generator<Generated> {
  for (const worker of world.workers()) {
    const random = world.random(`sumer sheet ${worker.serial}`);
    const drawn = Array.from({ length: 22 }, () => ID_CHARACTERS[random.int(0, ID_CHARACTERS.length - 1)]);
    yield {
      object: 'questionnaire',
      json: sumerSheet(new EdgeInput(sumerInputOf(world, worker)), `S${drawn.join('')}`),
    };
  }
}

/** What the service's software hands to its edge: the dossier, and what the doctor asked. */
export function sumerInputOf(world: World, { serial, dossier, establishment, stateEmployee }: Worker) {
  const random = world.random(`sumer ${serial}`);
  const visitOn = lastDayAtWork(dossier, world.today);
  const active = dossier.exposures.filter(
    ({ from, to }) => from <= visitOn && (to === undefined || visitOn <= to),
  );
  return {
    dmst: dossier,
    answers: {
      survey: flowOf('sumer')?.contract.campaign?.id,
      visitOn,
      informedAt: visitOn,
      recordedBy: random.pick(['MT', 'MT', 'MPC', 'IDEST']),
      status: stateEmployee ? 'ETAT' : random.pick(['PRIVE', 'PRIVE', 'PRIVE', 'ASSOCIATIF']),
      region: REGION_CODES[establishment.place.region],
      preventionBodies: stateEmployee
        ? ['F3SCT']
        : establishment.hasStaffCommittee
          ? ['CSE', ...(establishment.headcount >= 300 ? ['CSSCT'] : [])]
          : ['AUCUNE'],
      riskAssessment: establishment.hasDuerp ? random.pick(['A-JOUR', 'ANCIEN']) : 'ABSENT',
      hours: random.pick([['JOUR'], ['JOUR'], ['JOUR', 'WEEK-END'], ['EQUIPES'], ['EQUIPES', 'NUIT']]),
      exposures: active.map(({ id, l4161Factor = '', tepCode, durationClass, intensityClass }, n) => {
        const domain = DOMAINS[l4161Factor] ?? 'ORGANISATIONNEL';
        const ppe = PPE[domain] !== undefined && random.chance(0.6) ? [PPE[domain]] : [];
        const collective = random.chance(0.4) ? [COLLECTIVE[domain]] : [];
        return {
          ref: id,
          domain,
          // a dossier may name one agent twice, a sheet may not
          agent: `${tepCode ?? (l4161Factor || 'AUTRE')}.${n + 1}`,
          durationClass: durationClass ?? random.pick(['<2h', '2-10h', '10-20h', '>=20h']),
          intensityClass: intensityClass ?? random.int(0, 4),
          ppe,
          collectiveProtection: collective,
          noProtection: ppe.length + collective.length === 0 && random.chance(0.5),
          ...(random.chance(0.9) ? { opinion: random.pick(['BONNE', 'MOYENNE', 'MAUVAISE']) } : {}),
        };
      }),
      ...(random.chance(0.8)
        ? {
            selfQuestionnaire: ['RPS-01', 'RPS-02', 'RPS-03', 'SAN-01'].map((item) => ({
              item,
              level: random.int(0, 4),
            })),
          }
        : {}),
    },
  };
}

/** The last visit of the present job, or today when there was none yet. */
export function lastDayAtWork({ employments, visits }: Worker['dossier'], today: string): string {
  const since = employments[0]?.from ?? today;
  const last = visits.map(({ date }) => date).findLast((date) => date >= since);
  return last ?? today;
}
