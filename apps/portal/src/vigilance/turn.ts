/** Whose turn it is on a doubt, as the page words it; what each may do is the broker's affair. */
import type { Held } from './bundles.ts';

/**
 * `alone`: one person decides; `first`: a release takes two, and nobody proposed yet; `second`: a colleague proposed;
 * `own`: this very person did.
 */
export type Turn = 'alone' | 'first' | 'second' | 'own';

export function turnAt(
  { fourEyes, proposal }: Pick<Held, 'fourEyes' | 'proposal'>,
  mine: string | undefined,
): Turn {
  if (!fourEyes) return 'alone';
  if (proposal === undefined) return 'first';
  return proposal.by === mine ? 'own' : 'second';
}

const SAME_PERSON: Readonly<Record<Turn, string>> = {
  alone: 'C’est la même personne : laisser partir',
  first: 'C’est la même personne : proposer de laisser partir',
  second: 'C’est la même personne : confirmer et laisser partir',
  own: 'Proposer de nouveau, sur une autre pièce',
};
const AT_RISK: Readonly<Record<Exclude<Turn, 'own'>, string>> = {
  alone: 'Laisser partir en connaissance du risque',
  first: 'Proposer de laisser partir en connaissance du risque',
  second: 'Confirmer et laisser partir en connaissance du risque',
};
const HELP: Readonly<Partial<Record<Turn, string>>> = {
  first:
    'Laisser partir demande ici deux personnes : la première propose, une autre confirme. Une seule suffit pour refuser.',
  second:
    'Confirmez si vous avez vu la même pièce que votre collègue. Une seule personne suffit pour refuser.',
  own: 'C’est à un autre membre de la cellule de confirmer. Vous pouvez refuser, ou proposer sur une autre pièce.',
};

export function verdictsAt(turn: Turn, aboutIdentity: boolean): { value: string; says: string }[] {
  const refuse = { value: 'refuse', says: 'Refuser' };
  if (aboutIdentity) return [{ value: 'release', says: SAME_PERSON[turn] }, refuse];
  // where there is no evidence, there is no other one to propose on
  return turn === 'own' ? [refuse] : [{ value: 'release', says: AT_RISK[turn] }, refuse];
}

export function helpAt(turn: Turn, aboutIdentity: boolean): string | undefined {
  if (aboutIdentity) return HELP[turn];
  if (turn === 'own')
    return 'C’est à un autre membre de la cellule de confirmer. Vous pouvez encore refuser.';
  return turn === 'second' ? 'Une seule personne suffit pour refuser.' : HELP[turn];
}
