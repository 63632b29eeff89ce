/** Invented communes: official codes 990 to 999 of a department are given to no commune. */
import type { Random } from './random.ts';

export interface Place {
  /** number and street */
  street: string;
  postalCode: string;
  commune: string;
  /** official code (department + 990 to 999) */
  communeCode: string;
  department: string;
  region: string;
}

/** Department → region, of the service's neighbourhood. */
export const DEPARTMENTS: readonly { code: string; region: string; weight: number }[] = [
  { code: '63', region: 'Auvergne-Rhône-Alpes', weight: 70 },
  { code: '03', region: 'Auvergne-Rhône-Alpes', weight: 14 },
  { code: '43', region: 'Auvergne-Rhône-Alpes', weight: 10 },
  { code: '23', region: 'Nouvelle-Aquitaine', weight: 6 },
];

export const COMMUNES = [
  'Valfictif',
  'Montexemple',
  'Saint-Modèle-sur-Orbe',
  'Clairbois-les-Essais',
  'Pontinvent',
  'La Chaise-Imaginaire',
  'Vieux-Songe',
  'Rochefeinte',
  'Bourg-Factice',
  'Fontsemblant',
];
export const STREETS = [
  'rue des Lilas',
  'rue de la Gare',
  'avenue de la République',
  'rue du Stade',
  'chemin des Vignes',
  'place de la Mairie',
  'rue des Écoles',
  'impasse du Lavoir',
  'boulevard de la Liberté',
  'rue du Marché',
  'allée des Tilleuls',
  'route de Lyon',
];

export function placeOf(random: Random): Place {
  const { code, region } = random.weighted(DEPARTMENTS.map((department) => [department, department.weight]));
  const commune = random.int(0, 9);
  return {
    street: `${random.int(1, 180)}${random.chance(0.06) ? ' bis' : ''} ${random.pick(STREETS)}`,
    postalCode: `${code}99${commune}`,
    commune: COMMUNES[commune] as string,
    communeCode: `${code}99${commune}`,
    department: code,
    region,
  };
}

export function addressLine({ street, postalCode, commune }: Place): string {
  return `${street}, ${postalCode} ${commune}`;
}
