import { Link } from 'wouter';
import type { OwnDeclaration } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { dayOf, momentOf } from '../ui/dates.ts';
import { Listing } from '../ui/listing.tsx';
import { Notice } from '../ui/notice.tsx';
import { Standing } from '../ui/standing.tsx';

/** What this establishment declared: who came, who left, who is exposed. */
export function DeclarationsPage() {
  const { value: declarations, problem } = useCall<readonly OwnDeclaration[]>('/v1/employer/declarations');
  return (
    <main id="contenu">
      <h1>Déclarations</h1>
      <p>
        <Link className="button" href="/employeur/declarations/nouvelle">
          Nouvelle déclaration
        </Link>
      </p>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {declarations !== undefined && (
        <Listing
          caption="La plus récente d’abord"
          heads={['Envoyée le', 'Service', 'Réponse avant le', 'Où elle en est']}
          none="Aucune déclaration pour le moment."
          rows={declarations.map(({ id, requestedAt, service, dueAt, ...standing }) => ({
            key: id,
            cells: [
              <Link key="at" href={`/employeur/declarations/${id}`}>
                {momentOf(requestedAt)}
              </Link>,
              service.name,
              dueAt === undefined ? '' : dayOf(dueAt),
              <Standing key="state" {...standing} />,
            ],
          }))}
        />
      )}
    </main>
  );
}
