import type { Api } from '../api/schemas.ts';

export type Outcome = keyof Api['HeldStatistics']['settled']['byVerdict'];

/** How a doubt ended, in the order in which plots stack them. */
export const OUTCOMES: Readonly<Record<Outcome, string>> = {
  released: 'laissés partir',
  refused: 'refusés',
  lapsed: 'échus sans décision',
};

export const ORDER = Object.keys(OUTCOMES) as Outcome[];
