import type { SupportSummary } from '#core/support-summary';
import type { Generated } from './generated.ts';
import { addDays } from './world/calendar.ts';
import type { Worker, World } from './world.ts';

const CAPACITIES = [
  ['Port de charges', 'jusqu’à 5 kg'],
  ['Station debout prolongée', 'par périodes de trente minutes'],
  ['Travail bras levés', 'quelques minutes par heure'],
  ['Conduite', 'trajets courts'],
  ['Travail en équipe', 'groupe restreint'],
  ['Travail sur écran', 'avec pauses'],
] as const;
const LEVELS = ['POSSIBLE', 'LIMITEE', 'IMPOSSIBLE'] as const;
const ADAPTATIONS = [
  'Siège réglable',
  'Horaires de jour seulement',
  'Consignes écrites',
  'Pause toutes les deux heures',
];

/** For each worker whom an establishment welcomes: those with a proposal of adaptation in force. */
export function* generateMedicoSocial(world: World): Generator<Generated> {
  for (const worker of world.workers()) {
    const summary = summaryOf(world, worker);
    if (summary !== undefined) yield { object: 'summary', json: summary };
  }
}

function summaryOf(world: World, { serial, dossier }: Worker): SupportSummary | undefined {
  const output = dossier.outputs.findLast(({ type }) => type === 'AMEN');
  if (output === undefined) return undefined;
  const random = world.random(`medico-social ${serial}`);
  const { deathDate: _, ...subject } = dossier.identity;
  const { name, RPPS } = random.pick(world.service.doctors);
  const readers = random.pick(['SANTE', 'SOCIAL'] as const);
  return {
    schemaVersion: 'medico-social-summary/1',
    readers,
    date: output.date,
    subject,
    ...(subject.ins === undefined ? {} : { evidenceSeen: random.pick(['CN', 'PA', 'CS'] as const) }),
    consent: {
      given: true,
      kind: 'ESMS',
      at: addDays(world.today, -random.int(0, 30)),
      evidence: 'formulaire signé',
    },
    service: { siret: world.service.siret, name: world.service.name },
    professional: { role: 'MT', name, rpps: RPPS },
    capacities: random.some(CAPACITIES, random.int(1, 4)).map(([label, detail]) => {
      const level = random.pick(LEVELS);
      return { label, level, ...(level === 'LIMITEE' ? { detail } : {}) };
    }),
    restrictions: (output.restrictions ?? []).map((restriction) => ({
      ...restriction,
      ...(output.validUntil === undefined ? {} : { until: output.validUntil }),
    })),
    adaptations: random.some(ADAPTATIONS, random.int(0, 2)).map((label) => ({ label })),
    ...(dossier.vaccinations.length === 0 ? {} : { vaccinations: dossier.vaccinations }),
  };
}
