/** Building, industry, transport. NAF and PCS codes come from general knowledge, unchecked. */
import { BUILDING, clerk, forklift, handler, job, machinist, maintainer, welder } from './jobs.ts';
import type { Sector } from './sector.ts';

export const INDUSTRY: readonly Sector[] = [
  {
    nafCode: '43.99C',
    nafLabel: 'Travaux de maçonnerie générale et gros œuvre de bâtiment',
    weight: 6,
    jobs: [
      job(
        ['Maçonne', 'Maçon'],
        ['632a', 'maçons qualifiés'],
        0.02,
        'Chantiers',
        [...BUILDING, ['silica', 0.55], ['handVibration', 0.5], ['scaffold', 0.3]],
        { weight: 4 },
      ),
      job(['Manœuvre', 'Manœuvre'], ['681a', 'ouvriers non qualifiés du gros œuvre'], 0.02, 'Chantiers', [
        ...BUILDING,
        ['silica', 0.4],
      ]),
      clerk,
    ],
  },
  {
    nafCode: '43.21A',
    nafLabel: 'Travaux d’installation électrique dans tous locaux',
    weight: 4,
    jobs: [
      job(
        ['Électricienne', 'Électricien'],
        ['633a', 'électriciens qualifiés du bâtiment'],
        0.02,
        'Chantiers',
        [
          ['electricity', 1],
          ['height', 0.5],
          ['asbestos', 0.2],
        ],
        { weight: 4 },
      ),
      clerk,
    ],
  },
  {
    nafCode: '43.34Z',
    nafLabel: 'Travaux de peinture et vitrerie',
    weight: 3,
    jobs: [
      job(
        ['Peintre en bâtiment', 'Peintre en bâtiment'],
        ['632g', 'peintres qualifiés de finition'],
        0.08,
        'Chantiers',
        [
          ['solvents', 0.5],
          ['lead', 0.25],
          ['postures', 0.8],
          ['height', 0.5],
        ],
      ),
    ],
  },
  {
    nafCode: '16.23Z',
    nafLabel: 'Fabrication de charpentes et d’autres menuiseries',
    weight: 2,
    jobs: [
      job(['Menuisière', 'Menuisier'], ['632d', 'menuisiers qualifiés du bâtiment'], 0.05, 'Atelier bois', [
        ['wood', 0.75],
        ['noise', 0.8],
        ['loads', 0.5],
      ]),
    ],
  },
  {
    nafCode: '45.20A',
    nafLabel: 'Entretien et réparation de véhicules automobiles légers',
    weight: 5,
    jobs: [
      job(
        ['Mécanicienne automobile', 'Mécanicien automobile'],
        ['634c', 'mécaniciens qualifiés d’automobile'],
        0.03,
        'Atelier',
        [
          ['exhaust', 0.5],
          ['solvents', 0.6],
          ['postures', 0.6],
        ],
      ),
      clerk,
    ],
  },
  {
    nafCode: '25.62B',
    nafLabel: 'Mécanique industrielle',
    weight: 2,
    jobs: [machinist, welder, maintainer, clerk],
  },
  {
    nafCode: '10.13A',
    nafLabel: 'Préparation industrielle de produits à base de viande',
    weight: 1,
    least: 10,
    jobs: [
      job(
        ['Opératrice de découpe', 'Opérateur de découpe'],
        ['674b', 'ouvriers de la transformation des viandes'],
        0.4,
        'Atelier de découpe',
        [
          ['cold', 0.9],
          ['repetitive', 0.9],
          ['noise', 0.4],
          ['bio2', 0.15],
        ],
        { schedule: 'équipes 2×8', weight: 4 },
      ),
      maintainer,
    ],
  },
  {
    nafCode: '49.41A',
    nafLabel: 'Transports routiers de fret interurbains',
    weight: 4,
    jobs: [
      job(
        ['Conductrice routière', 'Conducteur routier'],
        ['641a', 'conducteurs routiers'],
        0.04,
        'Route',
        [
          ['driving', 1],
          ['seat', 0.9],
          ['bodyVibration', 0.5],
          ['night', 0.2],
        ],
        { weight: 4 },
      ),
      forklift,
      clerk,
    ],
  },
  {
    nafCode: '52.10B',
    nafLabel: 'Entreposage et stockage non frigorifique',
    weight: 2,
    jobs: [handler, forklift, clerk],
  },
];
