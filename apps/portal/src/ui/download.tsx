import { useState } from 'react';
import { bytesOf, problemOf } from '../api/http.ts';
import { ActButton } from './act-button.tsx';
import { Notice } from './notice.tsx';

/** A file of the API, saved under a name; a refusal is told here, where a link would save it as the file. */
export function Download({ path, name, says }: { path: string; name: string; says: string }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const save = () => {
    setBusy(true);
    setProblem(undefined);
    bytesOf(path)
      .then((bytes) => saveAs(name, bytes))
      .catch((error: unknown) => setProblem(problemOf(error).words))
      .finally(() => setBusy(false));
  };
  return (
    <div className="download">
      {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
      <ActButton className="quiet-button" onPress={save} isBusy={busy}>
        {says}
      </ActButton>
    </div>
  );
}

export function saveAs(name: string, bytes: Blob): void {
  const address = URL.createObjectURL(bytes);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
