/** A request that a service must answer, in words. */
import type { Api } from '../api/schemas.ts';
import { distance } from '../ui/dates.ts';

type Summary = Api['IncomingSummary'];

interface Word {
  says: string;
  tone: 'waiting' | 'good' | 'over';
}

/** What its own people do of it, while it waits. */
const WORK: Partial<Record<Summary['state'], string>> = {
  MATCHED: 'dossier proposé',
  AMBIGUOUS: 'plusieurs dossiers proposés',
  NOT_FOUND: 'aucun dossier trouvé',
  PREPARED: 'dossier prêt',
  ACCEPTED: 'prise en charge',
};

export function stateOf({ state, isOpen, released }: Pick<Summary, 'state' | 'isOpen' | 'released'>): Word {
  if (isOpen) return { says: WORK[state] ?? 'à traiter', tone: 'waiting' };
  if (released && state === 'QUARANTINED')
    return { says: 'dossier transmis, retenu par le demandeur', tone: 'over' };
  if (released) return { says: 'dossier transmis', tone: 'good' };
  if (state === 'CANCELLED') return { says: 'arrêtée par le demandeur', tone: 'over' };
  if (state === 'EXPIRED' || state === 'QUARANTINED') return { says: 'close sans réponse', tone: 'over' };
  return { says: 'refusée', tone: 'over' };
}

/** « dans 7 jours », « en retard de 2 jours » */
export function clockOf(deadline: string, now = Date.now()): string {
  const words = distance(deadline, now);
  return words.replace(/^depuis /, 'en retard de ');
}

/** Reasons that a person may give; the two others are Relais' own. The other service reads the same of the first two. */
export const REASONS: readonly { code: string; says: string }[] = [
  { code: 'R01', says: 'Le travailleur s’est opposé à la transmission' },
  { code: 'R03', says: 'Aucun dossier pour cette personne' },
  { code: 'R02', says: 'Identité à vérifier : les traits ne concordent pas' },
  { code: 'R04', says: 'Plusieurs personnes possibles, impossible de trancher' },
  { code: 'R05', says: 'L’information du travailleur n’est pas attestée' },
  { code: 'R06', says: 'Le service demandeur ne suit pas ce travailleur' },
  { code: 'R07', says: 'Dossier archivé ou détruit' },
];

export const PURPOSES = {
  CONTINUITE: 'Continuité du suivi : le travailleur est désormais suivi par ce service',
  PDP: 'Prévention de la désinsertion professionnelle',
} as const;

export const BY_WHOM = {
  you: 'vous',
  colleague: 'un collègue de votre service',
  software: 'le logiciel de votre service',
} as const;
