import { useState } from 'react';
import { Button } from 'react-aria-components';
import { bytesOf, problemOf } from '../api/http.ts';
import { saveAs } from './download.tsx';
import { Notice } from './notice.tsx';
import { PdfView } from './pdf-view.tsx';

/** A document in the page. Opening it is an act, journalled and told: never done unasked. */
export function PdfOnDemand({
  path,
  says,
  note,
  title,
  file,
}: {
  path: string;
  /** on the button */
  says: string;
  /** what opening it does */
  note: string;
  title: string;
  file: string;
}) {
  const [pdf, setPdf] = useState<Blob>();
  const [opening, setOpening] = useState(false);
  const [problem, setProblem] = useState<string>();
  const open = () => {
    setOpening(true);
    bytesOf(path)
      .then((bytes) => {
        setProblem(undefined);
        setPdf(bytes);
      })
      .catch((error: unknown) => setProblem(problemOf(error).words))
      .finally(() => setOpening(false));
  };
  return (
    <section aria-label={title}>
      {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
      {pdf === undefined ? (
        <>
          <Button className="button" onPress={open} isPending={opening}>
            {opening ? 'Ouverture…' : says}
          </Button>
          <p className="quiet">{note}</p>
        </>
      ) : (
        <>
          <div className="row">
            <Button className="button" onPress={() => saveAs(file, pdf)}>
              Télécharger
            </Button>
            <Button className="quiet-button" onPress={() => setPdf(undefined)}>
              Refermer
            </Button>
          </div>
          <PdfView pdf={pdf} title={title} />
        </>
      )}
    </section>
  );
}
