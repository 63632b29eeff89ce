import { useState } from 'react';
import { Download } from '../ui/download.tsx';
import { TextField } from '../ui/fields.tsx';
import { queryOf } from './filter.ts';

const DAY_MS = 86_400_000;
const frenchDay = (ms: number) => new Date(ms).toLocaleDateString('fr-FR');

/** Traces of INTEROPS of one's own organisation, as XML. */
export function Traces() {
  const [from, setFrom] = useState(() => frenchDay(Date.now() - 29 * DAY_MS));
  const [to, setTo] = useState(() => frenchDay(Date.now()));
  const query = queryOf({ from, to });
  return (
    <>
      <h2>Traces INTEROPS</h2>
      <p>
        Celles des échanges de votre organisation, pour 31 jours au plus. L’export est inscrit au journal.
      </p>
      <div className="columns">
        <TextField label="Du" help="JJ/MM/AAAA" value={from} onChange={setFrom} isRequired />
        <TextField label="Au" help="JJ/MM/AAAA, inclus" value={to} onChange={setTo} isRequired />
      </div>
      {query === undefined ? (
        <p>Écrivez les dates ainsi : 31/12/2026.</p>
      ) : (
        <Download
          path={`/v1/audit/interops-traces.xml?${query}`}
          name="traces-interops.xml"
          says="Exporter les traces (XML)"
        />
      )}
    </>
  );
}
