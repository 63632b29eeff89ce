/** What two doubts of one list say of each other, for whoever must look into the service's own files. */

/** Names of the traits in a sentence; a first given name that differs is told with the list. */
const TRAITS_IN_A_SENTENCE: Readonly<Record<string, string>> = {
  birthName: 'le nom de naissance',
  firstName: 'les prénoms',
  firstNames: 'les prénoms',
  sex: 'le sexe',
  birthDate: 'la date de naissance',
  birthPlace: 'le lieu de naissance',
};

const LIST = new Intl.ListFormat('fr-FR');

/** `['birthName', 'sex']` → « le nom de naissance et le sexe » */
export function traitsInASentence(traits: readonly string[]): string {
  return LIST.format(new Set(traits.flatMap((trait) => TRAITS_IN_A_SENTENCE[trait] ?? [])));
}

export function collisionTitle(messages: number): string {
  return `Un même matricule pour ${messages === 2 ? 'deux' : 'plusieurs'} personnes`;
}

export function duplicateTitle(messages: number): string {
  return `${messages === 2 ? 'Deux' : messages} messages retenus désignent la même personne`;
}
