import { Link } from 'wouter';
import type { EmployerCard } from '../api/schemas.ts';
import { usePages } from '../api/use-pages.ts';
import { useSession } from '../session/session.ts';
import { momentOf } from '../ui/dates.ts';
import { type Column, Listing } from '../ui/listing.tsx';
import { NextPage } from '../ui/next-page.tsx';
import { Notice } from '../ui/notice.tsx';
import { ReadMark } from '../ui/read-mark.tsx';

const TOPICS: Readonly<Record<EmployerCard['topic'], string>> = {
  output: 'Avis ou attestation',
  recommendations: 'Préconisations du médecin',
  establishment: 'Votre établissement',
};

const COLUMNS: readonly Column<EmployerCard>[] = [
  {
    title: 'Déposé le',
    of: ({ id, kept, publishedAt }) =>
      kept ? <Link href={`/employeur/${id}`}>{momentOf(publishedAt)}</Link> : momentOf(publishedAt),
  },
  { title: 'Quoi', of: ({ topic }) => TOPICS[topic] },
  { title: 'Service', of: ({ service }) => service.name },
  { title: 'Lu', of: (card) => <ReadMark {...card} /> },
];

/** What services addressed to this establishment. The list opens nothing, and names nobody. */
export function PublicationsPage() {
  const { me } = useSession();
  const pages = usePages<EmployerCard>('/v1/employer/publications', '');
  const { rows, isRead, problem } = pages;
  return (
    <main id="contenu">
      <h1>Documents reçus</h1>
      <p>Établissement {me.siret}</p>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {isRead && (
        <Listing
          caption="Ce que les services de santé au travail vous ont adressé, le plus récent d’abord"
          columns={COLUMNS}
          rows={rows}
          keyOf={({ id }) => id}
          none="Aucun service ne vous a encore rien adressé."
        />
      )}
      <NextPage {...pages} />
    </main>
  );
}
