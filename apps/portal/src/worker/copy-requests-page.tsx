import { Link } from 'wouter';
import type { OwnCopyRequest } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { dayOf, momentOf } from '../ui/dates.ts';
import { type Column, Listing } from '../ui/listing.tsx';
import { Notice } from '../ui/notice.tsx';
import { Standing } from '../ui/standing.tsx';
import { CopyRequestForm } from './copy-request-form.tsx';

const COLUMNS: readonly Column<OwnCopyRequest>[] = [
  { title: 'Demandée le', of: ({ requestedAt }) => momentOf(requestedAt) },
  { title: 'Service', of: ({ service }) => service.name },
  { title: 'Au plus tard le', of: ({ dueAt }) => dueAt && dayOf(dueAt) },
  {
    title: 'Où elle en est',
    of: ({ view, ...request }) => (
      <>
        <Standing {...request} />
        {view !== undefined && <Link href={`/mon-suivi/${view}`}> Lire la réponse</Link>}
      </>
    ),
  },
  { title: 'Numéro à rappeler', of: ({ number }) => <span className="code">{number}</span> },
];

/** The copies that a person asked for, by when each is due, and the form to ask for one. */
export function CopyRequestsPage() {
  const { value: requests, problem, again } = useCall<readonly OwnCopyRequest[]>('/v1/my/copy-requests');
  return (
    <main id="contenu">
      <h1>Copie de mon dossier</h1>
      <p>
        Votre dossier de santé au travail est le vôtre : le service vous en remet une copie au plus tôt deux
        jours après votre demande, au plus tard huit. Quand tout a plus de cinq ans, il a deux mois.
      </p>
      <CopyRequestForm onSent={again} />
      <h2>Mes demandes</h2>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {requests !== undefined && (
        <Listing
          caption="La plus récente d’abord"
          columns={COLUMNS}
          rows={requests}
          keyOf={({ id }) => id}
          none="Vous n’avez demandé aucune copie."
        />
      )}
    </main>
  );
}
