import type { Establishment as Told } from '../../../../contracts/cnam-risks/establishments.ts';
import type { Generated } from './generated.ts';
import type { Establishment, World } from './world.ts';

const PER_MESSAGE = 2;

/** What the establishments of a service expose their workers to this last year, a few in each message. */
export function* generateCnamRisks(world: World): Generator<Generated> {
  let establishments: Told[] = [];
  for (const establishment of world.establishments()) {
    const told = toldOf(world, establishment);
    if (told.lines.length === 0) continue;
    establishments.push(told);
    if (establishments.length < PER_MESSAGE) continue;
    yield { object: 'establishments', json: { establishments } };
    establishments = [];
  }
}

function toldOf(world: World, establishment: Establishment): Told {
  const random = world.random(`cnam-risks ${establishment.serial}`);
  const year = Number(world.today.slice(0, 4)) - 1;
  const lines = new Map<string, Told['lines'][number] & { exposedCount: number }>();
  for (const { workUnit, dossier } of world.workersOf(establishment)) {
    const codes = new Map(
      dossier.exposures.flatMap((one) =>
        one.to === undefined && one.tepCode !== undefined ? [[one.tepCode, one]] : [],
      ),
    );
    for (const [tepCode, { collectiveProtection = [], ppe = [] }] of codes) {
      const key = `${workUnit.id} ${tepCode}`;
      const line = lines.get(key) ?? {
        tepCode,
        workUnit: normalised(workUnit.name),
        exposedCount: 0,
        protection: [
          ...(collectiveProtection.length > 0 ? ['COLLECTIVE'] : []),
          ...(ppe.length > 0 ? ['INDIVIDUELLE'] : []),
        ],
        measures: [
          ...(collectiveProtection.length > 0
            ? [
                {
                  type: 'COLLECTIVE',
                  status: 'FAITE',
                  date: `${year}-0${random.int(1, 9)}-1${random.int(0, 9)}`,
                },
              ]
            : []),
          ...(random.chance(0.3) ? [{ type: 'FORMATION', status: 'PREVUE' }] : []),
        ],
        source: establishment.hasDuerp ? 'DUERP' : 'FE',
      };
      line.exposedCount += 1;
      lines.set(key, line);
    }
  }
  return {
    siret: establishment.siret,
    nafCode: establishment.nafCode,
    nafVersion: establishment.nafVersion,
    headcountBand: establishment.headcountBand,
    period: { from: `${year}-01-01`, to: `${year}-12-31` },
    version: 1,
    lines: [...lines.values()],
  };
}

function normalised(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9 .'/-]/g, ' ')
    .slice(0, 60)
    .trim();
}
