import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { bytesOf, problemOf } from '../api/http.ts';
import { Notice } from '../ui/notice.tsx';
import { PdfView } from '../ui/pdf-view.tsx';

/** The summary in the page. Opening it is an act, journalled and told to both services: never done unasked. */
export function Summary({ id }: { id: string }) {
  const [pdf, setPdf] = useState<Blob>();
  const [opening, setOpening] = useState(false);
  const [problem, setProblem] = useState<string>();
  const open = () => {
    setOpening(true);
    bytesOf(`/v1/dmst-requests/${id}/summary.pdf`)
      .then((bytes) => {
        setProblem(undefined);
        setPdf(bytes);
      })
      .catch((error: unknown) => setProblem(problemOf(error).words))
      .finally(() => setOpening(false));
  };
  return (
    <section aria-label="Synthèse">
      {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
      {pdf === undefined ? (
        <>
          <Button className="button" onPress={open} isDisabled={opening}>
            {opening ? 'Ouverture…' : 'Ouvrir la synthèse'}
          </Button>
          <p className="quiet">L’ouverture est inscrite au journal et signalée aux deux services.</p>
        </>
      ) : (
        <>
          <div className="row">
            <Download pdf={pdf} />
            <Button className="quiet-button" onPress={() => setPdf(undefined)}>
              Refermer
            </Button>
          </div>
          <PdfView pdf={pdf} title="Synthèse du dossier" />
        </>
      )}
    </section>
  );
}

function Download({ pdf }: { pdf: Blob }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(pdf);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [pdf]);
  return (
    <a className="button" href={url} download="synthese.pdf">
      Télécharger
    </a>
  );
}
