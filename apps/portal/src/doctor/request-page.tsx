import { useState } from 'react';
import { Button } from 'react-aria-components';
import { Link } from 'wouter';
import { call, problemOf } from '../api/http.ts';
import type { DmstRequest } from '../api/schemas.ts';
import { calendarDay, dayOf, distance, momentOf } from '../ui/dates.ts';
import { Notice } from '../ui/notice.tsx';
import { isOver, REFUSALS, STATES } from '../words/states.ts';
import { Summary } from './summary.tsx';
import { useLiveRequest } from './use-live-request.ts';

/** The life of one request, live, and the dossier as soon as there is one. */
export function RequestPage({ id }: { id: string }) {
  const { request, problem, interrupted } = useLiveRequest(id);
  return (
    <main id="contenu">
      <p>
        <Link href="/demandes">← Demandes</Link>
      </p>
      <h1>Demande de dossier</h1>
      {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
      {interrupted && problem === undefined && (
        <Notice tone="info">Liaison interrompue : ce qui suit n’est peut-être plus à jour.</Notice>
      )}
      {request === undefined ? problem === undefined && <p>Un instant…</p> : <Life request={request} />}
    </main>
  );
}

function Life({ request }: { request: DmstRequest }) {
  const { id, state, createdAt, answered, sources, best } = request;
  return (
    <>
      <p className="state" aria-live="polite">
        <strong className={STATES[state].tone}>{STATES[state].says}</strong>, {answered}{' '}
        {sources.length > 1 ? 'services ont répondu' : 'service a répondu'}
        <span className="quiet"> · envoyée le {momentOf(createdAt)}</span>
      </p>
      <table>
        <caption>Services interrogés</caption>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">État</th>
            <th scope="col">Échéance</th>
          </tr>
        </thead>
        <tbody>
          {sources.map((source) => (
            <Source key={source.partner} source={source} />
          ))}
        </tbody>
      </table>
      {best !== undefined && (
        <>
          {best.lastVisit !== undefined && (
            <p>
              Dossier le plus récent : {sources.find(({ partner }) => partner === best.partner)?.name},
              dernière visite le {calendarDay(best.lastVisit)}.
            </p>
          )}
          <Summary id={id} />
        </>
      )}
      {best === undefined && !isOver(state) && <Cancel id={id} />}
    </>
  );
}

function Source({
  source: { name, state, deadline, overdue, refusal },
}: {
  source: DmstRequest['sources'][number];
}) {
  const word = REFUSALS[refusal ?? ''];
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <span className={STATES[state].tone}>{word?.says ?? STATES[state].says}</span>
        {word !== undefined && <p className="next">{word.next}</p>}
      </td>
      <td>
        {deadline === undefined || STATES[state].tone !== 'waiting' ? (
          '–'
        ) : (
          <>
            {dayOf(deadline)} <span className={overdue ? 'late' : 'quiet'}>({distance(deadline)})</span>
          </>
        )}
      </td>
    </tr>
  );
}

/** Two presses: what is stopped is not taken up again. */
function Cancel({ id }: { id: string }) {
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState<string>();
  const cancel = (reason: 'opposition' | 'error') =>
    call(`/v1/dmst-requests/${id}/cancel`, { reason }).catch((error: unknown) =>
      setProblem(problemOf(error).words),
    );
  if (!asked)
    return (
      <Button className="quiet-button" onPress={() => setAsked(true)}>
        Arrêter cette demande…
      </Button>
    );
  return (
    <fieldset>
      <legend>Arrêter cette demande ?</legend>
      <p>Ce qui serait arrivé est détruit sans être lu. Une demande arrêtée ne repart pas.</p>
      {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
      <div className="row">
        <Button className="button danger" onPress={() => void cancel('opposition')}>
          Le travailleur s’y oppose
        </Button>
        <Button className="button danger" onPress={() => void cancel('error')}>
          C’était une erreur
        </Button>
        <Button className="quiet-button" onPress={() => setAsked(false)}>
          Ne pas arrêter
        </Button>
      </div>
    </fieldset>
  );
}
