import { type FormEvent, useRef, useState } from 'react';
import { call, problemOf } from '../api/http.ts';
import { isWhole, NOBODY, traitsOf } from '../doctor/worker.ts';
import { WorkerForm } from '../doctor/worker-form.tsx';
import { ActButton } from '../ui/act-button.tsx';
import { Notice } from '../ui/notice.tsx';

/** Somebody asks who saw their dossier: the traits are sent once and forgotten, here as at Relais. */
export function WorkerSearch({ onFound }: { onFound(worker: string): void }) {
  const [worker, setWorker] = useState(NOBODY);
  const [open, setOpen] = useState(false);
  const [searching, setSearching] = useState(false);
  const [problem, setProblem] = useState<string>();
  const summary = useRef<HTMLElement>(null);
  const search = (event: FormEvent) => {
    event.preventDefault();
    if (!isWhole(worker)) {
      setProblem('Il manque le nom, les prénoms, la date de naissance ou le sexe.');
      return;
    }
    setSearching(true);
    setProblem(undefined);
    call<{ worker: string }>('/v1/audit/worker', { traits: traitsOf(worker) })
      .then((found) => {
        setWorker(NOBODY);
        setOpen(false);
        // whoever goes by the keyboard stays where they were, and not at the top of the page
        summary.current?.focus();
        onFound(found.worker);
      })
      .catch((error: unknown) => setProblem(problemOf(error).words))
      .finally(() => setSearching(false));
  };
  return (
    <details className="card" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary ref={summary}>Répondre à un travailleur : qui a vu mon dossier ?</summary>
      {open && (
        <form onSubmit={search} noValidate aria-label="Chercher un travailleur">
          <WorkerForm worker={worker} onChange={setWorker} />
          {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
          <ActButton type="submit" className="button" isBusy={searching}>
            Chercher ses accès
          </ActButton>
        </form>
      )}
    </details>
  );
}
