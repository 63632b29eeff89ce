import type { Generated } from './generated.ts';
import type { World } from './world.ts';

/** One search by traits for each worker; three out of four show which document was seen. */
export function* generateInsi(world: World): Generator<Generated> {
  for (const { serial, dossier } of world.workers()) {
    const random = world.random(`insi ${serial}`);
    const { birthName, firstNames, sex, birthDate, birthPlace } = dossier.identity;
    const seen = random.chance(0.75) ? random.pick(['CN', 'CN', 'PA', 'CS', 'AN']) : undefined;
    yield {
      object: 'search',
      json: {
        traits: {
          birthName,
          firstNames,
          sex,
          birthDate,
          ...(birthPlace === undefined ? {} : { birthPlace }),
        },
        ...(seen === undefined ? {} : { evidenceSeen: seen }),
      },
    };
  }
}
