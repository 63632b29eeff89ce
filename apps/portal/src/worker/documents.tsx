import type { OwnView } from '../api/schemas.ts';
import { calendarDay } from '../ui/dates.ts';
import { PdfOnDemand } from '../ui/pdf-on-demand.tsx';
import { fileOf, OUTPUTS } from '../words/outputs.ts';

/** Each is opened by itself: the service then knows that it was read. */
export function Documents({ view, documents }: { view: string; documents: OwnView['documents'] }) {
  if (documents.length === 0) return <p>Aucun document.</p>;
  return documents.map(({ id, type, title, date, validUntil }) => (
    <article key={id} className="card" aria-labelledby={`d-${id}`}>
      <h3 id={`d-${id}`}>{title}</h3>
      <p className="quiet">
        {OUTPUTS[type] === title ? '' : `${OUTPUTS[type]}, `}du {calendarDay(date)}
        {validUntil !== undefined && `, valable jusqu’au ${calendarDay(validUntil)}`}
      </p>
      <PdfOnDemand
        path={`/v1/my/views/${view}/documents/${id}.pdf`}
        says={`Ouvrir « ${title} »`}
        note="Le service saura que vous l’avez lu, et quand."
        title={title}
        file={fileOf(type)}
      />
    </article>
  ));
}
