import type { BySex, Establishment } from '../api/schemas.ts';
import { appointmentOf, calendarDay } from '../ui/dates.ts';
import { type Column, Listing } from '../ui/listing.tsx';
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

type One<K extends 'staff' | 'appointments' | 'documents' | 'invoices'> = Establishment[K][number];

const STAFF: readonly Column<One<'staff'>>[] = [
  { title: 'Salarié', of: ({ worker }) => nameOf(worker) },
  { title: 'Poste', of: ({ jobTitle }) => jobTitle },
  { title: 'Suivi', of: ({ category }) => CATEGORIES[category] },
  { title: 'Prochaine visite avant le', of: ({ nextVisitBy }) => nextVisitBy && calendarDay(nextVisitBy) },
];
const APPOINTMENTS: readonly Column<One<'appointments'>>[] = [
  { title: 'Quand', of: ({ startsAt }) => appointmentOf(startsAt) },
  { title: 'Salarié', of: ({ worker }) => nameOf(worker) },
  { title: 'Visite', of: ({ type }) => VISITS[type] },
  { title: 'Où', of: ({ place }) => place },
];
const WRITINGS: readonly Column<One<'documents'>>[] = [
  { title: 'Titre', of: ({ title }) => title },
  { title: 'Nature', of: ({ kind }) => DOCUMENTS[kind] },
  { title: 'Date', of: ({ date, version }) => `${calendarDay(date)}, version\u00A0${version}` },
  { title: 'Référence', of: ({ file }) => file.id },
];
const BILLS: readonly Column<One<'invoices'>>[] = [
  { title: 'Numéro', of: ({ number }) => number },
  { title: 'Montant', of: ({ amountCents }) => EUROS.format(amountCents / 100) },
  { title: 'Échéance', of: ({ dueDate }) => calendarDay(dueDate) },
  { title: 'État', of: ({ status }) => INVOICES[status] },
];
const FIGURES: readonly Column<[string, BySex]>[] = [
  { title: 'Quoi', of: ([code]) => OUTPUTS[code] ?? 'Ensemble' },
  { title: 'Femmes', of: ([, { women }]) => countOf(women) },
  { title: 'Hommes', of: ([, { men }]) => countOf(men) },
  { title: 'Ensemble', of: ([, { total }]) => countOf(total) },
];

/** An establishment: who is followed and until when, what is planned, what was written. */
export function EstablishmentView({ establishment }: { establishment: Establishment }) {
  const { followedWorkers, staff, appointments, documents, invoices, statistics } = establishment;
  const captionOf = (all: readonly unknown[], says: string) =>
    all.length > MOST ? `Les ${MOST} premières lignes sur ${all.length}` : says;
  return (
    <>
      <p>
        {followedWorkers} {followedWorkers > 1 ? 'personnes suivies' : 'personne suivie'}.
      </p>
      <h2>Effectif</h2>
      <Listing
        caption={captionOf(staff, 'Par personne')}
        columns={STAFF}
        rows={staff.slice(0, MOST)}
        keyOf={(_, n) => String(n)}
        none="Personne."
      />
      <h2>Convocations</h2>
      <Listing
        caption={captionOf(appointments, 'Visites prévues')}
        columns={APPOINTMENTS}
        rows={appointments.slice(0, MOST)}
        keyOf={(_, n) => String(n)}
        none="Aucune visite prévue."
      />
      <h2>Écrits du service</h2>
      <Listing
        caption="À demander au service par leur référence"
        columns={WRITINGS}
        rows={documents}
        keyOf={({ file }, n) => `${file.id} ${n}`}
        none="Aucun."
      />
      <h2>Factures</h2>
      <Listing
        caption="Cotisations"
        columns={BILLS}
        rows={invoices}
        keyOf={({ number }, n) => `${number} ${n}`}
        none="Aucune."
      />
      {statistics !== undefined && (
        <>
          <h2>Avis et attestations en {statistics.year}</h2>
          <Listing
            caption="Les petits effectifs sont masqués, pour que nul ne soit reconnu"
            columns={FIGURES}
            rows={Object.entries(statistics.outputs)}
            keyOf={([code]) => code}
            figures
          />
        </>
      )}
    </>
  );
}

function countOf(count: BySex['total']): string {
  if (count === '<11') return 'moins de 11';
  return count === 'secret' ? 'masqué' : String(count);
}
