import { Link } from 'wouter';
import type { EmployerCard } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { useSession } from '../session/session.ts';
import { momentOf } from '../ui/dates.ts';
import { Listing } from '../ui/listing.tsx';
import { Notice } from '../ui/notice.tsx';
import { ReadMark } from '../ui/read-mark.tsx';

export const TOPICS: Readonly<Record<EmployerCard['topic'], string>> = {
  output: 'Avis ou attestation',
  recommendations: 'Préconisations du médecin',
  establishment: 'Votre établissement',
};

/** What services addressed to this establishment. The list opens nothing, and names nobody. */
export function PublicationsPage() {
  const { me } = useSession();
  const { value: cards, problem } = useCall<readonly EmployerCard[]>('/v1/employer/publications');
  return (
    <main id="contenu">
      <h1>Documents reçus</h1>
      <p>Établissement {me.siret}</p>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {cards !== undefined && (
        <Listing
          caption="Ce que les services de santé au travail vous ont adressé, le plus récent d’abord"
          heads={['Déposé le', 'Quoi', 'Service', 'Lu']}
          none="Aucun service ne vous a encore rien adressé."
          rows={cards.map(({ id, publishedAt, topic, service, openedAt, kept }) => ({
            key: id,
            cells: [
              kept ? (
                <Link key="at" href={`/employeur/${id}`}>
                  {momentOf(publishedAt)}
                </Link>
              ) : (
                momentOf(publishedAt)
              ),
              TOPICS[topic],
              service.name,
              <ReadMark key="read" openedAt={openedAt} kept={kept} />,
            ],
          }))}
        />
      )}
    </main>
  );
}
