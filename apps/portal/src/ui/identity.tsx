/** An identity as people compare it: trait by trait, letter by letter. */
import type { Api } from '../api/schemas.ts';
import { SEXES } from '../words/traits.ts';

export type Named = NonNullable<Api['HeldIdentity']['details']['sent']>;
export type Difference = NonNullable<Api['HeldIdentity']['details']['differences']>[number];

/** @param of whose letters; those that only this side has are marked */
function Letters({ letters, of }: { letters: Difference['letters']; of: 'sent' | 'found' }) {
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

/** The one to draw in the row of a trait: of given names the whole list's, which tells more than the first one's. */
export function differenceOf(differences: readonly Difference[], trait: string): Difference | undefined {
  const of = (name: string) => differences.find((one) => one.trait === name);
  return of(trait) ?? (trait === 'firstNames' ? of('firstName') : undefined);
}

/** A trait that differs, one side of it, whole: the first given name is compared alone where it was sent alone. */
export function Differing({
  difference: { letters, trait },
  named,
  of,
}: {
  difference: Difference;
  named: Named;
  of: 'sent' | 'found';
}) {
  const behind = trait === 'firstName' ? named.traits.firstNames.slice(1) : [];
  return (
    <>
      <Letters letters={letters} of={of} />
      {behind.length > 0 && ` ${behind.join(' ')}`}
    </>
  );
}

/** Of a trait that both tell and in which no difference was found. */
export function agreementOf(sent: Named, found: Named, trait: string): string {
  const [left, right] = [traitText(sent, trait), traitText(found, trait)];
  switch (trait) {
    case 'firstNames':
      // what was sent is the beginning of the list, whatever the writing: as long, it is the list
      if (wordsIn(left) === wordsIn(right)) return 'identique';
      return sent.traits.firstNames.length === 1 ? 'le premier concorde' : 'les premiers concordent';
    case 'birthDate':
    case 'birthPlace':
      // what is unknown of one agrees with everything
      return left.toUpperCase() === right.toUpperCase() ? 'identique' : 'non comparé';
    default:
      return 'identique';
  }
}

const wordsIn = (names: string): number =>
  names.split(/[^\p{L}\p{M}]+/u).filter((word) => word !== '').length;

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
