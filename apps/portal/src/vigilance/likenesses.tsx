import type { ReactNode } from 'react';
import { collisionTitle, duplicateTitle, traitsInASentence } from '../words/likeness.ts';
import type { Bundle, Likeness, Numbered } from './bundles.ts';

export function bundleTitle({ doubts, likenesses }: Bundle): string {
  const [only, ...more] = likenesses;
  if (only === undefined || more.length > 0) return `${doubts.length} messages à regarder ensemble`;
  return only.kind === 'collision' ? collisionTitle(only.doubts.length) : duplicateTitle(only.doubts.length);
}

/** Why these stand together, and what to look for: Relais settles nothing of it. */
export function Likenesses({ likenesses }: { likenesses: readonly Likeness[] }) {
  return (
    <ul>
      {likenesses.map((likeness) => (
        <li key={`${likeness.kind} ${likeness.doubts.map(({ n }) => n).join(' ')}`}>
          {likeness.kind === 'collision' ? <Collision {...likeness} /> : <Duplicate {...likeness} />}
        </li>
      ))}
    </ul>
  );
}

function Collision({ doubts, differing }: Likeness) {
  return (
    <>
      Les messages <Numbers doubts={doubts} /> portent le même matricule, mais diffèrent par{' '}
      {traitsInASentence(differing)}. Un matricule n’est qu’à une personne : au moins un des messages en porte
      un qui n’est pas le sien.
    </>
  );
}

function Duplicate({ doubts }: Likeness) {
  const known = doubts.every(({ held }) => held.details.sent?.ins !== undefined);
  return (
    <>
      Les messages <Numbers doubts={doubts} /> désignent la même personne, aux mêmes traits,{' '}
      {known ? 'sous des matricules différents' : 'avec et sans matricule'}. Elle a peut-être plusieurs fiches
      dans votre logiciel : rapprochez-les avant de trancher.
    </>
  );
}

const LIST = new Intl.ListFormat('fr-FR');

function Numbers({ doubts }: { doubts: readonly Numbered[] }): ReactNode {
  return LIST.formatToParts(doubts.map(({ n }) => String(n))).map(({ type, value }, i) =>
    type === 'element' ? (
      <a key={value} href={`#message-${value}`}>
        {value}
      </a>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: what joins two numbers
      <span key={`joint-${i}`}>{value}</span>
    ),
  );
}
