import type { Api } from '../api/schemas.ts';
import { type Column, Listing } from '../ui/listing.tsx';

type AllRules = Api['Retention']['rules'];
type Rule = AllRules['contracts'][number]['objects'][number] & { flow: string };

const UNTIL: Readonly<Record<Rule['sealedUntil'], string>> = {
  received: 'dès qu’elle est reçue',
  opened: 'dès qu’elle est ouverte',
  filed: 'dès qu’elle est versée au dossier',
};

const COLUMNS: readonly Column<Rule>[] = [
  { title: 'Objet', of: ({ title }) => title },
  { title: 'Flux', of: ({ flow }) => flow },
  { title: 'Contenu en chemin', of: ({ lifeDays }) => `au plus ${days(lifeDays)}` },
  {
    title: 'Copie scellée',
    of: ({ sealedDays, sealedUntil }) => `part ${UNTIL[sealedUntil]}, au plus tard après ${days(sealedDays)}`,
  },
];

/** By which rules things go: the contracts' and the settings'. */
export function Rules({
  rules: { contracts, journalMonths, keyMemoryDays, portalDays },
}: {
  rules: AllRules;
}) {
  const rows = contracts.flatMap(({ objects, title }) =>
    objects.map((object) => ({ ...object, flow: title })),
  );
  return (
    <>
      <h2>Les règles</h2>
      <ul>
        <li>Un dossier ouvert au portail, et l’identité demandée : {days(portalDays)}.</li>
        <li>De quoi reconnaître un message qui revient, sans son contenu : {days(keyMemoryDays)}.</li>
        <li>
          Le journal et les registres :{' '}
          {journalMonths === 0
            ? 'sans limite de durée'
            : `${journalMonths} mois entiers après leur scellement`}
          .
        </li>
      </ul>
      <Listing
        caption="D’après les contrats en vigueur"
        columns={COLUMNS}
        rows={rows}
        keyOf={({ flow, title }) => `${flow} ${title}`}
      />
    </>
  );
}

const days = (count: number): string => `${count} ${count > 1 ? 'jours' : 'jour'}`;
