import { Link } from 'wouter';
import type { OwnView } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { appointmentOf, calendarDay } from '../ui/dates.ts';
import { Facts } from '../ui/facts.tsx';
import { Listing } from '../ui/listing.tsx';
import { Notice } from '../ui/notice.tsx';
import { CATEGORIES } from '../words/outputs.ts';
import { Documents } from './documents.tsx';

const APPOINTMENTS: Readonly<Record<OwnView['convocations'][number]['status'], string>> = {
  PREVUE: 'prévu',
  TENUE: 'passé',
  ANNULEE: 'annulé',
};

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
            heads={['Quand', 'Visite', 'Où', 'État']}
            none="Aucun rendez-vous."
            rows={view.convocations.map(({ id: one, at, label, place = '', status }) => ({
              key: one,
              cells: [appointmentOf(at), label, place, APPOINTMENTS[status]],
            }))}
          />
          <h2>Documents</h2>
          <Documents view={id} documents={view.documents} />
          <h2>Expositions au travail</h2>
          <Listing
            caption="Celles qui vous concernent"
            heads={['À quoi', 'Depuis', 'Jusqu’à', 'Prévention']}
            none="Aucune exposition notée."
            rows={view.exposures.map(({ label, from, to, prevention = '' }) => ({
              key: `${label} ${from}`,
              cells: [
                label,
                calendarDay(from),
                to === undefined ? 'toujours en cours' : calendarDay(to),
                prevention,
              ],
            }))}
          />
          <h2>Vaccinations</h2>
          <Listing
            caption="Faites ou suivies au travail"
            heads={['Vaccin', 'Fait le', 'Rappel']}
            none="Aucune vaccination notée."
            rows={view.vaccinations.map(({ vaccine, date, nextDue }) => ({
              key: `${vaccine} ${date}`,
              cells: [vaccine, calendarDay(date), nextDue === undefined ? '' : calendarDay(nextDue)],
            }))}
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
