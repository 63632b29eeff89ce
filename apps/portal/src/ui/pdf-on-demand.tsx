import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { bytesOf, problemOf } from '../api/http.ts';
import { ActButton } from './act-button.tsx';
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
  const place = useRef<HTMLElement>(null);
  const pressed = useRef(false);
  // the button that was pressed is gone: what it opened, or closed, has the focus
  // biome-ignore lint/correctness/useExhaustiveDependencies: at each opening and closing
  useEffect(() => {
    if (pressed.current) place.current?.focus();
    pressed.current = true;
  }, [pdf]);
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
    <section aria-label={title} ref={place} tabIndex={-1}>
      {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
      {pdf === undefined ? (
        <>
          <ActButton className="button" onPress={open} isBusy={opening}>
            {opening ? 'Ouverture…' : says}
          </ActButton>
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
