/** Every reason of a verdict, in French and without any trait. Codes are stable: screens and tests rely on them. */
import type { VerdictReason } from '#core';
import type { TraitName } from './compare.ts';

const DETAILS = {
  'subject.differs': 'Le dossier reçu nomme une autre personne que celle de la demande.',
  'insi.found': 'Le téléservice INSi a trouvé une identité, et une seule.',
  'insi.none': 'Le téléservice INSi n’a trouvé aucune identité avec ces traits.',
  'insi.several':
    'Le téléservice INSi a trouvé plusieurs identités : compléter les prénoms ou le lieu de naissance ; Relais ne choisit pas.',
  'insi.unavailable': 'Le téléservice INSi n’a pas répondu : l’identité n’a pas été vérifiée.',
  'insi.key-mismatch':
    'La clé rendue par INSi ne correspond pas au matricule : à signaler, le matricule reste celui d’INSi.',
  'insi.nia': 'Le matricule est un NIA, attribué en attente d’un NIR.',
  'insi.not-asked-douteuse': 'Identité déclarée douteuse : provisoire, sans appel INSi et sans matricule.',
  'insi.not-asked-fictive': 'Identité déclarée fictive : provisoire, sans appel INSi et sans matricule.',
  'insi.not-asked-sex': 'Le téléservice INSi ne connaît que les sexes M et F : il n’a pas été interrogé.',
  'ins.confirmed': 'Le matricule fourni est celui d’INSi.',
  'ins.replaced':
    'Le matricule fourni figure dans l’historique INSi de cette personne : le matricule actif le remplace.',
  'ins.differs': 'Le matricule fourni n’est pas celui qu’INSi donne pour ces traits.',
  'ins.not-confirmed': 'Un matricule est fourni, mais INSi ne permet pas de le confirmer pour ces traits.',
  'evidence.accepted': 'Une pièce à haut niveau de confiance a été vue.',
  'evidence.not-accepted': 'La pièce signalée n’est pas dans la liste des pièces acceptées.',
  'traits.birth-name-differs': 'Le nom de naissance diffère de celui d’INSi.',
  'traits.first-name-differs': 'Le premier prénom ne commence pas la liste des prénoms d’INSi.',
  'traits.first-names-differs': 'La liste des prénoms diffère de celle d’INSi.',
  'traits.sex-differs': 'Le sexe diffère de celui d’INSi.',
  'traits.birth-date-differs': 'La date de naissance diffère de celle d’INSi.',
  'traits.birth-place-differs': 'Le lieu de naissance diffère de celui d’INSi.',
  'traits.birth-date-uncertain':
    'Une partie inconnue de la date de naissance a été remplacée selon la règle.',
  'base.collision': 'Le même matricule est porté par plusieurs fiches du lot dont les traits diffèrent.',
  'base.duplicate': 'Plusieurs fiches du lot ont les mêmes traits.',
  'decision.released': 'Une personne a levé le doute au vu d’une pièce.',
  'environment.test': 'Environnement d’essai : identité sans valeur hors essai.',
} as const satisfies Record<string, string>;

export type ReasonCode = keyof typeof DETAILS;

export function reason(code: ReasonCode): VerdictReason {
  return { code, detail: DETAILS[code] };
}

/** The words of a code, when it is one of a verdict's. */
export function reasonWords(code: string): string | undefined {
  return Object.hasOwn(DETAILS, code) ? DETAILS[code as ReasonCode] : undefined;
}

/** The reason for each trait that differs. */
export const DIFFERENCE_REASONS: Readonly<Record<TraitName, ReasonCode>> = {
  birthName: 'traits.birth-name-differs',
  firstName: 'traits.first-name-differs',
  firstNames: 'traits.first-names-differs',
  sex: 'traits.sex-differs',
  birthDate: 'traits.birth-date-differs',
  birthPlace: 'traits.birth-place-differs',
};
