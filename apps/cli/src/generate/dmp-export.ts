import type { DmpDocument, DocumentKind } from '../../../../contracts/dmp-export/dmp-document.ts';
import type { Generated } from './generated.ts';
import { addDays } from './world/calendar.ts';
import type { Random, Worker, World } from './world.ts';

/** One document for each worker whose identity is qualified and whose place of birth is known. */
export function* generateDmpExport(world: World): Generator<Generated> {
  for (const worker of world.workers()) {
    const document = documentOf(world, worker);
    if (document !== undefined) yield { object: 'document', json: document };
  }
}

function documentOf(world: World, { serial, dossier }: Worker): DmpDocument | undefined {
  const { contact: _, deathDate: __, ...identity } = dossier.identity;
  const { birthPlace, ins } = identity;
  if (ins === undefined || birthPlace === undefined) return undefined;
  const random = world.random(`dmp-export ${serial}`);
  const documentId = uuid(random);
  const { name, RPPS } = random.pick(world.service.doctors);
  const [given = '', ...family] = name.replace(/^Dr /, '').split(' ');
  const at = addDays(world.today, -random.int(0, 60));
  return {
    schemaVersion: 'dmp-document/1',
    documentId,
    setId: uuid(random),
    version: 1,
    ...contentOf(random, dossier),
    actDate: at,
    subject: { ...identity, birthPlace },
    evidenceSeen: random.pick(['CN', 'PA', 'CS'] as const),
    consent: { id: uuid(random), documentId, given: true, kind: 'DMP-VOLET', at, evidence: 'recueil signé' },
    service: { siret: world.service.siret, name: world.service.name },
    professional: { role: 'MT', family: family.join(' '), given, rpps: RPPS },
    employers: dossier.employments.flatMap(({ employerName, employerSiret, jobTitle, from, to }) =>
      employerName === undefined
        ? []
        : [
            {
              name: employerName,
              ...(employerSiret === undefined ? {} : { siret: employerSiret }),
              jobTitle,
              from,
              ...(to === undefined ? {} : { to }),
            },
          ],
    ),
    preventionMeasures: dossier.exposures
      .flatMap(({ collectiveProtection = [] }) => collectiveProtection)
      .slice(0, 50)
      .map((label) => ({ label })),
  };
}

type Content = { kind: DocumentKind } & Pick<
  DmpDocument,
  'exposures' | 'vaccinations' | 'surveillance' | 'conclusion'
>;

function contentOf(random: Random, { exposures, vaccinations }: Worker['dossier']): Content {
  const kinds: readonly DocumentKind[] = [
    ...(exposures.length > 0 ? (['EXPOSITIONS'] as const) : []),
    ...(vaccinations.length > 0 ? (['VACCINATIONS'] as const) : []),
    'SURVEILLANCE',
    'CONCLUSION',
  ];
  const kind = random.pick(kinds);
  switch (kind) {
    case 'EXPOSITIONS':
      return {
        kind,
        exposures: exposures.map(({ label, tepCode, from, to, intensityClass, durationClass }) => ({
          label,
          from,
          ...(tepCode === undefined ? {} : { tepCode }),
          ...(to === undefined ? {} : { to }),
          ...(intensityClass === undefined ? {} : { intensityClass }),
          ...(durationClass === undefined ? {} : { durationClass }),
        })),
      };
    case 'VACCINATIONS':
      return { kind, vaccinations };
    case 'SURVEILLANCE':
      return { kind, surveillance: [{ label: 'Audiogramme', reason: 'exposition ancienne au bruit' }] };
    case 'CONCLUSION':
      return {
        kind,
        conclusion: 'Éviter les gestes répétés au-dessus des épaules ; suivi partagé souhaitable.',
      };
  }
}

/** Version 4 of shape, drawn and not made by the clock. */
function uuid(random: Random): string {
  const hex = Array.from({ length: 8 }, () => random.int(0, 0xffff).toString(16).padStart(4, '0'));
  const [a, b, c, d = '', e = '', ...rest] = hex;
  return `${a}${b}-${c}-4${d.slice(1)}-8${e.slice(1)}-${rest.join('')}`;
}
