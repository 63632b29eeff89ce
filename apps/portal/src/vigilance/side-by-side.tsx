import {
  agreementOf,
  type Difference,
  Differing,
  differenceOf,
  type Named,
  traitText,
} from '../ui/identity.tsx';
import { HINTS, TRAITS } from '../words/traits.ts';

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
    left: traitText(sent, trait),
    right: found === undefined ? '' : traitText(found, trait),
    difference: differenceOf(differences, trait),
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
              <td>
                {difference === undefined ? (
                  left
                ) : (
                  <Differing difference={difference} named={sent} of="sent" />
                )}
              </td>
              <td>
                {difference === undefined || found === undefined ? (
                  right
                ) : (
                  <Differing difference={difference} named={found} of="found" />
                )}
              </td>
              <td>
                {right === '' || left === '' || found === undefined ? (
                  <span className="quiet">non comparé</span>
                ) : difference === undefined ? (
                  agreementOf(sent, found, trait)
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
