/** What became of a request, for who made it: one closed word for a page, a sentence for a person. */
import type { Exchange, Message } from '#core';

export type RequestState = 'sent' | 'received' | 'answered' | 'refused' | 'ended';

export interface RequestStanding {
  state: RequestState;
  /** French sentence */
  says: string;
}

const SAYS: Readonly<Record<RequestState, string>> = {
  sent: 'Envoyée au service.',
  received: 'Reçue par le service.',
  answered: 'Le service a répondu.',
  refused: 'Le service n’y donne pas suite.',
  ended: 'Terminée sans réponse du service.',
};

const TO_VERIFY = 'Le service vérifie d’abord l’identité : il vous contactera si besoin.';
const NOT_SENT = 'N’a pas pu être remise au service : adressez-vous à lui directement.';

const NO_LINE = 'Le service n’a pris en compte aucune ligne.';

/** Codes of a refusal, and what to do of it. */
const REFUSALS: Readonly<Record<string, string>> = {
  'no-file': 'Ce service n’a pas de dossier à votre nom. Demandez au service qui vous suivait alors.',
  'identity-to-check':
    'Ce service doit d’abord vérifier votre identité. Présentez-vous à lui avec une pièce d’identité.',
  'employer.unknown': 'Cet établissement n’est pas connu du service.',
  'content.unreadable': 'Le service n’a pas pu lire la déclaration. Appelez-le.',
  ...Object.fromEntries(
    ['worker.unknown', 'worker.already-known', 'pcs.unknown', 'date.unlikely'].map((code) => [code, NO_LINE]),
  ),
};

export function standingOf(
  { status }: Pick<Message, 'status'>,
  exchange: Exchange | undefined,
): RequestStanding {
  if (status === 'held') return { state: 'received', says: TO_VERIFY };
  if (['refused', 'dead', 'expired', 'cancelled'].includes(status)) return { state: 'ended', says: NOT_SENT };
  const state = stateOf(exchange);
  return { state, says: SAYS[state] };
}

/** Of a public refusal code; a code of no known word is told as a refusal. */
export function refusalWords(code: string): string {
  return REFUSALS[code] ?? 'Le service n’y donne pas suite. Appelez-le pour savoir pourquoi.';
}

function stateOf(exchange: Exchange | undefined): RequestState {
  if (exchange === undefined) return 'sent';
  if (exchange.state === 'REFUSED') return 'refused';
  if (exchange.answerId !== undefined) return 'answered';
  if (exchange.state === 'DELIVERED' || exchange.state === 'ACCEPTED') return 'received';
  return ['EXPIRED', 'CANCELLED', 'QUARANTINED'].includes(exchange.state) ? 'ended' : 'sent';
}
