/**
 * What `relais generate` can write, one line per flow.
 *
 * To add a flow, write `<flow>.ts` beside this file and its line in the table:
 *
 *     export function* generateSumer(world: World): Generator<Generated> {
 *       for (const worker of world.workers()) {
 *         const random = world.random(`sumer ${worker.serial}`);
 *         yield { object: 'questionnaire', json: { … } };
 *       }
 *     }
 *
 * - Draw from `world.random` with one label per object, never from Math.random nor the clock: the same seed must give
 *   the same bytes on any day. Dates are counted from `world.today`, with `world/calendar.ts`.
 * - Yield without end, one object at a time, and keep nothing: who reads stops when it has enough.
 * - About workers walk `world.workers()`, about companies `world.establishments()` and `world.workersOf(establishment)`.
 * - An object that comes line by line (`bulk`) is yielded line by line, its header first.
 * - What leaves is what the sender sends: already filtered, when the flow's transform runs at the sender.
 *
 * generators.spec.ts then holds everything the flow yields against its contract: schema, checks and gates.
 */
import { generateCnamRisks } from './cnam-risks.ts';
import { generateDgtAnnual } from './dgt-annual.ts';
import { generateDmstPortability } from './dmst-portability.ts';
import { generateEmployerPortal } from './employer-portal.ts';
import { generateEvrest } from './evrest.ts';
import type { Generated } from './generated.ts';
import { generateHdhFeed } from './hdh-feed.ts';
import { generateInsi } from './insi.ts';
import { generateInternalCompanyFile } from './internal-company-file.ts';
import { generateMcp } from './mcp.ts';
import { generateSumer } from './sumer.ts';
import type { World } from './world.ts';

export interface FlowGenerator {
  /** the objects it yields; the first is written unless another is asked for */
  objects: readonly [string, ...string[]];
  generate(world: World): Iterable<Generated>;
}

export const GENERATORS: Readonly<Record<string, FlowGenerator>> = {
  insi: { objects: ['search'], generate: generateInsi },
  'dmst-portability': { objects: ['request', 'response', 'refusal'], generate: generateDmstPortability },
  'internal-company-file': {
    objects: ['company-file', 'company-file-batch'],
    generate: generateInternalCompanyFile,
  },
  'hdh-feed': { objects: ['dmst-batch'], generate: generateHdhFeed },
  sumer: { objects: ['questionnaire'], generate: generateSumer },
  mcp: { objects: ['fortnight'], generate: generateMcp },
  evrest: { objects: ['sheet'], generate: generateEvrest },
  'cnam-risks': { objects: ['establishments'], generate: generateCnamRisks },
  'employer-portal': { objects: ['employer-view', 'declaration'], generate: generateEmployerPortal },
  'dgt-annual': { objects: ['report'], generate: generateDgtAnnual },
};

/** The contents of one object, for as long as the flow yields some. */
export function* contentsOf({ generate }: FlowGenerator, object: string, world: World): Generator<unknown> {
  for (const generated of generate(world)) if (generated.object === object) yield generated.json;
}
