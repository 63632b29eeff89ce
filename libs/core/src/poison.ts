import type { Job } from './message.ts';

/** Processes die of other things too: a machine that restarts, a kill. Not so often in a row, with the same job in hand. */
const MOST_UNENDED = 10;

/** A job whose holders, one after the other, ended without a word: it would end the next one too. */
export function isPoison({ unended = 0 }: Pick<Job, 'unended'>): boolean {
  return unended > MOST_UNENDED;
}
