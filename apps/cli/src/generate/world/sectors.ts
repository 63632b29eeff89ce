/** Sectors and jobs. NAF and PCS codes come from general knowledge and are not checked against the nomenclatures. */
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

export interface Sector {
  /** NAF rév. 2 */
  nafCode: string;
  nafLabel: string;
  /** share among establishments */
  weight: number;
  jobs: readonly Job[];
  /** agents of the State */
  state?: true;
  /** fewest workers */
  least?: number;
}

type Told = readonly [ExposureName, number];

function job(
  [F, M]: readonly [string, string],
  [pcsCode, pcsLabel]: readonly [string, string],
  women: number,
  workUnit: string,
  exposures: readonly Told[],
  { weight = 1, schedule = 'journée' }: { weight?: number; schedule?: string } = {},
): Job {
  return { title: { F, M }, pcsCode, pcsLabel, women, workUnit, schedule, exposures, weight };
}

const OFFICE: readonly Told[] = [
  ['screen', 0.98],
  ['workload', 0.35],
];
const BUILDING: readonly Told[] = [
  ['loads', 0.8],
  ['postures', 0.7],
  ['noise', 0.5],
  ['height', 0.4],
];
const CARE: readonly Told[] = [
  ['bio2', 0.45],
  ['emotional', 0.6],
  ['cleaning', 0.3],
];

