/** What an inspection process says: `BEGUN` when it holds a PDF whole, then an answer; a line each. */
import { REFUSALS, type RefusalCode } from './findings.ts';

export const BEGUN = 'begun';

export interface Answer {
  codes: readonly RefusalCode[];
  /** the process keeps too much of what it has read: another must take the next PDF */
  spent: boolean;
}

/** characters: more than an answer with every code there is */
export const LONGEST = 4_096;

/** @returns undefined for anything that no inspection of ours says */
export function answerIn(line: string): Answer | undefined {
  try {
    const { codes, spent } = JSON.parse(line) as Partial<Answer>;
    const known = Array.isArray(codes) && codes.every((code) => Object.hasOwn(REFUSALS, code));
    return known && typeof spent === 'boolean' ? { codes, spent } : undefined;
  } catch {
    return undefined;
  }
}
