import { researchLine } from '../edge/hdh-feed.ts';
import { fullDmst } from './dmst.ts';
import type { Generated } from './generated.ts';
import { addDays } from './world/calendar.ts';
import type { Random, World } from './world.ts';

/**
 * A batch as it leaves the service: the header, then the research line of each worker whose identity is qualified and
 * who did not object. Link ids are drawn from the seed, so that the same seed gives the same bytes: a true export
 * draws them from the system.
 */
export function* generateHdhFeed(world: World): Generator<Generated> {
  const object = 'dmst-batch';
  yield { object, json: header(world) };
  for (const worker of world.workers()) {
    if (worker.opposedToReuse || worker.identityStatus !== 'QUAL') continue;
    const linkId = drawn(world.random(`hdh-feed ${worker.serial}`));
    yield { object, json: researchLine(fullDmst(worker), linkId) };
  }
}

function header({ today, random }: World): object {
  const draw = random('hdh-feed header');
  const until = today.slice(0, 7);
  return {
    record: 'batch',
    profile: 'research/1',
    exportId: uuid(draw),
    mode: 'full',
    period: { from: `${today.slice(0, 4)}-01`, to: until },
    pseudonymisation: 'drawn-per-export',
    information: { informedAt: addDays(today, -draw.int(200, 900)), recordedBy: draw.pick(['MT', 'DPO']) },
    opposition: { appliedAt: `${today}T05:00:00Z`, listVersion: until },
  };
}

function bytes(random: Random, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => random.int(0, 255)));
}

function drawn(random: Random): string {
  return bytes(random, 16).toString('base64url');
}

/** Version 4 in form. */
function uuid(random: Random): string {
  const hex = bytes(random, 16).toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}
