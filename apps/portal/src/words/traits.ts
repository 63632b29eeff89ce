/** Names of strict traits, as a person reads them. */
export const TRAITS: Readonly<Record<string, string>> = {
  birthName: 'Nom de naissance',
  firstNames: 'Prénoms de naissance',
  sex: 'Sexe',
  birthDate: 'Date de naissance',
  birthPlace: 'Lieu de naissance',
  ins: 'Matricule INS',
};

export const HINTS = {
  'one-letter': 'Une seule lettre diffère.',
  'day-and-month-swapped': 'Le jour et le mois semblent inversés.',
} as const;

export const SEXES: Readonly<Record<string, string>> = { F: 'féminin', M: 'masculin', I: 'indéterminé' };
