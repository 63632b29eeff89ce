import { Link } from 'wouter';
import type { OwnPublication } from '../api/schemas.ts';
import { usePages } from '../api/use-pages.ts';
import { momentOf } from '../ui/dates.ts';
import { type Column, Listing } from '../ui/listing.tsx';
import { NextPage } from '../ui/next-page.tsx';
import { Notice } from '../ui/notice.tsx';
import { ReadMark } from '../ui/read-mark.tsx';

const COLUMNS: readonly Column<OwnPublication>[] = [
  {
    title: 'Déposé le',
    of: ({ id, kept, publishedAt }) =>
      kept ? <Link href={`/mon-suivi/${id}`}>{momentOf(publishedAt)}</Link> : momentOf(publishedAt),
  },
  { title: 'Service', of: ({ service }) => service.name },
  { title: 'Lu', of: (view) => <ReadMark {...view} /> },
];

/** What the services that follow this person published. The list opens nothing. */
export function ViewsPage() {
  const pages = usePages<OwnPublication>('/v1/my/views', '');
  const { rows, isRead, problem } = pages;
  return (
    <main id="contenu">
      <h1>Mon suivi</h1>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {isRead && (
        <Listing
          caption="Ce que vos services de santé au travail ont déposé pour vous, le plus récent d’abord"
          columns={COLUMNS}
          rows={rows}
          keyOf={({ id }) => id}
          none="Aucun service n’a encore rien déposé pour vous."
        />
      )}
      <NextPage {...pages} />
    </main>
  );
}
