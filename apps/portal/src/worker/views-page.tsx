import { Link } from 'wouter';
import type { OwnPublication } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { momentOf } from '../ui/dates.ts';
import { Listing } from '../ui/listing.tsx';
import { Notice } from '../ui/notice.tsx';
import { ReadMark } from '../ui/read-mark.tsx';

/** What the services that follow this person published. The list opens nothing. */
export function ViewsPage() {
  const { value: views, problem } = useCall<readonly OwnPublication[]>('/v1/my/views');
  return (
    <main id="contenu">
      <h1>Mon suivi</h1>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {views !== undefined && (
        <Listing
          caption="Ce que vos services de santé au travail ont déposé pour vous, le plus récent d’abord"
          heads={['Déposé le', 'Service', 'Lu']}
          none="Aucun service n’a encore rien déposé pour vous."
          rows={views.map(({ id, publishedAt, service, openedAt, kept }) => ({
            key: id,
            cells: [
              kept ? (
                <Link key="at" href={`/mon-suivi/${id}`}>
                  {momentOf(publishedAt)}
                </Link>
              ) : (
                momentOf(publishedAt)
              ),
              service.name,
              <ReadMark key="read" openedAt={openedAt} kept={kept} />,
            ],
          }))}
        />
      )}
    </main>
  );
}
