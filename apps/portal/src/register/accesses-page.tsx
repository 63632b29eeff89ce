import { useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { Notice } from '../ui/notice.tsx';
import { short } from '../words/accesses.ts';
import { AccessList } from './access-list.tsx';
import { EVERYTHING, type Filter } from './filter.ts';
import { FilterForm } from './filter-form.tsx';
import { WorkerSearch } from './worker-search.tsx';

/** Who saw which dossier, when and why: of one's own service, by pseudonym. */
export function AccessesPage() {
  const [filter, setFilter] = useState<Filter>(EVERYTHING);
  // the same question asked once more is asked of the broker once more
  const [turn, setTurn] = useState(0);
  const show = (change: Partial<Filter>) => {
    setFilter((before) => ({ ...before, ...change }));
    setTurn((before) => before + 1);
  };
  const { worker } = filter;
  const shown = useRef<HTMLElement>(null);
  // what is pressed there leaves with the list that it stands in
  const showFromThere = (next: Filter) => {
    shown.current?.focus();
    setFilter(next);
    setTurn(turn + 1);
  };
  return (
    <main id="contenu" className="wide">
      <h1>Registre des accès</h1>
      <p>
        Qui a demandé, transmis ou ouvert un dossier, quand et pourquoi, dans votre service. Travailleurs et
        professionnels y sont sous pseudonyme ; un professionnel lit le sien à la page « Délégations ». Votre
        consultation est inscrite au journal.
      </p>
      <WorkerSearch onFound={(found) => show({ worker: found, register: 'accesses' })} />
      <FilterForm filter={filter} onShow={show} />
      <section ref={shown} tabIndex={-1} aria-label="Ce qui est montré">
        {worker !== undefined && (
          <Notice tone="info">
            <p>
              Un seul travailleur : <span className="code">{short(worker)}</span>.
            </p>
            <Button
              className="quiet-button"
              onPress={() => {
                const { worker: _, ...all } = filter;
                showFromThere(all);
              }}
            >
              Revenir à tous les travailleurs
            </Button>
          </Notice>
        )}
        <AccessList
          filter={filter}
          turn={turn}
          onWorker={(chosen) => showFromThere({ ...filter, worker: chosen })}
        />
      </section>
    </main>
  );
}
