/** What a state of an exchange means for whoever asked, in words that a secretary understands. */
import type { DmstRequest } from '../api/schemas.ts';

export type State = DmstRequest['state'];

interface Word {
  says: string;
  tone: 'waiting' | 'good' | 'over';
}

export const STATES: Readonly<Record<State, Word>> = {
  DRAFT: { says: 'en préparation', tone: 'waiting' },
  GATE_OK: { says: 'en préparation', tone: 'waiting' },
  SUBMITTED: { says: 'envoyée', tone: 'waiting' },
  DELIVERED: { says: 'remise au service', tone: 'waiting' },
  ACCEPTED: { says: 'prise en charge', tone: 'waiting' },
  MATCHED: { says: 'prise en charge', tone: 'waiting' },
  NOT_FOUND: { says: 'prise en charge', tone: 'waiting' },
  AMBIGUOUS: { says: 'prise en charge', tone: 'waiting' },
  PREPARED: { says: 'prise en charge', tone: 'waiting' },
  SENT: { says: 'dossier en chemin', tone: 'waiting' },
  RECEIVED: { says: 'dossier reçu', tone: 'good' },
  OPENED: { says: 'dossier ouvert', tone: 'good' },
  FILED: { says: 'versé au dossier', tone: 'good' },
  CLOSED: { says: 'terminée', tone: 'over' },
  REFUSED: { says: 'sans suite', tone: 'over' },
  EXPIRED: { says: 'délai dépassé', tone: 'over' },
  CANCELLED: { says: 'arrêtée', tone: 'over' },
  QUARANTINED: { says: 'identité à vérifier', tone: 'over' },
};

export const isOver = (state: State): boolean => STATES[state].tone === 'over';

/** What to do of a refusal. R01 never comes: it is told as R03. */
export const REFUSALS: Readonly<Record<string, { says: string; next: string }>> = {
  R02: {
    says: 'Identité à vérifier.',
    next: 'Reprenez la demande avec la pièce d’identité sous les yeux, puis renvoyez-la.',
  },
  R03: {
    says: 'Aucun dossier transmissible.',
    next: 'Interrogez un autre service, ou demandez au travailleur où il a été suivi.',
  },
  R04: {
    says: 'Plusieurs dossiers possibles.',
    next: 'Ajoutez le lieu de naissance et tous les prénoms, puis renvoyez la demande.',
  },
  R05: {
    says: 'Demande incomplète.',
    next: 'Enregistrez de nouveau l’information du travailleur et sa non-opposition.',
  },
  R06: {
    says: 'Votre service n’est pas reconnu pour ce travailleur.',
    next: 'Vérifiez l’employeur actuel du travailleur, puis appelez le service source.',
  },
  R07: {
    says: 'Dossier archivé ou détruit.',
    next: 'Le service source peut indiquer ce qui a été conservé : appelez-le.',
  },
  R08: { says: 'Dossier illisible.', next: 'Demandez au service source de le renvoyer.' },
  R09: { says: 'Aucune réponse dans le délai.', next: 'Appelez le service source, ou renvoyez la demande.' },
};
