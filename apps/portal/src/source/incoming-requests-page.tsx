import { useState } from 'react';
import { Button } from 'react-aria-components';
import { Link } from 'wouter';
import type { Api } from '../api/schemas.ts';
import { usePages } from '../api/use-pages.ts';
import { dayOf, momentOf } from '../ui/dates.ts';
import { Choices } from '../ui/fields.tsx';
import { Notice } from '../ui/notice.tsx';
import { clockOf, stateOf } from '../words/incoming.ts';

type Summary = Api['IncomingSummary'];

const SHOWN = [
  { value: 'open', says: 'À répondre, les plus urgentes d’abord' },
  { value: 'all', says: 'Toutes, les plus récentes d’abord' },
];

/** What other services ask of this one. Nobody is named in the list. */
export function IncomingRequestsPage() {
  const [shown, setShown] = useState('open');
  const { rows, isRead, whole, problem, more } = usePages<Summary>('/v1/incoming-requests', `state=${shown}`);
  const isElsewhere = problem?.details.code === 'pages.not-open';
  return (
    <main id="contenu">
      <h1>Demandes reçues</h1>
      {problem !== undefined && <Notice tone={isElsewhere ? 'info' : 'problem'}>{problem.words}</Notice>}
      {!isElsewhere && <Choices label="Montrer" choices={SHOWN} value={shown} onChange={setShown} />}
      {isRead && rows.length === 0 && (
        <p>{shown === 'open' ? 'Aucune demande n’attend de réponse.' : 'Aucune demande reçue.'}</p>
      )}
      {rows.length > 0 && <List rows={rows} />}
      {isRead && !whole && (
        <Button className="quiet-button" onPress={more}>
          Afficher la suite
        </Button>
      )}
    </main>
  );
}

function List({ rows }: { rows: readonly Summary[] }) {
  return (
    <table>
      <caption>Ouvrir une demande est inscrit au journal</caption>
      <thead>
        <tr>
          <th scope="col">Reçue le</th>
          <th scope="col">Service demandeur</th>
          <th scope="col">Réponse attendue</th>
          <th scope="col">État</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, openedAt, requesterName, deadline, overdue, ...row }) => {
          const { says, tone } = stateOf(row);
          return (
            <tr key={id}>
              <th scope="row">
                <Link href={`/recues/${id}`}>{momentOf(openedAt)}</Link>
              </th>
              <td>{requesterName}</td>
              <td>
                {row.isOpen ? (
                  <>
                    {dayOf(deadline)}{' '}
                    <span className={overdue ? 'late' : 'quiet'}>({clockOf(deadline)})</span>
                  </>
                ) : (
                  '–'
                )}
              </td>
              <td>
                <span className={tone}>{says}</span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
