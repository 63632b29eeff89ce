/** An identity as people compare it: trait by trait, letter by letter. */
import type { Api } from '../api/schemas.ts';
import { SEXES } from '../words/traits.ts';

export type Named = NonNullable<Api['HeldIdentity']['details']['sent']>;
export type Difference = NonNullable<Api['HeldIdentity']['details']['differences']>[number];

/** @param of whose letters; those that only this side has are marked */
export function Letters({ letters, of }: { letters: Difference['letters']; of: 'sent' | 'found' }) {
  return (
    <span className="letters">
      {letters
        .filter((run) => run.in === 'both' || run.in === of)
        .map((run, n) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: runs of one text, in its order
          run.in === 'both' ? <span key={n}>{run.text}</span> : <mark key={n}>{run.text}</mark>,
        )}
    </span>
  );
}

/** `''` when it says nothing of it. @param trait a key of `TRAITS` */
export function traitText({ traits, ins }: Named, trait: string): string {
  switch (trait) {
    case 'firstNames':
      return traits.firstNames.join(' ');
    case 'birthDate':
      return traits.birthDate.split('-').reverse().join('/');
    case 'sex':
      return SEXES[traits.sex] ?? '';
    case 'ins':
      return ins === undefined ? '' : `${ins.value}\u00a0${ins.key}`;
    default:
      return String(traits[trait as 'birthName' | 'birthPlace'] ?? '');
  }
}
