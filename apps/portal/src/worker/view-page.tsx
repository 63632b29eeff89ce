import { Link } from 'wouter';
import type { OwnView } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { appointmentOf, calendarDay } from '../ui/dates.ts';
import { Facts } from '../ui/facts.tsx';
import { type Column, Listing } from '../ui/listing.tsx';
import { Notice } from '../ui/notice.tsx';
import { CATEGORIES } from '../words/outputs.ts';
import { Documents } from './documents.tsx';

const STATUSES: Readonly<Record<OwnView['convocations'][number]['status'], string>> = {
  PREVUE: 'prévu',
  TENUE: 'passé',
  ANNULEE: 'annulé',
};
const APPOINTMENTS: readonly Column<OwnView['convocations'][number]>[] = [
  { title: 'Quand', of: ({ at }) => appointmentOf(at) },
  { title: 'Visite', of: ({ label }) => label },
  { title: 'Où', of: ({ place }) => place },
  { title: 'État', of: ({ status }) => STATUSES[status] },
];
const EXPOSURES: readonly Column<OwnView['exposures'][number]>[] = [
  { title: 'À quoi', of: ({ label }) => label },
  { title: 'Depuis', of: ({ from }) => calendarDay(from) },
  { title: 'Jusqu’à', of: ({ to }) => (to === undefined ? 'toujours en cours' : calendarDay(to)) },
  { title: 'Prévention', of: ({ prevention }) => prevention },
];
const VACCINATIONS: readonly Column<OwnView['vaccinations'][number]>[] = [
  { title: 'Vaccin', of: ({ vaccine }) => vaccine },
  { title: 'Fait le', of: ({ date }) => calendarDay(date) },
  { title: 'Rappel', of: ({ nextDue }) => nextDue && calendarDay(nextDue) },
];

/** One view of a person's follow-up: what comes next, the documents, what was met at work. */
export function ViewPage({ id }: { id: string }) {
  const { value: view, problem } = useCall<OwnView>(`/v1/my/views/${id}`);
  return (
    <main id="contenu">
      <h1>Mon suivi</h1>
      <p>
        <Link href="/mon-suivi">Tout ce qui a été déposé</Link>
      </p>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {view !== undefined && (
        <>
          <FollowUp view={view} />
          <h2>Rendez-vous</h2>
          <Listing
            caption="Vos visites"
            columns={APPOINTMENTS}
            rows={view.convocations}
            keyOf={({ id: one }) => one}
            none="Aucun rendez-vous."
          />
          <h2>Documents</h2>
          <Documents view={id} documents={view.documents} />
          <h2>Expositions au travail</h2>
          <Listing
            caption="Celles qui vous concernent"
            columns={EXPOSURES}
            rows={view.exposures}
            keyOf={({ label, from }, n) => `${label} ${from} ${n}`}
            none="Aucune exposition notée."
          />
          <h2>Vaccinations</h2>
          <Listing
            caption="Faites ou suivies au travail"
            columns={VACCINATIONS}
            rows={view.vaccinations}
            keyOf={({ vaccine, date }, n) => `${vaccine} ${date} ${n}`}
            none="Aucune vaccination notée."
          />
        </>
      )}
    </main>
  );
}

function FollowUp({ view: { service, followUp } }: { view: OwnView }) {
  const { name, doctor, phone, email } = service;
  return (
    <Facts
      facts={[
        ['Service', name],
        ['Médecin', doctor],
        ['Téléphone', phone],
        ['Courriel', email],
        ['Votre suivi', followUp && CATEGORIES[followUp.category]],
        [
          'Prochaine visite',
          followUp?.nextVisitDue === undefined ? undefined : `avant le ${calendarDay(followUp.nextVisitDue)}`,
        ],
      ]}
    />
  );
}
