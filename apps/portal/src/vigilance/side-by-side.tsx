import type { Api } from '../api/schemas.ts';
import { HINTS, SEXES, TRAITS } from '../words/traits.ts';

type Named = NonNullable<Api['HeldIdentity']['details']['sent']>;
type Difference = NonNullable<Api['HeldIdentity']['details']['differences']>[number];

/** Two identities, trait by trait. What differs is marked by a word and a stroke, never by colour alone. */
export function SideBySide({
  sent,
  found,
  foundBy,
  differences,
}: {
  sent: Named;
  found?: Named;
  foundBy: string;
  differences: readonly Difference[];
}) {
  const rows = Object.keys(TRAITS).map((trait) => ({
    trait,
    left: textOf(sent, trait),
    right: found === undefined ? '' : textOf(found, trait),
    difference: differences.find((one) => one.trait === trait),
  }));
  return (
    <table>
      <caption>Ce qui a été envoyé, et ce que dit {foundBy === 'INSi' ? 'INSi' : 'le dossier reçu'}</caption>
      <thead>
        <tr>
          <th scope="col">Trait</th>
          <th scope="col">Envoyé</th>
          <th scope="col">{foundBy}</th>
          <th scope="col">Comparaison</th>
        </tr>
      </thead>
      <tbody>
        {rows
          .filter(({ left, right }) => left !== '' || right !== '')
          .map(({ trait, left, right, difference }) => (
            <tr key={trait}>
              <th scope="row">{TRAITS[trait]}</th>
              <td>{difference === undefined ? left : <Letters letters={difference.letters} of="sent" />}</td>
              <td>
                {difference === undefined ? right : <Letters letters={difference.letters} of="found" />}
              </td>
              <td>
                {right === '' || left === '' ? (
                  <span className="quiet">non comparé</span>
                ) : difference === undefined ? (
                  'identique'
                ) : (
                  <strong>
                    différent
                    {difference.hint !== undefined && <span className="next"> {HINTS[difference.hint]}</span>}
                  </strong>
                )}
              </td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}

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

function textOf({ traits, ins }: Named, trait: string): string {
  switch (trait) {
    case 'firstNames':
      return traits.firstNames.join(' ');
    case 'birthDate':
      return traits.birthDate.split('-').reverse().join('/');
    case 'sex':
      return SEXES[traits.sex] ?? '';
    case 'ins':
      return ins === undefined ? '' : `${ins.value} ${ins.key}`;
    default:
      return String(traits[trait as 'birthName' | 'birthPlace'] ?? '');
  }
}
