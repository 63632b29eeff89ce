import { Button } from 'react-aria-components';
import type { Api } from '../../api/schemas.ts';
import { useCall } from '../../api/use-call.ts';
import { momentOf } from '../../ui/dates.ts';
import { saveAs } from '../../ui/download.tsx';
import { type Column, Listing } from '../../ui/listing.tsx';
import { Notice } from '../../ui/notice.tsx';

type Seal = Api['Seal'];

const SHOWN = 5;

const COLUMNS: readonly Column<Seal>[] = [
  { title: 'N°', of: ({ n }) => n },
  { title: 'Scellé le', of: ({ at }) => momentOf(at) },
  { title: 'Entrées', of: ({ size }) => size },
  { title: 'Racine', of: ({ root }) => <span className="code">{root.slice(0, 16)}…</span> },
  {
    title: 'Témoin',
    of: ({ jws, n }) => (
      <Button className="quiet-button" onPress={() => saveAs(`sceau-${n}.jws`, new Blob([jws]))}>
        Garder le sceau n° {n}
      </Button>
    ),
  },
];

/** The last seals: one kept elsewhere is what a rewritten journal cannot agree with. */
export function Seals() {
  const { value: seals, problem } = useCall<readonly Seal[]>(`/v1/journal/seals?limit=${SHOWN}`);
  return (
    <>
      <h2>Derniers sceaux</h2>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {seals?.length === 0 && <p>Rien n’est encore scellé.</p>}
      {seals !== undefined && seals.length > 0 && (
        <Listing
          caption="Gardez-en un chaque mois, hors de Relais"
          columns={COLUMNS}
          rows={seals}
          keyOf={({ n }) => String(n)}
          figures
        />
      )}
    </>
  );
}
