import { calendarDay, dayOf } from '../../ui/dates.ts';
import { type Column, Listing } from '../../ui/listing.tsx';
import { type Agreement, MANDATES, SETTINGS, VALUES, WAYS } from '../../words/partners.ts';

type Channel = Agreement['channels'][number];
type Mandate = Agreement['mandates'][number];

const DATED = /^\d{4}-\d{2}-\d{2}(T|$)/;

const CHANNELS: readonly Column<Channel>[] = [
  { title: 'Canal', of: ({ channel }) => WAYS[channel] },
  { title: 'Réglages', of: settingsOf },
];

const MANDATED: readonly Column<Mandate>[] = [
  { title: 'Confié à Relais', of: ({ mandate }) => MANDATES[mandate] },
  { title: 'Du', of: ({ from }) => dayOf(from) },
  { title: 'Au', of: ({ to }) => dayOf(to) },
  { title: 'Réglages', of: settingsOf },
];

/** Its special channels, and what it entrusts to Relais. */
export function Ways({ agreement: { channels, mandates } }: { agreement: Agreement }) {
  return (
    <>
      <h2>Canaux et mandats</h2>
      {channels.length === 0 ? (
        <p>Aucun canal particulier.</p>
      ) : (
        <Listing caption="Canaux" columns={CHANNELS} rows={channels} keyOf={({ channel }) => channel} />
      )}
      {mandates.length === 0 ? (
        <p>Aucun mandat : Relais n’agit pas en son nom.</p>
      ) : (
        <Listing caption="Mandats" columns={MANDATED} rows={mandates} keyOf={({ mandate }) => mandate} />
      )}
    </>
  );
}

function settingsOf({ settings }: Channel | Mandate) {
  return (
    <ul className="plain tight">
      {Object.entries(settings).map(([name, value]) => (
        <li key={name} className="details">
          {SETTINGS[name] ?? name} : {DATED.test(value) ? dated(value) : (VALUES[name]?.[value] ?? value)}
        </li>
      ))}
    </ul>
  );
}

/** A day of the calendar, or the one of an instant. */
const dated = (value: string): string => (value.includes('T') ? dayOf(value) : calendarDay(value));
