import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { useCall } from '../api/use-call.ts';
import { useSession } from '../session/session.ts';
import { distance } from '../ui/dates.ts';
import { Notice } from '../ui/notice.tsx';
import { bundlesOf, type Held } from './bundles.ts';
import type { Decided } from './decision.tsx';
import { Doubt } from './doubt.tsx';
import { bundleTitle, Likenesses } from './likenesses.tsx';
import { turnAt } from './turn.ts';

/** groups shown before more is asked for */
const AT_ONCE = 20;

/** What a cell has to settle, oldest first; doubts that shed light on each other stand together. */
export function HeldPage() {
  const { value: held, problem, again } = useCall<readonly Held[]>('/v1/operations/held');
  const [most, setMost] = useState(AT_ONCE);
  const [done, setDone] = useState<string>();
  const told = useRef<HTMLDivElement>(null);
  const bundles = bundlesOf(held ?? []);
  // what was settled leaves the page, and takes the focus with it
  useEffect(() => {
    if (done !== undefined) told.current?.focus();
  }, [done]);
  const reread = () => {
    setDone(undefined);
    again();
  };
  /** after what is pressed within a card, which may be gone then */
  const rereadWith = (words: string, at: Date) => {
    setDone(`${words} (${at.toLocaleTimeString('fr-FR')})`);
    again();
  };
  return (
    <main id="contenu">
      <h1>Identités à trancher</h1>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      <div ref={told} tabIndex={-1}>
        {done !== undefined && <Notice tone="good">{done}</Notice>}
      </div>
      {held !== undefined && <Waiting held={held} />}
      <Button className="quiet-button" onPress={reread}>
        Relire la liste
      </Button>
      {bundles.slice(0, most).map((bundle) => {
        const [first] = bundle.doubts;
        const cards = bundle.doubts.map((doubt) => (
          <Doubt
            key={doubt.held.id}
            doubt={doubt}
            level={bundle.likenesses.length === 0 ? 'h2' : 'h3'}
            onDecided={(decision) => rereadWith(wordsOf(decision), new Date(decision.at))}
            onStale={() => rereadWith('Relecture de la liste.', new Date())}
          />
        ));
        if (bundle.likenesses.length === 0) return cards;
        return (
          <section key={`with ${first?.held.id}`} aria-labelledby={`ensemble-${first?.n}`} className="bundle">
            <h2 id={`ensemble-${first?.n}`}>{bundleTitle(bundle)}</h2>
            <Likenesses likenesses={bundle.likenesses} />
            {cards}
          </section>
        );
      })}
      {bundles.length > most && (
        <Button className="quiet-button" onPress={() => setMost(most + AT_ONCE)}>
          Montrer la suite
        </Button>
      )}
    </main>
  );
}

function Waiting({ held }: { held: readonly Held[] }) {
  const { me } = useSession();
  if (held.length === 0) return <p>Rien à trancher.</p>;
  const countOf = (which: 'second' | 'own') =>
    held.filter((one) => turnAt(one, me.pseudonym) === which).length;
  const [second, own] = [countOf('second'), countOf('own')];
  return (
    <p>
      {held.length} {held.length > 1 ? 'messages attendent' : 'message attend'}, le plus ancien{' '}
      {distance(held[0]?.heldAt ?? '')}.
      {second > 0 && <strong> {second} sur proposition d’un collègue : à confirmer, ou à refuser.</strong>}
      {own > 0 && ` ${own} sur votre proposition : un collègue doit confirmer.`}
    </p>
  );
}

function wordsOf({ state, verdict }: Decided): string {
  if (state === 'proposed')
    return 'Proposé, et inscrit au journal. Rien n’est parti : un autre membre de la cellule doit confirmer.';
  return verdict === 'release'
    ? 'Tranché, et inscrit au journal : le message part.'
    : 'Refusé, et inscrit au journal : qui a demandé ou envoyé verra pourquoi.';
}