const clerk = job(
  ['Assistante administrative', 'Assistant administratif'],
  ['543g', 'employés administratifs qualifiés des entreprises'],
  0.82,
  'Bureaux',
  OFFICE,
);
const cook = job(
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
const cashier = job(
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
const stacker = job(
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
const forklift = job(
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
const handler = job(
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
const carer = job(
  ['Aide-soignante', 'Aide-soignant'],
  ['526a', 'aides-soignants'],
  0.9,
  'Soins',
  [...CARE, ['patients', 0.9], ['night', 0.2]],
  { schedule: '12 heures', weight: 3 },
);
const nurse = job(
  ['Infirmière', 'Infirmier'],
  ['431f', 'infirmiers en soins généraux, salariés'],
  0.87,
  'Soins',
  [...CARE, ['bio34', 0.12], ['cytotoxics', 0.12], ['night', 0.2]],
  { schedule: '12 heures', weight: 2 },
);
const porter = job(
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
const homeHelp = job(
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
const accountant = job(
  ['Comptable', 'Comptable'],
  ['543b', 'employés qualifiés des services comptables ou financiers'],
  0.75,
  'Bureaux',
  OFFICE,
  { weight: 3 },
);
const programmer = job(
  ['Ingénieure en informatique', 'Ingénieur en informatique'],
  ['388a', 'ingénieurs et cadres d’étude en informatique'],
  0.24,
  'Plateau de développement',
  OFFICE,
  { weight: 4 },
);
const cleaner = job(
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
const welder = job(['Soudeuse', 'Soudeur'], ['623c', 'soudeurs qualifiés'], 0.05, 'Atelier de soudage', [
  ['welding', 0.95],
  ['noise', 0.8],
  ['postures', 0.5],
]);
const machinist = job(
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
const maintainer = job(
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

export const SECTORS: readonly Sector[] = [
  {
    nafCode: '47.11D',
    nafLabel: 'Supermarchés',
    weight: 5,
    jobs: [cashier, stacker, clerk],
  },
  {
    nafCode: '47.71Z',
    nafLabel: 'Commerce de détail d’habillement en magasin spécialisé',
    weight: 11,
    jobs: [
      job(
        ['Vendeuse', 'Vendeur'],
        ['554c', 'vendeurs en habillement et articles de sport'],
        0.85,
        'Magasin',
        [
          ['standing', 0.9],
          ['public', 0.5],
        ],
      ),
    ],
  },
  {
    nafCode: '10.71C',
    nafLabel: 'Boulangerie et boulangerie-pâtisserie',
    weight: 6,
    jobs: [
      job(
        ['Boulangère', 'Boulanger'],
        ['636c', 'boulangers, pâtissiers'],
        0.12,
        'Fournil',
        [
          ['flour', 0.95],
          ['loads', 0.6],
          ['heat', 0.5],
          ['night', 0.45],
        ],
        { schedule: 'nuit' },
      ),
      job(['Vendeuse', 'Vendeur'], ['554a', 'vendeurs en alimentation'], 0.88, 'Boutique', [
        ['standing', 0.9],
        ['public', 0.3],
      ]),
    ],
  },
  {
    nafCode: '56.10A',
    nafLabel: 'Restauration traditionnelle',
    weight: 11,
    jobs: [
      cook,
      job(
        ['Serveuse', 'Serveur'],
        ['561b', 'serveurs et commis de restaurant'],
        0.55,
        'Salle',
        [
          ['standing', 0.9],
          ['public', 0.4],
        ],
        { schedule: 'coupures' },
      ),
    ],
  },
  {
    nafCode: '55.10Z',
    nafLabel: 'Hôtels et hébergement similaire',
    weight: 3,
    jobs: [
      job(
        ['Femme de chambre', 'Valet de chambre'],
        ['561f', 'employés d’étage de l’hôtellerie'],
        0.88,
        'Étages',
        [
          ['cleaning', 0.9],
          ['postures', 0.7],
        ],
      ),
      job(
        ['Réceptionniste', 'Réceptionniste'],
        ['561e', 'employés de réception de l’hôtellerie'],
        0.62,
        'Réception',
        [
          ['public', 0.5],
          ['night', 0.2],
        ],
      ),
      cook,
    ],
  },
  {
    nafCode: '96.02A',
    nafLabel: 'Coiffure',
    weight: 5,
    jobs: [
      job(['Coiffeuse', 'Coiffeur'], ['562b', 'coiffeurs salariés'], 0.87, 'Salon', [
        ['hairCare', 0.95],
        ['standing', 0.9],
        ['postures', 0.4],
      ]),
    ],
  },
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
  {
    nafCode: '81.21Z',
    nafLabel: 'Nettoyage courant des bâtiments',
    weight: 4,
    jobs: [cleaner, clerk],
  },
  {
    nafCode: '80.10Z',
    nafLabel: 'Activités de sécurité privée',
    weight: 2,
    jobs: [
      job(
        ['Agente de sécurité', 'Agent de sécurité'],
        ['534a', 'agents civils de sécurité et de surveillance'],
        0.14,
        'Sites clients',
        [
          ['public', 0.7],
          ['standing', 0.5],
          ['night', 0.4],
        ],
        { schedule: '12 heures' },
      ),
    ],
  },
  {
    nafCode: '62.02A',
    nafLabel: 'Conseil en systèmes et logiciels informatiques',
    weight: 5,
    jobs: [programmer, clerk],
  },
  {
    nafCode: '69.20Z',
    nafLabel: 'Activités comptables',
    weight: 5,
    jobs: [accountant, clerk],
  },
  {
    nafCode: '88.10A',
    nafLabel: 'Aide à domicile',
    weight: 3,
    jobs: [homeHelp, clerk],
  },
  {
    nafCode: '87.10A',
    nafLabel: 'Hébergement médicalisé pour personnes âgées',
    weight: 2,
    least: 10,
    jobs: [carer, nurse, porter, cook, clerk],
  },
  {
    nafCode: '86.10Z',
    nafLabel: 'Activités hospitalières',
    weight: 1,
    least: 50,
    jobs: [
      carer,
      nurse,
      porter,
      clerk,
      job(
        ['Manipulatrice en radiologie', 'Manipulateur en radiologie'],
        ['433a', 'techniciens médicaux'],
        0.72,
        'Imagerie',
        [
          ['ionising', 1],
          ['patients', 0.5],
          ['bio2', 0.2],
        ],
        { weight: 0.4 },
      ),
    ],
  },
  {
    nafCode: '86.23Z',
    nafLabel: 'Pratique dentaire',
    weight: 5,
    jobs: [
      job(
        ['Assistante dentaire', 'Assistant dentaire'],
        ['526d', 'aides techniques médicaux'],
        0.97,
        'Cabinet',
        [
          ['ionising', 0.6],
          ['bio2', 0.5],
          ['cleaning', 0.5],
        ],
      ),
    ],
  },
  {
    nafCode: '84.11Z',
    nafLabel: 'Administration publique générale',
    weight: 4,
    state: true,
    jobs: [
      job(
        ['Adjointe administrative', 'Adjoint administratif'],
        ['523b', 'adjoints administratifs de la fonction publique'],
        0.75,
        'Bureaux',
        [...OFFICE, ['public', 0.5]],
      ),
    ],
  },
];
