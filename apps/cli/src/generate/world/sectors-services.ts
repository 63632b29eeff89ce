/** Trade, services, care, administration. NAF and PCS codes come from general knowledge, unchecked. */
import {
  accountant,
  carer,
  cashier,
  cleaner,
  clerk,
  cook,
  homeHelp,
  job,
  nurse,
  OFFICE,
  porter,
  programmer,
  stacker,
} from './jobs.ts';
import type { Sector } from './sector.ts';

export const SERVICES: readonly Sector[] = [
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
