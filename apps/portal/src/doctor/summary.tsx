import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { bytesOf, problemOf } from '../api/http.ts';
import { Notice } from '../ui/notice.tsx';

/** The summary in the page. Opening it is an act, journalled and told to both services: never done unasked. */
export function Summary({ id }: { id: string }) {
  const [url, setUrl] = useState<string>();
  const [opening, setOpening] = useState(false);
  const [problem, setProblem] = useState<string>();
  useEffect(() => () => (url === undefined ? undefined : URL.revokeObjectURL(url)), [url]);
  const open = () => {
    setOpening(true);
    bytesOf(`/v1/dmst-requests/${id}/summary.pdf`)
      .then((pdf) => setUrl(URL.createObjectURL(pdf)))
      .catch((error: unknown) => setProblem(problemOf(error).words))
      .finally(() => setOpening(false));
  };
  if (url === undefined)
    return (
      <section aria-label="Synthèse">
        {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
        <Button className="button" onPress={open} isDisabled={opening}>
          {opening ? 'Ouverture…' : 'Ouvrir la synthèse'}
        </Button>
        <p className="quiet">L’ouverture est inscrite au journal et signalée aux deux services.</p>
      </section>
    );
  return (
    <section aria-label="Synthèse">
      <p className="row">
        <a className="button" href={url} download="synthese.pdf">
          Télécharger
        </a>
        <Button className="quiet-button" onPress={() => setUrl(undefined)}>
          Refermer
        </Button>
      </p>
      <iframe className="pdf" src={url} title="Synthèse du dossier, document PDF" />
    </section>
  );
}
