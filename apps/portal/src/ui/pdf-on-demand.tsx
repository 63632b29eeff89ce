import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { bytesOf, problemOf } from '../api/http.ts';
import { Notice } from './notice.tsx';
import { PdfView } from './pdf-view.tsx';

/** A document in the page. Opening it is an act, journalled and told: never done unasked. */
export function PdfOnDemand({
  path,
  says,
  note,
  title,
  file,
  onOpened,
}: {
  path: string;
  /** on the button */
  says: string;
  /** what opening it does */
  note: string;
  title: string;
  file: string;
  onOpened?(): void;
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
        onOpened?.();
      })
      .catch((error: unknown) => setProblem(problemOf(error).words))
      .finally(() => setOpening(false));
  };
  return (
    <section aria-label={title}>
      {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
      {pdf === undefined ? (
        <>
          <Button className="button" onPress={open} isDisabled={opening}>
            {opening ? 'Ouverture…' : says}
          </Button>
          <p className="quiet">{note}</p>
        </>
      ) : (
        <>
          <div className="row">
            <Download pdf={pdf} file={file} />
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

function Download({ pdf, file }: { pdf: Blob; file: string }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(pdf);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [pdf]);
  return (
    <a className="button" href={url} download={file}>
      Télécharger
    </a>
  );
}
