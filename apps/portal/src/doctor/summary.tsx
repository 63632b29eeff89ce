import { PdfOnDemand } from '../ui/pdf-on-demand.tsx';

/** The summary in the page: its opening is told to both services. */
export function Summary({ id }: { id: string }) {
  return (
    <PdfOnDemand
      path={`/v1/dmst-requests/${id}/summary.pdf`}
      says="Ouvrir la synthèse"
      note="L’ouverture est inscrite au journal et signalée aux deux services."
      title="Synthèse du dossier"
      file="synthese.pdf"
    />
  );
}
