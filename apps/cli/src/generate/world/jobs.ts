/** Jobs held in several sectors. PCS codes come from general knowledge and are not checked against the nomenclature. */
import type { ExposureName } from './exposure-catalog.ts';

export interface Job {
  /** feminine and masculine */
  title: { F: string; M: string };
  /** PCS-ESE 2017 */
  pcsCode: string;
  pcsLabel: string;
  /** share of women, 0 to 1 */
  women: number;
  workUnit: string;
  schedule: string;
  /** each with the probability that a holder of the job is exposed */
  exposures: readonly (readonly [ExposureName, number])[];
  weight: number;
}

type Told = readonly [ExposureName, number];

export function job(
  [F, M]: readonly [string, string],
  [pcsCode, pcsLabel]: readonly [string, string],
  women: number,
  workUnit: string,
  exposures: readonly Told[],
  { weight = 1, schedule = 'journée' }: { weight?: number; schedule?: string } = {},
): Job {
  return { title: { F, M }, pcsCode, pcsLabel, women, workUnit, schedule, exposures, weight };
}

export const OFFICE: readonly Told[] = [
  ['screen', 0.98],
  ['workload', 0.35],
];
export const BUILDING: readonly Told[] = [
  ['loads', 0.8],
  ['postures', 0.7],
  ['noise', 0.5],
  ['height', 0.4],
];
export const CARE: readonly Told[] = [
  ['bio2', 0.45],
  ['emotional', 0.6],
  ['cleaning', 0.3],
];

export const clerk = job(
  ['Assistante administrative', 'Assistant administratif'],
  ['543g', 'employés administratifs qualifiés des entreprises'],
  0.82,
  'Bureaux',
  OFFICE,
);
export const cook = job(
  ['Cuisinière', 'Cuisinier'],
  ['636d', 'cuisiniers et commis de cuisine'],
  0.35,
  'Cuisine',
  [
    ['heat', 0.7],
    ['standing', 0.8],
    ['cleaning', 0.5],
  ],
  { schedule: 'coupures' },
);
export const cashier = job(
  ['Hôtesse de caisse', 'Hôte de caisse'],
  ['552a', 'caissiers de magasin'],
  0.85,
  'Caisses',
  [
    ['repetitive', 0.6],
    ['public', 0.6],
  ],
  { schedule: 'horaires variables' },
);
export const stacker = job(
  ['Employée de libre-service', 'Employé de libre-service'],
  ['551a', 'employés de libre-service du commerce et magasiniers'],
  0.5,
  'Rayons',
  [
    ['loads', 0.85],
    ['cold', 0.2],
    ['standing', 0.6],
  ],
  { schedule: 'horaires décalés' },
);
export const forklift = job(
  ['Cariste', 'Cariste'],
  ['652a', 'ouvriers qualifiés de la manutention, caristes'],
  0.12,
  'Quais',
  [
    ['bodyVibration', 0.6],
    ['driving', 1],
    ['shifts', 0.4],
    ['night', 0.08],
  ],
  { schedule: 'équipes 2×8' },
);
export const handler = job(
  ['Préparatrice de commandes', 'Préparateur de commandes'],
  ['676c', 'ouvriers du tri, de l’emballage, de l’expédition'],
  0.35,
  'Entrepôt',
  [
    ['loads', 0.95],
    ['repetitive', 0.5],
    ['shifts', 0.5],
  ],
  { schedule: 'équipes 2×8' },
);
export const carer = job(
  ['Aide-soignante', 'Aide-soignant'],
  ['526a', 'aides-soignants'],
  0.9,
  'Soins',
  [...CARE, ['patients', 0.9], ['night', 0.2]],
  { schedule: '12 heures', weight: 3 },
);
export const nurse = job(
  ['Infirmière', 'Infirmier'],
  ['431f', 'infirmiers en soins généraux, salariés'],
  0.87,
  'Soins',
  [...CARE, ['bio34', 0.12], ['cytotoxics', 0.12], ['night', 0.2]],
  { schedule: '12 heures', weight: 2 },
);
export const porter = job(
  ['Agente de service hospitalier', 'Agent de service hospitalier'],
  ['525d', 'agents de service hospitaliers'],
  0.83,
  'Hôtellerie',
  [
    ['cleaning', 0.95],
    ['bio2', 0.25],
    ['postures', 0.4],
  ],
  { weight: 2 },
);
export const homeHelp = job(
  ['Aide à domicile', 'Aide à domicile'],
  ['563b', 'aides à domicile, aides ménagères'],
  0.96,
  'Domiciles',
  [
    ['patients', 0.6],
    ['postures', 0.5],
    ['cleaning', 0.8],
    ['driving', 0.7],
  ],
  { schedule: 'fractionné', weight: 5 },
);
export const accountant = job(
  ['Comptable', 'Comptable'],
  ['543b', 'employés qualifiés des services comptables ou financiers'],
  0.75,
  'Bureaux',
  OFFICE,
  { weight: 3 },
);
export const programmer = job(
  ['Ingénieure en informatique', 'Ingénieur en informatique'],
  ['388a', 'ingénieurs et cadres d’étude en informatique'],
  0.24,
  'Plateau de développement',
  OFFICE,
  { weight: 4 },
);
export const cleaner = job(
  ['Agente d’entretien', 'Agent d’entretien'],
  ['684a', 'nettoyeurs'],
  0.7,
  'Sites clients',
  [
    ['cleaning', 0.95],
    ['postures', 0.5],
    ['repetitive', 0.3],
    ['night', 0.06],
  ],
  { schedule: 'fractionné', weight: 6 },
);
export const welder = job(
  ['Soudeuse', 'Soudeur'],
  ['623c', 'soudeurs qualifiés'],
  0.05,
  'Atelier de soudage',
  [
    ['welding', 0.95],
    ['noise', 0.8],
    ['postures', 0.5],
  ],
);
export const machinist = job(
  ['Opératrice sur commande numérique', 'Opérateur sur commande numérique'],
  ['623f', 'opérateurs qualifiés d’usinage des métaux'],
  0.12,
  'Atelier d’usinage',
  [
    ['noise', 0.8],
    ['cutting', 0.6],
    ['shifts', 0.4],
    ['night', 0.08],
  ],
  { schedule: 'équipes 2×8', weight: 3 },
);
export const maintainer = job(
  ['Technicienne de maintenance', 'Technicien de maintenance'],
  ['628a', 'mécaniciens qualifiés de maintenance d’équipements industriels'],
  0.04,
  'Maintenance',
  [
    ['electricity', 0.9],
    ['noise', 0.5],
    ['solvents', 0.3],
    ['fields', 0.02],
  ],
);
