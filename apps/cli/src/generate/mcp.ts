import { flowOf } from '#contracts';
import { EdgeInput } from '../edge/edge-input.ts';
import { mcpFortnight } from '../edge/mcp.ts';
import type { Generated } from './generated.ts';
import { addDays } from './world/calendar.ts';
import { REGION_CODES } from './world/region-codes.ts';
import type { Worker, World } from './world.ts';

const SEEN_IN_A_FORTNIGHT = 12;

/** Diseases as doctors report them, with the table that nearly fits. */
const DISEASES = [
  { pathology: 'M75.1', agents: ['TEP-P0107'], table: { regime: 'RG', number: '57' } },
  { pathology: 'G56.0', agents: ['TEP-P0110'], table: { regime: 'RG', number: '57' } },
  { pathology: 'M54.4', agents: ['TEP-P0102', 'TEP-P0301'], table: { regime: 'RG', number: '98' } },
  { pathology: 'F43.2', agents: ['TEP-O0012'] },
  { pathology: 'F32.1', agents: ['TEP-O0012', 'TEP-O0031'] },
  { pathology: 'H83.3', agents: ['TEP-P0021'], table: { regime: 'RG', number: '42' } },
  { pathology: 'L24.0', agents: ['TEP-C0204'], table: { regime: 'RG', number: '65' } },
];

/** Fortnight after fortnight, each of the workers whom one team saw. */
export function* generateMcp(world: World): Generator<Generated> {
  let seen: Worker[] = [];
  for (const worker of world.workers()) {
    if ((worker.dossier.employments[0]?.from ?? world.today) > fortnightStart(world.today)) continue;
    seen.push(worker);
    if (seen.length < SEEN_IN_A_FORTNIGHT) continue;
    yield { object: 'fortnight', json: mcpFortnight(new EdgeInput(mcpInputOf(world, seen))) };
    seen = [];
  }
}

/** What a service's software hands to its edge: a dossier and a few answers for everybody seen. */
export function mcpInputOf(
  world: World,
  workers: readonly Worker[],
  campaign = flowOf('mcp')?.contract.campaign?.id,
) {
  const start = fortnightStart(world.today);
  return {
    campaign,
    informedAt: start,
    recordedBy: 'MT',
    workers: workers.map(({ serial, dossier, establishment }) => {
      const random = world.random(`mcp ${serial}`);
      const { table, ...disease } = random.pick(DISEASES);
      return {
        dmst: dossier,
        answers: {
          seenOn: addDays(start, random.int(0, 12)),
          region: REGION_CODES[establishment.place.region],
          ...(random.chance(0.01) ? { refused: true } : {}),
          ...(random.chance(0.06)
            ? {
                report: {
                  ...disease,
                  ...(table === undefined ? {} : { table }),
                  tableStatus: table === undefined ? 'HORS-TABLEAU' : 'DANS-UN-TABLEAU',
                  nonDeclaration: random.pick(['CRITERES-NON-REMPLIS', 'CHOIX-DU-SALARIE', 'BILAN-EN-COURS']),
                },
              }
            : {}),
        },
      };
    }),
  };
}

/** First day of the fortnight of that day: twelve days later it is still the same. */
export function fortnightStart(today: string): string {
  return `${today.slice(0, 8)}${Number(today.slice(8)) <= 15 ? '01' : '16'}`;
}
