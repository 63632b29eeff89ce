import { Link } from 'wouter';
import type { OwnDeclaration } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { dayOf, momentOf } from '../ui/dates.ts';
import { type Column, Listing } from '../ui/listing.tsx';
import { Notice } from '../ui/notice.tsx';
import { Standing } from '../ui/standing.tsx';

const COLUMNS: readonly Column<OwnDeclaration>[] = [
  {
    title: 'Envoyée le',
    of: ({ id, requestedAt }) => <Link href={`/employeur/declarations/${id}`}>{momentOf(requestedAt)}</Link>,
  },
  { title: 'Service', of: ({ service }) => service.name },
  { title: 'Réponse avant le', of: ({ dueAt }) => dueAt && dayOf(dueAt) },
  { title: 'Où elle en est', of: (declaration) => <Standing {...declaration} /> },
];

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
          columns={COLUMNS}
          rows={declarations}
          keyOf={({ id }) => id}
          none="Aucune déclaration pour le moment."
        />
      )}
    </main>
  );
}
