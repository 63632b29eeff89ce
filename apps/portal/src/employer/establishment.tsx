import type { BySex, Establishment } from '../api/schemas.ts';
import { appointmentOf, calendarDay } from '../ui/dates.ts';
import { Listing } from '../ui/listing.tsx';
import { CATEGORIES, OUTPUTS, VISITS } from '../words/outputs.ts';
import { nameOf } from './words.ts';

const EUROS = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' });
const INVOICES: Readonly<Record<string, string>> = {
  EMISE: 'à payer',
  PAYEE: 'payée',
  'EN-RETARD': 'en retard',
};
const DOCUMENTS: Readonly<Record<string, string>> = {
  FE: 'Fiche d’entreprise',
  AMT: 'Action en milieu de travail',
};
/** of a long list, what a page shows */
const MOST = 500;

/** An establishment: who is followed and until when, what is planned, what was written. */
export function EstablishmentView({ establishment }: { establishment: Establishment }) {
  const { followedWorkers, staff, appointments, documents, invoices, statistics } = establishment;
  return (
    <>
      <p>
        {followedWorkers} {followedWorkers > 1 ? 'personnes suivies' : 'personne suivie'}.
      </p>
      <h2>Effectif</h2>
      <Listing
        caption={staff.length > MOST ? `Les ${MOST} premières personnes sur ${staff.length}` : 'Par personne'}
        heads={['Salarié', 'Poste', 'Suivi', 'Prochaine visite avant le']}
        none="Personne."
        rows={staff.slice(0, MOST).map(({ worker, jobTitle, category, nextVisitBy }) => ({
          key: `${nameOf(worker)} ${worker.birthDate} ${jobTitle}`,
          cells: [nameOf(worker), jobTitle, CATEGORIES[category], nextVisitBy && calendarDay(nextVisitBy)],
        }))}
      />
      <h2>Convocations</h2>
      <Listing
        caption={
          appointments.length > MOST ? `Les ${MOST} premières sur ${appointments.length}` : 'Visites prévues'
        }
        heads={['Quand', 'Salarié', 'Visite', 'Où']}
        none="Aucune visite prévue."
        rows={appointments.slice(0, MOST).map(({ worker, startsAt, type, place }) => ({
          key: `${startsAt} ${nameOf(worker)} ${worker.birthDate}`,
          cells: [appointmentOf(startsAt), nameOf(worker), VISITS[type], place],
        }))}
      />
      <h2>Écrits du service</h2>
      <Listing
        caption="À demander au service par leur référence"
        heads={['Titre', 'Nature', 'Date', 'Référence']}
        none="Aucun."
        rows={documents.map(({ title, kind, date, version, file }) => ({
          key: file.id,
          cells: [title, DOCUMENTS[kind], `${calendarDay(date)}, version ${version}`, file.id],
        }))}
      />
      <h2>Factures</h2>
      <Listing
        caption="Cotisations"
        heads={['Numéro', 'Montant', 'Échéance', 'État']}
        none="Aucune."
        rows={invoices.map(({ number, amountCents, dueDate, status }) => ({
          key: number,
          cells: [number, EUROS.format(amountCents / 100), calendarDay(dueDate), INVOICES[status]],
        }))}
      />
      {statistics !== undefined && <Statistics statistics={statistics} />}
    </>
  );
}

function Statistics({
  statistics: { year, outputs },
}: {
  statistics: NonNullable<Establishment['statistics']>;
}) {
  const rows = Object.entries(outputs) as [string, BySex][];
  return (
    <>
      <h2>Avis et attestations en {year}</h2>
      <Listing
        caption="Les petits effectifs sont masqués, pour que nul ne soit reconnu"
        heads={['Quoi', 'Femmes', 'Hommes', 'Ensemble']}
        none="Aucun."
        rows={rows.map(([code, { women, men, total }]) => ({
          key: code,
          cells: [OUTPUTS[code] ?? 'Ensemble', countOf(women), countOf(men), countOf(total)],
        }))}
      />
    </>
  );
}

function countOf(count: BySex['total']): string {
  if (count === '<11') return 'moins de 11';
  return count === 'secret' ? 'masqué' : String(count);
}
