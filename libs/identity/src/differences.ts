/** What a person of the identity-vigilance cell looks at: two values letter by letter, and at most a hint. */
import type { Ins, Traits } from '#core';
import { compareTraits, differing, type TraitName } from './compare.ts';
import { sameIns } from './ins.ts';
import { toInsiAlphabet } from './normalise.ts';

/** A run of letters: in both, only in what was sent, or only in what was found. */
export interface Letters {
  in: 'both' | 'sent' | 'found';
  text: string;
}

export interface Difference {
  trait: TraitName | 'ins';
  sent: string;
  found: string;
  letters: readonly Letters[];
  /** for the eye only: nothing in Relais decides by it */
  hint?: 'one-letter' | 'day-and-month-swapped';
}

export function differencesOf(
  sent: { traits: Traits; ins?: Ins | undefined },
  found: { traits: Traits; ins?: Ins | undefined },
): Difference[] {
  const differences = differing(compareTraits(sent.traits, found.traits)).map((trait) =>
    difference(trait, shown(sent.traits, trait), shown(found.traits, trait)),
  );
  if (sent.ins !== undefined && found.ins !== undefined && !sameIns(sent.ins, found.ins))
    differences.push(difference('ins', sent.ins.value, found.ins.value));
  return differences;
}

function difference(trait: Difference['trait'], sent: string, found: string): Difference {
  const letters = align(spelled(sent), spelled(found));
  const hint = hintOf(sent, found, letters);
  return { trait, sent, found, letters, ...(hint === undefined ? {} : { hint }) };
}

/** Case and accents are no difference, so they are not shown as one. */
function spelled(value: string): string {
  return toInsiAlphabet(value) ?? value.toUpperCase();
}

function shown(traits: Traits, trait: TraitName): string {
  if (trait === 'firstName') return traits.firstNames[0] ?? '';
  if (trait === 'firstNames') return traits.firstNames.join(' ');
  return traits[trait] ?? '';
}

function hintOf(sent: string, found: string, letters: readonly Letters[]): Difference['hint'] {
  const swapped = found.replace(/^(\d{4})-(\d{2})-(\d{2})$/, '$1-$3-$2');
  if (swapped === sent && swapped !== found) return 'day-and-month-swapped';
  const count = (side: Letters['in']) =>
    letters.filter((run) => run.in === side).reduce((sum, run) => sum + run.text.length, 0);
  return count('sent') <= 1 && count('found') <= 1 ? 'one-letter' : undefined;
}

/** Longest common subsequence, as runs. Names are at most 100 letters long. */
function align(sent: string, found: string): Letters[] {
  const [a, b] = [[...sent], [...found]];
  // common[i][j]: letters shared by a from i and b from j
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      (common[i] as Uint16Array)[j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const runs: Letters[] = [];
  const push = (side: Letters['in'], text = '') => {
    const last = runs.at(-1);
    if (last?.in === side) last.text += text;
    else runs.push({ in: side, text });
  };
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) push('both', a[i++] && b[j++]);
    else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) push('sent', a[i++]);
    else push('found', b[j++]);
  }
  return runs;
}
