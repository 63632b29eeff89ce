import { useState } from 'react';
import { Link } from 'wouter';
import type { Api } from '../../api/schemas.ts';
import { useCall } from '../../api/use-call.ts';
import { TextField } from '../../ui/fields.tsx';
import { type Column, Listing } from '../../ui/listing.tsx';
import { Notice } from '../../ui/notice.tsx';
import { KINDS, WAYS } from '../../words/partners.ts';
import { Until } from './until.tsx';

type Card = Api['PartnerOverview'];

const COLUMNS: readonly Column<Card>[] = [
  {
    title: 'Partenaire',
    of: ({ id, name }) => <Link href={`/exploitation/partenaires/${id}`}>{name}</Link>,
  },
  { title: 'Nature', of: ({ kind }) => KINDS[kind] },
  { title: 'Son logiciel', of: ({ connects }) => (connects ? 'peut se connecter' : 'ne se connecte pas') },
  { title: 'Flux envoyés', of: ({ flows }) => flows.length },
  { title: 'Reçoit par', of: waysOf },
  { title: 'Première échéance', of: ({ ends }) => (ends === undefined ? '–' : <Until {...ends} />) },
];

/** With whom there is an agreement. */
export function PartnersPage() {
  const { value: partners, problem } = useCall<readonly Card[]>('/v1/operations/partners');
  const [search, setSearch] = useState('');
  const shown = found(partners ?? [], search);
  return (
    <main id="contenu" className="wide">
      <h1>Partenaires</h1>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {partners !== undefined && (
        <>
          <TextField label="Chercher" help="Nom, nature ou canal." value={search} onChange={setSearch} />
          <p aria-live="polite">
            {shown.length} {shown.length > 1 ? 'partenaires' : 'partenaire'}
          </p>
          {shown.length > 0 && (
            <Listing caption="Conventions en vigueur" columns={COLUMNS} rows={shown} keyOf={({ id }) => id} />
          )}
        </>
      )}
    </main>
  );
}

/** Special channels first: what they cannot carry goes the ordinary way. */
function waysOf({ channels, transport }: Card): string {
  return [...channels, transport].map((way) => WAYS[way]).join(', ');
}

function found(partners: readonly Card[], search: string): readonly Card[] {
  const wanted = search.trim().toLocaleLowerCase('fr');
  return partners.filter((partner) =>
    [partner.id, partner.name, KINDS[partner.kind], waysOf(partner)].some((text) =>
      text.toLocaleLowerCase('fr').includes(wanted),
    ),
  );
}
