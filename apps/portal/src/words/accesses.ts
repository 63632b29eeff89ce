/** Words of the register, for a delegate to data protection. */
import type { Api } from '../api/schemas.ts';
import { ROLE_WORDS, type Role } from '../session/session.ts';
import { EVIDENCE } from './evidence.ts';

export type Access = Api['Access'];

const DONE: Readonly<Record<Access['what'], string>> = {
  'request-created': 'demande de dossier',
  'request-sent': 'demande de dossier',
  'request-cancelled': 'demande arrêtée',
  'dossier-sent': 'dossier transmis',
  'dossier-opened': 'dossier ouvert',
  'request-opened': 'demande reçue lue, avec les dossiers proposés',
  'dossier-released': 'dossier choisi pour la réponse',
  'identity-proposed': 'identité proposée à confirmer',
  'identity-released': 'identité confirmée',
  'identity-refused': 'identité refusée',
  'register-read': 'registre consulté',
  'readings-read': 'liste des consultations consultée',
  'purges-read': 'liste des purges consultée',
  'worker-looked-up': 'travailleur cherché',
  'register-exported': 'registre exporté',
  'traces-exported': 'traces INTEROPS exportées',
};

const PARTS: Readonly<Record<NonNullable<Access['part']>, string>> = {
  A: 'sans les données de santé',
  AH: 'en entier',
};

const PURPOSES: Readonly<Record<string, string>> = {
  CONTINUITE: 'continuité du suivi',
  PDP: 'prévention de la désinsertion professionnelle',
};

const REASONS: Readonly<Record<string, string>> = {
  opposition: 'opposition du travailleur',
  error: 'demande faite par erreur',
  ...Object.fromEntries(EVIDENCE.map(({ code, says }) => [code, `pièce vue : ${says}`])),
};

export function whatWords({ part, sourceNames, what }: Access): string {
  const done = DONE[what];
  if (part !== undefined) return `${done} (${PARTS[part]})`;
  return sourceNames === undefined ? done : `${done} à ${sourceNames.join(', ')}`;
}

export function whoWords({ by }: Access): string {
  switch (by.kind) {
    case 'person':
      return `${ROLE_WORDS[by.role as Role] ?? 'une personne'} ${short(by.pseudonym ?? '')}`;
    case 'software':
      return 'logiciel du service';
    case 'service':
      return `autre service : ${by.partnerName ?? ''}`;
    case 'relais':
      return 'Relais';
  }
}

export function whyWords({ by, purpose, reason }: Access): string {
  const said = [
    ...(purpose === undefined ? [] : [PURPOSES[purpose] ?? purpose]),
    ...(reason === undefined ? [] : [REASONS[reason] ?? reason]),
    ...(by.delegation === undefined ? [] : ['par délégation']),
  ];
  return said.length === 0 ? '–' : said.join(', ');
}

/** Enough of a pseudonym to tell people apart; the table for a spreadsheet has it whole. */
export const short = (pseudonym: string): string => pseudonym.slice(0, 8);
