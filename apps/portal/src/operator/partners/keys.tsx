import { dayOf } from '../../ui/dates.ts';
import { type Column, Listing } from '../../ui/listing.tsx';
import { type Agreement, AUDIENCES, USES } from '../../words/partners.ts';
import { Days } from './until.tsx';

const KEYS: readonly Column<Agreement['keys'][number]>[] = [
  { title: 'Lisible par', of: ({ audience }) => AUDIENCES[audience] },
  { title: 'Empreinte', of: ({ kid }) => <span className="code">{kid}</span> },
  { title: 'Valable jusqu’au', of: ({ until }) => dayOf(until) },
];

const ENDINGS: readonly Column<Agreement['certificates'][number]>[] = [
  { title: 'Quoi', of: ({ use }) => USES[use] ?? use },
  {
    title: 'Fin',
    of: ({ days, until }) => (
      <>
        {dayOf(until)} <Days days={days} />
      </>
    ),
  },
];

/** To whom it is sealed, and all that ends: fingerprints and dates. */
export function Keys({ agreement: { certificates, keys } }: { agreement: Agreement }) {
  return (
    <>
      <h2>Clés et échéances</h2>
      {keys.length === 0 ? (
        <p>Aucune clé de chiffrement : rien ne peut être scellé pour ce partenaire.</p>
      ) : (
        <Listing
          caption="Clés de chiffrement"
          columns={KEYS}
          rows={keys}
          keyOf={({ audience, kid }) => `${audience} ${kid}`}
        />
      )}
      {certificates.length > 0 && (
        <Listing
          caption="Ce qui finit, le plus proche d’abord"
          columns={ENDINGS}
          rows={certificates}
          keyOf={({ until, use }) => `${use} ${until}`}
        />
      )}
    </>
  );
}
