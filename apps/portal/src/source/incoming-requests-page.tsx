import { useState } from 'react';
import { Link } from 'wouter';
import type { Api } from '../api/schemas.ts';
import { usePages } from '../api/use-pages.ts';
import { momentOf } from '../ui/dates.ts';
import { Choices } from '../ui/fields.tsx';
import { type Column, Listing } from '../ui/listing.tsx';
import { NextPage } from '../ui/next-page.tsx';
import { Notice } from '../ui/notice.tsx';
import { stateOf } from '../words/incoming.ts';
import { Clock } from './clock.tsx';

type Summary = Api['IncomingSummary'];

const SHOWN = [
  { value: 'open', says: 'À répondre, les plus urgentes d’abord' },
  { value: 'all', says: 'Toutes, les plus récentes d’abord' },
];

/** What other services ask of this one. Nobody is named in the list. */
export function IncomingRequestsPage() {
  const [shown, setShown] = useState('open');
  const pages = usePages<Summary>('/v1/incoming-requests', `state=${shown}`);
  const { rows, isRead, problem } = pages;
  const isElsewhere = problem?.details.code === 'pages.not-open';
  return (
    <main id="contenu">
      <h1>Demandes reçues</h1>
      {problem !== undefined && <Notice tone={isElsewhere ? 'info' : 'problem'}>{problem.words}</Notice>}
      {!isElsewhere && <Choices label="Montrer" choices={SHOWN} value={shown} onChange={setShown} />}
      {isRead && rows.length === 0 && (
        <p>{shown === 'open' ? 'Aucune demande n’attend de réponse.' : 'Aucune demande reçue.'}</p>
      )}
      {rows.length > 0 && (
        <Listing
          caption="Ouvrir une demande est inscrit au journal"
          columns={COLUMNS}
          rows={rows}
          keyOf={({ id }) => id}
        />
      )}
      <NextPage {...pages} />
    </main>
  );
}

const COLUMNS: readonly Column<Summary>[] = [
  {
    title: 'Reçue le',
    of: ({ id, openedAt }) => <Link href={`/recues/${id}`}>{momentOf(openedAt)}</Link>,
  },
  { title: 'Service demandeur', of: ({ requesterName }) => requesterName },
  { title: 'Réponse attendue', of: (row) => (row.isOpen ? <Clock {...row} /> : '–') },
  {
    title: 'État',
    of: (row) => {
      const { says, tone } = stateOf(row);
      return <span className={tone}>{says}</span>;
    },
  },
];
