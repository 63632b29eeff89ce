import { useState } from 'react';
import { Button } from 'react-aria-components';
import { Link } from 'wouter';
import type { OwnDeclaration } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { dayOf, momentOf } from '../ui/dates.ts';
import { Facts } from '../ui/facts.tsx';
import { type Column, Listing } from '../ui/listing.tsx';
import { Notice } from '../ui/notice.tsx';
import { Standing } from '../ui/standing.tsx';

const LINES: readonly Column<NonNullable<OwnDeclaration['lines']>[number]>[] = [
  { title: 'Ligne', of: ({ line }) => line },
  {
    title: 'Verdict du service',
    of: ({ accepted, says }) => <span className={accepted ? 'good' : 'late'}>{says}</span>,
  },
];

/** The page of a file that was read counts its empty lines too; once sent, there are none. */
const NUMBERED = 'Ligne 1 : celle qui suit les titres, sans compter les lignes vides.';

/** One declaration, and the service's verdict on each of its lines. */
export function DeclarationPage({ id }: { id: string }) {
  const { value: declaration, problem, again } = useCall<OwnDeclaration>(`/v1/employer/declarations/${id}`);
  return (
    <main id="contenu">
      <h1>Déclaration</h1>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {declaration !== undefined && <Declaration declaration={declaration} onAgain={again} />}
      <p>
        <Link href="/employeur/declarations">Toutes les déclarations</Link>
      </p>
    </main>
  );
}

function Declaration({ declaration, onAgain }: { declaration: OwnDeclaration; onAgain(): void }) {
  const { requestedAt, service, dueAt, number, state, lines } = declaration;
  // what was shown when it was last asked for: another answer of the same state says « not yet »
  const [before, setBefore] = useState<OwnDeclaration>();
  const taken = lines?.filter(({ accepted }) => accepted).length ?? 0;
  return (
    <>
      <Facts
        facts={[
          ['Envoyée le', momentOf(requestedAt)],
          ['À', service.name],
          ['Numéro', number],
          ['Réponse avant le', dueAt && dayOf(dueAt)],
          ['État', <Standing key="standing" {...declaration} />],
        ]}
      />
      {(state === 'sent' || state === 'received') && (
        <>
          {before !== undefined && before !== declaration && (
            <Notice tone="info">Pas encore : le service n’a rien répondu.</Notice>
          )}
          <Button
            className="quiet-button"
            onPress={() => {
              setBefore(declaration);
              onAgain();
            }}
          >
            Le service a-t-il répondu ?
          </Button>
        </>
      )}
      {lines !== undefined && (
        <Listing
          caption={`${taken} sur ${lines.length} ${taken > 1 ? 'prises' : 'prise'} en compte. ${NUMBERED}`}
          columns={LINES}
          rows={lines}
          keyOf={({ line }) => String(line)}
          none="Le service n’a rien dit ligne par ligne."
        />
      )}
    </>
  );
}
